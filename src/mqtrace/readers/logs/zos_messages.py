"""Cuts a z/OS job log into its messages: each begins with its id, and goes on for some
lines that have no id and no time.

The form of a message is that of job logs in public problem reports; what JES puts before it differs by how the log was
taken.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct, field

from mqtrace.kept import compiled
from mqtrace.readers.logs.log_chunks import Line, decoded

# A message of MQ has a handful of lines.
_LINES = 12
_PATIENCE = 2000
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_IDENTITY = r"(CSQX\d{3}|CSQ[A-Z0-9]\d{3})([A-Z])"
# A name such as CSQXRESP or CSQJW307, and not the id of another message.
_SECTION = r"CSQ(?![A-Z0-9]\d{3}[A-Z]\b)[A-Z0-9]{3,5}"


class Message(Struct):
    """One message whose lines are still being read.

    Attributes:
        line: its first line.
        id, severity: "CSQX620", "E".
        prefix: the command prefix with the queue manager, "" where it is missing.
        section: the control section that wrote it, "" where it is missing.
        clock: time of day "hh:mm:ss", "" where it has none.
        day: its date, None where the log does not tell.
        words: its text, line by line.
    """

    line: Line
    id: str
    severity: str
    prefix: str
    section: str
    clock: str
    day: date | None
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in one line."""
        return " ".join(word for word in self.words if word)


# A message with prefix and section, anywhere in a line; the blank between both may be missing.
WHOLE = compiled(rf"(?<![A-Z0-9]){_IDENTITY}[ \t]+([^\s']{{1,12}}?)[ \t]*({_SECTION})(?=[ \t]|$)")
# A message without them: only at the begin of a line, behind what JES or a paste puts there.
CUT = compiled(
    r"[ \t>|]*(?:\d\d[:.]\d\d[:.]\d\d(?:\.\d\d)?[ \t]+)?(?:(?:STC|JOB|TSU)\d{5,8}[ \t]+)?\+?"
    rf"{_IDENTITY}(?=[ \t]|$)"
)
_CLOCK = compiled(r"(?<![\d.:])(\d\d)[:.](\d\d)[:.](\d\d)(?:\.\d\d)?(?![\d:])")
# A line that another program wrote: it has a time or an id of its own.
_OTHER = compiled(
    r"[ \t>|]*(?:[NMX]\w? [0-9A-F]{7} |\d\d[:.]\d\d[:.]\d\d[ .]|(?:[\w]+[ \t]+)?[$+@]?[A-Z]{3,8}\d{3,5}[A-Z]\b)"
)
# What stands before the text of a further line: marks of a paste, the letter of SYSLOG, the number that joins the
# lines (group 1).
_CONTINUED = compiled(r"[ \t>|]*(?:[DES][R ]? +(?=\d{3} ))?(?:(\d{3}) +(?:[0-9A-F]{8} +)?)?(?=\S|$)")
# The line with which JES2 begins a day of a job log.
_JOB_DAY = compiled(r"---- +[A-Z]+, +(\d{1,2}) ([A-Z]{3}) (\d{4}) +----")
# The date that a log shipper puts before the time.
_ISO_DAY = compiled(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)[T ]\d\d[:.]")
# Year and day of the year before the time in SYSLOG.
_JULIAN_DAY = compiled(r"(?<!\d)(\d\d|\d{4})([0-3]\d\d) +\d\d[:.]\d\d[:.]\d\d")


def messages(read_lines: Iterable[Line]) -> Iterator[Message]:
    """The messages of MQ in the lines of a job log, in order. Messages of other programs are left out."""
    current: Message | None = None
    day: date | None = None
    expected = 0
    for line in read_lines:
        text = decoded(line.data).rstrip("\r")
        begun = list(_begun(line, text, day))
        if current and (begun or line.number != expected or _OTHER.match(text) or len(current.words) >= _LINES):
            yield current
            current = None
        if not begun:
            day = _day_of(text) or day
            if current:
                _carry_on(current, text)
        yield from begun[:-1]
        current = begun[-1] if begun else current
        expected = line.number + 1
    if current:
        yield current


def _carry_on(message: Message, text: str) -> None:
    """Takes in a further line. The number that joins it to the first stands at the end of that one, too."""
    before = _CONTINUED.match(text)
    number = before[1] if before else None
    if number and len(message.words) == 1:
        message.words[0] = message.words[0].removesuffix(number).rstrip()
    message.words.append(text[before.end() if before else 0 :].strip()[:_PATIENCE])


def _begun(line: Line, text: str, day: date | None) -> Iterator[Message]:
    """The messages that begin on a line; more than one where lines are glued."""
    if "CSQ" not in text:
        return
    found = list(WHOLE.finditer(text))
    if not found:
        alone = CUT.match(text)
        if alone:
            yield _message(line, text[: alone.start(1)], (alone[1], alone[2], "", ""), text[alone.end() :], day)
        return
    ends = [match.start() for match in found[1:]] + [len(text)]
    before = text[: found[0].start()]
    for match, end in zip(found, ends, strict=True):
        words = text[match.end() : end]
        yield _message(line, before, match.groups(), _without_clock(words) if end < len(text) else words, day)
        before = words


def _message(line: Line, before: str, parts: tuple[str | None, ...], words: str, day: date | None) -> Message:
    clocks = list(_CLOCK.finditer(before[-120:]))
    clock = ":".join(clocks[-1].groups()) if clocks else ""
    id, severity, prefix, section = (part or "" for part in parts)
    return Message(line, id, severity, prefix, section, clock, _day_of(before) or day, [words.strip()[:_PATIENCE]])


def _without_clock(words: str) -> str:
    """The text of a glued message without the time of the next one."""
    return re.sub(r"\d\d[:.]\d\d[:.]\d\d(?:\.\d\d)?[ \t]+\+?$", "", words).rstrip("+")


def _day_of(text: str) -> date | None:
    """The date that a line tells, None where it tells none."""
    try:
        if named := _JOB_DAY.search(text) if "----" in text else None:
            return date(int(named[3]), _MONTHS.index(named[2]) + 1, int(named[1]))
        if iso := _ISO_DAY.search(text):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if julian := _JULIAN_DAY.search(text):
            year = int(julian[1]) if len(julian[1]) == 4 else 2000 + int(julian[1])
            return date.fromordinal(date(year, 1, 1).toordinal() + int(julian[2]) - 1)
    except ValueError:
        return None
    return None

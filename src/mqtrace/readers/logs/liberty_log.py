"""messages.log and console.log of Liberty, on which mqweb and z/OS Connect run.

Layouts: "[date time zone] thread class level ID: text" (messages.log, in the date form of the server's locale or in ISO
8601), "[LEVEL   ] ID: text" (console.log), and the id alone at the begin of a line (pastes).
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.application_log import failures
from mqtrace.readers.logs.failure_forms import is_about_mq
from mqtrace.readers.logs.log_chunks import Line, chunks, decoded, lines, unified_head
from mqtrace.readers.logs.log_dates import utc_time, written
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.logs.log_order import Draft, in_order
from mqtrace.readers.tally import Tally

# What stands for the program, which the log does not name.
PROGRAM = "Liberty"
_TEXT_CAP = 4000
# Lines below a message that are looked at: it may wrap, and a stack trace with causes may follow.
_WRAPPED = 6
_BELOW = 60
_LEVELS = {"AUDIT": "I", "INFO": "I", "WARNING": "W", "ERROR": "E", "FATAL": "E", "A": "I", "F": "E", "O": "", "R": ""}
# What Liberty itself, mqweb (MQWB) and z/OS Connect (BAQR) write.
_PREFIXES = r"(?:CWWK[A-Z]|CWPKI|CWSI[A-Z]|CWNEN|CWRLS|CWLIB|FFDC|SRVE|TRAS|SESN|J2CA|BAQ[A-Z]|GMO[A-Z]{1,2}|MQWB)"
# The levels of a trace, in trace.log, stand between those of messages.
_DATE = r"\[([^\[\]\n]{12,48})\] ([0-9A-Fa-f]{8}) (?:id=\S* )?([\w.$/-]{1,120})[ \t]+([AIWEFOR]|[DC123<>])(?:[ \t]|$)"
_TRACED = frozenset("DC123<>")


class _Begun(Struct):
    """A message whose lines are still being read.

    Attributes:
        line: its first line.
        date, thread, module, level: what its header says, "" where it has none.
        body: its lines without the header and without stack frames.
        stack: whether a stack trace has begun.
    """

    line: Line
    date: str
    thread: str
    module: str
    level: str
    body: list[str]
    stack: bool = False


@cache
def _head() -> re.Pattern[bytes]:
    console = rb"\[(?:AUDIT|INFO|WARNING|ERROR|FATAL) *\] "
    identity = _PREFIXES.encode() + rb"\d{4,5}[AIWEF]: "
    return compiled(rb"^[ \t>|]*(?:" + console + rb"|" + _DATE.encode() + rb"[ \t]*)?" + identity, re.M)


# The header of a message, anywhere in a line: the one before it may be cut.
_DATED = compiled(_DATE)
_CONSOLE = compiled(r"[ \t>|]*\[(AUDIT|INFO|WARNING|ERROR|FATAL) *\] ")
_IDENTITY = compiled(r"([A-Z][A-Z0-9]{3,4}\d{4})([AIWEF]): ?")
_BARE = compiled(rf"[ \t>|]*({_PREFIXES}\d{{4,5}})([AIWEF]): ?")
_FRAME = compiled(r"[ \t>|]*(?:at [\w$.<>/@]|\.\.\. \d+ |\[internal classes\])")
# A cause in a stack trace, or an exception of MQ that is linked to the one above.
_CAUSE = compiled(r"[ \t>|]*(?:Caused by: |(?=com\.ibm\.m(?:q|sg)\.[\w.$]{1,120}: ))(.*)")
# The exception that a message about TLS or a key store ends with.
_EXCEPTION = compiled(r"(?:\b[Ee]xception(?: is:?|:)|handshake exception is:|following error:) *\[?(.+?)\]?\.?$")
# The other end: of an outgoing connection in brackets with its port, of an incoming one in words.
_PEER = compiled(r"\bhost \[([^\[\]\s]{1,250})\]|\bfrom the (\S{1,250}) host and (\d{1,5}) port on the remote client")
# Date, time and thousandths, and the zone behind them.
_CLOCK = compiled(r"(\d.*?\d\d?:\d\d:\d\d):(\d{3})((?: [AaPp]\.?[Mm]\.?)?)(?: (.*))?")


def sniff(head: bytes) -> bool:
    """Whether a line of `head` begins with a message of Liberty."""
    head = unified_head(head)
    return not head.lstrip().startswith((b"{", b"[{")) and _head().search(head) is not None


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """All messages of `source`, in its order, with the causes of the exceptions below
    them; without an id `message` is "".

    A message that holds an exception of MQ is read as application_log reads it. `inserts` has at most 5, the exception.
    `when` is None where a date can mean two days and no neighbour tells which; `utc` is told where the zone is UTC or
    an offset.
    """
    for entry in in_order(_draft(begun, source.name) for begun in _messages(lines(chunks(source.stream, tally)))):
        tally.records += 1
        tally.unparsed += not entry.message
        yield entry


def message_of(line: Line, words: str, source: str) -> LogEntry:
    """The message that `words` are, with the stack trace below it, found on `line` of the input named `source`."""
    begun = _Begun(line, "", "", "", "", [])
    for text in words.split("\n"):
        if begun.body:
            _carry_on(begun, text)
        else:
            begun.body.append(text)
    return _draft(begun, source).entry


def message_on(line: Line, text: str, source: str) -> LogEntry | None:
    """The message with an id that `text` on `line` begins with; None where it begins with none."""
    begun = _dated_messages(line, text, list(_DATED.finditer(text))) or _other_message(line, text)
    entry = _draft(begun[0], source).entry if begun else None
    return entry if entry and entry.message else None


def _messages(read_lines: Iterator[Line]) -> Iterator[_Begun]:
    current: _Begun | None = None
    for line in read_lines:
        text = decoded(line.data).rstrip("\r")
        headers = list(_DATED.finditer(text))
        rest = text[: headers[0].start()] if headers else text
        begun = _dated_messages(line, text, headers) if headers else _other_message(line, text)
        if current is not None and (rest.strip() if headers else not begun):
            _carry_on(current, rest)
        if current is not None and len(begun) == 1 and _goes_on(current, begun[0]):
            _carry_on(current, begun[0].body[0])
            continue
        for each in begun:
            if current is not None:
                yield current
            current = None if each.level in _TRACED else each
    if current is not None:
        yield current


def _dated_messages(line: Line, text: str, headers: list[re.Match[str]]) -> list[_Begun]:
    """The messages on a line; more than one where a cut one and the next are glued."""
    ends = [*(match.start() for match in headers[1:]), len(text)] if headers else []
    return [
        _Begun(line, match[1], match[2], match[3], match[4], [text[match.end() : end].rstrip()])
        for match, end in zip(headers, ends, strict=True)
    ]


def _other_message(line: Line, text: str) -> list[_Begun]:
    console = _CONSOLE.match(text)
    if console:
        return [_Begun(line, "", "", "", console[1], [text[console.end() :].rstrip()])]
    bare = _BARE.match(text)
    return [_Begun(line, "", "", "", "", [text[bare.start(1) :].rstrip()])] if bare else []


def _goes_on(current: _Begun, new: _Begun) -> bool:
    """Whether a message is a further line of a stack trace: what a program prints has a header on every line."""
    words = new.body[0]
    is_same = new.level != "" and (new.thread, new.module, new.level) == (current.thread, current.module, current.level)
    return is_same and (_FRAME.match(words) is not None or _CAUSE.match(words) is not None)


def _carry_on(begun: _Begun, text: str) -> None:
    """Takes in a line below a message: more of its text, a stack frame, or the cause of an exception."""
    is_cause = _CAUSE.match(text) is not None
    is_frame = _FRAME.match(text) is not None
    begun.stack = begun.stack or is_cause or is_frame
    words = text.strip(" \t>|")
    if (
        words
        and not is_frame
        and (is_cause or (not begun.stack and len(begun.body) <= _WRAPPED))
        and len(begun.body) < _BELOW
    ):
        begun.body.append(words[:_TEXT_CAP])


def _draft(begun: _Begun, source: str) -> Draft:
    candidates, utc = _times(begun.date)
    when = candidates[0] if len(candidates) == 1 else None
    location = Location(source, begun.line.number, begun.line.offset, len(begun.line.data))
    failure = _failure(begun, source)
    entry = (
        replace(failure, location=location, when=when, utc=utc, program=PROGRAM, module=begun.module)
        if failure
        else _entry(begun, location, when, utc)
    )
    return Draft(entry, () if when else candidates)


def _failure(begun: _Begun, source: str) -> LogEntry | None:
    """What the exception of MQ tells that the message holds, None where it holds none."""
    is_quiet = begun.level == "I" and _IDENTITY.match(begun.body[0]) is None
    if is_quiet or not any(is_about_mq(words) for words in begun.body):
        return None
    lines = [begun.line._replace(data=words.encode("utf-8", "replace")) for words in begun.body]
    found = next(failures(lines, source), None)
    return found if found and (found.reason_code or found.message) else None


def _entry(begun: _Begun, location: Location, when: datetime | None, utc: datetime | None) -> LogEntry:
    text, severity = " ".join(words.strip() for words in begun.body if not _CAUSE.match(words)), ""
    identity = _IDENTITY.match(text)
    text = mask(text[identity.end() :].strip() if identity else text)
    causes = [mask(match[1].strip()) for words in begun.body if (match := _CAUSE.match(words))]
    severity = identity[2] if identity else begun.level
    return LogEntry(
        message=identity[1] if identity else "",
        text=" < ".join(dict.fromkeys([text, *causes]))[:_TEXT_CAP],
        location=location,
        when=when,
        utc=utc,
        program=PROGRAM,
        module=begun.module,
        severity=_LEVELS.get(severity, severity),
        remote_host=_remote_host(text),
        inserts=_inserts(text, causes),
        quoted=quoted(text),
        complete=bool(identity and text) and not begun.line.cut,
    )


def _remote_host(text: str) -> str:
    peer = _PEER.search(text)
    return "" if peer is None else peer[1] or f"{peer[2]}({peer[3]})"


def _inserts(text: str, causes: list[str]) -> dict[int, str]:
    """Insert 5 is the exception with its causes: that number has no meaning in Liberty, the catalogue gives it one."""
    stated = _EXCEPTION.search(text)
    words = " < ".join(dict.fromkeys(([stated[1]] if stated else []) + causes))
    return {5: words[:_TEXT_CAP]} if words else {}


def _times(date: str) -> tuple[tuple[datetime, ...], datetime | None]:
    """The local times that a date can mean, and the UTC time where it is certain."""
    match = _CLOCK.fullmatch(date.strip())
    if match is None:
        return _iso_times(date.strip())
    thousandths = int(match[2]) * 1000
    found = tuple(each.replace(microsecond=thousandths) for each in written(match[1] + match[3]).candidates)
    utc = (
        utc_time(f"{found[0].isoformat()}Z")
        if len(found) == 1 and (match[4] or "").strip() in ("UTC", "GMT", "Z")
        else None
    )
    return found, utc


def _iso_times(date: str) -> tuple[tuple[datetime, ...], datetime | None]:
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return (), None
    return (moment.replace(tzinfo=None),), utc_time(date) if moment.tzinfo else None

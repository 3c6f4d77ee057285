"""messages.log and console.log of Liberty, on which mqweb and z/OS Connect run.

Layouts: "[date time zone] thread class level ID: text" (messages.log, in the date form of the server's locale or in ISO 8601),
"[LEVEL   ] ID: text" (console.log), and the id alone at the begin of a line (pastes).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from mqtrace.inputs import Source
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.log_chunks import Line, chunks, decoded, lines, unified_head
from mqtrace.readers.logs.log_console import sniff as is_console
from mqtrace.readers.logs.log_dates import utc_time, written
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.logs.log_order import Draft, in_order
from mqtrace.readers.logs.log_secrets import masked
from mqtrace.readers.tally import Tally

KIND = "errorlog-text"
_TEXT_CAP = 4000
# Lines below a message that are looked at: it may wrap, and a stack trace may follow.
_WRAPPED = 6
_CAUSES = 8
_LEVELS = {"AUDIT": "I", "INFO": "I", "WARNING": "W", "ERROR": "E", "FATAL": "E"}
# What Liberty itself, mqweb (MQWB) and z/OS Connect (BAQR) write.
_PREFIXES = r"(?:CWWK[A-Z]|CWPKI|CWSI[A-Z]|CWNEN|CWRLS|CWLIB|FFDC|SRVE|TRAS|SESN|BAQ[A-Z]|GMO[A-Z]{1,2}|MQWB)"
_DATE = r"\[([^\[\]\n]{12,48})\] ([0-9A-Fa-f]{8}) (?:id=\S* )?([\w.$/-]{1,120})[ \t]+([AIWEFODR])(?:[ \t]|$)"


@dataclass(slots=True)
class _Begun:
    """A message whose lines are still being read."""

    line: Line
    date: str
    level: str
    module: str
    message: str
    severity: str
    words: list[str]
    below: int = 0
    stack: bool = False
    causes: list[str] = field(default_factory=list)


@cache
def _head() -> re.Pattern[bytes]:
    console = rb"\[(?:AUDIT|INFO|WARNING|ERROR|FATAL) *\] "
    identity = _PREFIXES.encode() + rb"\d{4,5}[AIWEF]: "
    return re.compile(rb"^[ \t>|]*(?:" + console + rb"|" + _DATE.encode() + rb"[ \t]*)?" + identity, re.M)


@cache
def _dated() -> re.Pattern[str]:
    """The header of a message, anywhere in a line: the one before it may be cut."""
    return re.compile(_DATE)


@cache
def _console() -> re.Pattern[str]:
    return re.compile(r"[ \t>|]*\[(AUDIT|INFO|WARNING|ERROR|FATAL) *\] ")


@cache
def _identity() -> re.Pattern[str]:
    return re.compile(r"([A-Z]{4,5}\d{4,5})([AIWEF]): ?")


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(rf"[ \t>|]*({_PREFIXES}\d{{4,5}})([AIWEF]): ?")


@cache
def _frame() -> re.Pattern[str]:
    return re.compile(r"[ \t>|]*(?:at [\w$.<>/@]|\.\.\. \d+ |\[internal classes\])")


@cache
def _cause() -> re.Pattern[str]:
    return re.compile(r"[ \t>|]*Caused by: (.*)")


@cache
def _clock() -> re.Pattern[str]:
    """Date, time and thousandths, and the zone behind them."""
    return re.compile(r"(\d.*?\d\d?:\d\d:\d\d):(\d{3})((?: [AaPp]\.?[Mm]\.?)?)(?: (.*))?")


def sniff(head: bytes) -> bool:
    """Whether a line of `head` begins with a message of Liberty. In the console of a container they stand between those of MQ."""
    head = unified_head(head)
    return not head.lstrip().startswith((b"{", b"[{")) and _head().search(head) is not None and not is_console(head)


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """All messages of `source`, in its order, with the causes of the exceptions below them; without an id `message` is "".

    `when` is None where a date can mean two days and no neighbour tells which; `utc` is told where the zone is UTC or an offset.
    """
    for entry in in_order(_draft(begun, source.name) for begun in _messages(lines(chunks(source.stream, tally)))):
        tally.records += 1
        tally.unparsed += not entry.message
        yield entry


def _messages(read_lines: Iterator[Line]) -> Iterator[_Begun]:
    current: _Begun | None = None
    for line in read_lines:
        text = decoded(line.data).rstrip("\r")
        headers = list(_dated().finditer(text))
        if current is not None and (not headers or headers[0].start() > 0):
            rest = text[: headers[0].start()] if headers else text
            if headers or not (_console().match(text) or _bare().match(text)):
                _carry_on(current, rest)
                if not headers:
                    continue
        begun = _dated_messages(line, text, headers) if headers else _other_message(line, text)
        for each in begun:
            if current is not None:
                yield current
            current = each
    if current is not None:
        yield current


def _dated_messages(line: Line, text: str, headers: list[re.Match[str]]) -> list[_Begun]:
    """The messages on a line; more than one where a cut one and the next are glued."""
    ends = [match.start() for match in headers[1:]] + [len(text)]
    return [_begin(line, match[1], match[4], match[3], text[match.end() : end]) for match, end in zip(headers, ends, strict=True)]


def _other_message(line: Line, text: str) -> list[_Begun]:
    console = _console().match(text)
    if console:
        return [_begin(line, "", _LEVELS[console[1]], "", text[console.end() :])]
    bare = _bare().match(text)
    return [_begin(line, "", "", "", text[bare.start(1) :])] if bare else []


def _begin(line: Line, date: str, level: str, module: str, words: str) -> _Begun:
    words = words.strip()
    identity = _identity().match(words)
    if identity is None:
        return _Begun(line, date, level, module, "", "", [words])
    return _Begun(line, date, level, module, identity[1], identity[2], [words[identity.end() :].strip()])


def _carry_on(begun: _Begun, text: str) -> None:
    """Takes in a line below a message: more of its text, a stack frame, or the cause of an exception."""
    begun.below += 1
    cause = _cause().match(text)
    if cause and len(begun.causes) < _CAUSES:
        begun.causes.append(cause[1].strip()[:_TEXT_CAP])
    begun.stack = begun.stack or cause is not None or _frame().match(text) is not None
    words = text.strip(" \t>|")
    if words and not begun.stack and begun.below <= _WRAPPED:
        begun.words.append(words[:_TEXT_CAP])


def _draft(begun: _Begun, source: str) -> Draft:
    text = masked(" ".join(word for word in begun.words if word))
    causes = "".join(f" < {masked(cause)}" for cause in dict.fromkeys(begun.causes))
    candidates, utc = _times(begun.date)
    when = candidates[0] if len(candidates) == 1 else None
    severity = begun.severity or {"O": "", "R": "", "D": "", "F": "E", "A": "I"}.get(begun.level, begun.level)
    entry = LogEntry(
        message=begun.message,
        text=(text + causes)[:_TEXT_CAP],
        location=Location(source, begun.line.number, begun.line.offset, len(begun.line.data)),
        severity={"A": "I", "F": "E"}.get(severity, severity),
        when=when,
        utc=utc,
        quoted=quoted(text),
        module=begun.module,
        complete=bool(begun.message and text) and not begun.line.cut,
    )
    return Draft(entry, () if when else candidates)


def _times(date: str) -> tuple[tuple[datetime, ...], datetime | None]:
    """The local times that a date can mean, and the UTC time where it is certain."""
    match = _clock().fullmatch(date.strip())
    if match is None:
        return _iso_times(date.strip())
    thousandths = int(match[2]) * 1000
    found = tuple(each.replace(microsecond=thousandths) for each in written(match[1] + match[3]).candidates)
    utc = utc_time(f"{found[0].isoformat()}Z") if len(found) == 1 and (match[4] or "").strip() in ("UTC", "GMT", "Z") else None
    return found, utc


def _iso_times(date: str) -> tuple[tuple[datetime, ...], datetime | None]:
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return (), None
    return (moment.replace(tzinfo=None),), utc_time(date) if moment.tzinfo else None

"""The grammar of one line of runmqsc's output: NAME(VALUE) pairs in columns, and words without a value (CURRENT).

Form as in the IBM MQ documentation of DISPLAY CHANNEL, CHSTATUS and QMGR, and in published output of 7.1 to 9.4.
"""

import re
from dataclasses import dataclass

NAME = re.compile(r"[A-Z][A-Z0-9]{1,19}(?=[(\s]|$)")
# A closing bracket ends a value only where the line ends, or the next column begins.
END_OF_VALUE = re.compile(r"\)(?=\s*$|\s+[A-Z][A-Z0-9]{1,19}(?:\(|\s|$))")
# dmpmqcfg and scripts put values between quotes; runmqsc does not.
QUOTED = re.compile(r"'(.*)'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AttributeLine:
    """What a line holds.

    Attributes:
        pairs: name and value in order; None for a word without a value.
        open_value: name of the last attribute and the begin of its value where the value goes on in the next line, else
            None.
        is_whole: whether the line holds nothing else, and at least one pair.
    """

    pairs: tuple[tuple[str, str | None], ...]
    open_value: tuple[str, str] | None = None
    is_whole: bool = True


def attributes_of(line: str) -> AttributeLine:
    """The attributes at the begin of a line, blanks left out; values without quotes and blanks around them."""
    pairs: list[tuple[str, str | None]] = []
    at = len(line) - len(line.lstrip())
    while at < len(line):
        name = NAME.match(line, at)
        if not name:
            return AttributeLine(tuple(pairs), is_whole=False)
        if not line.startswith("(", name.end()):
            pairs.append((name[0], None))
            at = _next(line, name.end())
            continue
        end = _end_of_value(line, name.end() + 1)
        if end is None:
            return AttributeLine(tuple(pairs), (name[0], line[name.end() + 1 :]), bool(pairs))
        pairs.append((name[0], plain_value(line[name.end() + 1 : end])))
        at = _next(line, end + 1)
    return AttributeLine(tuple(pairs), is_whole=bool(pairs))


def plain_value(text: str) -> str:
    """A value without blanks and quotes around it."""
    quoted = QUOTED.fullmatch(text.strip())
    return (quoted[1].replace("''", "'") if quoted else text).strip()


def _next(line: str, at: int) -> int:
    while at < len(line) and line[at].isspace():
        at += 1
    return at


def _end_of_value(line: str, start: int) -> int | None:
    """Where the value ends: at the first bracket that can close it and pairs up, else
    (free text) at the first that can close it."""
    first, depth, at = None, 1, start
    for found in END_OF_VALUE.finditer(line, start):
        depth += line.count("(", at, found.start()) - line.count(")", at, found.end())
        at = found.end()
        if depth <= 0:
            return found.start()
        first = found.start() if first is None else first
    return first

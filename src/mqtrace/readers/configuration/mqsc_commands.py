"""The grammar of MQSC: lines of runmqsc's output, NAME(VALUE) pairs in columns and words without a value (CURRENT), and
commands that define what it displays: scripts of DEFINE and ALTER, and what dmpmqcfg writes.

Forms as in IBM's documentation and in published output of 7.1 to 9.4. Of commands: a line that ends with + goes on at
the next one's first letter, with - at its begin; a line that begins with * is a comment, also inside a command; words
count in any case; a value without quotes is turned to upper case.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from mqtrace.kept import compiled
from mqtrace.model import Location

ATTRIBUTE_NAME = compiled(r"[A-Z][A-Z0-9]{1,19}(?=[(\s]|$)")
# A closing bracket ends a value only where the line ends, or the next column begins.
END_OF_VALUE = compiled(r"\)(?=\s*$|\s+[A-Z][A-Z0-9]{1,19}(?:\(|\s|$))")
# dmpmqcfg and scripts put values between quotes; runmqsc does not.
QUOTED = compiled(r"'(.*)'", re.DOTALL)


class AttributeLine(Struct, frozen=True):
    """What a line holds.

    Attributes:
        pairs: name and value in order; None for a word without a value.
        open_value: the last attribute and the begin of its value where that goes on in the next line, else None.
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
        name = ATTRIBUTE_NAME.match(line, at)
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
    """Where the value ends: at the first bracket that can close it and pairs up, else at the first that can."""
    first, depth, at = None, 1, start
    for found in END_OF_VALUE.finditer(line, start):
        depth += line.count("(", at, found.start()) - line.count(")", at, found.end())
        at = found.end()
        if depth <= 0:
            return found.start()
        first = found.start() if first is None else first
    return first


# runmqsc shows a script's lines again, numbered.
ECHO = compiled(r"\s*+(?:\d{1,8}\s*+)?:\s")
VERB = compiled(r"\s*+(?:DEFINE|DEF|ALTER|ALT|SET)\s++(?P<kind>[A-Z]++)(?P<rest>(?:\s|\().*)?", re.IGNORECASE)
KINDS = {"CHANNEL": "channel", "CHL": "channel", "CHLAUTH": "chlauth", "QMGR": "qmgr"}
NAMES = {"channel": "CHANNEL", "chlauth": "CHLAUTH"}
# Of a verb, a comment, and a line that runmqsc shows again.
FIRST_LETTERS = frozenset("DdAaSs*:0123456789")
# The head of what dmpmqcfg writes.
MANAGER = compiled(r"\*\s*+Queue manager name:\s*+([A-Za-z0-9._/%]{1,48})\s*+")
PAIR = compiled(
    r"(?P<name>[A-Z][A-Z0-9]{1,19})\s*+\(\s*+(?:'(?P<quoted>(?:[^']|'')*+)'\s*+\)|(?P<plain>(?:[^()']|\([^()]*+\))*+)\))",
    re.IGNORECASE,
)
NAME = compiled(r"\s*+\(\s*+(?:'(?P<quoted>[^']*+)'|(?P<plain>[^()']*+))\s*+\)")
MOST_LINES = 400
LONGEST = 64 * 1024


class Command(Struct, frozen=True):
    """One command: the kind of object ("channel", "chlauth", "qmgr"), and its attributes,
    the one that names it first ("" for a qmgr)."""

    kind: str
    attributes: tuple[tuple[str, str, Location], ...]


Line = tuple[str, Location]


def is_script(lines: Sequence[str]) -> bool:
    """Whether the lines hold a command that defines a channel, or are the head of what dmpmqcfg writes."""
    return any(MANAGER.match(line) or _defines_channel(line) for line in lines)


def _defines_channel(line: str) -> bool:
    echo = ECHO.match(line)
    found = VERB.match(line, echo.end() if echo else 0)
    return (
        found is not None
        and KINDS.get(found["kind"].upper()) == "channel"
        and NAME.match(found["rest"] or "") is not None
    )


def parted(lines: Iterable[Line]) -> Iterator[Line | Command]:
    """The commands, and between them the lines that are none."""
    held: list[Line] = []
    for line, location in lines:
        # Most lines are output, which begins otherwise.
        if not held and line.lstrip()[:1] not in FIRST_LETTERS:
            yield line, location
            continue
        echo = ECHO.match(line)
        text = line[echo.end() :] if echo else line
        if manager := MANAGER.match(text):
            yield Command("qmgr", (("QMNAME", manager[1], location),))
        elif held and text.startswith("*"):
            continue
        elif held or VERB.match(text):
            held.append((text, location))
            if not text.rstrip().endswith(("+", "-")) or len(held) >= MOST_LINES:
                yield from _command(held)
                held = []
        elif not text.startswith("*"):
            yield line, location
    yield from _command(held)


def _command(lines: Sequence[Line]) -> Iterator[Command]:
    text, begins = _joined(lines)
    verb = VERB.match(text)
    kind = KINDS.get(verb["kind"].upper()) if verb else None
    if verb is None or kind is None or verb["rest"] is None:
        return
    at = verb.start("rest")
    attributes = []
    if kind in NAMES:
        name = NAME.match(text, at)
        if name is None:
            return
        attributes.append((NAMES[kind], _value(name), lines[0][1]))
        at = name.end()
    attributes += [
        (found["name"].upper(), _value(found), _place(begins, found.start())) for found in PAIR.finditer(text, at)
    ]
    yield Command(kind, tuple(attributes))


def _joined(lines: Sequence[Line]) -> tuple[str, list[tuple[int, Location]]]:
    """The command in one line, and where each of its lines begins in that."""
    whole, begins, goes_on = "", [], ""
    for text, location in lines:
        begins.append((len(whole), location))
        part = text if goes_on == "-" else text.lstrip()
        goes_on = text.rstrip()[-1:]
        whole += part.rstrip()[:-1] if goes_on in ("+", "-") else part.rstrip()
        if len(whole) > LONGEST:
            break
    return whole[:LONGEST], begins


def _place(begins: Sequence[tuple[int, Location]], at: int) -> Location:
    return next(location for begin, location in reversed(begins) if begin <= at)


def _value(found: re.Match[str]) -> str:
    quoted = found["quoted"]
    return quoted.replace("''", "'").strip() if quoted is not None else found["plain"].strip().upper()

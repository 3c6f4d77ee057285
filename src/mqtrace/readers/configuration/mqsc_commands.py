"""MQSC commands that define what runmqsc displays: scripts of DEFINE and ALTER, and what dmpmqcfg writes.

Grammar as IBM documents it: a line that ends with + goes on at the next one's first letter, with - at its begin; a line
that begins with * is a comment, also inside a command; words count in any case; a value without quotes is turned to
upper case.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mqtrace.model import Location

# runmqsc shows a script's lines again, numbered.
ECHO = re.compile(r"\s*+(?:\d{1,8}\s*+)?:\s")
VERB = re.compile(r"\s*+(?:DEFINE|DEF|ALTER|ALT|SET)\s++(?P<kind>[A-Z]++)(?P<rest>(?:\s|\().*)?", re.IGNORECASE)
KINDS = {"CHANNEL": "channel", "CHL": "channel", "CHLAUTH": "chlauth", "QMGR": "qmgr"}
NAMES = {"channel": "CHANNEL", "chlauth": "CHLAUTH"}
# Of a verb, a comment, and a line that runmqsc shows again.
FIRST_LETTERS = frozenset("DdAaSs*:0123456789")
# The head of what dmpmqcfg writes.
MANAGER = re.compile(r"\*\s*+Queue manager name:\s*+([A-Za-z0-9._/%]{1,48})\s*+")
PAIR = re.compile(
    r"(?P<name>[A-Z][A-Z0-9]{1,19})\s*+\(\s*+(?:'(?P<quoted>(?:[^']|'')*+)'\s*+\)|(?P<plain>(?:[^()']|\([^()]*+\))*+)\))",
    re.IGNORECASE,
)
NAME = re.compile(r"\s*+\(\s*+(?:'(?P<quoted>[^']*+)'|(?P<plain>[^()']*+))\s*+\)")
MOST_LINES = 400
LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Command:
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

"""Which lines of a trace mqtrace does not understand, grouped by shape. The only place that reads every line."""

import re
from dataclasses import dataclass

from mqtrace.evidence.facts import FactFinder
from mqtrace.inputs import Source
from mqtrace.model import Location
from mqtrace.readers import TraceReader
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.regions import regions
from mqtrace.readers.traces.scan import scanner_of

SHAPES = 50_000
SHOWN = 160
# What a trace consists of but for what it says: calls without a result, rows of dumps, rules.
STRUCTURE = re.compile(rb"^\s*(?:-*[{}]|->|0x[0-9A-Fa-f]{4,8}[: ]|=+$|-+$|\+-|\|)|^\s*$")
VARIABLE = (
    (re.compile(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]"), "…"),
    (re.compile(r"#?\b(?:0x)?(?=[0-9A-Fa-f]*\d)[0-9A-Fa-f]{4,}\b"), "#"),
    (re.compile(r"\d+"), "N"),
)


@dataclass(slots=True)
class Shape:
    """Lines that are alike but for names and numbers.

    Attributes:
        text: the first of them, as an example.
        location: where it stands.
        count: how many there are.
    """

    text: str
    location: Location
    count: int = 1


def uncovered(source: Source, reader: TraceReader, finder: FactFinder, tally: Tally) -> list[Shape]:
    """The shapes of the lines that no pattern matches, the most frequent first. Calls,
    rows of dumps and rules are passed over.

    Fills the tally: lines read, records (lines with text of their own) and those not understood.
    """
    scanner = scanner_of(finder.selection.literals, finder.selection.portable)
    shapes: dict[str, Shape] = {}
    for region in regions(source.stream):
        content = region.buffer[region.start : region.end]
        hits, position, offset = scanner.hits(content), 0, 0
        for line in content.splitlines(keepends=True):
            tally.lines += 1
            found: list[int] = []
            while position < len(hits) and hits[position][0] < offset + len(line):
                found.append(hits[position][1])
                position += 1
            body = reader.body(line)
            if not STRUCTURE.match(body):
                tally.records += 1
                if not (found and finder.matches(body, found)):
                    tally.unparsed += 1
                    _add(
                        shapes,
                        body,
                        Location(source.name, tally.lines, region.offset + region.start + offset, len(line)),
                    )
            offset += len(line)
        tally.size += region.end - region.start
    return sorted(shapes.values(), key=lambda shape: -shape.count)


def _add(shapes: dict[str, Shape], body: bytes, location: Location) -> None:
    text = body.decode("utf-8", "replace").strip()[:SHOWN]
    shape = text
    for pattern, sign in VARIABLE:
        shape = pattern.sub(sign, shape)
    if shape in shapes:
        shapes[shape].count += 1
    elif len(shapes) < SHAPES:
        shapes[shape] = Shape(text, location)

"""Which lines of a trace mqtrace does not understand, grouped by shape. The only place that reads every line."""

from collections.abc import Sequence

from msgspec import Struct

from mqtrace.catalog.noise import noise
from mqtrace.evidence.facts import FactFinder
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import Location
from mqtrace.readers import TraceReader
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.regions import regions
from mqtrace.readers.traces.scan import scanner_of
from mqtrace.readers.traces.trace_lines import BLOCK_LINES

SHAPES = 50_000
SHOWN = 160
# What a trace consists of but for what it says: calls without a result, rows of dumps, rules.
STRUCTURE = compiled(rb"^\s*(?:-*[{}]|->|0x[0-9A-Fa-f]{4,8}[: ]|=+$|-+$|\+-|\|)|^\s*$")
VARIABLE = (
    (compiled(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]"), "…"),
    (compiled(r"#?\b(?:0x)?(?=[0-9A-Fa-f]*\d)[0-9A-Fa-f]{4,}\b"), "#"),
    (compiled(r"\d+"), "N"),
)


class Shape(Struct):
    """Lines that are alike but for names and numbers.

    Attributes:
        text: the first of them, as an example.
        location: where it stands.
        count: how many there are.
    """

    text: str
    location: Location
    count: int = 1


class _Blocks:
    """Follows the blocks of lines that patterns read as a whole."""

    def __init__(self, reader: TraceReader, finder: FactFinder) -> None:
        self._prefix = reader.DIALECT.prefix
        self._selection = finder.selection
        self._open: tuple[bytes, bytes] | None = None
        self._left = 0

    def holds(self, line: bytes, found: Sequence[int]) -> bool:
        """Whether a line, hit by the literals `found`, is of a block; lines of other threads are of none."""
        prefix = self._prefix.match(line)
        thread = prefix["thread"] if prefix else b""
        begun = next((index for index in found if self._selection.kinds[index] == "block"), None)
        if begun is not None and self._open is None:
            self._open, self._left = (thread, self._selection.ends[begun]), BLOCK_LINES
        if self._open is None or thread not in (b"", self._open[0]):
            return False
        self._left -= 1
        if self._left <= 0 or self._open[1] in line:
            self._open = None
        return True


def says_nothing(body: bytes, client: str) -> bool:
    """Whether a line that no pattern matches is one of those that are passed over: a call, a row of a dump, a rule, or
    noise by name.
    """
    return bool(STRUCTURE.match(body) or noise(client).match(body))


def uncovered(source: Source, reader: TraceReader, finder: FactFinder, tally: Tally) -> list[Shape]:
    """The shapes of the lines that no pattern matches and that are no noise by name, the most frequent first. Calls,
    rows of dumps and rules are passed over.

    Fills the tally: lines read, records (lines with text of their own) and those not understood.
    """
    scanner = scanner_of(finder.selection.literals, finder.selection.portable)
    blocks, known = _Blocks(reader, finder), noise(reader.CLIENT)
    shapes: dict[str, Shape] = {}
    for region in regions(source.stream):
        content = bytes(region.buffer[region.start : region.end])
        hits, position, offset = scanner.hits(content, 0, len(content)), 0, 0
        for line in content.splitlines(keepends=True):
            tally.lines += 1
            found: list[int] = []
            while position < len(hits) and hits[position][0] < offset + len(line):
                found.append(hits[position][1])
                position += 1
            body = reader.body(line)
            if not STRUCTURE.match(body):
                tally.records += 1
                if not (blocks.holds(line, found) or (found and finder.matches(body, found)) or known.match(body)):
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

"""The files of one trace: the formatter writes what is beyond a size into extension files, to be read in order."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.evidence.connections import PROCESS_BEGINS, ConnectionBuilder
from mqtrace.evidence.facts import Observation
from mqtrace.evidence.same_connection import trace_key
from mqtrace.inputs.names import member_of
from mqtrace.model import Client, Connection
from mqtrace.model.text import text
from mqtrace.readers.traces.continuity import Replay, hole_in
from mqtrace.readers.traces.trace_lines import Dialect


class TraceFile(Struct):
    """A file of a trace.

    Attributes:
        number: of the extension file, 0 for the first one.
        row: of the input in the report.
        replay: the bytes for a second look.
        start: bytes of the trace that stand before it in other files.
        offset: bytes of the input that stand before the trace in it.
        size: bytes that were read.
        lines: lines that were read.
    """

    number: int
    row: int
    replay: Replay
    start: int
    offset: int
    size: int = 0
    lines: int = 0


class TraceFiles(Struct):
    """A trace while its files are read. Offsets count through all of them.

    Attributes:
        client: family of the client that wrote it.
        builder: makes its connections.
        dialect: of its lines.
        name: by which extension files are known as its own.
        files: those read so far.
        read_in_part: not all of it is read, as it was not asked for.
        is_stopped: nothing more of it is read.
    """

    client: Client
    builder: ConnectionBuilder
    dialect: Dialect
    name: str
    files: list[TraceFile] = field(default_factory=list)
    read_in_part: bool = False
    is_stopped: bool = False

    def goes_on_in(self, client: Client, name: str) -> bool:
        """Whether the input of that name is a later file of this trace."""
        trace, number = member_of(name)
        return (client, trace) == (self.client, self.name) and number > self.files[-1].number

    def add(self, name: str, row: int, replay: Replay, offset: int) -> TraceFile:
        """Takes in the next file."""
        start = self.files[-1].start + self.files[-1].size if self.files else 0
        self.files.append(TraceFile(member_of(name)[1], row, replay, start, offset))
        return self.files[-1]

    def feed(self, observations: Iterable[Observation]) -> None:
        """Takes in what a record of an extension file says; its titles begin no process."""
        self.builder.feed(seen for seen in observations if seen.name != PROCESS_BEGINS)

    def stop(self, size: int | None) -> None:
        """Nothing more of it is read; `size`: of its last file, where that is known."""
        self.is_stopped = self.read_in_part = True
        self.files[-1].size = size or self.files[-1].size
        self.builder.stop()

    def connections(self) -> list[Connection]:
        """All connections of the trace. Call it once, at the end."""
        found = self.builder.connections(self._hole)
        return [replace(each, read_in_part=True) for each in found] if self.read_in_part else found

    def notes(self) -> list[str]:
        """A sentence for each limit at which something was left out, and for files of the trace that are missing."""
        numbers = [-1, *(each.number for each in self.files)]
        missing = [number for one, next in pairwise(numbers) for number in range(one + 1, next)]
        if not missing:
            return self.builder.notes()
        files = ", ".join("the first file" if number == 0 else f"extension file {number}" for number in missing[:3])
        more = f" and {len(missing) - 3:,} more" if len(missing) > 3 else ""
        said = "{trace}: {files}{more} of this trace is not among the inputs: give all of its files."
        return [text(said, trace=self.name, files=files, more=more), *self.builder.notes()]

    def key(self, found: Sequence[Connection]) -> tuple[object, ...]:
        """What a copy of this trace has in common with it."""
        sizes = tuple((each.size, each.lines) for each in self.files)
        return self.client, sizes, tuple(trace_key(each) for each in found)

    def read(self, begin: int, end: int) -> bytes:
        """The bytes between two offsets; nothing where those of a file are no longer at hand."""
        parts = ((each, max(begin, each.start), min(end, each.start + each.size)) for each in self.files)
        return b"".join(
            each.replay.read(first - each.start, last - each.start) for each, first, last in parts if first < last
        )

    def _hole(self, thread: str, begin: int, end: int) -> int | None:
        """Offset of the first line behind missing ones of a thread between two offsets; None where none are missing."""
        offset = self.files[0].offset
        place = hole_in(self, self.dialect, thread, begin - offset, end - offset)
        places = [] if place is None else [place + offset]
        for before, file in pairwise(self.files):
            if file.number != before.number + 1 and begin < file.start < end:
                places.append(file.start)
        return min(places, default=None)

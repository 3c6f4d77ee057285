"""From paths to pieces of work: files, ranges of large files, and what can be read only while it is open."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from msgspec import Struct, field

from mqtrace.formats import format_of
from mqtrace.inputs import HEAD_SIZE, Source, open_sources
from mqtrace.model import InputError, InputRead, Period, Unread
from mqtrace.parts import out_of_objects
from mqtrace.readers.logs.log_chunks import is_utf_16
from mqtrace.readers.tally import Tally
from mqtrace.seeking import in_words, sought_in_log
from mqtrace.triage.part import PartResult, Question, Unit
from mqtrace.triage.reading import JSON, TEXT, read_stream
from mqtrace.triage.remote import files_at, is_url, open_url, why

SMALLEST_RANGE = 32 << 20
LARGEST_RANGE = 64 << 20
_WINDOW = 1 << 20
_HEADER = 4096


class Job(Struct, frozen=True):
    """One input: the units in which it is read, or the part that it gave already, or neither where it is no log.

    Attributes:
        line: how many lines stand before the units.
        unread: the parts of a large file that no unit reads, as another time is asked for.
    """

    name: str
    kind: str
    units: tuple[Unit, ...] = ()
    part: PartResult | None = None
    error: str | None = None
    note: str = ""
    size: int = 0
    line: int = 0
    unread: tuple[Unread, ...] = ()

    def row(self, part: PartResult | None) -> InputRead:
        """What is told of the input, read into `part`."""
        if part is None:
            return InputRead(self.name, self.kind, self.size, error=self.error, note=self.note)
        return InputRead(
            self.name,
            self.kind,
            part.size,
            part.lines,
            part.records,
            part.unparsed,
            part.error or self.error,
            f"{in_words(self.unread)} were not read" if self.unread else self.note,
            self.unread,
        )


class Planner(Struct):
    """Makes jobs of paths.

    Attributes:
        question: what is asked.
        processes: how many will read; more than one makes ranges of large files.
        smallest: bytes of the smallest range.
        stdin: the stream that "-" stands for.
    """

    question: Question
    processes: int = 1
    smallest: int = SMALLEST_RANGE
    stdin: BinaryIO | None = field(default=None)

    def jobs(self, paths: Sequence[str]) -> Iterator[Job]:
        """The jobs, in the order of the inputs."""
        local: list[str] = []
        for path in paths:
            if not is_url(path):
                local.append(path)
                continue
            yield from self._local(local)
            local = []
            yield from self._remote(path)
        yield from self._local(local)

    def _local(self, paths: Sequence[str]) -> Iterator[Job]:
        for source in open_sources(list(paths), stdin=self.stdin):
            path = str(source.path.absolute()) if source.path else ""
            yield self._job(source, path, source.size or 0)

    def _remote(self, url: str) -> Iterator[Job]:
        try:
            for each, size in files_at(url):
                yield from self._remote_file(each, size)
        except InputError as error:
            yield Job(url, "unknown", error=str(error).removeprefix(f"{url}: "))

    def _remote_file(self, url: str, size: int) -> Iterator[Job]:
        """A packed file is unpacked here; a plain one is read by whoever has time."""
        try:
            with open_url(url) as stream:
                for source in open_sources(["-"], stdin=stream):
                    plain = source.name == "-" and source.head(512) == _begin(url)
                    source.name = url + source.name.removeprefix("-")
                    yield self._job(source, url if plain else "", size)
                    if plain:
                        return
        except OSError as error:
            yield Job(url, "unknown", error=error.strerror or why(error))

    def _job(self, source: Source, path: str, size: int) -> Job:
        bare = out_of_objects(source, source.head())
        if bare is not source:
            source, path = bare, ""
        head = source.head()
        known = format_of(head)
        kind = known.kind if known else "unknown"
        if source.error or known is None or not known.is_log:
            note = known.note if known else ""
            return Job(source.name, kind, error=source.error, note=note, size=size)
        module = known.home.removeprefix("readers.")
        if not path:
            return Job(source.name, kind, part=read_stream(module, source, self.question))
        sought = sought_in_log(source, known.home, Period(self.question.since, self.question.until))
        end = size if sought.end is None else sought.end
        borders = self._borders(path, (sought.offset, end), module, head)
        units = tuple(
            Unit(path, source.name, kind, module, begin, end, len(borders) == 2) for begin, end in pairwise(borders)
        )
        return Job(source.name, kind, units, size=size, line=sought.line, unread=sought.unread)

    def _borders(self, path: str, read: tuple[int, int], reader: str, head: bytes) -> list[int]:
        """Where the ranges of what is read of a file begin, and its end."""
        begin, end = read
        size = end - begin
        step = min(max(size // self.processes + 1, self.smallest), LARGEST_RANGE)
        found = [begin]
        if self.processes > 1 and size >= 2 * self.smallest and reader in (TEXT, JSON) and not is_utf_16(head):
            with open_url(path) if is_url(path) else open(path, "rb") as stream:  # noqa: PTH123
                for wanted in range(begin + step, end - self.smallest // 2, step):
                    border = entry_begin(stream, wanted, reader)
                    if found[-1] < border < end:
                        found.append(border)
        return [*found, end]


def _begin(url: str) -> bytes:
    with open_url(url) as stream:
        return stream.read(min(512, HEAD_SIZE))


def entry_begin(stream: BinaryIO, wanted: int, reader: str) -> int:
    """Byte offset behind `wanted` where an undamaged entry begins, whatever stands before it.

    -1 where none does within 1 MiB.
    """
    stream.seek(wanted)
    window = stream.read(_WINDOW)
    if reader == JSON:
        from mqtrace.readers.logs.json_scan import BEGIN

        found = window.find(b"}\n" + BEGIN)
        return wanted + found + 2 if found >= 0 else -1
    from mqtrace.readers.logs.text_scan import TextScan

    scan = TextScan("", Tally())
    footer = window.find(b"\n-----")
    while footer >= 0:
        begin = window.find(b"\n", footer + 1) + 1
        if not begin:
            break
        if scan.header(window[begin : begin + _HEADER].decode("utf-8", "replace"), 0):
            return wanted + begin
        footer = window.find(b"\n-----", begin - 1)
    return -1

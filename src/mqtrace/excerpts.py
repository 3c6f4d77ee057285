"""The lines around the evidence of causes, read a second time: while inputs are read, nobody knows what will be one.

Only traces and error logs are quoted. In configuration and in what programs print, the lines around hold the secrets of
others, and what stands beside a line of it explains nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from mqtrace.bytewise import line_count
from mqtrace.inputs import Source, open_sources
from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Evidence, Excerpt, Outcome, Report
from mqtrace.readers.traces.trace_text import text_source

# How many lines before and behind: an entry of a log goes on behind its first line, and before it stands another one.
_AROUND = {"trace": (6, 6), "errorlog": (0, 16)}
_CAUSES, _LINES_OF_CAUSE = 50, 5
_LONGEST_LINE = 2000
# What an input may have before a line; more of it is not read twice.
_MOST_BYTES = 256 << 20
_CHUNK = 1 << 20
_QUOTED = ("trace-", "errorlog-text")
# Offset and bytes of a dump, whatever stands before them: "0x0000:  53434f20", " 0x00000000 54 53", "(  80) : 2020";
# and a line of Base64 alone, which may be of a key that begins above.
_BYTES = compiled(
    rb"\b0x[0-9A-Fa-f]{4,16}\b[ :(0-9)]{0,24}(?:[0-9A-Fa-f]{2}){1,4} |^\s*(?:[0-9A-Fa-f]{2} ){4}"
    rb"|^\s*[A-Za-z0-9+/]{16,}={0,2}\s*$"
)
_FIELD = compiled(r"^(\s*\w{1,40}\()(.*)(\)\s*)$")


def excerpts_of(report: Report, paths: Sequence[Path | str]) -> Iterator[Excerpt]:
    """The lines around the first evidence of each different cause of `report`, which was made of `paths`.

    Inputs that are standard input, or that do not have the line within 256 MiB, give none.
    """
    wanted = _wanted(report)
    files = [path for path in paths if str(path) != "-"]
    for source in open_sources(files) if wanted else ():
        numbers = wanted.pop(source.name, ())
        if numbers:
            yield from _excerpts(text_source(source), sorted(numbers))
        if not wanted:
            return


def _wanted(report: Report) -> dict[str, set[int]]:
    """The numbers of the lines to quote, by the name of their input."""
    others = {each.source for each in report.inputs if not each.kind.startswith(_QUOTED)}
    kinds = {each.source: each.kind.partition("-")[0] for each in report.inputs}
    wanted: dict[str, set[int]] = {}
    for evidence in _telling(report.outcomes):
        place = evidence.location
        if place.line and place.source in kinds and place.source not in others:
            before, behind = _AROUND[kinds[place.source]]
            around = range(max(place.line - before, 1), place.line + behind + 1)
            wanted.setdefault(place.source, set()).update(around)
    return wanted


def _telling(outcomes: Iterable[Outcome]) -> Iterator[Evidence]:
    """The evidence of each cause, once for those that are told together."""
    causes: dict[tuple[str, int | None], int] = {}
    for outcome in outcomes:
        if outcome.cause:
            key = outcome.cause.id, outcome.connection.reason_code
            causes[key] = causes.get(key, 0) + 1
            if causes[key] <= _LINES_OF_CAUSE and len(causes) <= _CAUSES:
                yield from outcome.cause.evidence[:_LINES_OF_CAUSE]


def _excerpts(source: Source, numbers: Sequence[int]) -> Iterator[Excerpt]:
    """Runs of the lines of these numbers, which ascend."""
    for _, run in groupby(enumerate(_lines(source, numbers)), lambda each: each[1][0] - each[0]):
        found = [line for _, line in run]
        lines = _masked([line for _, line in found])
        if lines:
            yield Excerpt(source.name, found[0][0], lines)


def _masked(lines: Sequence[bytes]) -> tuple[str | None, ...]:
    """The lines as they are quoted; none where a secret spans several of them and cannot be told line by line.

    A log breaks its lines between the name of a secret and its value, so that they are looked at together.
    """
    shown = [None if _BYTES.search(line) else _text(line) for line in lines]
    masked = mask("\n".join(text or "" for text in shown)).split("\n")
    if len(masked) != len(shown):
        return ()
    return tuple(None if text is None else _inside(hidden) for text, hidden in zip(shown, masked, strict=True))


def _inside(line: str) -> str:
    """The line of an entry's header, whose field in brackets is masked as the text that it is; others as they are."""
    return _FIELD.sub(lambda field: f"{field[1]}{mask(field[2])}{field[3]}", line)


def _lines(source: Source, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Number and begin of each line that is there."""
    wanted = iter(numbers)
    number, after, rest, size = next(wanted), 0, b"", 0
    while size < _MOST_BYTES:
        chunk = source.stream.read(_CHUNK)
        size += len(chunk)
        end = after + line_count(chunk)
        if end < number - 1 and chunk:
            # No line of this chunk is wanted; its last one may go on in the next.
            after = end
            rest = chunk[chunk.rfind(b"\n") + 1 :] if b"\n" in chunk else rest + chunk
            continue
        *lines, rest = (rest + chunk).split(b"\n")
        lines += [rest] if not chunk and rest else []
        for line in lines:
            after += 1
            if after == number:
                yield number, line[:_LONGEST_LINE]
                if (number := next(wanted, 0)) == 0:
                    return
        if not chunk:
            return


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8").rstrip()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace").rstrip()

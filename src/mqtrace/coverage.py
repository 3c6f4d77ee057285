"""How much of each trace is understood: the only reader of every line."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from mqtrace.evidence.coverage import Shape, uncovered
from mqtrace.formats import TRACES
from mqtrace.gathering import Finders, Warn
from mqtrace.inputs import open_sources
from mqtrace.model import PatternError
from mqtrace.model.errors import fault_words
from mqtrace.parts import parts_of
from mqtrace.readers.tally import Tally


class Coverage(Struct, frozen=True):
    """How much of one trace is understood.

    Attributes:
        source: the trace, or another input that cannot be read.
        lines, texts, unparsed: lines, lines with text of their own, those of them that are not understood.
        shapes: of the lines not understood, the most frequent first.
        error: why the input, or the rest of it, cannot be read; None when all is well.
    """

    source: str
    lines: int
    texts: int
    unparsed: int
    shapes: tuple[Shape, ...]
    error: str | None = None

    def as_dict(self, top: int) -> dict[str, object]:
        """The numbers and the `top` most frequent shapes."""
        from mqtrace.report.shown import clean

        shapes = [
            {"count": each.count, "line": each.location.line, "text": clean(each.text)} for each in self.shapes[:top]
        ]
        return {
            "file": clean(self.source),
            "lines": self.lines,
            "texts": self.texts,
            "unparsed_lines": self.unparsed,
            "shapes": shapes,
        }


def coverage(
    paths: Iterable[Path | str],
    stdin: BinaryIO | None = None,
    pattern_folders: tuple[Path, ...] = (),
    warn: Warn | None = None,
) -> Iterator[Coverage]:
    """What is not understood of each trace among the inputs, and, without lines, the inputs that cannot be read.

    Raises PatternError when a pattern is not valid. `warn` is as in `diagnose`.
    """
    finders = Finders(pattern_folders, warn)
    for source in open_sources(list(paths), stdin=stdin):
        whole = Tally()
        shapes: list[Shape] = []
        error = None
        try:
            for part in parts_of(source):
                if part.format in TRACES:
                    tally = Tally()
                    shapes += part.placed(uncovered(part.source, part.reader, finders[part.reader.CLIENT], tally))
                    whole.add(tally)
        except PatternError:
            raise
        except Exception as fault:  # noqa: BLE001  (as in gathering)
            error, whole = fault_words(fault), Tally()
        error = error or source.error
        if whole.lines or error:
            shapes.sort(key=lambda shape: -shape.count)
            yield Coverage(source.name, whole.lines, whole.records, whole.unparsed, tuple(shapes), error)

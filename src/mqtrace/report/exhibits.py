"""The evidence of one connection, numbered, so that every claim of a page can point to its lines."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field

from mqtrace.model import Evidence, Excerpt
from mqtrace.pages.layout import shorten
from mqtrace.report.words import place_words

# More lines than a reader opens; what stands behind them keeps its place in words.
_MOST = 80
_BEFORE, _BEHIND = 6, 16
_LONGEST = 1000
STEP = "step of the course"


class Link(NamedTuple):
    """A place in words, and the id of the exhibit that it leads to ("" where there is none)."""

    words: str
    id: str


class Around(NamedTuple):
    """A line around evidence: number, text (None for a row of a dump), whether it is the evidence itself."""

    number: int
    text: str | None
    is_hit: bool


class Exhibit(Struct):
    """One place shown as proof.

    Attributes:
        id: of the element that shows it.
        place: name of the file and the line.
        source: the file's name in full.
        texts: the line, or what is read there, such as the fields of a dump.
        proves: what it is evidence of, in words.
        around: the lines around it, where the report has them.
        structure: id of the element that shows the structure that is dumped there, "" for none.
    """

    id: str
    place: str
    source: str
    texts: list[str]
    proves: list[str]
    around: tuple[Around, ...] = ()
    structure: str = ""

    @property
    def is_step(self) -> bool:
        """Whether it shows a step of the course and nothing else."""
        return self.proves == [STEP]


class Exhibits(Struct):
    """Collects them; `prefix` begins every id."""

    prefix: str
    excerpts: tuple[Excerpt, ...] = ()
    shown: dict[tuple[str, int], Exhibit] = field(default_factory=dict)

    def link(self, evidence: Evidence, proves: str) -> Link:
        """The place of the evidence, which is shown from now on."""
        key = (evidence.location.source, evidence.location.line)
        exhibit = self.shown.get(key)
        place = place_words(evidence)
        if exhibit is None and len(self.shown) >= _MOST:
            return Link(place, "")
        if exhibit is None:
            number = f"{self.prefix}e{len(self.shown) + 1}"
            exhibit = self.shown[key] = Exhibit(number, place, key[0], [], [], self._around(evidence))
        _add(exhibit.texts, shorten(" ".join(evidence.text.split()), _LONGEST))
        if proves not in exhibit.proves:
            exhibit.proves.append(proves)
        return Link(place, exhibit.id)

    def links(self, evidence: Iterable[Evidence], proves: str) -> list[Link]:
        """The places of all of it, each once."""
        return list(dict.fromkeys(self.link(each, proves) for each in evidence))

    def linked(self, sentence: str) -> list[Link]:
        """The sentence in pieces: words, and the places of exhibits in it, which are links.

        A place that two files have is none: nobody can tell which of them the sentence means.
        """
        pieces = [Link(sentence, "")]
        for place, id in self._places().items():
            cut: list[Link] = []
            for piece in pieces:
                cut += [piece] if piece.id else _cut(piece.words, place, id)
            pieces = cut
        return [piece for piece in pieces if piece.words]

    def _places(self) -> dict[str, str]:
        places: dict[str, dict[str, str]] = {}
        for exhibit in self.shown.values():
            places.setdefault(exhibit.place, {}).setdefault(exhibit.source, exhibit.id)
        return {place: next(iter(ids.values())) for place, ids in places.items() if len(ids) == 1}

    def _around(self, evidence: Evidence) -> tuple[Around, ...]:
        place = evidence.location
        for excerpt in self.excerpts:
            if excerpt.source == place.source and 0 <= place.line - excerpt.first < len(excerpt.lines):
                begin = max(place.line - excerpt.first - _BEFORE, 0)
                lines = excerpt.lines[begin : place.line - excerpt.first + _BEHIND + 1]
                numbered = enumerate(lines, excerpt.first + begin)
                return tuple(Around(number, text, number == place.line) for number, text in numbered)
        return ()


def _add(texts: list[str], text: str) -> None:
    """Adds a text, unless one of them says it; one that says them takes their place."""
    if not any(text in each for each in texts):
        texts[:] = [*(each for each in texts if each not in text), text]


def _cut(words: str, place: str, id: str) -> list[Link]:
    """The words around a place in brackets, as sentences of the report name it."""
    before, found, after = words.partition(f"({place})")
    if not found:
        return [Link(words, "")]
    return [Link(f"{before}(", ""), Link(place, id), *_cut(f"){after}", place, id)]

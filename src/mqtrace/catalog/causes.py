"""The causes of patterns/causes: what went wrong, what to do about it, and what it can be a consequence of."""

from functools import cache
from typing import Annotated

from msgspec import Struct

from mqtrace.catalog.entries import EntryText, entry_texts, parse
from mqtrace.catalog.typed import CauseFamily, CauseId, Line, Size, Text, read
from mqtrace.model import Basis


class Told(Struct, frozen=True):
    """A cause in words: title, explanation, and fix as in CauseInfo."""

    title: Line
    explanation: Text
    fix: Annotated[tuple[Text, ...], Size(1, 7)]


class CauseInfo(Struct, frozen=True):
    """What is known of one cause.

    Attributes:
        id: "family.name" of the contract.
        title: one line that fits after "WHY".
        explanation: one to three sentences, true in general, with what the application sees.
        fix: steps in the order to take them; words in upper case stand for the reader's values.
        specificity: 1 (says nearly nothing) to 100; of several causes the most specific one is the answer.
        consequences_of: ids, "family.*" or "*" whose consequence this one can be.
        basis, source: how that is known.
        server: the words where the queue manager's log tells it, for which the other end is a client or a partner; None
            where the words for a client say the same.
    """

    id: CauseId
    title: Line
    explanation: Text
    fix: Annotated[tuple[Text, ...], Size(1, 7)]
    specificity: Annotated[int, Size(1, 100)]
    consequences_of: tuple[CauseFamily, ...]
    basis: Basis
    source: Text
    server: Told | None = None

    def told_by(self, end: str) -> "Told | CauseInfo":
        """Its words where the log of that end ("client" or "server") tells it."""
        return self.server if self.server and end == "server" else self


def read_cause(entry: EntryText) -> CauseInfo:
    """The cause of an entry of patterns/causes. Raises PatternError."""
    return read(CauseInfo, parse(entry), entry.where)


@cache
def cause(id: str) -> CauseInfo | None:
    """The cause of that id, None when there is none."""
    entry = entry_texts("cause").get(id)
    return read_cause(entry) if entry else None


@cache
def all_causes() -> tuple[CauseInfo, ...]:
    """All causes, family by family."""
    return tuple(info for id in entry_texts("cause") if (info := cause(id)))


def is_consequence(id: str, of: str) -> bool:
    """Whether the cause `id` can be a mere consequence of the cause `of`."""
    info = cause(id)
    if info is None or id == of:
        return False
    return bool({of, of.split(".")[0] + ".*", "*"} & set(info.consequences_of))

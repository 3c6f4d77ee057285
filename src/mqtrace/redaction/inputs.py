"""All inputs of a run, redacted into a folder or an archive; nothing of it stays where something cannot be hidden."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field

from mqtrace.formats import format_of
from mqtrace.inputs import Source, open_sources
from mqtrace.inputs.opening import STANDARD_INPUT
from mqtrace.model import InputRead, UsageError
from mqtrace.redaction.channel_tables import learn_from_table, redact_table
from mqtrace.redaction.files import learn_from, redact
from mqtrace.redaction.identities import Identities
from mqtrace.report.names import names_of_copies

# Opens a new file of that name for writing.
Opened = Callable[[str], AbstractContextManager[BinaryIO]]
# Why inputs of a kind are not passed on: what is in them cannot be looked through as text.
_LEFT_OUT = {
    "key-store": "a key repository holds keys",
    "capture": "the bytes of a network capture are not looked through",
    "not-formatted": "a trace that is not formatted is not looked through; run dspmqtrc on it",
    "unknown": "mqtrace does not know what it is",
}
_TABLE = "ccdt-binary"
# What stays as it is, said to who passes it on.
NOT_HIDDEN = (
    "ports, process and thread ids, and times",
    "program names, and folders within the inputs but for the user's part of them",
    "version numbers and names of certificates' countries",
    "a password without a word or sign beside it that tells what it is, such as the third argument of a command",
    "a secret or a name in a dump that stands in no structure known to hold one, and nowhere else with such a word",
    "a secret that is an ordinary word, where no name of a secret stands beside it",
    "a host or user of whom no line tells that it is one, such as a name in free text",
    "what stands in an encoding within another one, or is compressed or encrypted",
)


class RedactedFile(Struct, frozen=True):
    """One file that was written: its name, kind, size in bytes, and SHA-256 in hexadecimal."""

    name: str
    kind: str
    size: int
    sha256: str


class LeftOut(Struct, frozen=True):
    """One input that was not passed on, and why."""

    name: str
    why: str


class _Hashed(Struct):
    """Passes bytes on, and counts and hashes them."""

    target: BinaryIO
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, content: bytes) -> int:
        self.size += len(content)
        self.digest.update(content)
        return self.target.write(content)


def redact_inputs(
    paths: Iterable[Path | str], read: Iterable[InputRead], identities: Identities, opened: Opened
) -> Iterator[RedactedFile | LeftOut]:
    """Writes every input, and says what became of it. All are read once before the first is written, so that who is
    named in one is hidden in each. `read` says what the diagnosis found in the inputs.

    Raises UsageError for standard input, RedactionError when one that is hidden is still in what was to be written.
    """
    chosen = list(paths)
    if STANDARD_INPUT in map(str, chosen):
        raise UsageError("Standard input cannot be read twice, which hiding needs: save it to a file, and give that.")
    kinds = _kinds(read)
    sources = [source.name for source in _learned(chosen, kinds, identities)]
    names = names_of_copies(sources)
    for source in open_sources(chosen):
        why, kind = _why_left_out(source, kinds)
        name = identities.hidden_path(names.get(source.name, source.name))
        if why:
            yield LeftOut(name, why)
            continue
        with opened(name) as target:
            hashed = _Hashed(target)
            (redact_table if kind == _TABLE else redact)(source.stream, hashed, identities)
        yield RedactedFile(name, kind, hashed.size, hashed.digest.hexdigest())


def _kinds(read: Iterable[InputRead]) -> dict[str, str]:
    """What each input is, by its name: of one with several parts any that is known."""
    kinds: dict[str, str] = {}
    for each in read:
        if kinds.get(each.source, "unknown") == "unknown":
            kinds[each.source] = each.kind
    return kinds


def _learned(paths: list[Path | str], kinds: Mapping[str, str], identities: Identities) -> Iterator[Source]:
    for source in open_sources(paths):
        identities.learn_input(source.name)
        why, kind = _why_left_out(source, kinds)
        if not why:
            (learn_from_table if kind == _TABLE else learn_from)(source.stream, identities)
        yield source


def _why_left_out(source: Source, kinds: Mapping[str, str]) -> tuple[str, str]:
    """Why an input is not passed on, "" where it is; and its kind."""
    if source.error or source.skipped:
        return source.error or source.skipped, "unknown"
    kind = kinds.get(source.name, "unknown")
    if kind == "unknown":
        found = format_of(source.head(), source.name)
        kind = found.kind if found else kind
    return _LEFT_OUT.get(kind, ""), kind

"""What inputs are called: on one screen by the last part of their path, unless two share it; and as copies."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import ClassVar

from msgspec import field

from mqtrace.kept import compiled
from mqtrace.model import Report
from mqtrace.report.shown import Policy, shown
from mqtrace.report.words import base_name

_SEPARATOR = compiled(r"[/\\]")


def with_short_names(report: Report) -> Report:
    """The report with each input called as `short_names` does, wherever it is named as the place of something."""
    return shown(report, _Names(short_names(each.source for each in report.inputs)))


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """Each path with its last part; of those that share it what is behind the folders that all of them share."""
    alike: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        alike.setdefault(base_name(path), []).append(path)
    names: dict[str, str] = {}
    for name, same in alike.items():
        split = [_SEPARATOR.split(path) for path in same]
        behind = sum(len(folder) + 1 for folder in split[0][: _shared(split)])
        names |= {path: name if len(same) == 1 else path[behind:] or path for path in same}
    return names


def names_of_copies(paths: Sequence[str]) -> dict[str, str]:
    """For each path the name of its copy below one folder: the path without the folders that all share, made of plain
    names, never the same twice. An entry of an archive ("a.zip!b") stands below a folder of the archive's name.
    """
    split = [_SEPARATOR.split(path.replace("!", "/")) for path in paths]
    shared = _shared([folders for *folders, _ in split])
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path, parts in zip(paths, split, strict=True):
        *folders, last = [part for part in parts[shared:] if part not in ("", "..", ".")] or ["input"]
        name, number = "/".join([*folders, last]), 1
        while name.casefold() in taken:
            number += 1
            name = "/".join([*folders, f"{number}-{last}"])
        taken.add(name.casefold())
        names[path] = name
    return names


def _shared(paths: Iterable[Sequence[str]]) -> int:
    """How many parts all of the paths begin with."""
    return sum(1 for _ in takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False)))


class _Names(Policy, frozen=True):
    """Changes names of inputs, and nothing else: all of it was shown before."""

    only: ClassVar[frozenset[str] | None] = frozenset({"source"})
    names: dict[str, str] = field(default_factory=dict)

    def value(self, name: str, value: str) -> str:
        if name != "source" or not _SEPARATOR.search(value):
            return value
        return self.names.get(value) or base_name(value)

    def line(self, line: str) -> str:
        return line

    def sentence(self, sentence: str) -> str:
        return sentence

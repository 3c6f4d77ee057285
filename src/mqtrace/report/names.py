"""What the inputs are called on one screen: by the last part of their path, unless two share it."""

import re
from collections.abc import Iterable
from itertools import takewhile

from msgspec import field

from mqtrace.model import Report
from mqtrace.report.shown import Policy, shown
from mqtrace.report.words import base_name

_SEPARATOR = re.compile(r"[/\\]")


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
        shared = _shared([_SEPARATOR.split(path) for path in same])
        names |= {path: name if len(same) == 1 else path[shared:] or path for path in same}
    return names


def _shared(paths: list[list[str]]) -> int:
    """How many characters the folders take that all of the paths begin with."""
    alike = takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))
    return sum(len(parts[0]) + 1 for parts in alike)


class _Names(Policy, frozen=True):
    """Changes names of inputs, and nothing else: all of it was shown before."""

    names: dict[str, str] = field(default_factory=dict)

    def value(self, name: str, value: str) -> str:
        if name != "source" or not _SEPARATOR.search(value):
            return value
        return self.names.get(value) or base_name(value)

    def line(self, line: str) -> str:
        return line

    def sentence(self, sentence: str) -> str:
        return sentence

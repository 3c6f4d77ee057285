"""Runs the examples that stand in the trace patterns."""

from collections.abc import Iterator
from pathlib import Path

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.trace_patterns import TracePattern, trace_patterns
from mqtrace.evidence.facts import FactFinder
from mqtrace.model import Record


def families() -> list[str]:
    """The client families that have trace patterns."""
    return sorted(path.stem for path in (data_folder("patterns") / "trace").glob("*.toml"))


def run_examples(folders: tuple[Path, ...] = ()) -> tuple[int, list[str]]:
    """Number of examples run and the problems found, over all families and the user's folders.

    A line pattern needs an example that matches; every line that must match has to hold one of the pattern's literals,
    too.
    """
    count = 0
    problems: list[str] = []
    for client in families():
        for pattern in trace_patterns(client, folders):
            count += len(pattern.match) + len(pattern.no_match)
            problems.extend(f"{pattern.origin}: {pattern.id}: {problem}" for problem in _problems(pattern))
    return count, problems


def _problems(pattern: TracePattern) -> Iterator[str]:
    if pattern.kind != "line":
        return
    if not pattern.match:
        yield "has no example that matches"
    finder = FactFinder([pattern])
    for example in pattern.match:
        values = _values(finder, example.line)
        if example.value not in values:
            yield f"{example.line!r} must give {example.value!r}, and gives {values or 'nothing'}"
    for line in pattern.no_match:
        values = _values(finder, line)
        if values:
            yield f"{line!r} must not match, and gives {values}"


def _values(finder: FactFinder, line: str) -> list[str]:
    raw = line.encode()
    # The prefilter sees the line behind its prefix, so that a literal may begin with a blank.
    hits = [index for index, literal in enumerate(finder.selection.literals) if literal in b" " + raw]
    if not hits:
        return []
    return [seen.value for seen in finder.observe(Record("text", raw, "example", 1, 0, len(raw)), hits)]

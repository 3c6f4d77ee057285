"""What the linters share: files one after the other, each problem as `path:line:col:

CODE text`, or all of them as JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

import typer

from mqtrace.cli import exits
from mqtrace.cli.console import output
from mqtrace.mark import marked_json

FILES_HELP = "; several are checked one after the other, and - is standard input."


class LintedProblem(NamedTuple):
    """One problem.

    Attributes:
        kind: its code.
        line, column: from 1; of a binary file 0 and the byte offset.
        text: one sentence.
        more: more fields for JSON.
    """

    kind: str
    line: int
    column: int
    text: str
    more: Mapping[str, Any] = MappingProxyType({})


class LintedFile(NamedTuple):
    """One file that was checked.

    Attributes:
        problems: what is wrong with it.
        about: what else JSON says of it.
        contents: what is in it, for people ("3 channels").
    """

    problems: Sequence[LintedProblem]
    about: dict[str, Any]
    contents: str


def lint_files(files: Sequence[str], check: Callable[[str], LintedFile], form: str) -> NoReturn:
    """Checks the files and prints what is wrong with them.

    Exits with 1 when a problem was found, else with 3 when a single file could not be read, 4 when some of several
    could not.
    """
    checked: dict[str, LintedFile] = {}
    for file in files:
        try:
            checked[file] = check(file)
        except typer.Exit:
            # Why it could not be read has been said.
            if len(files) == 1:
                raise
    if form == "json":
        shown = [_as_json(linted) for linted in checked.values()]
        named = [{"file": file, **whole} for file, whole in zip(checked, shown, strict=True)]
        output(marked_json(shown[0] if len(files) == 1 else {"files": named}))
    else:
        output("".join(f"{line}\n" for file, linted in checked.items() for line in _lines(file, linted)))
    raise typer.Exit(_code(checked, len(set(files))))


def _code(checked: dict[str, LintedFile], files: int) -> int:
    if any(linted.problems for linted in checked.values()):
        return exits.PROBLEM
    if not checked:
        return exits.NOTHING
    return exits.OK if len(checked) == files else exits.PARTIAL


def _as_json(linted: LintedFile) -> dict[str, Any]:
    from mqtrace.report.shown import clean

    problems = [
        {
            "kind": problem.kind,
            "line": problem.line,
            "column": problem.column,
            "text": clean(problem.text),
            **problem.more,
        }
        for problem in linted.problems
    ]
    return {**linted.about, "problems": problems}


def _lines(file: str, linted: LintedFile) -> list[str]:
    from mqtrace.report.shown import clean

    name = clean(file)
    if not linted.problems:
        return [f"{name}: {linted.contents}, no problem found"]
    return [
        f"{name}:{problem.line}:{problem.column}: {problem.kind} {clean(problem.text)}" for problem in linted.problems
    ]

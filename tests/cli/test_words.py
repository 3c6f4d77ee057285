"""Runs that are understood without typer, and those that are left to it."""

import inspect
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from command_line import sample
from mqtrace.cli.app import build
from mqtrace.cli.diagnosing import diagnosed
from mqtrace.cli.words import FORMATS, only_paths, with_command

WORDS = ("a.TRC", "-", "--", "", "--format", "json", "html", "-q", "--format=md", "-j", "1", "--help", "--fromat")


def asked(*words: Any, **options: Any) -> dict[str, Any]:
    """What `diagnosed` would be asked for, with all that is not given; neither list nor tuple matters."""
    bound = inspect.signature(diagnosed).bind(*words, **options)
    bound.apply_defaults()
    return {name: tuple(each) if isinstance(each, list) else each for name, each in bound.arguments.items()}


def test_words_are_understood_as_typer_understands_them(monkeypatch: pytest.MonkeyPatch) -> None:
    by_typer: list[dict[str, Any]] = []
    monkeypatch.setattr("mqtrace.cli.diagnose.diagnosed", lambda *a, **k: by_typer.append(asked(*a, **k)) or 0)
    program, understood = build(("diagnose",)), 0
    for words in product(WORDS, repeat=3):
        plain = only_paths(["diagnose", *words])
        if plain:
            program.main(["diagnose", *words], standalone_mode=False)
            assert by_typer.pop() == asked(*plain), words
            understood += 1
    assert understood > 100


@pytest.mark.parametrize("form", FORMATS)
def test_each_form_is_understood(form: str) -> None:
    assert only_paths(["diagnose", "a", "--format", form]) == (["a"], form)


@pytest.mark.parametrize(
    "words", [["--format", "jsn", "a"], ["a", "--format"], ["--", "-a"], ["-o", "a.html", "a"], []]
)
def test_what_is_wrong_or_more_is_left_to_typer(words: list[str]) -> None:
    assert only_paths(["diagnose", *words]) is None


def test_so_is_another_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings").touch()
    assert with_command(["settings", "a"]) == ["settings", "a"]
    assert only_paths(["settings", "a"]) is None


@pytest.mark.parametrize("insists", [False, True])
def test_what_comes_with_typing_extensions_can_be_imported_later(insists: bool) -> None:
    code = (
        "import sys, importlib, mqtrace.cli as cli\n"
        f"if {insists}: cli.import_module = lambda name: importlib.import_module('typing_extensions')\n"
        "cli._import_msgspec(); print('inspect' in sys.modules)\n"
        "import typing_extensions, msgspec, typer; print('imported')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "imported"]


@pytest.mark.parametrize("option", ["", "-q"])
def test_paths_alone_need_no_typer(option: str) -> None:
    words = [str(sample("dotnet-connected")), *filter(None, [option])]
    code = f"from mqtrace.cli.entry import run; import sys; run({words}); print('\\n', 'click' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split()[-1] == str(bool(option))

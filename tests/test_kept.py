"""What is kept between runs: it is what would be made, and nothing goes wrong where it cannot be used."""

import atexit
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import regex

from mqtrace import kept, masking
from mqtrace.catalog.trace_patterns import trace_patterns

Count = Callable[[], object]


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "mqtrace"


def made_of(value: object) -> tuple[Count, list[int]]:
    """A maker, and how often it was asked."""
    asked: list[int] = []

    def make() -> object:
        asked.append(1)
        return value

    return make, asked


def twice(content: bytes = b"content", value: object = ("made", 1)) -> int:
    """How often it is made when it is wanted twice."""
    make, asked = made_of(value)
    assert [kept.kept("kind", content, make) for _ in range(2)] == [value, value]
    return len(asked)


def test_it_is_made_once_and_nobody_else_may_look(caches: Path) -> None:
    assert twice() == 1
    assert stat.S_IMODE(caches.stat().st_mode) == 0o700
    assert twice() == 0


def test_other_content_another_way_and_another_version_are_made_anew(
    caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, asked = made_of("made")
    kept.kept("kind", b"content", make)
    kept.kept("kind", b"other content", make)
    kept.kept("other kind", b"content", make)
    monkeypatch.setattr(kept, "__version__", "another")
    kept.kept("kind", b"content", make)
    assert len(asked) == 4


def test_two_contents_that_have_the_same_file_are_not_taken_for_each_other(
    caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "crc32", lambda _: 1)
    assert [kept.kept("kind", name, lambda name=name: name) for name in (b"a", b"b", b"a")] == [b"a", b"b", b"a"]


@pytest.mark.parametrize("damage", [lambda old: b"", lambda old: old[:-1], lambda old: old[:9] + b"?" + old[10:]])
def test_a_damaged_file_is_made_anew(caches: Path, damage: Callable[[bytes], bytes]) -> None:
    twice()
    (file,) = caches.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert twice() == 1
    assert twice() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes")
def test_a_folder_in_which_others_may_write_is_not_read(caches: Path) -> None:
    caches.mkdir(parents=True)
    caches.chmod(0o777)
    assert twice() == 2
    assert list(caches.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such owners")
def test_a_folder_of_another_user_is_not_read(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert twice() == 2
    assert list(caches.iterdir()) == []


def test_where_there_can_be_no_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    for place in (str(tmp_path / "file"), "not/absolute"):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        assert twice() == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_cannot_be_kept_is_made(caches: Path) -> None:
    assert twice(value=test_what_cannot_be_kept_is_made) == 2


def test_the_folder_does_not_grow_without_end(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_FILES", 5)
    for number in range(20):
        kept.kept("kind", bytes([number]), lambda: 1)
        assert len(list(caches.iterdir())) <= 5


@pytest.mark.usefixtures("caches")
def test_a_kept_expression_is_the_one_that_re_compiles() -> None:
    forms = [form for _, form in (*masking._FORMS, *masking._KEY_FORMS, masking._COLON_FORM)]
    text = "password=secret1, pwd: x, --token abc123 xcsGetEnvironmentString[MQKEYRPWD] = value user:pw@host"
    for form in forms:
        plain = re.compile(form, re.IGNORECASE)
        for got in (kept.compiled(form, re.IGNORECASE), kept.compiled(form, re.IGNORECASE)):
            assert (got.pattern, got.flags, got.groups, got.groupindex) == (
                plain.pattern, plain.flags, plain.groups, plain.groupindex,
            )  # fmt: skip
            assert [found.groupdict() for found in got.finditer(text)] == [
                found.groupdict() for found in plain.finditer(text)
            ]


def test_an_expression_that_is_not_valid_is_said_as_ever(caches: Path) -> None:
    with pytest.raises(re.error):
        kept.compiled("(", 0)
    with pytest.raises(regex.error):
        kept.compiled_regex(b"(")


def test_where_python_keeps_its_expressions_otherwise_they_are_compiled(
    caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "_sre", None)
    monkeypatch.setitem(sys.modules, "regex._regex", None)
    assert kept.compiled("(?P<a>b)", re.IGNORECASE).search("xB")
    assert kept.compiled_regex(b"(?P<a>b)").search(b"xb")


@pytest.mark.usefixtures("caches")
def test_the_patterns_of_traces_find_the_same_when_kept() -> None:
    compared = 0
    for client in ("c", "dotnet"):
        for pattern in trace_patterns(client):
            for example in pattern.match if pattern.regex else ():
                line = example.line.encode()
                compiled = [kept.compiled_regex(pattern.regex.encode()) for _ in range(2)]
                found = [each.search(line, timeout=5) for each in (regex.compile(pattern.regex.encode()), *compiled)]
                assert len({str(match and match.groupdict()) for match in found}) == 1
                compared += 1
    assert compared > 100


def test_expressions_of_a_run_are_kept_at_its_end_in_one_file(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[Callable[[], object]] = []
    monkeypatch.setattr(atexit, "register", ends.append)
    asked: list[str | bytes] = []
    code_of = kept._code_of
    monkeypatch.setattr(kept, "_code_of", lambda pattern, flags: asked.append(pattern) or code_of(pattern, flags))
    for run in range(3):
        kept._expressions.cache_clear()
        assert kept.compiled(rb"(?P<word>\w+)=\xff", re.MULTILINE).search(b"a=\xff")
        assert kept.compiled(r"(?P<word>\w+)=\xff").search("a=\xff")
        assert len(asked) == 2
        ends[run]()
        assert len(list(caches.iterdir())) == 1
    kept._expressions.cache_clear()


def test_where_all_expressions_are_kept_the_part_of_regex_that_compiles_is_not_imported(caches: Path) -> None:
    code = (
        "import sys; from mqtrace.kept import compiled_regex; found = compiled_regex(rb'(?P<a>b+)c'); "
        "assert found.search(b'abbc', timeout=1)['a'] == b'bb'; print('regex' in sys.modules); "
        "import regex; assert regex.sub(rb'b', rb'<\\g<0>>', b'ab') == b'a<b>'; "
        "assert isinstance(found, regex.Pattern)"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(caches.parent)}
    said = [
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert said == ["True\n", "False\n"]

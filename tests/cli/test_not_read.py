"""Whatever keeps an input from being read, the run that read the others ends with 4 and names it."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from mqtrace.cli import exits
from mqtrace.inputs import budget

SAMPLES = Path(__file__).parents[2] / "sample-traces"
TRACE = next((SAMPLES / "dotnet-peer-name-mismatch").glob("*.TRC"))
LOG = (
    "03/17/2026 07:12:25 AM - Process(77.1) User(mqm) Program(amqrmppa)\nAMQ9776E: Channel was blocked by userid\n"
    "-----\n"
)


def missing(_: Path) -> None:
    """The path leads to nothing."""


def damaged_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(LOG.encode() * 4000)[:-200])


def cut_zip(path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.log", LOG)
    path.write_bytes(whole.getvalue()[:-20])


def climbing_tar(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("../a.log")
        entry.size = len(LOG)
        archive.addfile(entry, io.BytesIO(LOG.encode()))


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


WAYS = [missing, damaged_gzip, cut_zip, climbing_tar, link_to_itself]


@pytest.mark.parametrize("words", [["diagnose", TRACE], ["settings", TRACE], ["coverage", TRACE], ["triage"]], ids=str)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_input_that_cannot_be_read(
    mqtrace: Run, tmp_path: Path, words: list[str], way: Callable[[Path], None]
) -> None:
    way(tmp_path / "broken")
    (tmp_path / "good.log").write_text(LOG)
    shown = mqtrace(*words, tmp_path / "good.log", tmp_path / "broken")
    assert shown.code == exits.PARTIAL
    assert any("broken" in warning for warning in shown.warnings)


@pytest.mark.parametrize("way", [damaged_gzip, cut_zip, climbing_tar, link_to_itself], ids=lambda way: way.__name__)
def test_one_in_a_folder(mqtrace: Run, tmp_path: Path, way: Callable[[Path], None]) -> None:
    way(tmp_path / "broken")
    (tmp_path / "good.log").write_text(LOG)
    assert mqtrace("diagnose", tmp_path).code == exits.PARTIAL
    assert mqtrace("triage", tmp_path).code == exits.PARTIAL


def test_the_limit_of_unpacking(mqtrace: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "FREE", 1000)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(LOG.encode() + b"\n" * 4_000_000))
    shown = mqtrace("diagnose", TRACE, tmp_path / "bomb.gz")
    assert shown.code == exits.PARTIAL
    assert any("bomb.gz: Unpacking stopped" in warning for warning in shown.warnings)


def test_a_fault_of_a_reader(mqtrace: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mqtrace.readers.configuration.environment.read", fail)
    (tmp_path / "env.txt").write_text("MQSERVER=A/TCP/h\n")
    shown = mqtrace("diagnose", TRACE, tmp_path / "env.txt")
    assert shown.code == exits.PARTIAL
    assert any("mqtrace itself failed on it" in warning for warning in shown.warnings)


def test_a_broken_pattern_is_an_error_also_without_a_trace(mqtrace: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("no TOML")
    (tmp_path / "good.log").write_text(LOG)
    for command in ("diagnose", "coverage"):
        shown = mqtrace(command, tmp_path / "good.log", "--patterns", tmp_path)
        assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)

"""What is said of inputs that are known but not read, and of logs that were forgotten."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from command_line import Ran, sample
from mqtrace.cli import exits
from mqtrace.cli.choices import moment

Run = Callable[..., Ran]
# SYNTHETIC: bytes that are no text around the name of a function, as in a trace that is not formatted.
NOT_FORMATTED = b"\x00\x01\x02\xff" * 40 + b"xcsGetEnvironmentString\x00" + bytes(range(256))
NAME = "AMQ7253.0"


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """A data folder with a trace, an error log of the installation and one of a queue manager."""
    (tmp_path / "trace").mkdir()
    shutil.copy(sample("c-label-not-in-key-repository") / "AMQ7253.0.FMT", tmp_path / "trace")
    for folder in ("errors", "qmgrs/QM1/errors"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "AMQERR01.LOG").write_text("")
    return tmp_path


def test_traces_that_are_not_formatted_are_one_line(mqtrace: Run, tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"AMQ{number}.0.TRC").write_bytes(NOT_FORMATTED)
    shown = mqtrace("diagnose", tmp_path)
    (line,) = [each for each in shown.warnings if "dspmqtrc" in each]
    assert f"{tmp_path}/AMQ0.0.TRC, " in line
    assert " and 3 more: " in line
    assert shown.code == exits.NOTHING


def test_a_trace_whose_formatted_file_is_there_is_not_spoken_of(mqtrace: Run, data_folder: Path) -> None:
    (data_folder / "trace" / f"{NAME}.TRC").write_bytes(NOT_FORMATTED)
    shown = mqtrace("diagnose", data_folder)
    assert [line for line in shown.warnings if "dspmqtrc" in line] == []


def test_one_whose_formatted_file_is_not_there_is(mqtrace: Run, data_folder: Path) -> None:
    for name in (NAME, "AMQ9999.0"):
        (data_folder / "trace" / f"{name}.TRC").write_bytes(NOT_FORMATTED)
    (line,) = [line for line in mqtrace("diagnose", data_folder).warnings if "dspmqtrc" in line]
    assert line.startswith(f"mqtrace: {data_folder}/trace/AMQ9999.0.TRC: ")


@pytest.mark.parametrize("given", ["trace", f"trace/{NAME}.FMT"])
def test_logs_beside_the_folder_of_traces_are_named_with_the_command(
    mqtrace: Run, data_folder: Path, given: str
) -> None:
    (line,) = mqtrace("diagnose", data_folder / given).warnings
    logs = f"{data_folder}/errors {data_folder}/qmgrs/QM1/errors"
    path = data_folder / given
    assert line == f"mqtrace: error logs beside {path} were not read; read them too with   mqtrace {path} {logs}"


@pytest.mark.parametrize("given", [("",), ("trace", "errors", "qmgrs")], ids=["whole", "each"])
def test_logs_that_were_given_are_not_named(mqtrace: Run, data_folder: Path, given: tuple[str, ...]) -> None:
    assert mqtrace("diagnose", *(data_folder / each for each in given)).err == ""


def test_without_a_path_the_usual_folders_are_read(
    mqtrace: Run, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mqtrace.inputs.places.usual_places", lambda: [data_folder / "trace", data_folder / "errors"])
    shown = mqtrace("diagnose", "-q")
    assert shown.warnings[0] == f"mqtrace: no path given; reading {data_folder}/trace, {data_folder}/errors"
    assert "tls.certificate-label-not-found" in shown.out


def test_without_a_path_and_without_such_folders_it_says_what_to_type(
    mqtrace: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mqtrace.inputs.places.usual_places", list)
    shown = mqtrace("diagnose")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert shown.warnings[0].endswith("type   mqtrace diagnose FOLDER-OR-FILE ...")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2026-03-17", "2026-03-17"), ("2026-03-17 08:30", "2026-03-17T08:30"), ("2026", "2026"), ("", "")],
)
def test_a_moment_as_it_is_written(written: str, meant: str) -> None:
    assert moment(written) == meant


@pytest.mark.parametrize(
    ("written", "ago"), [("2h", timedelta(hours=2)), ("30m", timedelta(minutes=30)), ("3d", timedelta(days=3))]
)
def test_a_moment_as_how_long_ago_it_was(written: str, ago: timedelta) -> None:
    meant = datetime.fromisoformat(f"{moment(written)}+00:00")
    assert abs(datetime.now(UTC) - ago - meant) < timedelta(seconds=5)


def test_yesterday_is_a_day() -> None:
    assert moment("yesterday") == str(date.today() - timedelta(days=1))

"""Where traces and logs usually are, and which logs stand beside a trace folder."""

from pathlib import Path

import pytest

from mqtrace.inputs.places import neighbours, usual_places


def make(*folders: Path) -> None:
    for folder in folders:
        folder.mkdir(parents=True)


def test_linux_has_the_folders_of_var_mqm_and_of_each_queue_manager(tmp_path: Path) -> None:
    data = tmp_path / "var" / "mqm"
    expected = [data / "trace", data / "errors", data / "qmgrs" / "A" / "errors", data / "qmgrs" / "B" / "errors"]
    make(*reversed(expected), data / "qmgrs" / "B" / "queues")
    assert usual_places({}, platform="linux", root=tmp_path) == expected


def test_windows_has_them_below_program_data(tmp_path: Path) -> None:
    data = tmp_path / "ProgramData" / "IBM" / "MQ"
    expected = [data / "trace", data / "errors", data / "qmgrs" / "A" / "errors"]
    make(*expected)
    assert usual_places({}, platform="win32", root=tmp_path) == expected


def test_a_variable_says_where_the_programs_of_windows_keep_their_data(tmp_path: Path) -> None:
    make(tmp_path / "D" / "IBM" / "MQ" / "errors")
    assert usual_places({"ProgramData": str(tmp_path / "D")}, platform="win32") == [
        tmp_path / "D" / "IBM" / "MQ" / "errors"
    ]


@pytest.mark.parametrize(
    ("variable", "value", "folder"),
    [
        ("MQTRACEPATH", "traces", "traces"),
        ("MQERRORPATH", "logs", "logs"),
        ("MQ_DATA_PATH", "data", "data/trace"),
        ("MQ_DATA_PATH", "data", "data/qmgrs/A/errors"),
        ("MQ_OVERRIDE_DATA_PATH", "data", "data/errors"),
        ("HOME", "home/app", "home/app/IBM/MQ/data/errors"),
        ("HOME", "home/app", "home/app/IBM/MQ/data/trace"),
    ],
)
def test_variables_name_places(tmp_path: Path, variable: str, value: str, folder: str) -> None:
    make(tmp_path / folder)
    assert usual_places({variable: str(tmp_path / value)}, platform="aix", root=tmp_path / "none") == [
        tmp_path / folder
    ]


def test_a_place_named_twice_is_given_once_and_a_missing_one_not(tmp_path: Path) -> None:
    make(tmp_path / "data" / "trace")
    named = {
        "MQTRACEPATH": str(tmp_path / "data" / "trace"),
        "MQ_DATA_PATH": str(tmp_path / "data"),
        "MQERRORPATH": str(tmp_path / "missing"),
    }
    assert usual_places(named, platform="linux", root=tmp_path / "none") == [tmp_path / "data" / "trace"]


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    make(
        tmp_path / "trace",
        tmp_path / "errors",
        tmp_path / "qmgrs" / "A" / "errors",
        tmp_path / "qmgrs" / "EMPTY" / "errors",
    )
    for file in ("trace/AMQ1.0.FMT", "errors/AMQERR01.LOG", "qmgrs/A/errors/AMQERR01.LOG"):
        (tmp_path / file).write_text("x")
    return tmp_path


@pytest.mark.parametrize("given", ["trace", "trace/AMQ1.0.FMT"])
def test_logs_beside_a_trace_folder_are_named_where_there_are_any(data_folder: Path, given: str) -> None:
    assert neighbours(data_folder / given) == [data_folder / "errors", data_folder / "qmgrs" / "A" / "errors"]


@pytest.mark.parametrize("given", ["errors", "errors/AMQERR01.LOG", ".", "missing"])
def test_other_folders_have_no_neighbours(data_folder: Path, given: str) -> None:
    assert neighbours(data_folder / given) == []


def test_a_relative_path_has_neighbours_too(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(data_folder / "trace")
    assert neighbours(Path()) == [data_folder / "errors", data_folder / "qmgrs" / "A" / "errors"]

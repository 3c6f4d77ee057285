"""Files and folders: order, what is skipped and why, and what a source tells of a plain file."""

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mqtrace.inputs import HEAD_SIZE, Source, open_sources


def names(sources: Iterator[Source], folder: Path) -> list[str]:
    return [source.name.removeprefix(f"{folder}/") for source in sources]


def write(folder: Path, *files: str) -> None:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)


def test_a_plain_file_tells_its_size_and_path(tmp_path: Path) -> None:
    write(tmp_path, "AMQERR01.LOG", "AMQERR02.LOG")
    for source in open_sources([tmp_path / "AMQERR01.LOG"]):
        assert (source.size, source.path, source.error) == (12, tmp_path / "AMQERR01.LOG", None)
        assert source.siblings == {"AMQERR01.LOG", "AMQERR02.LOG"}
        assert source.head(6) == b"AMQERR"
        assert source.stream.read(100) == b"AMQERR01.LOG"


def test_the_head_is_64_kib_and_consumes_nothing(tmp_path: Path) -> None:
    content = os.urandom(200_000)
    (tmp_path / "file").write_bytes(content)
    for source in open_sources([tmp_path / "file"]):
        assert source.head() == content[:HEAD_SIZE]
        assert source.stream.read(200_001) == content


def test_an_empty_file_is_a_source_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert [
        (each.size, each.error, each.head(), each.stream.read(1)) for each in open_sources([tmp_path / "empty"])
    ] == [(0, None, b"", b"")]


def test_files_of_a_folder_come_sorted_and_before_its_folders(tmp_path: Path) -> None:
    write(tmp_path, "b", "a", "sub2/x", "sub1/deep/y", "sub1/z")
    assert names(open_sources([tmp_path]), tmp_path) == ["a", "b", "sub1/z", "sub1/deep/y", "sub2/x"]


def test_a_folder_deeper_than_python_recurses_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1100):
        Path("d").mkdir()
        os.chdir("d")
    Path("log").write_text("x")
    os.chdir(tmp_path)
    found = [source.name for source in open_sources(["d"])]
    Path("d/" * 1100 + "log").unlink()
    os.removedirs("d/" * 1100)
    assert found == ["d/" * 1100 + "log"]


@pytest.mark.parametrize(
    "given", [["log", "log"], [".", "log"], ["log", "."], ["log", "link"], ["log", "hard"], [".", "folder-link"]]
)
def test_the_same_real_file_is_read_once(tmp_path: Path, given: list[str]) -> None:
    write(tmp_path, "log")
    if "link" in given:
        (tmp_path / "link").symlink_to("log")
    if "hard" in given:
        (tmp_path / "hard").hardlink_to(tmp_path / "log")
    if "folder-link" in given:
        (tmp_path / "folder-link").symlink_to(tmp_path)
    assert names(open_sources([tmp_path / path for path in given]), tmp_path) == ["log"]


def test_a_loop_of_links_between_folders_ends(tmp_path: Path) -> None:
    write(tmp_path, "a/log", "b/log2")
    (tmp_path / "a" / "to_b").symlink_to("../b")
    (tmp_path / "b" / "to_a").symlink_to("../a")
    assert names(open_sources([tmp_path]), tmp_path) == ["a/log", "a/to_b/log2"]


def test_a_link_to_itself_and_one_to_nothing_are_named(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nowhere").symlink_to("missing")
    loop, nowhere = open_sources([tmp_path])
    assert loop.error == "It is a symbolic link that leads back to itself: give the file that it should lead to."
    assert nowhere.error == "There is no such file or folder (or a link leads to nothing): check the name."


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize(("make", "kind"), [(os.mkfifo, "named pipe"), (make_socket, "socket")])
@pytest.mark.parametrize("by_name", [True, False])
def test_special_files_are_skipped_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], kind: str, by_name: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("special"))
    reason = (
        f"Skipped, as it is a {kind} and not a file: to read what comes out of it, pipe that into mqtrace and give "
        "- as the path."
    )
    (source,) = open_sources(["special" if by_name else "."])
    assert (source.name, source.error, source.skipped, source.head()) == ("special", None, reason, b"")


def test_a_device_is_skipped() -> None:
    assert [(each.error, each.skipped[:24]) for each in open_sources([os.devnull])] == [
        (None, "Skipped, as it is a devi")
    ]


def test_a_file_is_not_skipped(tmp_path: Path) -> None:
    write(tmp_path, "log")
    assert [each.skipped for each in open_sources([tmp_path])] == [""]


def test_a_file_that_becomes_a_pipe_before_it_is_opened_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "log")
    really_open = os.open

    def swap_and_open(path: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return really_open(path, flags)

    monkeypatch.setattr(os, "open", swap_and_open)
    assert [(each.size, each.stream.read(1)) for each in open_sources([tmp_path / "log"])] == [(0, b"")]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("missing", "There is no such file or folder (or a link leads to nothing): check the name."),
        ("log/below", "There is no such file or folder: a part of the path is a file; check the name."),
        ("nul\0inside", "No file can have this name: check it."),
        ("x" * 5000, "Its path is too long for the system: go to a folder nearer to it and give a shorter path."),
    ],
)
def test_a_path_that_leads_nowhere_is_a_source_with_an_error(tmp_path: Path, path: str, error: str) -> None:
    write(tmp_path, "log")
    missing, log = open_sources([tmp_path / path, tmp_path / "log"])
    assert (missing.error, missing.head(), missing.stream.read(1)) == (error, b"", b"")
    assert log.error is None


def test_an_empty_path_is_not_the_working_directory() -> None:
    assert [(each.name, str(each.error)[:18]) for each in open_sources([""])] == [('""', "The path is empty,")]


def refuse(*_: Any, **__: Any) -> Any:
    raise PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize(("function", "named"), [("open", "folder/log"), ("scandir", "folder")])
def test_what_may_not_be_read_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, named: str
) -> None:
    write(tmp_path, "folder/log")
    monkeypatch.setattr(os, function, refuse)
    (source,) = open_sources([tmp_path / "folder"])
    assert source.name == str(tmp_path / named)
    assert (
        source.error
        == "No right to read it: run mqtrace as a user who has it, or have it copied to where you may read."
    )


def test_a_disk_error_ends_the_stream_and_sets_the_error() -> None:
    pieces = [b"read before", OSError(errno.EIO, "Input/output error"), b"never read"]

    def fill(view: memoryview) -> int:
        piece = pieces.pop(0)
        if isinstance(piece, OSError):
            raise piece
        view[: len(piece)] = piece
        return len(piece)

    source = Source.filled("log", fill)
    assert (source.stream.read(100), source.stream.read(100)) == (b"read before", b"")
    assert source.error == "Reading it failed (Input/output error): copy it to another disk and try again."


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has /proc")
def test_a_file_of_which_not_one_byte_can_be_read_is_named() -> None:
    (source,) = open_sources(["/proc/self/mem"])
    assert source.error == "Reading it failed (Input/output error): copy it to another disk and try again."


def test_a_file_that_shrinks_while_it_is_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"x" * 300_000)
    for source in open_sources([tmp_path / "log"]):
        source.stream.read(1)
        os.truncate(tmp_path / "log", 100_000)
        assert len(source.stream.read(300_000)) == 99_999
        assert source.error == "The file was cut from 300000 to 100000 bytes while it was read: read it again."


def test_what_is_appended_while_a_file_is_read_is_left(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"old")
    for source in open_sources([tmp_path / "log"]):
        with (tmp_path / "log").open("ab") as log:
            log.write(b"new")
        assert (source.stream.read(100), source.error) == (b"old", None)


def test_a_file_that_vanishes_after_its_folder_was_listed_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a", "b")
    sources = open_sources([tmp_path])
    next(sources)
    (tmp_path / "b").unlink()
    assert [str(each.error)[:29] for each in sources] == ["There is no such file or fold"]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux has /proc")
def test_a_file_of_proc_that_states_no_size_is_read_as_a_stream() -> None:
    for source in open_sources(["/proc/self/environ"]):
        assert (source.size, source.path) == (None, None)
        assert b"PATH=" in source.stream.read(1_000_000)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"caf\xe9.log", "caf\\xe9.log"),
        (b"two\nlines", "two\\x0alines"),
        (b"\x1b[31mred", "\\x1b[31mred"),
        ("\u202elog".encode(), "\\u{202e}log"),
    ],
)
def test_a_file_with_an_odd_name_is_read_under_a_safe_one(tmp_path: Path, name: bytes, shown: str) -> None:
    (tmp_path / os.fsdecode(name)).write_text("content")
    assert [(each.name, each.stream.read(10)) for each in open_sources([tmp_path])] == [
        (f"{tmp_path}/{shown}", b"content")
    ]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux has /proc")
def test_only_one_file_is_open_at_a_time(tmp_path: Path) -> None:
    write(tmp_path, *(f"log{number}" for number in range(50)))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    streams = []
    for source in open_sources([tmp_path]):
        streams.append(source.stream)
        assert len(os.listdir("/proc/self/fd")) == before + 1  # noqa: PTH208
    assert [stream.closed for stream in streams] == [True] * 50
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_opening_plain_files_imports_no_unpacker(tmp_path: Path) -> None:
    write(tmp_path, "log")
    program = (
        "import sys; from mqtrace.inputs import open_sources; list(open_sources(sys.argv[1:]));"
        "print({'zipfile', 'tarfile', 'lzma', 'bz2', 'backports.zstd', 'isal', 'tempfile', 'concurrent.futures'} & "
        "set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

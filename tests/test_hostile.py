"""Inputs made to break the program: one line each, the right exit code, everything else
analysed, nothing that steers a terminal."""

import errno
import gzip
import io
import json
import os
import random
import re
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from command_line import Ran, called, program, sample
from mqtrace.cli import exits
from mqtrace.cli.entry import run

GOOD = (sample("c-label-not-in-key-repository") / "AMQ7253.0.FMT").read_bytes()
CAUSE = "tls.certificate-label-not-found"
FORMS = ("text", "md", "json")
UNTIL_7F = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]")
ESCAPES = "\x1b[31m\x1b]0;owned\x07\x9b2J\x08\r\x00\u202e"
UNIX_NAMES = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file system takes no such names")


def steers(shown: Ran) -> list[str]:
    """What on either stream could steer a terminal: C0 but the newline, DEL, C1; and bytes that are not UTF-8."""
    both = shown.stdout + shown.stderr
    return [repr(each) for each in UNTIL_7F.findall(both)] + [
        repr(each) for each in re.findall("[\x80-\x9f\u202a-\u202e]", both.decode())
    ]


def check(shown: Ran, code: int) -> None:
    assert "Traceback" not in shown.out + shown.err
    assert "mqtrace itself failed" not in shown.err
    assert steers(shown) == []
    assert all(line.startswith("mqtrace: ") for line in shown.warnings)
    assert shown.code == code, shown.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good trace, whose answer must not be lost."""
    (tmp_path / "AMQ7253.0.FMT").write_bytes(GOOD)
    return tmp_path


def diagnosed(folder: Path, form: str, code: int = exits.OK, by: Callable[..., Ran] = called) -> Ran:
    shown = by("diagnose", folder, "--format", form)
    check(shown, code)
    if form == "json":
        assert CAUSE in [each["cause"]["id"] for each in json.loads(shown.out)["connections"] if each["cause"]]
    assert "rsaca256_clientx" in shown.out
    return shown


# ---------------------------------------------------------------- names


@UNIX_NAMES
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "name",
    [b"a\xff\xfeb.FMT", b"a\nmqtrace: b.FMT", b"a\x1b[31m\x07b.FMT", "a\u202eTMF.txt".encode(), b"a\xc2\x9bb.FMT"],
    ids=ascii,
)
def test_a_name_that_could_steer_a_terminal(folder: Path, name: bytes, form: str) -> None:
    path = os.fsencode(folder) + b"/" + name
    Path(os.fsdecode(path)).write_bytes(GOOD)
    diagnosed(folder, form)
    shown = called("diagnose", path, "--format", form)
    check(shown, exits.OK)


@UNIX_NAMES
@pytest.mark.parametrize("name", [b"missing\xff", b"missing\n\x1b[31m"], ids=ascii)
def test_a_missing_file_of_such_a_name_is_one_line(folder: Path, name: bytes) -> None:
    shown = called("diagnose", folder, os.fsencode(folder) + b"/" + name)
    check(shown, exits.PARTIAL)
    assert len(shown.warnings) == 1


# ---------------------------------------------------------------- contents that are nothing

NOISE = random.Random(1).randbytes(200_000)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        NOISE,
        b"\0" * 100_000,
        b"\xff\xfe" + "AMQ9999E: x".encode("utf-16-le"),
        b"\x1b[31m" * 1000,
        b"\n" * 50_000,
        b"{" * 50_000,
    ],
    ids=["empty", "noise", "nuls", "utf-16", "escapes", "newlines", "braces"],
)
@pytest.mark.parametrize("name", ["other.bin", "AMQERR01.LOG"])
def test_a_file_that_is_nothing_costs_nothing(folder: Path, content: bytes, name: str, form: str) -> None:
    (folder / name).write_bytes(content)
    diagnosed(folder, form)


@pytest.mark.parametrize("begin", [b"", GOOD, b"AMQ9999E: "], ids=["bare", "in-a-trace", "in-a-log"])
def test_one_line_of_30_megabytes(folder: Path, begin: bytes) -> None:
    (folder / "long.FMT").write_bytes(begin + b"xcsGetEnvironmentString[MQSERVER] = " + b"A" * 30_000_000 + b"\n")
    diagnosed(folder, "text", by=program)


def test_nuls_and_noise_within_a_trace_leave_the_rest(folder: Path) -> None:
    middle = GOOD.index(b"\n", len(GOOD) // 8) + 1
    (folder / "AMQ7253.0.FMT").write_bytes(
        GOOD[:middle] + NOISE[:4000].replace(b"\n", b"") + b"\0" * 4000 + b"\n" + GOOD[middle:]
    )
    diagnosed(folder, "text")


@pytest.mark.parametrize("seed", range(6))
def test_flipped_bits_never_end_the_run(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(GOOD)
    for _ in range(400):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    (tmp_path / "AMQ7253.0.FMT").write_bytes(content)
    shown = called("diagnose", tmp_path, "-v")
    check(shown, shown.code)
    assert shown.code in (exits.OK, exits.NOTHING)


# ---------------------------------------------------------------- what cannot be read to its end


@pytest.mark.parametrize("form", FORMS)
def test_a_gzip_that_was_cut_is_named_and_read_as_far_as_it_goes(folder: Path, form: str) -> None:
    packed = gzip.compress(GOOD * 20)
    (folder / "cut.FMT.gz").write_bytes(packed[: len(packed) // 2])
    shown = diagnosed(folder, form, exits.PARTIAL)
    (line,) = shown.warnings
    assert "cut.FMT.gz" in line
    assert "the file was cut" in line


def test_a_missing_file_is_one_line(folder: Path) -> None:
    shown = called("diagnose", folder, folder / "missing.FMT")
    check(shown, exits.PARTIAL)
    assert len(shown.warnings) == 1


def test_a_file_whose_reading_fails_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (folder / "bad-sector.FMT").write_bytes(GOOD)

    class Failing(io.FileIO):
        def readinto(self, target: object, /) -> int:
            if os.fstat(self.fileno()).st_ino == (folder / "bad-sector.FMT").stat().st_ino:
                raise OSError(errno.EIO, "Input/output error")
            return super().readinto(target) or 0  # type: ignore[arg-type]

    monkeypatch.setattr("mqtrace.inputs.opening.FileIO", Failing)
    code = run(["diagnose", str(folder), "-q"])
    shown = Ran(code, *capsysbinary.readouterr())
    check(shown, exits.PARTIAL)
    assert f"cause={CAUSE} " in shown.out
    (line,) = shown.warnings
    assert "bad-sector.FMT: Reading it failed (Input/output error)" in line


# ---------------------------------------------------------------- archives


@pytest.mark.parametrize("form", FORMS)
def test_entries_that_climb_out_of_an_archive_touch_nothing(folder: Path, form: str) -> None:
    with zipfile.ZipFile(folder / "case.zip", "w") as archive:
        archive.writestr("../../climbed.FMT", GOOD)
        archive.writestr("/absolute/AMQ1.0.FMT", GOOD)
        archive.writestr("a\x1b[31m\n.FMT", GOOD)
    before = sorted(folder.parent.rglob("*"))
    called("diagnose", folder, "--format", form)
    assert sorted(folder.parent.rglob("*")) == before
    shown = diagnosed(folder, form, exits.PARTIAL)
    assert len([line for line in shown.warnings if "climbed" in line]) == 1


@cache
def bomb() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.FMT", GOOD + (b"A" * 99 + b"\n") * 1_200_000)
    return inner.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_made_to_fill_a_disk_is_stopped_and_named(folder: Path, form: str) -> None:
    (folder / "bomb.zip").write_bytes(bomb())
    shown = diagnosed(folder, form, exits.PARTIAL)
    assert [line.partition(": Unpacking stopped at ")[0] for line in shown.warnings] == [
        f"mqtrace: {folder}/bomb.zip!bomb.FMT",
        f"mqtrace: {folder}/bomb.zip",
    ]


# ---------------------------------------------------------------- escapes in what is shown


def trace_with_escapes(path: Path) -> None:
    hostile = GOOD.replace(b"rsaca256_clientx", ("rsaca" + ESCAPES).encode()[:16]).replace(
        b"/home/app/ssl/key", f"/home/{ESCAPES}/key".encode()
    )
    (path / "AMQ1.0.FMT").write_bytes(hostile.replace(b"QM1", b"Q\x1b[").replace(b"amqsgetc", b"a\x1b]0;x\x07c"))


def log_with_escapes(path: Path) -> None:
    head = (
        f"03/17/26 01:12:25 - Process(7.1) User(m{ESCAPES}) Program(or{ESCAPES})\n{'':20}Host(h{ESCAPES})\n"
        f"{'':20}ArithInsert1(111)\n"
    )
    body = f"AMQ9202E: Remote host 'h{ESCAPES}' not available for 'A{ESCAPES}.CH'."
    (path / "AMQERR01.LOG").write_text(
        f"{head}\n{body}\n\nEXPLANATION:\n{ESCAPES}\nACTION:\nNone.\n----- made.c : 1 {'-' * 62}\n"
    )


def json_log_with_escapes(path: Path) -> None:
    entry = {
        "ibm_messageId": "AMQ9202E",
        "host": ESCAPES,
        "ibm_processName": ESCAPES,
        "ibm_datetime": "2026-03-17T01:12:25.000Z",
    }
    told = {
        "ibm_arithInsert1": 111,
        "ibm_commentInsert1": f"h{ESCAPES}",
        "ibm_commentInsert3": f"A{ESCAPES}",
        "message": f"AMQ9202E: {ESCAPES}",
    }
    (path / "AMQERR01.json").write_text(json.dumps(entry | told) + "\n")


def configuration_with_escapes(path: Path) -> None:
    (path / "mqclient.ini").write_text(f"SSL:\n  SSLKeyRepositry{ESCAPES}=x{ESCAPES}\n  OutboundSNI={ESCAPES}\n")
    address = [{"host": f"h{ESCAPES}", "port": 1414}]
    channel = {
        "name": f"A{ESCAPES}",
        "type": "clientConnection",
        "clientConnection": {"connection": address, "queueManager": f"QM1{ESCAPES}"},
    }
    (path / "ccdt.json").write_text(json.dumps({"channel": [channel]}))


@pytest.mark.parametrize("words", [("text",), ("text", "-v"), ("text", "-q"), ("md",), ("json",)], ids=" ".join)
@pytest.mark.parametrize(
    "plant",
    [trace_with_escapes, log_with_escapes, json_log_with_escapes, configuration_with_escapes],
    ids=lambda plant: plant.__name__,
)
def test_escapes_in_names_values_and_texts_do_not_reach_the_terminal(
    folder: Path, plant: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    plant(folder)
    form, *more = words
    check(called("diagnose", folder, "--format", form, *more), exits.OK)


@pytest.mark.parametrize(
    "command",
    [
        ("settings",),
        ("settings", "--format", "json"),
        ("coverage", "--top", "500"),
        ("coverage", "--format", "json"),
        ("triage",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("plant", [trace_with_escapes, log_with_escapes], ids=lambda plant: plant.__name__)
def test_nor_by_another_command(folder: Path, plant: Callable[[Path], None], command: tuple[str, ...]) -> None:
    plant(folder)
    name, *options = command
    shown = called(name, folder, *options)
    check(shown, shown.code)
    assert shown.code in (exits.OK, exits.NOTHING)

"""What the formatter writes: nest levels as numbers, APARs, lost bytes, and a trace in several files.

Every trace here is SYNTHETIC: the forms are strings of the formatter of 9.2.4, as nobody has published such a trace.
"""

import re
import zipfile
from pathlib import Path

import pytest

from make_c_trace import (
    UNIX,
    Layout,
    Lines,
    Trace,
    channel_definition,
    connect,
    enter,
    environments,
    leave,
    rows,
    session,
    text,
)
from mqtrace import diagnose
from mqtrace.inputs.names import in_order, member_of
from mqtrace.model import Outcome, Report

NO_HOST = "MQRC_HOST_NOT_AVAILABLE"
VARIABLES = {"MQCLNTCF": None, "MQSERVER": "A.B/TCP/mq1(1414)", "MQCCDTURL": None, "MQSSLKEYR": "/k/key"}
REFUSED: Lines = [
    *(enter(name, depth) for name, depth in (("cciTcpAllocConv", 6), ("cciBindAndConnect", 7), ("connect", 8))),
    leave("connect", 8, "Unknown(6F)"),
    leave("cciBindAndConnect", 7, "rrcE_HOST_NOT_AVAILABLE"),
    leave("cciTcpAllocConv", 6, "rrcE_HOST_NOT_AVAILABLE"),
]  # fmt: skip


def failing() -> Lines:
    chosen = text("Looking for ServerConnectionParms / MQSERVER value", "Using MQSERVER value of A.B/TCP/mq1(1414)")
    inside = [*rows(channel_definition("A.B", "mq1(1414)")), *REFUSED]
    return connect([*environments(**VARIABLES), *chosen, *session(inside, "rrcE_HOST_NOT_AVAILABLE")], NO_HOST)


def content(lines: Lines, layout: Layout = UNIX) -> list[bytes]:
    return Trace(lines, layout, "boxed").content().splitlines(keepends=True)


def told(found: Outcome) -> tuple[object, ...]:
    channel = next(row for row in found.settings if row.name == "channel")
    cause = found.cause and (found.cause.id, found.cause.confidence)
    return found.connection.reason_code, cause, channel.value, channel.source, channel.proof


WHOLE = (2538, ("network.refused", "certain"), "A.B", "env:MQSERVER", "traced")


def only(report: Report) -> Outcome:
    (found,) = report.outcomes
    return found


def with_levels(lines: list[bytes], first: int = 0, gap: bytes = b"") -> bytes:
    """The same trace with a nest level of three digits where the calls have dashes."""
    title = b"Timestamp        PID.TID  Trace Ident  Nest Level & Trace Data\n"

    def level(found: "re.Match[bytes]") -> bytes:
        return b"%s%03d%s%s" % (found[1], len(found[2]) + first, gap, found[3])

    shown = [re.sub(rb"^(.*? : {1,9})(-*)([{}].*)", level, line) for line in lines]
    return b"".join([title, *shown])


# ---------------------------------------------------------------- one file


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("gap", [b"", b" "])
def test_a_nest_level_in_digits_is_read_as_dashes(tmp_path: Path, first: int, gap: bytes) -> None:
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(with_levels(content(failing()), first, gap))
    assert b"000{" in path.read_bytes() or first or gap
    assert told(only(diagnose(path))) == WHOLE


def test_a_later_call_that_failed_is_known_by_its_level(tmp_path: Path) -> None:
    lines = [*connect(session()), enter("MQOPEN"), leave("MQOPEN", 0, "MQRC_NOT_AUTHORIZED")]
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(with_levels(content(lines), 1))
    assert only(diagnose(path)).connection.reason_code == 2035


def test_a_number_before_a_text_is_no_level(tmp_path: Path) -> None:
    lines = [*failing()[:-1], *text("003 of 7 {tries}"), failing()[-1]]
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(b"".join(content(lines)))
    assert told(only(diagnose(path))) == WHOLE


@pytest.mark.parametrize("behind", [rb"\1 [IT12345]\2", rb"\1\2 [IT12345]"])
def test_an_apar_is_no_part_of_a_call(tmp_path: Path, behind: bytes) -> None:
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(b"".join(re.sub(rb"([{}].. ?\w+)(.*)$", behind, line.rstrip(b"\n")) + b"\n" if b" : " in line
                              else line for line in content(failing())))  # fmt: skip
    assert b"MQCONNX [IT12345]" in path.read_bytes()
    assert told(only(diagnose(path))) == WHOLE


def test_functions_without_a_name_are_addresses(tmp_path: Path) -> None:
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(b"".join(content(failing())).replace(b"cciBindAndConnect", b"<0012abcd>"))
    assert told(only(diagnose(path))) == WHOLE


@pytest.mark.parametrize("ident", [b"RSESS:00001a", b"SHCON:000001", b"CONN:00000f", b">NHA:000001", b"<NHA:000002"])
def test_a_trace_ident_is_no_part_of_the_text(tmp_path: Path, ident: bytes) -> None:
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(b"".join(line.replace(b"     :      ", ident) for line in content(failing())))
    assert ident in path.read_bytes()
    assert told(only(diagnose(path))) == WHOLE


LOST = [
    b"!!!  \n",
    b"1024 bytes skipped at offset 40960\n",
    b" 09:00:00.100000     7300.9           :       Unexpected Trace Hook: 7\n",
    b"Unrecognised hookID 00000042\n",
    b"Some trace entries are missing\n",
]


@pytest.mark.parametrize("lost", LOST, ids=lambda line: line.decode().strip()[:20])
def test_where_lines_were_lost_a_source_is_not_known_and_a_cause_not_certain(tmp_path: Path, lost: bytes) -> None:
    lines = content(failing())
    at = next(number for number, line in enumerate(lines) if b"rriInitSess" in line)
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(b"".join([*lines[:at], lost, *lines[at:]]))
    assert told(only(diagnose(path))) == (2538, ("network.refused", "likely"), "A.B", "unknown", "traced")


def test_words_of_loss_before_the_call_are_not_of_it(tmp_path: Path) -> None:
    lines = content(failing())
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_bytes(b"".join([LOST[1], *lines]))
    assert told(only(diagnose(path))) == WHOLE


# ---------------------------------------------------------------- several files


def in_files(folder: Path, parts: list[list[bytes]], name: str = "AMQ7300.0{}.FMT") -> list[Path]:
    """The trace in a file and extension files, each with its titles."""
    titles = b"IBM MQ Formatted Trace continued, extension file %d\n\nTimestamp        Process.Thread  Trace Ident\n"
    folder.mkdir(exist_ok=True)
    paths = []
    for number, lines in enumerate(parts):
        path = folder / name.format(f"_F{number}" if number else "")
        path.write_bytes((titles % number if number else b"") + b"".join(lines))
        paths.append(path)
    return paths


def cut(lines: list[bytes], count: int) -> list[list[bytes]]:
    """About that many parts; the header stands in the first one, and no dump is cut."""
    head = next(number for number, line in enumerate(lines) if b"MQCONNX" in line)
    size = (len(lines) - head) // count + 1
    parts = [lines[:head]]
    for number, line in enumerate(lines[head:]):
        if number and number // size >= len(parts) and b" 0x" not in line:
            parts.append([])
        parts[-1].append(line)
    return parts


@pytest.mark.parametrize("count", [2, 3, 12])
def test_extension_files_are_one_trace_in_their_order(tmp_path: Path, count: int) -> None:
    paths = in_files(tmp_path / "trace", cut(content(failing()), count))
    assert told(only(diagnose(tmp_path / "trace"))) == WHOLE
    assert told(only(diagnose(list(reversed(paths))))) == WHOLE


def test_each_line_is_told_with_its_own_file(tmp_path: Path) -> None:
    paths = in_files(tmp_path / "trace", cut(content(failing()), 2))
    cause = only(diagnose(tmp_path / "trace")).cause
    assert cause
    at = cause.evidence[0].location
    assert at.source == str(paths[1])
    assert b"connect rc=Unknown(6F)" in paths[1].read_bytes().splitlines()[at.line - 1]


def test_extension_files_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as packed:
        for path in reversed(in_files(tmp_path / "trace", cut(content(failing()), 12))):
            packed.write(path, path.name)
    assert told(only(diagnose(tmp_path / "t.zip"))) == WHOLE


def test_a_member_that_is_missing_leaves_a_hole(tmp_path: Path) -> None:
    paths = in_files(tmp_path / "trace", cut(content(failing()), 30))
    lost = next(at for at, path in enumerate(paths) if at and b"{  xcsGetEnvironmentString" in path.read_bytes())
    paths[lost].unlink()
    report = diagnose(tmp_path / "trace")
    assert told(only(report))[:2] == (2538, ("network.refused", "likely"))
    assert only(report).connection.hole
    assert any(f"extension file {lost} of this trace is not among the inputs" in note for note in report.notes)


def test_a_trace_without_its_first_file_began_late(tmp_path: Path) -> None:
    paths = in_files(tmp_path / "trace", cut(content(failing()), 3))
    paths[0].unlink()
    report = diagnose(tmp_path / "trace")
    assert told(only(report))[3] in ("unknown", "none")
    assert any("the first file of this trace is not among the inputs" in note for note in report.notes)


def test_files_of_two_traces_do_not_mix(tmp_path: Path) -> None:
    in_files(tmp_path / "trace", cut(content(failing()), 2))
    in_files(tmp_path / "trace", cut(content(connect(session(rows(channel_definition("C.D"))))), 2), "AMQ7301.0{}.FMT")
    found = diagnose(tmp_path / "trace").outcomes
    assert [told(each)[2] for each in found] == ["A.B", "C.D"]


def test_a_copy_of_a_trace_in_several_files_is_counted_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        in_files(tmp_path / name, cut(content(failing()), 2))
    report = diagnose(tmp_path)
    assert told(only(report)) == WHOLE
    assert [bool(row.note) for row in report.inputs] == [False, False, True, True]


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("AMQ1.0.FMT", ("AMQ1.0.FMT", 0)),
        ("AMQ1.0_F12.FMT", ("AMQ1.0.FMT", 12)),
        ("x.zip!AMQ1.0_F2.FMT.gz", ("x.zip!AMQ1.0.FMT.gz", 2)),
        ("AMQ1_F0.FMT", ("AMQ1_F0.FMT", 0)),
        ("notes_F1.txt", ("notes_F1.txt", 0)),
    ],
)
def test_the_name_tells_the_trace_and_the_place_in_it(name: str, member: tuple[str, int]) -> None:
    assert member_of(name) == member


def test_only_the_files_of_a_trace_are_moved() -> None:
    names = ["b_F10.FMT", "a.log", "b_F2.FMT", "c.FMT", "b.FMT"]
    assert in_order(names) == ["b.FMT", "b_F2.FMT", "b_F10.FMT", "a.log", "c.FMT"]

"""From inputs to the report: what is read of each, and that damage, disorder and strangers' files change nothing but
what they must.
"""

import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqtrace.coverage import coverage
from mqtrace.diagnosis import diagnose
from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Connection, PatternError, Report, Setting
from mqtrace.readers.traces import scan
from mqtrace.report.json import report_as_dict
from mqtrace.settings import ledger
from mqtrace.settings.ledger import build_ledger

SAMPLES = Path(__file__).parents[1] / "sample-traces"
LABEL = SAMPLES / "c-label-not-in-key-repository" / "AMQ7253.0.FMT"
REFUSED = SAMPLES / "dotnet-connection-refused-address-list" / "trace.TRC"
HANDSHAKES = Path(__file__).parent / "data" / "handshakes"
TABLE = SAMPLES / "dotnet-mqserver-drops-tls"

LOG = """----- amqccisa.c : 1234 --------------------------------------------------------
24/11/26 09:00:00 - Process(4711.12) User(mqm) Program(amqrmppa)
                    Host(mq1) Installation(Installation1)
                    VRMF(9.3.0.10) QMgr(QM1)
                    Time(2026-11-24T09:00:00.500Z)
                    CommentInsert3(APP.TLS)

AMQ9999E: Channel 'APP.TLS' to host '10.0.0.1' ended abnormally.

EXPLANATION:
The channel program running under process ID 4711 for channel 'APP.TLS' ended.
ACTION:
Look at previous error messages.
----- amqrmrsa.c : 945 ---------------------------------------------------------
"""


def causes(report: Report) -> list[str]:
    return [outcome.cause.id if outcome.cause else "" for outcome in report.outcomes]


def kinds(report: Report) -> list[str]:
    return [each.kind for each in report.inputs]


# ---------------------------------------------------------------- inputs


def test_an_input_s_row_says_what_was_read_of_it() -> None:
    (row,) = diagnose([LABEL]).inputs
    content = LABEL.read_bytes()
    assert (row.source, row.kind, row.error, row.note) == (str(LABEL), "trace-c", None, "")
    assert (row.size, row.lines) == (len(content), content.count(b"\n"))
    assert 0 < row.records < row.lines
    assert row.unparsed_lines < row.records


def test_a_file_that_is_not_there_is_a_row_with_its_error_and_the_rest_is_analysed(tmp_path: Path) -> None:
    report = diagnose([tmp_path / "gone.FMT", LABEL])
    assert [bool(row.error) for row in report.inputs] == [True, False]
    assert causes(report) == ["tls.certificate-label-not-found"]


def test_a_folder_is_read_with_all_that_is_in_it() -> None:
    report = diagnose([TABLE])
    assert sorted(kinds(report)) == ["ccdt-json", "ini", "trace-dotnet"]
    assert causes(report) == ["settings.mqserver-hides-ccdt"]


def test_an_archive_gives_the_same_answer_as_its_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ticket.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(TABLE.iterdir()):
            archive.write(path, path.name)
    report = diagnose([tmp_path / "ticket.zip"])
    assert causes(report) == ["settings.mqserver-hides-ccdt"]
    assert [row.source.partition("!")[2] for row in report.inputs] == ["ccdt.json", "mqclient.ini", "trace.TRC"]


def test_standard_input_is_read_as_a_file_is() -> None:
    report = diagnose(["-"], stdin=BytesIO(LABEL.read_bytes()))
    assert causes(report) == ["tls.certificate-label-not-found"]
    assert kinds(report) == ["trace-c"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"hello world\n" * 50,
        bytes(range(256)) * 400,
        b"\x1b[31mred\x1b[0m\n",
        b"{}",
        b"[]",
        b"\xff\xfe" + "text".encode("utf-16-le"),
    ],
    ids=["empty", "blank", "prose", "binary", "escapes", "json-object", "json-list", "utf-16"],
)
def test_a_file_that_is_nothing_of_mq_gives_no_connection_and_no_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    report = diagnose([tmp_path / "file"])
    assert (report.outcomes, report.findings) == ((), ())
    assert [row.error for row in report.inputs] == [None]


def test_configuration_alone_gives_no_connection() -> None:
    report = diagnose([TABLE / "ccdt.json", TABLE / "mqclient.ini"])
    assert report.outcomes == ()
    assert kinds(report) == ["ccdt-json", "ini"]


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(LABEL.read_bytes())
    assert causes(diagnose([tmp_path / "notes.txt"])) == ["tls.certificate-label-not-found"]


def test_the_order_of_the_files_does_not_matter() -> None:
    files = [TABLE / "trace.TRC", TABLE / "ccdt.json", TABLE / "mqclient.ini"]
    first, last = report_as_dict(diagnose(files)), report_as_dict(diagnose(files[::-1]))
    assert first["connections"] == last["connections"]
    assert first["findings"] == last["findings"]


def test_two_traces_of_a_run_keep_their_connections_apart() -> None:
    report = diagnose([LABEL, REFUSED])
    assert causes(report) == ["tls.certificate-label-not-found", "network.refused"]
    assert [outcome.connection.client for outcome in report.outcomes] == ["c", "dotnet"]
    assert {finding.connection for finding in report.findings} == {0, 1}


@pytest.mark.parametrize(
    ("name", "kind", "cause"),
    [
        ("captures/tls12_server_cert_expired.pcap", "capture", "tls.certificate-expired"),
        ("java-debug/tls_server_cert_expired.log", "application-log", "tls.certificate-expired"),
        ("gskit-trace/selected_unknown_ca_tls13.trc", "gskit-trace", "tls.server-certificate-untrusted"),
    ],
)
def test_a_handshake_without_a_trace_is_a_connection_whose_end_for_the_program_is_not_known(
    name: str, kind: str, cause: str
) -> None:
    report = diagnose([HANDSHAKES / name])
    (outcome,) = report.outcomes
    assert [each.kind for each in report.inputs] == [kind]
    assert outcome.cause is not None
    assert (outcome.cause.id, outcome.connection.reason_code) == (cause, None)
    assert [gap.question for gap in report.gaps if "handshake alone" in gap.question] != []


def test_progress_is_told_as_the_input_is_read() -> None:
    seen: list[tuple[str, int]] = []
    diagnose([REFUSED], progress=lambda name, size: seen.append((name, size)))
    assert {name for name, _ in seen} <= {str(REFUSED)}
    assert [size for _, size in seen] == sorted({size for _, size in seen})


# ---------------------------------------------------------------- the answer


def test_the_connection_is_filled_from_the_ledger() -> None:
    (outcome,) = diagnose([LABEL]).outcomes
    connection = outcome.connection
    assert (connection.channel, connection.program, connection.user, connection.level) == (
        "APP.TLS",
        "amqsgetc",
        "app",
        "9.3.0.10",
    )
    assert connection.start.startswith("2026-11-24T09:00:00.")
    assert connection.utc_offset == 0


def test_each_attempt_of_an_address_list_has_its_own_cause() -> None:
    (outcome,) = diagnose([REFUSED]).outcomes
    assert len(outcome.connection.attempts) == 2
    assert [each.id if each else "" for each in outcome.attempt_causes] == ["network.refused", "network.refused"]


def test_each_attempt_of_an_address_list_has_its_own_address() -> None:
    (outcome,) = diagnose([REFUSED]).outcomes
    assert [attempt.address for attempt in outcome.connection.attempts] == ["127.0.0.1(58691)", "127.0.0.1(38227)"]


def test_the_consequences_of_the_cause_stand_behind_it() -> None:
    (outcome,) = diagnose([REFUSED]).outcomes
    assert "network.host-unavailable" in [finding.id for finding in outcome.chain]
    assert outcome.cause is not None
    assert outcome.cause.id not in [finding.id for finding in outcome.chain]


def test_a_connection_that_works_has_no_cause() -> None:
    report = diagnose([SAMPLES / "dotnet-connected" / "trace.TRC"])
    assert causes(report) == [""]
    assert report.outcomes[0].chain == ()


def test_what_a_handshake_in_clear_text_tells_is_shown() -> None:
    (outcome,) = diagnose([LABEL]).outcomes
    assert outcome.tls is not None
    assert outcome.tls.server_name == "app2e-tls.chl.mq.ibm.com"
    assert outcome.tls.offered is not None
    assert "TLSv1.2" in outcome.tls.offered.versions


def test_a_trace_that_ends_inside_the_call_asks_for_its_end(tmp_path: Path) -> None:
    lines = LABEL.read_bytes().splitlines(keepends=True)
    (tmp_path / "cut.FMT").write_bytes(b"".join(lines[:60]))
    report = diagnose([tmp_path / "cut.FMT"])
    assert [outcome.connection.reason_code for outcome in report.outcomes] == [None]
    assert any("ends before" in gap.question for gap in report.gaps)


# ---------------------------------------------------------------- patterns of the user


OWN = """
[[pattern]]
id       = "own.wording"
clients  = ["c"]
literals = ["the label could not be found"]
regex    = 'label could not be found: (?P<value>\\d+)'
fact     = "gskit.code"
basis    = "reported"
source   = "this test"
match    = [ { line = "the label could not be found: 407", value = "407" } ]
"""
OTHER_WORDING = """\
 09:00:00.000001     7253.1           :       {  MQCONNX
 09:00:00.000002     7253.1           :            the label could not be found: 407
 09:00:00.000003     7253.1           :       }! MQCONNX rc=MQRC_SSL_INITIALIZATION_ERROR
"""


def test_a_pattern_of_the_user_s_folder_counts_as_the_shipped_ones_do(tmp_path: Path) -> None:
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "own.toml").write_text(OWN)
    (tmp_path / "trace.FMT").write_text(OTHER_WORDING)
    assert causes(diagnose([tmp_path / "trace.FMT"])) == ["tls.initialization"]
    assert causes(diagnose([tmp_path / "trace.FMT"], pattern_folders=[tmp_path / "patterns"])) == [
        "tls.certificate-label-not-found"
    ]


def test_a_pattern_that_is_not_valid_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace('basis    = "reported"', 'basis    = "guessed"'))
    with pytest.raises(PatternError, match=r"own\.toml: pattern own\.wording: basis: .*'guessed'"):
        diagnose([LABEL], pattern_folders=[tmp_path])


# ---------------------------------------------------------------- damage


def told(report: Report) -> str:
    return json.dumps(report_as_dict(report))


def diagnosed(content: bytes) -> Report:
    return diagnose(["-"], stdin=BytesIO(content))


CLEAN = {"c": LABEL.read_bytes(), "dotnet": REFUSED.read_bytes()}


@pytest.mark.parametrize("family", CLEAN)
@settings(max_examples=25, deadline=None)
@given(st.floats(0, 1))
def test_a_cut_trace_is_never_certain_of_another_cause(family: str, share: float) -> None:
    content = CLEAN[family]
    right = {"tls.certificate-label-not-found", "network.refused"}
    report = diagnosed(content[: int(len(content) * share)])
    assert {
        outcome.cause.id for outcome in report.outcomes if outcome.cause and outcome.cause.confidence == "certain"
    } <= right
    assert [finding.id for finding in report.findings if finding.id.startswith("rule.")] == []


# The first bytes are left alone: by them a file is recognised, as a trace or as something else.
KEPT = 16384
NOISE = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=12)), min_size=1, max_size=30)


@pytest.mark.parametrize("family", CLEAN)
@settings(max_examples=25, deadline=None)
@given(NOISE)
def test_bytes_overwritten_anywhere_raise_nothing_and_no_control_character_is_told(
    family: str, noise: list[tuple[float, bytes]]
) -> None:
    content = bytearray(CLEAN[family])
    for share, dirt in noise:
        begin = KEPT + int(share * (len(content) - KEPT - len(dirt)))
        content[begin : begin + len(dirt)] = dirt
    report = diagnosed(bytes(content))
    assert [finding.text for finding in report.findings if finding.id.startswith("rule.")] == []
    assert kinds(report) == [f"trace-{family}"]
    assert not re.search(r"\\u00[01][0-9a-f]", told(report))


@pytest.mark.parametrize("family", CLEAN)
def test_a_nul_near_the_begin_leaves_a_trace_a_trace(family: str) -> None:
    content = CLEAN[family]
    assert kinds(diagnosed(content[:5000] + b"\x00" + content[5001:])) == [f"trace-{family}"]


Change = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\n\n"),
        lambda content: content + b"\x00" * 5000,
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.rstrip(b"\n"),
        lambda content: content[content.index(b"=====\n") + 6 :],
        lambda content: content.replace(b"rsaca256_clientx", b"rsaca256_cli\xe9ntx"),
    ],
    ids=["crlf", "blank-lines", "nul-tail", "byte-order-mark", "no-last-newline", "no-header", "cp1252"],
)
def test_what_editors_mail_and_copying_do_to_a_trace_leaves_its_answer(change: Change) -> None:
    (outcome,) = diagnosed(change(LABEL.read_bytes())).outcomes
    assert outcome.cause is not None
    assert (outcome.cause.id, outcome.connection.reason_code) == ("tls.certificate-label-not-found", 2393)


def test_without_hyperscan_the_report_is_the_same_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: told(diagnose([path])) for path in (LABEL, REFUSED)}
    monkeypatch.setattr(scan.Scanner, "_use_hyperscan", lambda self: None)
    assert {path: told(diagnose([path])) for path in (LABEL, REFUSED)} == before


# ---------------------------------------------------------------- coverage


def test_coverage_counts_the_lines_of_a_trace_and_shows_what_is_not_understood(tmp_path: Path) -> None:
    *before, last = LABEL.read_bytes().splitlines(keepends=True)
    prefix = next(line for line in before if b"-{  " in line).partition(b"-{  ")[0].rstrip(b"-")
    told = [b"Nobody knows 1", b"Nobody knows 22", b"Another thing"]
    path = tmp_path / "AMQ7253.0.FMT"
    path.write_bytes(b"".join([*before, *(prefix + words + b"\n" for words in told), last]))
    (whole,), (found,) = coverage([LABEL]), coverage([path])
    assert (whole.unparsed, whole.shapes) == (0, ())
    assert (found.source, found.lines, found.unparsed) == (str(path), whole.lines + 3, 3)
    assert found.unparsed < found.texts < found.lines
    assert [shape.count for shape in found.shapes] == [2, 1]


def test_a_report_and_coverage_agree_on_what_is_not_understood() -> None:
    assert [read.unparsed_lines for read in diagnose([LABEL]).inputs] == [0]


def test_coverage_passes_over_what_is_no_trace() -> None:
    assert list(coverage([TABLE / "ccdt.json", TABLE / "mqclient.ini"])) == []


def test_without_a_trace_a_handshake_and_what_the_program_printed_both_count(tmp_path: Path) -> None:
    (tmp_path / "jsse.log").write_text(
        "javax.net.ssl|DEBUG|10|main|2026-11-25 02:31:47.293 UTC|ClientHello.java:653|Produced ClientHello "
        "handshake message (\n"
        '"ClientHello": {\n  "client version"      : "TLSv1.2",\n}\n)\n'
    )
    (tmp_path / "app.log").write_text("MQJE001: Completion Code '2', Reason '2540'.\n")
    told = {outcome.connection.reason_code for outcome in diagnose([tmp_path]).outcomes}
    assert told == {2540, None}


def test_a_failure_report_is_said_not_to_be_read_whole() -> None:
    report = diagnose([Path(__file__).parent / "data" / "readers" / "logs" / "java_not_mq.FDC"])
    assert report.outcomes == ()
    assert "dumps and the environment are not read" in report.inputs[0].note


# ---------------------------------------------------------------- the ledger


@pytest.mark.parametrize(
    "paths",
    [
        [LABEL],
        [SAMPLES / "c-unknown-channel-two-threads"],
        [TABLE],
        [SAMPLES / "dotnet-ini-key-misspelt"],
        [SAMPLES / "c-server-certificate-rejected-cut-dump"],
        [REFUSED, SAMPLES / "dotnet-not-authorized", SAMPLES / "c-connected-with-label-of-ini"],
    ],
    ids=["trace", "two-threads", "with-table", "with-ini", "cut-dump", "several"],
)
def test_the_ledger_of_a_connection_is_built_once(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def counted(connection: Connection, given: Configuration) -> tuple[Setting, ...]:
        built.append(connection.thread)
        return build_ledger(connection, given)

    monkeypatch.setattr(ledger, "build_ledger", counted)
    report = diagnose(paths)
    assert built == [outcome.connection.thread for outcome in report.outcomes]
    assert built


def test_the_ledger_is_built_once_where_a_log_is_paired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SYNTHETIC: a queue manager's log beside the trace of a sample."""
    log = tmp_path / "AMQERR01.LOG"
    log.write_text(LOG)
    built: list[Connection] = []
    monkeypatch.setattr(ledger, "build_ledger", lambda one, given: built.append(one) or build_ledger(one, given))
    report = diagnose([LABEL, log])
    assert len(built) == len(report.outcomes) == 1
    assert kinds(report) == ["trace-c", "errorlog-text"]


def test_a_java_trace_and_the_queue_managers_log_tell_one_story(tmp_path: Path) -> None:
    """The log is made up, of the host and the second of the genuine trace."""
    log = tmp_path / "AMQERR01.LOG"
    log.write_text(
        "11/25/2026 02:32:31 AM - Process(811.7) User(mqm) Program(amqrmppa)\n"
        "                    Host(qmhost) Installation(Installation1)\n"
        "                    VRMF(9.3.0.0) QMgr(QM1)\n"
        "                    Time(2026-11-25T02:32:31.980Z)\n"
        "                    RemoteHost(127.0.0.1)\n\n"
        "AMQ9665E: SSL connection closed by remote end of channel '????'.\n\n"
        "EXPLANATION:\nThe connection was closed by the remote host '127.0.0.1'.\n"
        "ACTION:\nLook at the other end.\n"
        "----- amqccisa.c : 4312 -------------------------------------------------------\n"
    )
    (outcome,) = diagnose([SAMPLES / "java-server-certificate-untrusted", log]).outcomes
    assert [entry.message for entry in outcome.connection.log_entries if entry.program == "amqrmppa"] == ["AMQ9665"]
    assert outcome.cause is not None
    assert (outcome.cause.id, outcome.connection.client) == ("tls.server-certificate-untrusted", "java")

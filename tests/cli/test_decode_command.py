"""mqtrace decode."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mqtrace.catalog.tables import table
from mqtrace.cli import exits
from mqtrace.cli.decode import app
from mqtrace.mark import GENERATOR
from mqtrace.model import MqtraceError

DATA = Path(__file__).parents[1] / "data"
CAPTURES = DATA / "handshakes" / "captures"
HELLO = json.loads((DATA / "handshakes" / "records" / "ok_tls13.json").read_text())["flow"][0]["hex"]


def run(*words: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given)


def answer(*words: str, given: str | bytes | None = None) -> dict[str, Any]:
    result = run(*words, "--format", "json", given=given)
    assert result.exit_code == exits.OK, result.output
    whole: dict[str, Any] = json.loads(result.stdout)
    return whole


@pytest.mark.parametrize("form", ["words", "one word", "standard input", "file", "dump"])
def test_a_hello_is_given_in_any_form(form: str, tmp_path: Path) -> None:
    data = bytes.fromhex(HELLO)
    file = tmp_path / "hello.txt"
    rows = (f"0x{at:04x}:  {data[at : at + 16].hex(' ', 4)}  |................|" for at in range(0, len(data), 16))
    file.write_text("a line before\n" + "\n".join(rows) if form == "dump" else HELLO)
    words = {"words": data.hex(" ").split(), "one word": [HELLO], "standard input": ["-"]}.get(form, [str(file)])
    found = answer("hello", *words, given=HELLO)
    assert found["versions"] == ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"]
    assert found["cipher_suites"][0] == {
        "hex": "1302",
        "iana": "TLS_AES_256_GCM_SHA384",
        "cipher_spec": "TLS_AES_256_GCM_SHA384",
    }
    assert (found["server_name"], found["channel"]) == ("to2e-qm2.chl.mq.ibm.com", "TO.QM2")


@pytest.mark.parametrize("form", ["UTF-16", "no row with offset 0"])
def test_a_dump_that_is_no_structure_is_refused_in_one_sentence(form: str, tmp_path: Path) -> None:
    file = tmp_path / "dump.txt"
    file.write_text("00000000: 0102 0304  ....", "utf-16" if form == "UTF-16" else "utf-8")
    with pytest.raises(MqtraceError, match="The bytes are no MQCD"):
        CliRunner().invoke(app, ["mqcd", str(file)], catch_exceptions=False)


def test_rows_of_two_threads_that_interleave_are_two_dumps(tmp_path: Path) -> None:
    first, second = (
        b"SCO " + bytes([version]) + bytes(3) + name.ljust(256)
        for version, name in ((1, b"/ssl/one"), (1, b"/ssl/two"))
    )
    file = tmp_path / "AMQ1.0.FMT"
    rows = (
        f"09:00:00.125068   7253.{thread}      RSESS:00000{thread} 0x{at:04x}:  {data[at : at + 16].hex(' ', 4)}  "
        "|....|"
        for at in range(0, len(first), 16)
        for thread, data in ((1, first), (2, second))
    )
    file.write_text("\n".join(rows))
    assert answer("mqsco", str(file))["fields"]["KeyRepository"] == "/ssl/one"


def test_a_dump_may_lack_its_begin() -> None:
    assert answer("mqsco", f"0x0004:  01000000 {b'/ssl/one'.hex()}")["version"] == 1


def test_the_server_name_is_checked_against_a_channel() -> None:
    assert run("hello", HELLO, "--channel", "TO.QM2").exit_code == exits.OK
    refused = run("hello", HELLO, "--channel", "TO.QM3")
    assert refused.exit_code == exits.PROBLEM
    assert "stands for TO.QM2, not for TO.QM3" in refused.stderr


def test_a_handshake_is_told_for_each_connection() -> None:
    (found,) = answer("handshake", str(CAPTURES / "proto_client12_server13.pcap"))["handshakes"]
    assert (found["messages"], found["chosen"], found["cause"]["id"]) == (
        ["client_hello"],
        None,
        "tls.protocol-version",
    )


def test_a_handshake_for_people_opens_with_the_cause() -> None:
    lines = run("handshake", str(CAPTURES / "tls12_server_cert_expired.pcap")).stdout.split("\n")
    assert lines[0].endswith("10.0.0.1:40000 -> 10.0.0.2:1414  2023-11-14T22:13:21Z")
    assert lines[1] == "  cause        A certificate has expired.  (tls.certificate-expired, certain)"
    assert any(line == "  server name  to2e-qm2.chl.mq.ibm.com  (channel TO.QM2)" for line in lines)
    assert max(map(len, lines[1:])) <= 100


def test_a_file_without_a_handshake_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text("nothing\n")
    result = run("handshake", str(tmp_path / "x.log"))
    assert result.exit_code == exits.NOTHING
    assert "no TLS handshake in it; expected are" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = run("handshake", str(tmp_path / "missing"))
    assert result.exit_code == exits.NOTHING
    assert "missing: " in result.stderr


@pytest.mark.parametrize("word", ["40", "handshake_failure", "Handshake-Failure"])
def test_an_alert_is_known_by_number_and_name(word: str) -> None:
    found = answer("alert", word)
    assert (found["code"], found["name"]) == (40, "handshake_failure")
    assert found["meaning"].startswith("No settings were found")


def test_a_number_without_an_alert_is_said_to_have_none() -> None:
    assert answer("alert", "200")["name"] == "alert_200"


@pytest.mark.parametrize("word", ["256", "-1x", "bad_certificat"])
def test_what_is_no_alert_is_refused(word: str) -> None:
    assert isinstance(run("alert", "--", word).exception, MqtraceError)


@pytest.mark.parametrize(
    ("channel", "name"),
    [("TO.QMGR1", "to2e-qmgr1.chl.mq.ibm.com"), ("app.svrconn", "61-70-70-2e-73-76-72-63-6f-6e-6e-.chl.mq.ibm.com")],
)
def test_server_names_are_read_both_ways(channel: str, name: str) -> None:
    expected = {"generator": GENERATOR, "channel": channel, "server_name": name}
    assert answer("sni", name) == expected
    assert answer("sni", "--encode", channel) == expected


def test_a_host_name_stands_for_no_channel() -> None:
    assert answer("sni", "mq1.example.com")["channel"] is None


@pytest.mark.parametrize(
    "row", table("alias_matrix"), ids=lambda row: f"{row['client_sslciph']}-{row['server_sslciph']}"
)
def test_ciphers_agree_as_documented(row: dict[str, str]) -> None:
    specific = {"Specific TLS1.2": "ECDHE_RSA_AES_256_GCM_SHA384", "Specific TLS1.3": "TLS_AES_256_GCM_SHA384"}
    ends = [specific.get(row[end], row[end]) for end in ("client_sslciph", "server_sslciph")]
    options = [] if row["tls13_enabled_both_ends"] == "1" else ["--no-tls13"]
    assert answer("cipher", *ends, *options)["outcome"] == row["outcome"]


def test_an_unknown_cipher_spec_is_refused_with_the_nearest() -> None:
    error = run("cipher", "ANY_TLS21", "ANY").exception
    assert isinstance(error, MqtraceError)
    assert "did you mean ANY_TLS12" in str(error)


def test_a_structure_is_decoded_from_a_dump() -> None:
    found = answer("mqcd", str(DATA / "decode" / "dumps" / "mqcd_v11.txt"))
    assert (found["version"], found["bits"], found["byte_order"], found["cut_at"]) == (11, 64, "little", None)
    assert found["fields"]["ChannelName"]


def test_of_a_trace_the_first_structure_of_that_kind_is_decoded() -> None:
    dumps = DATA / "decode" / "dumps"
    both = (dumps / "mqcd_v11.txt").read_text() + "\n some line\n" + (dumps / "mqsco_v5.txt").read_text()
    assert answer("mqsco", "-", given=both)["version"] == 5


def test_a_cut_structure_says_where() -> None:
    assert answer("mqcd", str(DATA / "decode" / "dumps" / "mqcd_cut.txt"))["cut_at"] is not None


@pytest.mark.parametrize(
    "words",
    [["mqcd", "zz"], ["mqcd", "00"], ["mqsco", "43445f20" * 20], ["hello", "02000000"], ["sni", "--encode", "X" * 21]],
)
def test_what_is_something_else_is_refused_in_one_line(words: list[str]) -> None:
    error = run(*words).exception
    assert isinstance(error, MqtraceError)
    assert "\n" not in str(error)

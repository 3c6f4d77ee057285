"""mqtrace tls-readiness. The samples are synthetic."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from mqtrace.cli import exits
from mqtrace.cli.tls_readiness import command
from mqtrace.inputs import Source
from mqtrace.model import ConfigValue
from mqtrace.readers.configuration import mqsc
from mqtrace.readers.tally import Tally
from mqtrace.settings.tls_readiness import protocol_of

DATA = Path(__file__).parents[1] / "data" / "mqsc"
QM1, QM2 = DATA / "QM1-9.3.txt", DATA / "QM2-7.5.txt"
app = typer.Typer()
app.command()(command)


def run(*words: object, text: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(map(str, words)), input=text)
    return result.exit_code, result.stdout


def table(*words: object, text: str | None = None) -> dict[str, Any]:
    code, shown = run(*words, "--format", "json", text=text)
    assert code == exits.OK
    found: dict[str, Any] = json.loads(shown)
    return found


def test_who_negotiated_what_the_clients_without_tls_first() -> None:
    found = table(QM1, QM2)
    names = (
        "verdict",
        "queue_manager",
        "channel",
        "client",
        "application",
        "user",
        "protocol",
        "cipher_spec",
        "told_by",
        "count",
    )
    blocks = "blocks TLS 1.3 only"
    assert [tuple(row[name] for name in names) for row in found["rows"]] == [
        ("plain", "QM1", "PLAIN.SVRCONN", "10.0.0.9", "batch", "old", "none", "", "status", 2),
        (blocks, "QM1", "APP.SVRCONN", "10.0.0.7", "pay.jar", "app", "TLSv1.2",
        "ECDHE_RSA_AES_256_GCM_SHA384", "status", 1),
        (blocks, "QM2", "APP.SVRCONN", "10.1.0.7", "legacy", "", "TLSv1.2",
        "TLS_RSA_WITH_AES_256_CBC_SHA256", "definition", 1),
        ("ready", "QM1", "APP.SVRCONN", "10.0.0.8", "orders", "app", "TLSv1.3", "TLS_AES_256_GCM_SHA384", "status", 1),
        ("not known", "QM2", "ANY.SVRCONN", "10.1.0.8", "modern", "", "", "ANY", "definition", 1),
    ]  # fmt: skip
    assert found["rows"][1]["peer"] == 'SERIALNUMBER=01:02,CN=app1,OU="Lab (one)",O=Synthetic'
    assert found["verdicts"] == {"plain": 2, "blocks TLS 1.3 only": 2, "ready": 1, "not known": 1}


def test_older_output_is_told_by_the_definition_and_the_table_says_so() -> None:
    assert table(QM2)["note"].startswith(
        "2 instances without SECPROT and SSLCIPH (older levels have neither in CHSTATUS"
    )
    assert table(QM1)["note"] == ""


def test_channels_that_nobody_uses_are_listed_by_what_they_allow() -> None:
    assert table(QM1, QM2)["channels_without_clients"] == [
        {"queue_manager": "QM2", "channel": "IDLE.SVRCONN", "cipher_spec": "", "verdict": "plain"}
    ]


def test_the_definition_of_another_queue_manager_does_not_count() -> None:
    status = (
        "Starting MQSC for queue manager QM9.\nAMQ8417: x\n CHANNEL(APP.SVRCONN) CHLTYPE(SVRCONN)\n CURRENT "
        "STATUS(RUNNING)\n"
    )
    rows = table(QM2, "-", text=status)["rows"]
    assert [(row["queue_manager"], row["verdict"]) for row in rows if row["channel"] == "APP.SVRCONN"] == [
        ("QM2", "blocks TLS 1.3 only"),
        ("QM9", "not known"),
    ]


@pytest.mark.parametrize(
    ("cipher", "protocol"),
    [
        (None, ""), ("", "none"), ("ANY", ""), ("ANY_TLS12", "TLSv1.2"), ("ANY_TLS13_OR_HIGHER", "TLSv1.3"),
        ("ANY_TLS12_OR_HIGHER", ""), ("TLS_AES_256_GCM_SHA384", "TLSv1.3"), ("RC4_MD5_US", "SSLv3"), ("NOT_A_SPEC", ""),
    ],
)  # fmt: skip
def test_the_protocol_that_a_definition_means(cipher: str | None, protocol: str) -> None:
    assert protocol_of(cipher) == protocol


def test_text_opens_with_the_sums() -> None:
    code, text = run(QM1)
    assert code == exits.OK
    assert text.splitlines()[0] == "4 instances: 2 plain, 1 blocks TLS 1.3 only, 1 ready"
    assert text.splitlines()[1:4] == [
        "",
        "plain: no TLS, 2 instances",
        "count  queue manager  channel        client    application  user",
    ]


def test_text_fits_80_columns_and_breaks_no_word() -> None:
    result = CliRunner().invoke(app, [str(QM1), str(QM2)], env={"COLUMNS": "80"})
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "blocks TLS 1.3 only: TLSv1.2 ECDHE_RSA_AES_256_GCM_SHA384, 1 instance" in lines
    assert "1      QM1            APP.SVRCONN  10.0.0.7  pay.jar      app   Java client" in lines
    assert any("9.2.5.0" in line for line in lines)
    assert "What to do next" in lines


def test_text_says_by_channel_who_blocks() -> None:
    lines = [line.split() for line in run(QM1)[1].splitlines()]
    at = lines.index("Which channels can be raised to TLS 1.3 only".split())
    assert lines[at + 1 : at + 4] == [
        ["queue", "manager", "channel", "plain", "blocks", "ready", "not", "known"],
        ["QM1", "APP.SVRCONN", "0", "1", "1", "0"],
        ["QM1", "PLAIN.SVRCONN", "2", "0", "0", "0"],
    ]


def test_a_client_s_definition_of_the_same_name_is_not_the_channel() -> None:
    text = (
        "CHANNEL(A) CHLTYPE(SVRCONN) SSLCIPH(ANY_TLS13)\nCHANNEL(A) CHLTYPE(CLNTCONN) SSLCIPH(ANY_TLS12)\n"
        "CHANNEL(A) CHLTYPE(SVRCONN) CURRENT STATUS(RUNNING)\n"
    )
    assert [(row["verdict"], row["cipher_spec"]) for row in table("-", text=text)["rows"]] == [("ready", "ANY_TLS13")]


def test_escapes_of_a_terminal_do_not_reach_it() -> None:
    hostile = "CHANNEL(A) CHLTYPE(SVRCONN)\nCURRENT RAPPLTAG(\x1b[31mred) SECPROT(NONE)\n"
    code, text = run("-", text=hostile)
    assert (code, "\x1b" in text, "red" in text) == (exits.OK, False, True)


def test_nothing_readable_is_told_by_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("MQSERVER=A/TCP/h(1414)\n")
    assert run(tmp_path / "other.txt")[0] == exits.NOTHING
    assert run(tmp_path / "missing.txt")[0] == exits.NOTHING


def test_one_unreadable_input_beside_another(tmp_path: Path) -> None:
    code, text = run(QM1, tmp_path / "missing.txt")
    assert (code, text.startswith("4 instances")) == (exits.PARTIAL, True)


def test_a_fault_of_mqtrace_costs_its_input_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = mqsc.read

    def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
        if source.name.endswith("broken.txt"):
            raise LookupError("content of the listing")
        return known(source, tally)

    monkeypatch.setattr(mqsc, "read", read)
    (tmp_path / "broken.txt").write_bytes(QM1.read_bytes())
    code, text = run(tmp_path / "broken.txt", QM1)
    assert (code, text) == (exits.PARTIAL, run(QM1)[1])


def test_a_channel_whose_cipher_spec_is_not_shown_is_not_taken_for_one_that_is_ready() -> None:
    # dmpmqcfg leaves out what is as in SYSTEM.DEF.SVRCONN unless it is given -a.
    found = table("-", text="DEFINE CHANNEL('A') CHLTYPE(SVRCONN) +\n REPLACE\n")["channels_without_clients"]
    assert found == [{"queue_manager": "", "channel": "A", "cipher_spec": "", "verdict": "not known"}]

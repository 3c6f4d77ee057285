"""GSKit's transcripts, alone, in a C trace and in a GSKit trace."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from judging import cause_id

from mqtrace.handshakes.reading import read_handshakes
from mqtrace.inputs import Source
from mqtrace.model.tls import Handshake
from mqtrace.report.tls_json import handshakes_as_dict

Read = Callable[[str], list[Handshake]]
TRANSCRIPTS = Path(__file__).parents[1] / "data" / "decode" / "transcripts"
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "gskit" / "transcripts"
OLDER = {
    "V3 Client Hello Sent": "client_hello",
    "V3 Server Hello": "server_hello",
    "SSLV3ASN1Cert": "certificate",
    "RcvServerKeyExchange": "server_key_exchange",
    "SendClientKeyExchange": "client_key_exchange",
}


def folders() -> list[Any]:
    own = [pytest.param(path, id=path.name) for path in sorted(TRANSCRIPTS.iterdir())]
    return own + [
        pytest.param(path, id=f"corpus-{path.name}", marks=pytest.mark.corpus) for path in sorted(CORPUS.glob("*"))
    ]


def read_text(text: str) -> list[Handshake]:
    return read_handshakes(Source("x", BytesIO(text.encode())))


def one(text: str) -> Handshake:
    (handshake,) = read_text(text)
    return handshake


def transcript(name: str) -> str:
    return (TRANSCRIPTS / name / "transcript.txt").read_text()


@pytest.mark.parametrize("folder", folders())
def test_a_transcript_shows_what_truly_happened(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text())
    shown = handshakes_as_dict([(one((folder / "transcript.txt").read_text()), None)])["handshakes"][0]
    names = [each.split("[")[0].strip(" <>:") for each in truth["messages"]]
    assert shown["messages"] == [OLDER.get(each, each) for each in names]
    assert shown["gskit"] is None
    if truth["offered"]:
        assert [each["hex"] for each in shown["offered"]["cipher_suites"]] == truth["offered"]["suites"]
        assert shown["offered"]["server_name"] == truth["offered"]["server_name"]
    if truth["chosen"]:
        protocol, suite = truth["chosen"][0].replace("TLSV1", "TLSv1."), truth["chosen"][1].split(",")[0]
        assert (shown["chosen"]["protocol"], shown["chosen"]["cipher_suite"]["iana"]) == (protocol, suite)


@pytest.mark.parametrize("folder", folders())
def test_the_lines_beside_it_tell_the_code_and_who_sent_an_alert(folder: Path) -> None:
    lines = folder / "trace_lines.txt"
    truth = json.loads((folder / "truth.json").read_text())
    # 167 is the driver's own code, not GSKit's.
    if not lines.exists() or truth["gsk"]["rc"] == 167:
        return
    shown = one(f"{(folder / 'transcript.txt').read_text()}\n{lines.read_text()}")
    assert shown.gskit == truth["gsk"]["rc"]
    told = {"server": truth["alert_received"], "client": truth["alert_sent"]}
    assert {(each.sender, each.code) for each in shown.alerts} == {
        (end, alert["code"]) for end, alert in told.items() if alert
    }


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("alert_40_tls12", None),
        ("expired_tls12", "tls.server-certificate-rejected"),
        ("unknown_ca_tls13", "tls.server-certificate-rejected"),
        ("mtls_ok_tls12", None),
        ("mtls_ok_tls13", None),
        ("mtls_optional_none_tls13", None),
        ("ok_default_server12", None),
        ("ok_tls13_retry", None),
    ],
)
def test_a_transcript_alone_proves_no_more_than_it_shows(name: str, cause: str | None) -> None:
    assert cause_id(one(transcript(name))) == cause


@pytest.mark.parametrize(
    ("name", "more", "cause"),
    [
        (
            "alert_40_tls12",
            "Alert Level:Description (hex)  2:28 : x\nReceived Alertlevel_Fatal.",
            "tls.handshake-refused",
        ),
        ("alert_40_tls12", "converted to new error : 420 - GSK_ERROR_SOCKET_CLOSED", "tls.closed-in-handshake"),
        ("alert_40_tls12", "converted to new error : 410 - GSK_ERROR_BAD_MESSAGE", "tls.server-not-tls"),
        ("alert_40_tls12", "Alert Level:Description (hex)  2:2a : x", "tls.client-certificate-rejected"),
        ("unknown_ca_tls13", "Alert Level:Description (hex)  2:2a : x", "tls.server-certificate-rejected"),
        (
            "unknown_ca_tls13",
            "CMS exception code: 575010.\nnew error : 414 - GSK_ERROR_BAD_CERT",
            "tls.server-certificate-untrusted",
        ),
        ("expired_tls12", "GSKVALException(GSKVAL_ERR_CERT_EXPIRED)\nGSK_ERROR_BAD_CERT", "tls.certificate-expired"),
        # The client's own certificate has no chain, and it is not what GSKit ended for.
        (
            "mtls_ok_tls12",
            "CMS exception code: 575010.\nconverted to new error : 415 - GSK_ERROR_BAD_PEER",
            "tls.handshake-refused",
        ),
        # After the handshake the other end hangs up.
        ("mtls_ok_tls13", "converted to new error : 420 - GSK_ERROR_SOCKET_CLOSED", None),
        ("mtls_optional_none_tls13", "Alert Level:Description (hex)  2:74 : x", "tls.client-certificate-missing"),
    ],
)
def test_codes_and_alerts_decide(name: str, more: str, cause: str | None) -> None:
    assert cause_id(one(f"{transcript(name)}\n{more}")) == cause


def prefixed(text: str, thread: str) -> list[str]:
    return [
        f" 09:00:00.12{at % 10000:04}     7253.{thread}      RSESS:000001      {line}"
        for at, line in enumerate(text.split("\n"))
    ]


def test_a_c_trace_may_have_each_line_in_a_record() -> None:
    alone = one(transcript("ok_tls13_retry"))
    lines = [
        " 09:00:00.000001     7253.1      RSESS:000001 ------{  cciTcpSslInitSess",
        *prefixed(transcript("ok_tls13_retry"), "1"),
    ]
    found = one("\n".join(lines))
    assert (found.messages, found.offered, found.chosen) == (alone.messages, alone.offered, alone.chosen)
    assert found.location.line == 2 + transcript("ok_tls13_retry").split("\n").index(" <client_hello>")
    assert found.started.startswith("09:00:00.12")


def test_a_c_trace_may_have_all_lines_in_one_record() -> None:
    head = " 09:00:00.125338     7257.1      RSESS:000001      Start of GSKit TLS Handshake Transcript"
    end = " 09:00:00.125374     7257.1      RSESS:000001      End of GSKit TLS Handshake Transcript"
    found = one("\n".join([head, transcript("alert_40_tls12"), end]))
    assert (found.messages, found.started) == (("client_hello",), "09:00:00.125338")


def test_two_threads_in_turns_are_two_handshakes() -> None:
    first, second = prefixed(transcript("mtls_ok_tls13"), "1"), prefixed(transcript("alert_40_tls12"), "2")
    mixed = [line for at in range(max(len(first), len(second))) for line in (*first[at : at + 1], *second[at : at + 1])]
    found = read_text("\n".join(mixed))
    assert sorted(each.messages for each in found) == sorted(
        [one(transcript("mtls_ok_tls13")).messages, one(transcript("alert_40_tls12")).messages]
    )


def test_one_thread_may_try_twice() -> None:
    both = transcript("alert_40_tls12") + "\n" + transcript("mtls_ok_tls12")
    assert [each.location.line for each in read_text(both)] == [1, 2 + transcript("alert_40_tls12").count("\n")]


@pytest.mark.parametrize(
    ("name", "messages", "gskit", "validation", "alert", "cause"),
    [
        ("selected_alert_40_tls12", ("client_hello",), 415, None, (40, "server"), "tls.handshake-refused"),
        (
            "selected_unknown_ca_tls13",
            ("client_hello", "server_hello", "encrypted_extensions", "certificate"),
            414,
            575010,
            (42, "client"),
            "tls.server-certificate-untrusted",
        ),
    ],
)
def test_a_gskit_trace_is_read_directly(
    name: str,
    messages: tuple[str, ...],
    gskit: int,
    validation: int | None,
    alert: tuple[int, str],
    cause: str,
    read: Read,
) -> None:
    (found,) = read(f"gskit-trace/{name}.trc")
    assert (found.origin, found.messages, found.gskit, found.validation) == ("gskit-trace", messages, gskit, validation)
    assert [(each.code, each.sender) for each in found.alerts] == [alert]
    assert cause_id(found) == cause
    assert found.started.startswith("2026-11-25T02:1")

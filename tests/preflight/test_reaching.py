"""--connect: each step against a listener of the test."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mqtrace.model import Report
from mqtrace.preflight import reaching
from mqtrace.preflight.reaching import reach

from .authorities import PASSWORD, Authority
from .listeners import Act, answers, closes, known_channel, listening, over_tls, refusal, says_nothing
from .places import Place, check_of, told

SPEC = "ECDHE_ECDSA_AES_256_GCM_SHA384"
SPEC_13 = "TLS_AES_256_GCM_SHA384"
KEYR = "/keys/app.p12"


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "LIMIT", 0.5)


@pytest.fixture
def shut_port() -> Iterator[int]:
    """A port that is taken, and at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def ask(place: Place, address: str, spec: str = "", **more: str) -> Report:
    program = {"channel": "APP.SVRCONN", "conn": address, **more}
    if spec:
        program |= {"cipher": spec, "keyr": KEYR}
    return place.ask(program=program, reach=reach, password=PASSWORD)


def plain(place: Place, act: Act) -> Report:
    with listening(act) as port:
        return ask(place, f"127.0.0.1({port})")


@pytest.fixture
def server(authority: Authority, tmp_path: Path) -> Path:
    return authority.issue("QM1").pem(tmp_path / "server.pem")


@pytest.fixture
def tls_place(place: Place, authority: Authority) -> Place:
    authority.store(place.root / KEYR.lstrip("/"))
    return place


# ---------------------------------------------------------------- without TLS


def test_a_queue_manager_that_knows_the_channel(place: Place) -> None:
    received: list[bytes] = []
    report = plain(place, answers(known_channel(), received))
    assert (told(report).verdict, told(report).reason_code) == ("would-connect", 0)
    assert "QM1 knows the channel" in check_of(report, "MQ").text
    assert [each.seconds is not None for each in told(report).checks[-3:]] == [True, True, True]
    # What was sent names the channel and the queue manager, and nobody.
    assert b"APP.SVRCONN" in received[0]
    assert b"orders" not in received[0]
    assert len(received) == 1


@pytest.mark.parametrize(
    ("act", "cause", "reason"),
    [
        (answers(refusal(1)), "channel.unknown", 2540),
        (answers(refusal(0x18)), "tls.cipherspec-mismatch", 2393),
        (answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "network.not-mq", 2539),
        (answers(b"SSH-2.0-OpenSSH_9.2\r\n"), "network.not-mq", 2539),
        (answers(b"\x15\x03\x03\x00\x02\x02\x28"), "tls.client-plain-server-tls", 2393),
        (closes, "network.closed-by-peer", 2538),
        (says_nothing, "network.silent-peer", 2059),
    ],
)
def test_what_else_can_answer(place: Place, act: Act, cause: str, reason: int) -> None:
    report = plain(place, act)
    assert (told(report).verdict, told(report).reason_code) == ("would-fail", reason)
    assert report.outcomes[0].cause is not None
    assert report.outcomes[0].cause.id == cause


def test_nothing_listens(place: Place, shut_port: int) -> None:
    report = ask(place, f"127.0.0.1({shut_port})")
    assert (check_of(report, "connection").cause, told(report).reason_code) == ("network.refused", 2538)


def test_a_name_that_nobody_knows(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    report = ask(place, "mq1.example(1414)")
    assert (check_of(report, "host name").cause, told(report).reason_code) == ("network.name-not-resolved", 2538)


def test_a_resolver_that_does_not_answer(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "LIMIT", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1) or [])
    begun = time.monotonic()
    report = ask(place, "mq1(1414)")
    assert time.monotonic() - begun < 0.8
    assert "within" in check_of(report, "host name").text


def test_an_address_that_fails_leads_to_the_next_one(place: Place, shut_port: int) -> None:
    with listening(answers(known_channel())) as port:
        report = ask(place, f"127.0.0.1({shut_port}),127.0.0.1({port})")
    assert told(report).verdict == "would-connect"
    assert any("the next address is tried" in each.text for each in told(report).checks)


def test_nothing_is_asked_where_the_client_would_fail_before(place: Place) -> None:
    asked: list[bytes] = []
    with listening(answers(known_channel(), asked)) as port:
        report = place.ask(
            program={"channel": "A", "conn": f"127.0.0.1({port})", "cipher": "NO_SUCH", "keyr": "/gone"}, reach=reach
        )
    assert told(report).verdict == "would-fail"
    assert asked == []


# ---------------------------------------------------------------- with TLS


@pytest.mark.parametrize(("version", "spec"), [("TLSv1_2", SPEC), ("TLSv1_3", SPEC_13)])
def test_a_handshake(tls_place: Place, server: Path, version: str, spec: str) -> None:
    names: list[str] = []
    act = over_tls(answers(known_channel()), server, version=ssl.TLSVersion[version], names=names)
    with listening(act) as port:
        report = ask(tls_place, f"127.0.0.1({port})", spec)
    assert told(report).verdict == "would-connect", told(report).because
    assert check_of(report, "TLS").text.startswith(version.replace("_", "."))
    assert names == ["app2e-svrconn.chl.mq.ibm.com"]
    assert "is believed by" in check_of(report, "server certificate").text


def failed(report: Report) -> tuple[str, str | None]:
    return told(report).verdict, next((each.cause for each in told(report).checks if each.state == "fails"), None)


def test_an_unknown_authority(tls_place: Place, tmp_path: Path) -> None:
    stranger = Authority("Stranger").issue("QM1").pem(tmp_path / "stranger.pem")
    with listening(over_tls(answers(known_channel()), stranger)) as port:
        report = ask(tls_place, f"127.0.0.1({port})", SPEC)
    assert failed(report) == ("would-fail", "tls.server-certificate-untrusted")
    assert "CN=Stranger" in check_of(report, "server certificate").text


def test_an_expired_certificate(tls_place: Place, authority: Authority, tmp_path: Path) -> None:
    old = authority.issue("QM1", days=-2).pem(tmp_path / "old.pem")
    with listening(over_tls(answers(known_channel()), old)) as port:
        report = ask(tls_place, f"127.0.0.1({port})", SPEC)
    assert failed(report) == ("would-fail", "tls.certificate-expired")


@pytest.mark.parametrize(("peer", "verdict"), [("CN=QM2*", "would-fail"), ("CN=QM1,O=Lab", "would-connect")])
def test_the_peer_name(tls_place: Place, server: Path, peer: str, verdict: str) -> None:
    with listening(over_tls(answers(known_channel()), server)) as port:
        report = ask(tls_place, f"127.0.0.1({port})", SPEC, peer=peer)
    assert told(report).verdict == verdict


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_a_server_that_wants_a_certificate(
    tls_place: Place, authority: Authority, server: Path, tmp_path: Path, version: str
) -> None:
    trusted = authority.pem(tmp_path / "ca.pem")
    act = over_tls(answers(known_channel()), server, version=ssl.TLSVersion[version], wants=trusted)
    spec = SPEC if version == "TLSv1_2" else SPEC_13
    with listening(act) as port:
        without = ask(tls_place, f"127.0.0.1({port})", spec)
        own = authority.issue("app")
        authority.store(tls_place.root / KEYR.lstrip("/"), own)
        with_one = ask(tls_place, f"127.0.0.1({port})", spec)
    assert told(without).verdict == "cannot-tell"
    assert "has none that would be sent" in check_of(without, "client certificate").text
    assert check_of(with_one, "client certificate").state == "ok"
    # Without its private key this check cannot go further.
    assert told(with_one).verdict == "cannot-tell"


@pytest.mark.parametrize(
    ("act", "cause"),
    [
        (answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "tls.server-not-tls"),
        (closes, "tls.closed-in-handshake"),
        (says_nothing, "network.silent-peer"),
    ],
)
def test_no_tls_at_the_other_end(tls_place: Place, act: Act, cause: str) -> None:
    with listening(act) as port:
        report = ask(tls_place, f"127.0.0.1({port})", SPEC)
    assert failed(report) == ("would-fail", cause)


def test_another_protocol(tls_place: Place, server: Path) -> None:
    with listening(over_tls(answers(known_channel()), server, version=ssl.TLSVersion.TLSv1_3)) as port:
        report = ask(tls_place, f"127.0.0.1({port})", SPEC)
    assert failed(report) == ("would-fail", "tls.protocol-version")


@pytest.fixture(params=[("-tls1_2", SPEC), ("-tls1_3", SPEC_13)], ids=["1.2", "1.3"])
def openssl_server(
    request: pytest.FixtureRequest, server: Path, authority: Authority, tmp_path: Path
) -> Iterator[tuple[int, str]]:
    """A TLS server that is not Python's, and names the authorities whose certificates it takes: port and CipherSpec."""
    option, spec = request.param
    trusted = authority.pem(tmp_path / "ca.pem")
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "s_server", "-accept", f"127.0.0.1:{port}", "-cert", server, "-key", server, "-quiet", option]
    command += ["-verify", "3", "-CAfile", trusted]
    with subprocess.Popen(
        [*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port, spec
        started.kill()


def test_a_server_of_openssl(tls_place: Place, openssl_server: tuple[int, str]) -> None:
    port, spec = openssl_server
    report = ask(tls_place, f"127.0.0.1({port})", spec)
    assert check_of(report, "TLS").state == "ok"
    assert check_of(report, "server certificate").state == "ok"
    assert "signed by CN=Lab CA,O=Lab" in check_of(report, "client certificate").text
    # It takes the first flow and never answers.
    assert failed(report) == ("would-fail", "network.silent-peer")

"""What the text of a Java exception proves, by the end that printed it."""

import json
from pathlib import Path

import pytest

from mqtrace.catalog.java_exceptions import java_tls_cause
from mqtrace.catalog.messages import cause_of_message, message
from mqtrace.inputs import open_sources
from mqtrace.readers.logs import application_log
from mqtrace.readers.tally import Tally

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "trace-java"


@pytest.mark.parametrize(
    ("text", "written_by", "cause"),
    [
        (
            "javax.net.ssl.SSLHandshakeException[PKIX path building failed: made up]",
            "client",
            "tls.server-certificate-untrusted",
        ),
        (
            "javax.net.ssl.SSLHandshakeException[PKIX path building failed: made up]",
            "server",
            "tls.client-certificate-rejected",
        ),
        ("Received fatal alert: certificate_unknown", "client", "tls.client-certificate-rejected"),
        ("Received fatal alert: certificate_unknown", "server", "tls.server-certificate-rejected"),
        ("(unknown_ca) Received fatal alert: unknown_ca", "server", "tls.server-certificate-untrusted"),
        ("Received fatal alert: made_up", "client", ""),
        ("PKIX path validation failed: CertificateExpiredException: NotAfter", "client", "tls.certificate-expired"),
        ("Unsupported or unrecognized SSL message", "client", "tls.server-not-tls"),
        ("Unrecognized SSL message, plaintext connection?", "server", "tls.client-plain-server-tls"),
        ("no cipher suites in common", "server", "tls.no-shared-cipher"),
        ("keystore password was incorrect", "client", "tls.key-repository-password"),
        ("made up", "client", ""),
        ("", "server", ""),
    ],
)
def test_the_cause_that_an_exception_proves(text, written_by, cause):
    assert java_tls_cause(text, written_by) == cause


@pytest.mark.parametrize(
    ("id", "inserts", "cause"),
    [
        ("CSQX620", {1: "6"}, "tls.certificate-label-not-found"),
        ("CSQX620", {1: "8"}, "tls.client-certificate-rejected"),
        ("CSQX620", {1: "402"}, "tls.no-shared-cipher"),
        ("CSQX620", {1: "514"}, "tls.initialization"),
        ("CSQX620", {1: "-1"}, "tls.initialization"),
        ("CWWKO0801", {5: "Received fatal alert: protocol_version"}, "tls.protocol-version"),
        ("CWWKO0801", {}, "tls.handshake-refused"),
        ("CWPKI0033", {5: "keystore password was incorrect"}, "tls.key-repository-password"),
        ("CWPKI0033", {5: "made up"}, "tls.key-repository-unusable"),
    ],
)
def test_a_return_code_or_an_exception_sharpens_the_cause(id, inserts, cause):
    info = message(id)
    assert info is not None
    assert cause_of_message(info, "server", inserts) == cause


@pytest.mark.corpus
def test_the_cause_of_every_handshake_that_a_genuine_java_client_lost():
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    wrong, right = {}, 0
    for source in open_sources(sorted(CORPUS.glob("*/app.log"))):
        truth = json.loads((Path(source.name).parent / "truth.json").read_text())
        entries = [entry for entry in application_log.read(source, Tally()) if entry.message == "AMQ9771"]
        info = message("AMQ9771")
        assert info is not None
        causes = {cause_of_message(info, "client", entry.inserts) for entry in entries}
        right += bool(causes & set(truth["cause_ids"]))
        if causes and not causes & set(truth["cause_ids"]):
            wrong[Path(source.name).parent.name] = causes, truth["cause_ids"]
    assert (wrong, right) == ({}, 28)

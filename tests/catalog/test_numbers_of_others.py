"""Numbers that are not MQ's: GSKit's codes, TLS alerts, errors of the operating system."""

import errno as platform_errno
import sys

import pytest

from mqtrace.catalog.alerts import alert
from mqtrace.catalog.errnos import errno
from mqtrace.catalog.gskit import gskit_code, validation_cause
from mqtrace.catalog.tables import table


@pytest.mark.parametrize(
    ("code", "name", "cause"),
    [
        (6, "GSK_KEY_LABEL_NOT_FOUND", "tls.certificate-label-not-found"),
        (202, "GSK_KEYRING_OPEN_ERROR", "tls.key-repository-missing"),
        (407, "GSK_ERROR_BAD_KEYFILE_LABEL", "tls.certificate-label-not-found"),
        (408, "GSK_ERROR_BAD_KEYFILE_PASSWORD", "tls.key-repository-password"),
        (410, "GSK_ERROR_BAD_MESSAGE", "tls.server-not-tls"),
        (414, "GSK_ERROR_BAD_CERT", "tls.server-certificate-rejected"),
        (415, "GSK_ERROR_BAD_PEER", "tls.handshake-refused"),
        (420, "GSK_ERROR_SOCKET_CLOSED", "tls.closed-in-handshake"),
        (446, "GSK_ERROR_OTHER_FATAL_ALERT", "tls.handshake-refused"),
        (0, "GSK_OK", ""),
    ],
)
def test_gskit_codes_by_number_and_by_symbol(code: int, name: str, cause: str) -> None:
    info = gskit_code(code)
    assert info is not None
    assert (info.name, info.cause) == (name, cause)
    assert gskit_code(name.lower()) == info


def test_a_number_of_gskit_can_mean_something_else_on_zos() -> None:
    info = gskit_code(109)
    assert info is not None
    assert (info.meaning, info.meaning_zos) == (
        "the GSKit environment is being closed",
        "No certificate authority certificates",
    )


def test_a_code_of_zos_alone_is_known_too() -> None:
    info = gskit_code(204)
    assert info is not None
    assert (info.name, info.meaning, info.meaning_zos) == ("", "", "Key database password is expired")


@pytest.mark.parametrize("code", [-1, 40, 999999, "GSK_NO_SUCH_SYMBOL", ""])
def test_other_codes_of_gskit_are_unknown(code: int | str) -> None:
    assert gskit_code(code) is None


def test_every_symbol_seen_at_work_is_in_the_table_of_codes() -> None:
    seen = {
        (int(row["rc"]), row["symbolic_name"])
        for row in table("gskit_return_codes")
        if row["symbolic_name"].startswith("GSK_")
    }
    assert {(code, name) for code, name in seen if (info := gskit_code(code)) is None or info.name != name} == set()


@pytest.mark.parametrize(
    ("code", "in_client_log", "in_server_log"),
    [
        (575010, "tls.server-certificate-untrusted", "tls.client-certificate-rejected"),
        (575017, "tls.certificate-not-yet-valid", "tls.certificate-not-yet-valid"),
        (575018, "tls.certificate-expired", "tls.certificate-expired"),
        (575073, "tls.key-size-too-small", "tls.key-size-too-small"),
        (575999, "", ""),
    ],
)
def test_a_validation_code_proves_a_cause_by_the_end_that_checked(
    code: int, in_client_log: str, in_server_log: str
) -> None:
    assert (validation_cause(code, "client"), validation_cause(code, "server")) == (in_client_log, in_server_log)


@pytest.mark.parametrize(
    ("code", "name", "from_server", "from_client"),
    [
        (40, "handshake_failure", "tls.handshake-refused", "tls.handshake-refused"),
        (42, "bad_certificate", "tls.client-certificate-rejected", "tls.server-certificate-rejected"),
        (48, "unknown_ca", "tls.client-certificate-rejected", "tls.server-certificate-untrusted"),
        (70, "protocol_version", "tls.protocol-version", "tls.protocol-version"),
        (80, "internal_error", "tls.server-internal-error", "tls.handshake-refused"),
        (112, "unrecognized_name", "tls.sni-refused", ""),
        (116, "certificate_required", "tls.client-certificate-missing", ""),
        (0, "close_notify", "", ""),
    ],
)
def test_alerts_by_number_and_name(code: int, name: str, from_server: str, from_client: str) -> None:
    info = alert(code)
    assert info is not None
    assert (info.name, info.cause_from_server, info.cause_from_client) == (name, from_server, from_client)
    assert alert(name.upper().replace("_", "-")) == info


@pytest.mark.parametrize("word", [41, 255, "no_such_alert", ""])
def test_other_alerts_are_unknown(word: int | str) -> None:
    assert alert(word) is None


@pytest.mark.parametrize(
    ("number", "platform", "cause"),
    [
        (111, "", "network.refused"),
        (79, "", "network.refused"),
        (10061, "", "network.refused"),
        (146, "", "network.refused"),
        (239, "", "network.refused"),
        (110, "linux", "network.timeout"),
        (78, "aix", "network.timeout"),
        (10060, "windows", "network.timeout"),
        (145, "solaris", "network.timeout"),
        (113, "", "network.unreachable"),
        (101, "", "network.unreachable"),
        (10065, "", "network.unreachable"),
        (104, "", "network.reset-by-peer"),
        (73, "aix", "network.reset-by-peer"),
        (10054, "", "network.reset-by-peer"),
        (11001, "windows", "network.name-not-resolved"),
    ],
)
def test_error_numbers_of_the_platforms(number: int, platform: str, cause: str) -> None:
    info = errno(number, platform)
    assert info is not None
    assert info.cause == cause


def test_a_number_of_another_platform_is_unknown() -> None:
    assert errno(111, "aix") is None
    assert errno(2) is None


@pytest.mark.skipif(sys.platform != "linux", reason="compares with the errno.h of Linux")
def test_the_numbers_of_linux_are_those_of_its_errno_h() -> None:
    rows = [(row["symbol"], int(row["errno"])) for row in table("errno") if row["platform"] == "linux"]
    assert rows == [(symbol, getattr(platform_errno, symbol)) for symbol, _ in rows]


@pytest.mark.parametrize("code", [415, 420, 446])
def test_what_hides_behind_a_code_of_the_handshake_is_told(code: int) -> None:
    found = gskit_code(code)
    assert found is not None
    assert "a label that is not in the key repository" in found.usual_cause

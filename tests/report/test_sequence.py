"""Who sent which message of a handshake: only where the protocol tells it."""

import pytest

from mqtrace.model.tls import Alert, Chosen, CipherSuite, Handshake
from mqtrace.report.sequence import Sent, sequence

TLS12 = (
    *("client_hello", "server_hello", "certificate", "server_key_exchange", "certificate_request", "server_hello_done"),
    *("certificate", "client_key_exchange", "certificate_verify", "change_cipher_spec", "finished"),
    *("change_cipher_spec", "finished"),
)
TLS13 = ("client_hello", "server_hello", "encrypted_extensions", "certificate_request", "certificate",
         "certificate_verify", "finished", "certificate", "finished", "new_session_ticket")  # fmt: skip


def senders(*messages: str, protocol: str = "") -> str:
    chosen = Chosen(protocol, CipherSuite("1301", "X", None)) if protocol else None
    return "".join(each.sender[0] for each in sequence(Handshake(messages=messages, chosen=chosen)))


@pytest.mark.parametrize(
    ("messages", "protocol", "expected"),
    [
        (TLS12, "TLSv1.2", "csssss" + "ccccc" + "ss"),
        (TLS13, "TLSv1.3", "cssssss" + "cc" + "s"),
        (("client_hello", "server_hello", "change_cipher_spec", "finished"), "TLSv1.2", "csuu"),
        (("client_hello", "server_hello", "certificate", "certificate"), "TLSv1.2", "cssu"),
        (("certificate",), "", "u"),
    ],
)
def test_the_sender_of_each_message(messages: tuple[str, ...], protocol: str, expected: str) -> None:
    assert senders(*messages, protocol=protocol) == expected


def test_alerts_come_last_with_their_sender() -> None:
    shown = sequence(Handshake(messages=("client_hello",), alerts=(Alert("fatal", 40, "handshake_failure", "server"),)))
    assert shown[-1] == Sent("server", "alert 40 handshake_failure", True)


def test_hellos_say_what_they_offer_and_choose() -> None:
    chosen = Chosen("TLSv1.2", CipherSuite("c030", "TLS_X", "ECDHE_X"))
    assert sequence(Handshake(messages=("server_hello",), chosen=chosen))[0].words == "server hello: TLSv1.2, ECDHE_X"

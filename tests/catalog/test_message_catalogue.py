"""What the catalogue knows of messages: patterns/messages."""

import pytest

from mqtrace.catalog.messages import all_messages, cause_of_message, message, message_id, message_inserts

CONNECTION_MESSAGES = """
5530 5531 5534 5540 5541 5542 5653 6119 6125 6183 6184 6209 8077 9001 9002 9201 9202 9203 9204 9205 9206 9207 9208 9209
9211
9212 9213 9219 9224 9246 9259 9271 9278 9279 9280 9281 9282 9285 9286 9287 9288 9296 9297 9488 9489 9490 9492 9502 9503
9504 9508 9513 9518 9519 9520 9521 9523 9524 9525 9527 9528 9542 9545 9551 9557 9558 9567 9568 9616 9617 9618 9620 9621
9624 9625 9627 9628 9629 9631 9633 9635 9636 9637 9638 9639 9640 9641 9642 9643 9645 9646 9647 9648 9649 9650 9651 9652
9654 9655 9656 9657 9658 9659 9660 9661 9662 9663 9664 9665 9666 9667 9668 9669 9670 9671 9673 9674 9694 9695 9696 9697
9698 9699 9707 9708 9709 9710 9713 9714 9716 9717 9718 9719 9720 9722 9723 9770 9771 9776 9777 9780 9782 9788 9789 9790
9791 9792 9793 9795 9797 9798 9848 9916 9917 9956 9999
"""
CONNECTION_MESSAGES_OF_ZOS = ["CSQX620", "CSQX630", "CSQX642", "CSQX686", "CSQX772"]


def test_every_message_about_connecting_has_an_entry_of_its_own() -> None:
    known = {info.id for info in all_messages()}
    assert [f"AMQ{digits}" for digits in CONNECTION_MESSAGES.split() if f"AMQ{digits}" not in known] == []
    assert [id for id in CONNECTION_MESSAGES_OF_ZOS if id not in known] == []


@pytest.mark.parametrize(
    ("word", "id"),
    [
        ("AMQ9633", "AMQ9633"),
        ("amq9633e", "AMQ9633"),
        (" AMQ9633E: ", "AMQ9633"),
        ("CSQX620E", "CSQX620"),
        ("0x20009202", "AMQ9202"),
        ("AMQ96", ""),
        ("AMQ9633E: text", ""),
        ("9633", ""),
    ],
)
def test_an_id_is_known_in_any_case_with_or_without_severity(word: str, id: str) -> None:
    assert message_id(word) == id


def test_a_certificate_error_proves_another_cause_in_the_other_log() -> None:
    info = message("AMQ9633E")
    assert info is not None
    assert (info.cause_client, info.cause_server, info.confidence) == (
        "tls.server-certificate-rejected",
        "tls.client-certificate-rejected",
        "certain",
    )
    assert info.inserts[2] == "GSKit validation code"
    assert info.reason_codes == (2393,)


@pytest.mark.parametrize(
    ("id", "written_by", "inserts", "cause"),
    [
        ("AMQ9633", "client", {1: "414", 2: "575018"}, "tls.certificate-expired"),
        ("AMQ9660", "client", {1: "8"}, "tls.key-repository-password"),
        ("AMQ9633", "client", {1: "414", 2: "575010"}, "tls.server-certificate-untrusted"),
        ("AMQ9633", "server", {1: "414", 2: "575010"}, "tls.client-certificate-rejected"),
        ("AMQ9633", "server", {1: "414", 2: "575018"}, "tls.certificate-expired"),
        ("AMQ9633", "client", {1: "414", 2: "0"}, "tls.server-certificate-rejected"),
        ("AMQ9633", "client", {}, "tls.server-certificate-rejected"),
        ("AMQ9202", "client", {1: "111", 2: "111"}, "network.refused"),
        ("AMQ9202", "client", {1: "79", 2: "79"}, "network.refused"),
        ("AMQ9202", "client", {1: "10060"}, "network.timeout"),
        ("AMQ9202", "client", {1: "5"}, "network.host-unavailable"),
        ("AMQ9202", "client", {1: "1" * 5000}, "network.host-unavailable"),
        ("AMQ9208", "server", {1: "104"}, "network.reset-by-peer"),
        ("AMQ9660", "client", {1: "202"}, "tls.key-repository-missing"),
        ("AMQ9660", "client", {1: "408"}, "tls.key-repository-password"),
        ("AMQ9620", "client", {1: "407"}, "tls.certificate-label-not-found"),
        ("AMQ9519", "server", {}, "channel.unknown"),
        ("AMQ9639", "server", {}, "tls.client-plain-server-tls"),
        ("AMQ9637", "server", {}, "tls.client-certificate-missing"),
        ("AMQ9777", "server", {}, "channel.blocked"),
        ("AMQ5534", "server", {}, "auth.password-wrong"),
        ("AMQ5540", "server", {}, "auth.password-required"),
        ("AMQ9001", "server", {}, ""),
        ("AMQ9518", "client", {}, "settings.ccdt-missing"),
        ("AMQ9518", "client", {3: "/var/mqm/AMQCLCHL.TAB"}, "settings.ccdt-missing"),
        ("AMQ9518", "client", {3: "/srv/app/gone.json"}, "settings.ccdt-missing"),
        ("AMQ9518", "client", {3: "/var/mqm/exits64/myexit"}, ""),
        ("AMQ9518", "client", {3: "/var/mqm/exits64/table.json.so(Exit)"}, ""),
        ("AMQ9516", "client", {3: "file:/srv/app/gone.json"}, "settings.ccdt-missing"),
        ("AMQ9516", "client", {3: "/srv/app/trace.trc"}, ""),
        ("AMQ9213", "client", {1: "111", 5: "connect"}, "network.refused"),
        ("AMQ9213", "client", {1: "111"}, "network.refused"),
        ("AMQ9213", "client", {1: "110", 5: "pthread_cond_timedwait"}, "network.connection-broken"),
        ("AMQ9213", "client", {1: "111", 5: "setsockopt"}, "network.connection-broken"),
    ],
)
def test_the_cause_that_an_entry_proves(id: str, written_by: str, inserts: dict[int, str], cause: str) -> None:
    info = message(id)
    assert info is not None
    assert cause_of_message(info, written_by, inserts) == cause  # type: ignore[arg-type]


@pytest.mark.parametrize("id", ["AMQ9999", "AMQ9492", "AMQ9780", "AMQ9204", "CSQX599"])
def test_some_messages_are_always_consequences(id: str) -> None:
    info = message(id)
    assert info is not None
    assert info.role == "consequence"


def test_a_message_of_zos_without_an_entry_is_read_as_its_twin_and_said_to_be_a_guess() -> None:
    info, twin = message("CSQX631E"), message("AMQ9631")
    assert info is not None
    assert twin is not None
    assert (info.id, info.title, info.cause_server) == ("CSQX631", twin.title, "tls.cipherspec-mismatch")
    assert (info.basis, info.confidence, twin.confidence) == ("reported", "possible", "certain")


@pytest.mark.parametrize("id", ["CSQX031", "CSQX699", "AMQ6271", "AMQ9742", "", "nonsense"])
def test_other_ids_have_no_entry(id: str) -> None:
    assert message(id) is None


def test_the_inserts_of_every_message_of_the_catalogue_are_known() -> None:
    assert message_inserts("AMQ9633E") == (2, 3, 4, 5)
    assert message_inserts("AMQ3000") == ()
    assert message_inserts("AMQ0001") is None

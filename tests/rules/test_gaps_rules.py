"""What the evidence does not tell: each question with a case that asks it and near misses that do not."""

import pytest

from mqtrace.model import Location, LogEntry

from .cases import PLAIN, SECURED, Case, case, fact, found, ids, not_set, used

CHANNEL = [
    used("mqcd.ChannelName", "APP"),
    used("mqcd.ConnectionName", "h(1)"),
    fact("env.MQSERVER", "APP/TCP/h(1)", "set"),
]
ENTRY = LogEntry("AMQ9202", "Remote host not available.", Location("AMQERR01.LOG", 1))


def questions(one: Case) -> list[str]:
    return [identity for identity, status in ids(one) if identity.startswith("gap.") and status == "skip"]


@pytest.mark.parametrize(
    ("one", "question"),
    [
        (case(fact("session.begins"), reason=None), "gap.end"),
        (case(used("mqcd.ChannelName", "APP"), reason=2538), "gap.setting-channel"),
        (case(reason=2538), "gap.setting-address"),
        (case(*CHANNEL, SECURED, reason=2393, phase="tls"), "gap.setting-key-repository"),
        (case(*CHANNEL, reason=2538), "gap.reason"),
        (
            case(fact("tls.server_certificate_refused", "RemoteCertificateChainErrors"), client="dotnet", phase="tls"),
            "gap.certificate",
        ),
        (case(fact("gskit.code", "414"), reason=2393, phase="tls"), "gap.certificate"),
    ],
    ids=[
        "no-end",
        "channel-from-where",
        "which-address",
        "which-key-repository",
        "only-the-code",
        "which-certificate",
        "gskit-414",
    ],
)
def test_a_question_that_the_inputs_leave_open_comes_with_how_to_find_out(one: Case, question: str) -> None:
    assert question in questions(one)
    assert all(finding.how_to_find_out for finding in found(one, question))


@pytest.mark.parametrize(
    ("one", "question"),
    [
        (case(fact("session.begins"), reason=2538), "gap.end"),
        (case(log_entries=(ENTRY,), reason=None), "gap.end"),
        (case(*CHANNEL, reason=2538), "gap.setting-channel"),
        (case(used("mqcd.ChannelName", "APP"), reason=0, phase="connected"), "gap.setting-channel"),
        (case(*CHANNEL, SECURED, not_set("env.MQSSLKEYR"), reason=2393, phase="tls"), "gap.setting-key-repository"),
        (case(*CHANNEL, PLAIN, reason=2538), "gap.setting-key-repository"),
        (case(*CHANNEL, fact("socket.errno", "111"), reason=2538), "gap.reason"),
        (case(*CHANNEL, log_entries=(ENTRY,), reason=2538), "gap.reason"),
        (case(*CHANNEL, reason=0, phase="connected"), "gap.reason"),
        (case(fact("gskit.code", "407"), reason=2393, phase="tls"), "gap.certificate"),
        (
            case(fact("gskit.code", "414"), fact("tls.server_certificate", "CN=QM1"), reason=2393, phase="tls"),
            "gap.certificate",
        ),
    ],
    ids=[
        "returned", "log-entry", "channel-known", "connected", "key-repository-known", "plain", "error-number", "log",
        "no-failure",
        "another-gskit-code", "certificate-shown",
    ],
)  # fmt: skip
def test_a_question_that_has_its_answer_is_not_asked(one: Case, question: str) -> None:
    assert question not in questions(one)

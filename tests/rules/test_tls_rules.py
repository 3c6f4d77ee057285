"""Rules on TLS that need more than one line."""

import pytest

from .cases import PLAIN, SECURED, Case, case, fact, found, not_set, used

NO_KEY_REPOSITORY = "tls.no-key-repository"
NONE = not_set("env.MQSSLKEYR")


@pytest.mark.parametrize("reason", [2381, 2393])
def test_tls_without_any_key_repository(reason: int) -> None:
    (finding,) = found(case(NONE, SECURED, reason=reason, phase="tls"), NO_KEY_REPOSITORY)
    assert (finding.status, finding.confidence) == ("fail", "likely")
    assert [each.id for each in finding.alternatives] == ["tls.key-repository-unusable"]
    assert finding.text == "CipherSpec ECDHE_RSA_AES_256_GCM_SHA384 asks for TLS, and no source gives a key repository."


def test_a_blank_key_repository_in_force_is_none_as_well() -> None:
    assert (
        len(
            found(
                case(not_set("env.MQSSLKEYR"), used("mqsco.KeyRepository"), SECURED, reason=2381, phase="tls"),
                NO_KEY_REPOSITORY,
            )
        )
        == 1
    )


@pytest.mark.parametrize(
    "one",
    [
        case(fact("env.MQSSLKEYR", "/key", "set"), SECURED, reason=2381),
        case(NONE, PLAIN, reason=2393),
        case(SECURED, reason=2381),
        case(NONE, SECURED, reason=2538),
        case(NONE, SECURED, reason=0, phase="connected"),
        case(NONE, SECURED, reason=2381, client="dotnet"),
    ],
    ids=["given", "plain", "not-known", "another-code", "connected", "managed-client"],
)
def test_near_misses_of_tls_without_a_key_repository(one: Case) -> None:
    assert found(one, NO_KEY_REPOSITORY) == []

"""Server names that stand for channels, and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqtrace.decode.sni import channel_of, server_name_of
from mqtrace.model.errors import DecodeError

# From IBM documentation and public examples, some derived by its rule.
EXAMPLES = {
    "TO.QMGR1": "to2e-qmgr1.chl.mq.ibm.com",
    "to.qmgr1": "74-6f-2e-71-6d-67-72-1.chl.mq.ibm.com",
    "MQ.CLIENT.SVRCONN": "mq2e-client2e-svrconn.chl.mq.ibm.com",
    "SYSTEM.ADMIN.SVRCONN": "system2e-admin2e-svrconn.chl.mq.ibm.com",
    "EXT.CONN": "ext2e-conn.chl.mq.ibm.com",
    "UNIRDQM1.NATIVEHA": "unirdqm12e-nativeha.chl.mq.ibm.com",
    "QM2CHL": "qm2chl.chl.mq.ibm.com",
    "TO.QM2": "to2e-qm2.chl.mq.ibm.com",
    "A_B/C%D-E": "a5f-b2f-c25-d2d-e.chl.mq.ibm.com",
    "app.svrconn": "61-70-70-2e-73-76-72-63-6f-6e-6e-.chl.mq.ibm.com",
    "A.b": "a2e-62-.chl.mq.ibm.com",
    "A2": "a2.chl.mq.ibm.com",
}
CHANNELS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/%", min_size=1, max_size=20)


@pytest.mark.parametrize(("channel", "server_name"), EXAMPLES.items())
def test_known_pairs_in_both_directions(channel: str, server_name: str) -> None:
    assert server_name_of(channel) == server_name
    assert channel_of(server_name) == channel


@settings(max_examples=2_000, deadline=None)
@given(CHANNELS)
def test_every_channel_comes_back(channel: str) -> None:
    assert channel_of(server_name_of(channel)) == channel


@pytest.mark.parametrize(
    "server_name",
    [
        pytest.param("", id="empty"),
        pytest.param("qm1.example.test", id="host name"),
        pytest.param(".chl.mq.ibm.com", id="no label"),
        pytest.param("chl.mq.ibm.com", id="no label, no dot"),
        pytest.param("a.b.chl.mq.ibm.com", id="two labels"),
        pytest.param("a-b.chl.mq.ibm.com", id="hyphen that ends no pair"),
        pytest.param("41-.chl.mq.ibm.com", id="pair for a letter that needs none"),
        pytest.param("0a-.chl.mq.ibm.com", id="control character"),
        pytest.param("e9-.chl.mq.ibm.com", id="not ASCII"),
        pytest.param("abcdefghijklmnopqrstu.chl.mq.ibm.com", id="21 characters"),
        pytest.param("to2e-qm1.chl.mq.ibm.com.evil.example", id="suffix in the middle"),
    ],
)
def test_other_server_names_stand_for_no_channel(server_name: str) -> None:
    assert channel_of(server_name) is None


def test_host_names_have_no_case() -> None:
    assert channel_of("TO2E-QMGR1.CHL.MQ.IBM.COM") == "TO.QMGR1"


@pytest.mark.parametrize("channel", ["", "A" * 21, "KANÄLE", "A\nB"])
def test_what_is_no_channel_name_has_no_server_name(channel: str) -> None:
    with pytest.raises(DecodeError):
        server_name_of(channel)

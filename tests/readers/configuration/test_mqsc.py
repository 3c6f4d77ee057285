"""Output of runmqsc: which inputs are taken, and what is read of them. The samples are synthetic."""

from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration import mqsc
from mqtrace.readers.configuration.mqsc_commands import attributes_of
from mqtrace.readers.configuration.mqsc_objects import MqscObject, objects
from mqtrace.readers.tally import Tally

DATA = Path(__file__).parents[2] / "data" / "mqsc"


def read(data: bytes) -> tuple[list[ConfigValue], Tally]:
    tally = Tally()
    source = Source("out.txt", BufferedReader(BytesIO(data)))
    return list(mqsc.read(source, tally)), tally


def shown(text: str) -> tuple[MqscObject, ...]:
    return objects(read(text.encode())[0])


def told(text: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.queue_manager) for each in shown(text)]


# ---------------------------------------------------------------- which inputs are taken


@pytest.mark.parametrize(
    "text",
    [
        "AMQ8414I: Display Channel details.\n   CHANNEL(A)    CHLTYPE(SVRCONN)\n",
        "AMQ8414: Display Channel details.\n   CHANNEL(A)    CHLTYPE(SVRCONN)\n",
        "AMQ8417I: Display Channel Status details.\n   CHANNEL(A)\n   SECPROT(NONE)\n",
        "CHANNEL(A) CHLTYPE(SVRCONN)\n",
        "CHANNEL(A)\nDESCR( )\nSSLCIPH( )\n",
        "   QMNAME(QM1)    SSLKEYR(/var/mqm/key)\n",
        "\ufeffCHANNEL(A)\tSSLCIPH(ANY)\r\n",
    ],
    ids=[
        "header",
        "header-without-letter",
        "status",
        "one-line",
        "no-indent",
        "queue-manager",
        "byte-order-mark-and-tab",
    ],
)
def test_output_of_runmqsc_is_known_by_its_attributes(text: str) -> None:
    assert mqsc.sniff(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"AMQ9639E: Remote channel 'APP' did not specify a CipherSpec.\n",
        b"AMQ8409I: Display Queue details.\n   QUEUE(A)   TYPE(QLOCAL)\n",
        b"MQSERVER=A/TCP/h(1414)\n",
        b"DEFINE QLOCAL(A) DESCR('CHANNEL')\n",
        b"to define channel APP.SVRCONN\n",
        b"QMNAME(QM1)    STATUS_OF(x)\n",
        b"see CHANNEL(A) CHLTYPE(SVRCONN)\n",
        b"\x00\x01CHANNEL(\xff\xfe",
    ],
)
def test_other_inputs_are_left_to_others(data: bytes) -> None:
    assert not mqsc.sniff(data)


# ---------------------------------------------------------------- one line


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("   CHANNEL(A.B)      CHLTYPE(SVRCONN)", (("CHANNEL", "A.B"), ("CHLTYPE", "SVRCONN"))),
        ("CONNAME(h1(1414),h2(1415))   CURRENT", (("CONNAME", "h1(1414),h2(1415)"), ("CURRENT", None))),
        ("SSLCIPH( )  SSLPEER()", (("SSLCIPH", ""), ("SSLPEER", ""))),
        ("DESCR(sad :( text)   HBINT(300)", (("DESCR", "sad :( text"), ("HBINT", "300"))),
        ("DESCR(glad :) text)", (("DESCR", "glad :) text"),)),
        ("CERTLABL('it''s mine')", (("CERTLABL", "it's mine"),)),
    ],
)
def test_values_end_at_the_bracket_that_ends_the_column(line: str, pairs: tuple[tuple[str, str | None], ...]) -> None:
    found = attributes_of(line)
    assert (found.pairs, found.is_whole, found.open_value) == (pairs, True, None)


@pytest.mark.parametrize("line", ["One MQSC command read.", "     1 : DIS CHL(*)", "CHANNEL(A), and so on", ""])
def test_other_lines_are_no_attributes(line: str) -> None:
    assert not attributes_of(line).is_whole


# ---------------------------------------------------------------- whole outputs


def test_the_objects_of_a_whole_output() -> None:
    values, tally = read((DATA / "QM1-9.3.txt").read_bytes())
    assert [(each.kind, each.name, each.location.line) for each in objects(values)] == [
        ("qmgr", "QM1", 2),
        ("channel", "APP.SVRCONN", 7),
        ("channel", "PLAIN.SVRCONN", 15),
        ("channel", "TO.QM2", 19),
        ("status", "APP.SVRCONN", 24),
        ("status", "APP.SVRCONN", 32),
        ("status", "PLAIN.SVRCONN", 38),
        ("status", "PLAIN.SVRCONN", 44),
        ("qmgr", "QM1", 51),
        ("chlauth", "APP.SVRCONN", 58),
    ]
    assert {each.queue_manager for each in objects(values)} == {"QM1"}
    assert (tally.records, tally.unparsed, tally.lines) == (10, 0, 62)


def test_the_attributes_of_a_channel() -> None:
    channel = objects(read((DATA / "QM1-9.3.txt").read_bytes())[0])[1]
    assert channel.attributes == {
        "CHANNEL": "APP.SVRCONN",
        "CHLTYPE": "SVRCONN",
        "CERTLABL": "QMCERT",
        "DESCR": "synthetic :) sample",
        "MAXINST": "2",
        "MAXINSTC": "999999999",
        "SHARECNV": "10",
        "SSLCAUTH": "REQUIRED",
        "SSLCIPH": "ANY_TLS12_OR_HIGHER",
        "SSLPEER": 'CN=app*,OU="Lab (one)",O=Synthetic',
        "TRPTYPE": "TCP",
    }
    assert [(each.location.line, each.text) for each in channel.evidence("SSLCIPH")] == [
        (11, "channel APP.SVRCONN: SSLCIPH(ANY_TLS12_OR_HIGHER)")
    ]
    assert channel.evidence("HBINT") == ()


def test_groups_name_kind_object_and_number() -> None:
    groups = dict.fromkeys(value.group for value in read((DATA / "QM1-9.3.txt").read_bytes())[0])
    assert list(groups)[4:] == [
        "status:APP.SVRCONN#1",
        "status:APP.SVRCONN#2",
        "status:PLAIN.SVRCONN#1",
        "status:PLAIN.SVRCONN#2",
        "chlauth:APP.SVRCONN#1",
    ]


def test_passwords_are_masked() -> None:
    values, _ = read((DATA / "QM1-9.3.txt").read_bytes())
    assert [value.value for value in values if value.name == "PASSWORD"] == ["***"]
    assert not any("hunter2" in value.value for value in values)


def test_places_are_those_of_the_lines() -> None:
    (first, second), _ = read(b"x\nCHANNEL(A)\nSSLCIPH(ANY)\n")
    assert first == ConfigValue("channel:A", "CHANNEL", "A", Location("out.txt", 2, 2, 10))
    assert second == ConfigValue("channel:A", "SSLCIPH", "ANY", Location("out.txt", 3, 13, 12))


# ---------------------------------------------------------------- pastes


def test_without_headers_a_name_begins_an_object_and_attributes_tell_its_kind() -> None:
    name = "CHANNEL(A) CHLTYPE(SVRCONN)\n"
    text = f"{name}SSLCIPH(ANY)\n{name}CURRENT STATUS(RUNNING)\n\nblank\nQMNAME(QM1)\nSSLKEYR(k)\n"
    assert told(text) == [("channel", "A", ""), ("status", "A", ""), ("qmgr", "QM1", "QM1")]


def test_each_output_names_its_queue_manager() -> None:
    one = "Starting MQSC for queue manager {}.\nAMQ8414I: Display Channel details.\n   CHANNEL(A)  CHLTYPE(SVRCONN)\n"
    channels = [each for each in told(one.format("QM1") + one.format("QM2")) if each[0] == "channel"]
    assert channels == [("channel", "A", "QM1"), ("channel", "A", "QM2")]


def test_the_name_of_a_queue_manager_holds_for_its_own_input_only() -> None:
    first = [
        ConfigValue("qmgr:QM1", "QMNAME", "QM1", Location("a", 1)),
        ConfigValue("channel:A", "CHANNEL", "A", Location("a", 2)),
    ]
    found = objects([*first, ConfigValue("channel:A", "CHANNEL", "A", Location("b", 1))])
    assert [each.queue_manager for each in found] == ["QM1", "QM1", ""]


def test_the_queue_manager_in_a_status_is_an_attribute_of_it() -> None:
    (status,) = shown("AMQ8417I: x\n CHANNEL(A) CHLTYPE(SVRCONN)\n QMNAME(QM1) STATUS(RUNNING)\n")
    assert (status.kind, status.attributes["QMNAME"]) == ("status", "QM1")


def test_a_value_may_go_on_in_the_next_lines() -> None:
    (channel,) = shown("CHANNEL(A) CHLTYPE(SVRCONN)\nSSLPEER(CN=app,\n  OU=Lab,\n  O=Synthetic)\nSSLCIPH(ANY)\n")
    assert channel.attributes["SSLPEER"] == "CN=app,OU=Lab,O=Synthetic"
    assert channel.attributes["SSLCIPH"] == "ANY"


def test_a_value_that_lost_its_bracket_is_counted_and_swallows_nothing() -> None:
    values, tally = read(b"CHANNEL(A) CHLTYPE(SVRCONN)\nSSLPEER(CN=app\nSSLCIPH(ANY)\n")
    assert [(value.name, value.value) for value in values] == [
        ("CHANNEL", "A"),
        ("CHLTYPE", "SVRCONN"),
        ("SSLCIPH", "ANY"),
    ]
    assert tally.unparsed == 1


# ---------------------------------------------------------------- commands


def test_what_dmpmqcfg_writes_gives_the_objects_that_runmqsc_displays() -> None:
    values, tally = read((DATA / "QM3-dmpmqcfg.txt").read_bytes())
    found = objects(values)
    assert [(each.kind, each.name, each.attributes.get("CHLTYPE"), each.queue_manager) for each in found] == [
        ("qmgr", "QM1", None, "QM1"),
        ("qmgr", "QM1", None, "QM1"),
        ("channel", "APP.SVRCONN", "SVRCONN", "QM1"),
        ("channel", "APP.SVRCONN", "CLNTCONN", "QM1"),
        ("chlauth", "*", None, "QM1"),
    ]
    assert found[1].attributes["SSLKEYR"] == "/var/mqm/qmgrs/QM1/ssl/key"
    assert {name: found[2].attributes[name] for name in ("DESCR", "MAXINST", "SSLPEER")} == {
        "DESCR": "it's (mine) :)",
        "MAXINST": "2",
        "SSLPEER": 'CN=app*,OU="Lab (one)",O=Syn',
    }
    assert "ALTDATE" not in found[2].attributes
    assert found[2].lines["SSLCIPH"].line == 23
    assert tally.unparsed == 0


def test_a_script_turns_what_is_not_quoted_to_upper_case() -> None:
    text = "define chl(app.tls) chltype(svrconn) certlabl(myLabel) +\n  sslciph('Any') -\n descr('a  -\nb')\n"
    (channel,) = shown(text)
    assert channel.attributes == {
        "CHANNEL": "APP.TLS", "CHLTYPE": "SVRCONN", "CERTLABL": "MYLABEL", "SSLCIPH": "Any", "DESCR": "a  b",
    }  # fmt: skip


def test_alter_changes_what_define_said() -> None:
    (channel,) = shown(
        "DEFINE CHANNEL(A) CHLTYPE(SVRCONN) SSLCIPH(ANY)\nALTER CHANNEL(A) CHLTYPE(SVRCONN) SSLCIPH(' ')\n"
    )
    assert (channel.attributes["SSLCIPH"], channel.lines["SSLCIPH"].line) == ("", 2)


def test_a_script_that_runmqsc_shows_again_is_read() -> None:
    found = shown(
        "     1 : DEFINE CHANNEL(A) CHLTYPE(SVRCONN) +\n       : SSLCIPH(ANY)\nAMQ8014I: IBM MQ channel created.\n"
    )
    assert [(each.name, each.attributes["SSLCIPH"]) for each in found] == [("A", "ANY")]


def test_passwords_in_commands_are_masked() -> None:
    assert "hunter2" not in str(read(b"DEFINE CHANNEL(A) CHLTYPE(SVRCONN) PASSWORD('hunter2')\n"))


@given(st.text("DEFINCHAL()' \n+-*ACHNEL1", max_size=2000).map(lambda text: ("DEFINE CHANNEL(A) " + text).encode()))
def test_hostile_commands_give_values_without_control_characters(data: bytes) -> None:
    values, _ = read(data)
    assert not any(ord(letter) < 32 for value in values for letter in value.group + value.value if letter != "\t")


@given(st.binary(max_size=2000) | st.text("ACHNEL()' \n:MQ84170", max_size=2000).map(str.encode))
def test_hostile_bytes_give_values_without_control_characters(data: bytes) -> None:
    values, tally = read(data)
    assert tally.size == len(data)
    assert not any(ord(letter) < 32 for value in values for letter in value.group + value.value if letter != "\t")

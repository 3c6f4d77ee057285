"""What the genuine C client 9.2.0 was seen to do, row by row, wherever mqtrace can be asked the same."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any

import pytest

from mqtrace.catalog.tables import table
from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Connection, Fact, Location, Proves, Setting
from mqtrace.readers.configuration import ini
from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.readers.tally import Tally
from mqtrace.settings.channel_choice import choose, remaining_reason
from mqtrace.settings.connection_string import as_the_client_reads
from mqtrace.settings.ini_lint import lint_ini
from mqtrace.settings.ledger import build_ledger

OBSERVED = Path(__file__).parents[2] / ".." / "shared" / "facts" / "config" / "c_client_observed.csv"
Row = dict[str, str]


def rows() -> list[Row]:
    if not OBSERVED.is_file():
        return []
    with OBSERVED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tried(row: Row) -> list[int]:
    """The ports that the client tried, in order."""
    return [int(port) for port in re.findall(r"\((\d+)\)", row["observed"].partition(";")[0])]


def reason(row: Row) -> int:
    return int(row["reason_code"])


# Which definition wins: the letters of the run.

SERVER, PARMS = "S.CHL/TCP/h(13)", "I.CHL/TCP/h(14)"
DEFINITIONS: dict[str, tuple[tuple[str, str, Proves], ...]] = {
    "P": (("mqcno.ClientConnPtr", "0x1", "used"), ("mqcd.ChannelName", "P.CHL", "set")),
    "N": (("mqcno.CCDTUrlPtr", "0x1", "used"),),
    "S": (("env.MQSERVER", SERVER, "set"),),
    "I": (("ini.channels.serverconnectionparms", PARMS, "set"),),
    "U": (("env.MQCCDTURL", "file:///u.json", "set"),),
    "L": (("env.MQCHLLIB", "/l", "set"), ("env.MQCHLTAB", "L.TAB", "set")),
    "D": (
        ("ini.channels.channeldefinitiondirectory", "/d", "set"),
        ("ini.channels.channeldefinitionfile", "D.TAB", "set"),
    ),
}
WINNERS = {
    ("application", "none"): "P",
    ("ccdt", "application"): "N",
    ("env:MQSERVER", "none"): "S",
    ("ini:Channels.ServerConnectionParms", "none"): "I",
    ("ccdt", "env:MQCCDTURL"): "U",
    ("ccdt", "env:MQCHLLIB"): "L",
    ("ccdt", "ini:Channels.ChannelDefinitionDirectory"): "D",
}


def ledger(*facts: tuple[str, str, Proves]) -> dict[str, Setting]:
    known = tuple(Fact(name, value, Location("trace", 1), f"{name}={value}", proves) for name, value, proves in facts)
    return {setting.name: setting for setting in build_ledger(Connection("c", "trace", facts=known, phase="tcp"))}


def definition_wins(row: Row) -> bool | None:
    letters = row["run"].partition("_")[2]
    if not letters or not set(letters) <= set(DEFINITIONS):
        return None
    settings = ledger(*(fact for letter in letters for fact in DEFINITIONS[letter]))
    # The ports tried are 11 to 17 in the order of the letters.
    expected = "PNSIULD"[tried(row)[0] - 11]
    return WINNERS[settings["channel"].source, settings["ccdt"].source] == expected


def key_repository_wins(row: Row) -> bool | None:
    """2393 where the good repository won (GSKit could not be loaded then), 2381 where the one that is not there did."""
    match = re.fullmatch(r"kk_(sco|env)_(good|bad)_(env|ini)_(?:good|bad)", row["run"])
    if not match:
        return None
    names = {"sco": "mqsco.KeyRepository", "env": "env.MQSSLKEYR", "ini": "ini.ssl.sslkeyrepository"}
    settings = ledger((names[match[1]], "first", "used"), (names[match[3]], "second", "set"))
    return settings["key_repository"].value == "first" and (match[2] == "good") == (reason(row) == 2393)


# Forms of MQSERVER. What stands in for the dots of the setup, by the run.

MQSERVER_FORMS = {
    "s_two_addresses_blank": "A.CH/TCP/127.0.0.1(61), 127.0.0.1(62)",
    "s_two_addresses_semicolon": "A.CH/TCP/127.0.0.1(61);127.0.0.1(62)",
    "s_trailing_comma": "A.CH/TCP/127.0.0.1(61),",
    "s_trailing_blank": "A.CH/TCP/127.0.0.1(61)   ",
    "s_cipher_after": "A.CH/TCP/127.0.0.1(61)/TLS_AES_256_GCM_SHA384",
    "s_cipher_after_comma": "A.CH/TCP/127.0.0.1(61),ECDHE_RSA_AES_256_GCM_SHA384",
    "s_port_zero": "A.CH/TCP/127.0.0.1(0)",
    "s_port_large": "A.CH/TCP/127.0.0.1(70000)",
    "s_port_text": "A.CH/TCP/127.0.0.1(abc)",
    "s_no_closing": "A.CH/TCP/127.0.0.1(61",
    "s_empty_port": "A.CH/TCP/127.0.0.1()",
    "s_name_21": "A" * 21 + "/TCP/127.0.0.1(61)",
    "s_long_list": "A.CH/TCP/" + ",".join(f"127.0.0.1({port})" for port in range(61, 81)),
    "s_channel_with_blank": "A CH/TCP/127.0.0.1(61)",
    "s_newline": "A.CH/TCP/127.0.0.1(61)\n",
}
# Hosts that the machine of the runs did not know: they are tried, but no connection is seen.
NOT_RESOLVED = ("B.CH(", "ECDHE_")


def mqserver_is_read(row: Row) -> bool:
    read = as_the_client_reads(MQSERVER_FORMS.get(row["run"], row["setup"]))
    known = [address for address in read.addresses if not address.fault and not address.text.startswith(NOT_RESOLVED)]
    ports = [int(address.text.rpartition("(")[2].rstrip(")")) for address in known]
    # A refused address gives 2538, a blank one behind it 2539, which remains.
    reasons = (
        [read.reason] if read.reason else [2539 if address.fault == "blank" else 2538 for address in read.addresses]
    )
    channel = re.search(r"TCP/IP\|([^|\]]*)\]", row["observed"])
    named = not channel or not ports or channel[1].strip() in (read.channel.strip(), "")
    return ports == tried(row) and remaining_reason(reasons) == reason(row) and named


BAD_DEFINITIONS = {
    "bad_mqserver_with_table": "nonsense",
    "blank_mqserver_with_table": " ",
    "bad_ini_parms_with_table": "nonsense",
    "empty_ini_parms_with_table": "",
}


def bad_definition_is_refused(row: Row) -> bool | None:
    text = BAD_DEFINITIONS.get(row["run"])
    return None if text is None else as_the_client_reads(text).reason == reason(row)


# Forms of mqclient.ini: the file of the run, and the kinds of problem that the lint tells of it.

GOOD = "ServerConnectionParms=I.CHL/TCP/127.0.0.1(51)"
OTHER = "ServerConnectionParms=J.CHL/TCP/127.0.0.1(52)"
CHANNELS = f"CHANNELS:\n   {GOOD}\n"
INI_FORMS: dict[str, tuple[str, list[str]]] = {
    "f_unknown_stanza": (f"Zebra:\n   A=1\n{CHANNELS}", ["unknown-stanza", "unknown-key"]),
    "f_unknown_attribute": (f"{CHANNELS}   Zebra=1\n", ["unknown-key"]),
    "f_stanza_lower": (f"channels:\n   {GOOD}\n", []),
    "f_attribute_lower": (CHANNELS.replace("ServerConnectionParms", "serverconnectionparms"), []),
    "f_blanks_around_equals": (CHANNELS.replace("=", " = ").replace(")\n", ")   \n"), []),
    "f_no_indent": (f"CHANNELS:\n{GOOD}\n", []),
    "f_tab_indent": (f"CHANNELS:\n\t{GOOD}\n", []),
    "f_stanza_indented": (f"  CHANNELS:\n   {GOOD}\n", []),
    "f_stanza_blank_after_colon": (f"CHANNELS:   \n   {GOOD}\n", []),
    "f_stanza_blank_before_colon": (f"CHANNELS :\n   {GOOD}\n", []),
    "f_stanza_no_colon": (f"CHANNELS\n   {GOOD}\n", ["no-setting", "wrong-stanza"]),
    "f_attribute_on_stanza_line": (f"CHANNELS: {GOOD}\n", ["no-setting"]),
    "f_no_stanza": (f"{GOOD}\n", ["wrong-stanza"]),
    "f_wrong_stanza": (f"TCP:\n   {GOOD}\n", ["wrong-stanza"]),
    "f_bracket_stanza": (f"[CHANNELS]\n   {GOOD}\n", ["unknown-stanza"]),
    "f_crlf": (CHANNELS.replace("\n", "\r\n"), []),
    "f_no_final_newline": (CHANNELS.rstrip(), []),
    "f_bom": ("\ufeff" + CHANNELS, ["byte-order-mark"]),
    "f_comment_hash": (f"# a\n{CHANNELS}# b\n", []),
    "f_comment_hash_tail": (CHANNELS.rstrip() + " # c\n", ["literal-value", "out-of-range"]),
    "f_comment_semicolon": (f"; a\n{CHANNELS}", []),
    "f_comment_star": (f"* a\n{CHANNELS}", []),
    "f_comment_slashes": (f"// a\n{CHANNELS}", []),
    "f_attribute_twice": (f"{CHANNELS}   {OTHER}\n", ["duplicate"]),
    "f_stanza_twice": (f"{CHANNELS}CHANNELS:\n   {OTHER}\n", ["repeated-stanza", "duplicate"]),
    "f_stanza_twice_other_attribute": (f"CHANNELS:\n   CCSID=819\nCHANNELS:\n   {GOOD}\n", ["repeated-stanza"]),
    "f_value_in_quotes": (
        f'CHANNELS:\n   ServerConnectionParms="{GOOD.partition("=")[2]}"\n',
        ["literal-value", "out-of-range"],
    ),
    "f_line_without_equals": (f"{CHANNELS}   nothing\n", ["no-setting"]),
    "f_value_empty_number": (f"{CHANNELS}   MQReconnectTimeout=\n", ["out-of-range"]),
    "f_value_bad_number": (f"{CHANNELS}   MQReconnectTimeout=abc\n   CCSID=xyz\n", ["out-of-range", "out-of-range"]),
    "f_value_lower_word": (f"{CHANNELS}   DefRecon=yes\n", []),
    "f_value_upper_word": (f"{CHANNELS}   DefRecon=YES\n   CCSID=1208\nSSL:\n   SSLKeyResetCount=40000\n", []),
    "f_long_line": (f"# {'x' * 5000}\n{CHANNELS}", []),
}
LOST = {"byte-order-mark"}


def ini_is_read(row: Row) -> bool | None:
    if row["run"] not in INI_FORMS:
        return None
    text, kinds = INI_FORMS[row["run"]]
    source = Source("mqclient.ini", BufferedReader(BytesIO(text.encode())))  # type: ignore[arg-type]
    problems = [problem.kind for problem in lint_ini(list(ini.read_lines(source, Tally())), "c")]
    source = Source("mqclient.ini", BufferedReader(BytesIO(text.encode())))  # type: ignore[arg-type]
    values = [value for value in ini.read(source, Tally()) if _is_definition(value)]
    # The last one of a stanza counts.
    read = as_the_client_reads(values[-1].value) if values and not LOST & set(problems) else None
    ports = [int(address.text.rpartition("(")[2].rstrip(")")) for address in read.addresses] if read else []
    return sorted(problems) == sorted(kinds) and ports == tried(row)


def _is_definition(value: ConfigValue) -> bool:
    return (value.group.lower(), value.name.lower()) == ("channels", "serverconnectionparms")


# After which failure what remains.

FAILURES = {
    "closes at once": 2538,
    "closes after the first flow": 2538,
    "closes on MQCONN": 2538,
    "resets": 2538,
    "refused": 2538,
    "answers HTTP": 2539,
}


def failure(text: str) -> int | None:
    """The reason of "A: status 01 (2540)" and the like; None where it is not a failure."""
    what = text.partition(": ")[2].strip()
    if code := re.search(r"\((2\d{3})\)|MQCONN reply (2\d{3})", what):
        return int(code[1] or code[2])
    return FAILURES.get(what)


def reason_remains(row: Row) -> bool | None:
    reasons = [failure(part) for part in row["setup"].split("; ")]
    return None if None in reasons else remaining_reason([code for code in reasons if code]) == reason(row)


# Tables that the setup describes.


def channel(name: str, ports: list[int], weight: int, affinity: str = "preferred") -> dict[str, Any]:
    connection = [{"host": "127.0.0.1", "port": port} for port in ports]
    return {
        "name": name,
        "type": "clientConnection",
        "clientConnection": {"connection": connection, "queueManager": "QM1"},
        "connectionManagement": {"clientWeight": weight, "affinity": affinity},
    }


WEIGHTED_LISTS = {
    "wl_4_preferred_0": ([channel("A.CH", [1, 2, 3, 4], 5)], "random"),
    "wl_4_none_0": ([channel("A.CH", [1, 2, 3, 4], 5, "none")], "random"),
    "wl_4_weight_0_0": ([channel("A.CH", [1, 2, 3, 4], 0)], "fixed"),
    "wl_4_weight_0_none_0": ([channel("A.CH", [1, 2, 3, 4], 0, "none")], "fixed"),
    "wl_4_weight_0_beside_weighted_0": ([channel("A.CH", [1, 2, 3, 4], 0), channel("B.CH", [9], 5)], "fixed"),
    "wl_two_channels_0": ([channel("A.CH", [1, 2, 3], 5), channel("B.CH", [5, 6, 7], 5)], "random"),
}


def weighted_order(row: Row) -> bool | None:
    channels, order = WEIGHTED_LISTS.get(row["run"], ([], "random"))
    if weights := re.fullmatch(r"mw_(\d+)_(\d+)_(\d+)_(\d+)", row["run"]):
        channels = [
            channel(f"{name}.CH", [number], int(weights[number])) for number, name in enumerate("ABCD", start=1)
        ]
    if not channels:
        return None
    choice = choose(load_table(json.dumps({"channel": channels}).encode()), "QM1")
    ports = [
        int(address.rpartition("(")[2].rstrip(")"))
        for candidate in choice.candidates
        for address in candidate.addresses
    ]
    in_order = sorted(ports) == sorted(tried(row)) if order == "random" else ports == tried(row)
    return choice.order == order and in_order


# Refusals by an error segment: what its status says, and what the client's own code for it says.
UNKNOWN_STATUS = "rrcE_BIND_FAILED"


def refusal_has_one_cause(row: Row) -> bool | None:
    code = re.match(r"rrcE_\w+", row["conclusion"])
    status = row["setup"].removeprefix("status ")
    segment = next((each for each in table("error_segment") if each["status_hex"] == status), None)
    known = next((each for each in table("c_return_codes") if code and each["name"] == code[0]), None)
    if code and code[0] == UNKNOWN_STATUS:
        return segment is None and known is not None and known["cause_id"] == "channel.rejected"
    if segment is None:
        return None
    message = re.search(r"AMQ\d{4}", row["observed"])
    told = (segment["amq_of_c_client"], int(segment["reason_c"])) == (message[0] if message else "", reason(row))
    return told and (known is None or segment["cause_id"] == known["cause_id"])


ASKED: dict[str, Callable[[Row], bool | None]] = {
    "channel definition: which source wins": definition_wins,
    "the winner is bad: is the next source used?": bad_definition_is_refused,
    "form of mqclient.ini": ini_is_read,
    "form of MQSERVER": mqserver_is_read,
    "key repository": key_repository_wins,
    "two entries of a table: is the second tried, which reason remains, which failure is logged": reason_remains,
    "two addresses of a connection list: is the second tried, which reason remains": reason_remains,
    "refusal: status in the error segment (first flow answered with it, control flag 0x0A, the client's CCSID)": (
        refusal_has_one_cause
    ),
    "weighted entries: order": weighted_order,
    "weighted entries: connection list": weighted_order,
}
# Rows that mqtrace has no command or rule to ask, by question: they need a network, a running client, a binary table's
# bytes, or a place
# that is no setting of the ledger.
CANNOT_BE_ASKED = {
    "channel definition: which source wins": 18,
    "no definition anywhere": 4,
    "table: directory and file from different places": 15,
    "the winner is bad: is the next source used?": 11,
    "program: versions and options": 12,
    "table missing or unusable": 6,
    "which mqclient.ini": 23,
    "form of mqclient.ini": 3,
    "form of MQCCDTURL": 32,
    "MQCHLLIB or its twins as URL": 11,
    "key repository": 13,
    "TLS settings: order": 26,
    "CCSID": 8,
    "application name": 5,
    "local address": 7,
    "IP family of a name that has both": 6,
    "connect timeout (a listener that never accepts)": 8,
    "reconnection: connection dropped 1 s after MQCONN; MQOPEN 3 s later gives 2009 without and 2085 with it": 45,
    "refusal: status in the error segment (first flow answered with it, control flag 0x0A, the client's CCSID)": 9,
    "refusal: form of the error segment": 2,
    "refusal: what the other end does": 23,
    "refusal: reply of MQCONN": 21,
    "reply of MQOPEN": 2,
    "two entries of a table: is the second tried, which reason remains, which failure is logged": 26,
    "two addresses of a connection list: is the second tried, which reason remains": 23,
    "what a failure report tells (made by an exit that cannot be loaded, so before TLS)": 8,
    "MQCNO_USE_CD_SELECTION": 3,
    "several connections of one process": 7,
    "weighted entries: connection list": 1,
}


@pytest.mark.corpus
@pytest.mark.parametrize("row", [row for row in rows() if row["question"] in ASKED], ids=lambda row: row["run"])
def test_mqtrace_says_what_the_client_did(row: Row) -> None:
    answer = ASKED[row["question"]](row)
    if answer is None:
        pytest.skip("not to be asked of mqtrace")
    assert answer, (row["setup"], row["observed"], row["reason_code"])


@pytest.mark.corpus
def test_the_rows_that_cannot_be_asked_are_counted() -> None:
    if not rows():
        pytest.skip("the shared facts are not here")
    unasked = Counter(
        row["question"] for row in rows() if row["question"] not in ASKED or ASKED[row["question"]](row) is None
    )
    assert dict(unasked) == CANNOT_BE_ASKED

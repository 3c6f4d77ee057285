"""Channel tables in JSON (MQ 9.1.2 and later).

Format: IBM's documentation of the attributes (9.4). What clients do with mistakes was tried with IBM's C, managed .NET
and Java clients.
"""

import re
from collections.abc import Iterator
from itertools import islice

from mqtrace.catalog.words import did_you_mean
from mqtrace.decode.text import BYTE_ORDER_MARKS, decoded, encoding_of
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import ConfigValue
from mqtrace.readers.configuration.config_lines import LIMIT, read_limited
from mqtrace.readers.tables.ccdt_scanner import BLANKS, Node, scan
from mqtrace.readers.tables.ccdt_schema import ChannelCheck, text_of
from mqtrace.readers.tables.ccdt_table import (
    ChannelEntry,
    ChannelTable,
    Problems,
    addresses_of,
    shown,
    table_values,
)
from mqtrace.readers.tally import Tally

CLIENT_CONNECTION = "clientConnection"
QUEUE_MANAGER = "clientConnection.queueManager"
LONGEST_CONNECTION = 264
MOST_LINES = 1_000_000
CHANNEL_KEY = compiled(r"[\"']?channels?[\"']?\s*+:\s*+\[", re.IGNORECASE)
# What a table begins with, however soon it breaks off.
BEGIN = compiled(r"\{\s*+[\"']channel[\"']\s*+:\s*+\[\s*+[{\]]")
SECTION = compiled(r"[\"'](?:clientConnection|transmissionSecurity|connectionManagement)[\"']")
TYPE = compiled(r"[\"']type[\"']\s*+:\s*+[\"']clientConnection[\"']")
_REQUIRED = {
    "missing-name": ("name",),
    "missing-type": ("type",),
    "missing-queue-manager": (CLIENT_CONNECTION, "queueManager"),
    "missing-connection": (CLIENT_CONNECTION, "connection"),
}


def sniff(head: bytes) -> bool:
    """Whether the bytes are a channel table in JSON, be it broken: an object with a list "channel"."""
    text = decoded(head)
    blanks = BLANKS.match(text)
    text = text[blanks.end() if blanks else 0 :]
    if not text.startswith(("{", "[")):
        return False
    if BEGIN.match(text) or TYPE.search(text):
        return True
    return CHANNEL_KEY.search(text) is not None and SECTION.search(text) is not None


def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
    """Every attribute of every channel, see table_values; nothing when the file is not JSON (load_table tells why)."""
    data = _bounded(read_limited(source, tally))
    channels = load_table(data)
    tally.records = len(channels.channels)
    tally.unparsed += sum(1 for problem in channels.problems if problem.kind == "not-json")
    yield from table_values(channels, source.name, _line_places(data))


def _line_places(data: bytes) -> list[tuple[int, int]]:
    places, start = [], 0
    mark = "\n".encode(encoding_of(data))
    for line in data.split(mark):
        places.append((start, len(line)))
        start += len(line) + len(mark)
    return places


def _bounded(data: bytes) -> bytes:
    """At most LIMIT bytes and MOST_LINES lines of the data."""
    data = data[:LIMIT]
    if data.count(b"\n") <= MOST_LINES:
        return data
    return data[: next(islice(re.finditer(b"\n", data), MOST_LINES, None)).start()]


def load_table(data: bytes) -> ChannelTable:
    """The table in the bytes, with everything that is wrong with it.

    Never raises; of more than 16 MiB the rest is not read.
    """
    bounded = _bounded(data)
    text = decoded(bounded)
    problems = Problems(text or "\n")
    if data.startswith(BYTE_ORDER_MARKS):
        problems.add("bom", 0, "the file begins with a byte order mark")
    if len(bounded) < len(data):
        larger = "the file is larger than 16 MiB or has more than a million lines; the rest was not read"
        problems.add("too-large", 0, larger)
    root = scan(text, problems)
    channels = tuple(_entry(node, problems) for node in _channel_nodes(root, problems)) if root else ()
    in_file_order = sorted(problems.found, key=lambda problem: (problem.line, problem.column))
    return ChannelTable("json", channels, tuple(in_file_order))


def _channel_nodes(root: Node, problems: Problems) -> tuple[Node, ...]:
    if not isinstance(root.value, dict):
        problems.add("not-json", root.position, 'a table is an object with a list "channel"')
        return ()
    for key, value in root.value.items():
        if key != "channel":
            text = f"unknown key {shown(key)} in the table{did_you_mean(key, ['channel'])}"
            problems.add("unknown-key", value.key_position, text)
    channel = root.get("channel")
    if channel is None or channel.value is None:
        problems.add("no-channel-list", root.position, 'the table has no list "channel"')
        return ()
    if not isinstance(channel.value, tuple):
        problems.add("wrong-type", channel.key_position, "channel is not a list")
    elif not channel.items:
        problems.add("no-channels", channel.key_position, "the table has no channel")
    return channel.items


def _entry(node: Node, problems: Problems) -> ChannelEntry:
    check = ChannelCheck(problems)
    check.walk(node)
    name = text_of(node.get("name"))
    connection = _connection(node.get(CLIENT_CONNECTION, "connection"))
    if isinstance(node.value, dict):
        _tell_missing(node, name, problems)
        _tell_connection(node, connection, name, problems)
    line, column = problems.place(node.position)
    security, management = "transmissionSecurity", "connectionManagement"
    return ChannelEntry(
        name=name.rstrip(),
        type=text_of(node.get("type")),
        queue_manager=text_of(node.get(CLIENT_CONNECTION, "queueManager")).rstrip(),
        connection=connection,
        cipher_spec=text_of(node.get(security, "cipherSpecification")).strip(),
        certificate_label=text_of(node.get(security, "certificateLabel")).rstrip(),
        peer_name=text_of(node.get(security, "certificatePeerName")).strip(),
        weight=_weight(node.get(management, "clientWeight"), name, problems),
        affinity="none" if text_of(node.get(management, "affinity")) == "none" else "preferred",
        line=line,
        column=column,
        attributes=tuple(check.attributes),
    )


def _who(name: str) -> str:
    return f"channel {shown(name)}" if name else "a channel"


def _tell_missing(node: Node, name: str, problems: Problems) -> None:
    for kind, path in _REQUIRED.items():
        given = node.get(*path)
        if given is None or (given.value is None and kind in ("missing-name", "missing-type")):
            problems.add(kind, node.position, f"{_who(name)} has no {'.'.join(path)}")


def _tell_connection(node: Node, connection: str, name: str, problems: Problems) -> None:
    given = node.get(CLIENT_CONNECTION, "connection")
    if given is None:
        return
    if all(address.fault == "blank" for address in addresses_of(connection)):
        problems.add("missing-connection", given.key_position, f"{_who(name)} has no host to connect to")
    if len(connection) > LONGEST_CONNECTION:
        text = f"the addresses of {_who(name)} have more than {LONGEST_CONNECTION} characters together"
        problems.add("too-long", given.key_position, text)


def _connection(connection: Node | None) -> str:
    """The connection name that the C client makes of a list of hosts and ports."""
    members = []
    for item in connection.items if connection else ():
        host, port = text_of(item.get("host")).strip(), text_of(item.get("port")).strip()
        members.append(f"{host}({port})" if port else host)
    return ",".join(members)


def _weight(node: Node | None, name: str, problems: Problems) -> int:
    text = text_of(node)
    if node is None or not text.removeprefix("-").isdecimal() or len(text) >= 10:
        return 0
    if int(text) < 0:
        problems.add("negative-weight", node.key_position, f"{_who(name)} has the client weight {text}")
    return max(int(text), 0)

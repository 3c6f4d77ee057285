"""Channel tables in JSON (MQ 9.1.2 and later).

Format: IBM's documentation of the attributes (9.4). What clients do with mistakes was tried with IBM's managed .NET and Java clients.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from mqtrace.inputs import Source
from mqtrace.model import ConfigValue
from mqtrace.readers.configuration.config_lines import LIMIT, decoded, encoding_of, read_limited
from mqtrace.readers.configuration.config_nearest import did_you_mean
from mqtrace.readers.tables.ccdt_problems import Problems, shown
from mqtrace.readers.tables.ccdt_scanner import Node, scan
from mqtrace.readers.tables.ccdt_schema import ChannelCheck, text_of
from mqtrace.readers.tables.ccdt_table import ChannelEntry, ChannelTable
from mqtrace.readers.tables.ccdt_values import table_values
from mqtrace.readers.tally import Tally

KIND = "ccdt-json"
CLIENT_CONNECTION = "clientConnection"
DEFAULT_PORT = "1414"
MOST_LINES = 1_000_000
CHANNEL_KEY = re.compile(r"[\"']?channels?[\"']?\s*+:\s*+\[", re.IGNORECASE)
# What a table begins with, however soon it breaks off.
BEGIN = re.compile(r"\{\s*+\"channel\"\s*+:\s*+\[\s*+[{\]]")
SECTION = re.compile(r"[\"'](?:clientConnection|transmissionSecurity|connectionManagement)[\"']")
TYPE = re.compile(r"[\"']type[\"']\s*+:\s*+[\"']clientConnection[\"']")
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def sniff(head: bytes) -> bool:
    """Whether the bytes are a channel table in JSON, broken ones included: an object with a list "channel" of channels, or an empty one."""
    text = decoded(head).lstrip()
    if not text.startswith(("{", "[")):
        return False
    if BEGIN.match(text) or TYPE.search(text):
        return True
    return CHANNEL_KEY.search(text) is not None and SECTION.search(text) is not None


def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
    """Every attribute of every channel, see ccdt_values; nothing when the file is not JSON (load_table tells why)."""
    data = _bounded(read_limited(source, tally))
    found = load_table(data)
    tally.records = len(found.channels)
    tally.unparsed += sum(1 for each in found.problems if each.kind == "not-json")
    yield from table_values(found, source.name, _line_places(data))


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
    """The table in the bytes, with everything that is wrong with it. Never raises; of more than 16 MiB the rest is not read."""
    text = decoded(_bounded(data))
    problems = Problems(text or "\n")
    if data.startswith(BYTE_ORDER_MARKS):
        problems.add("bom", 0, "the file begins with a byte order mark")
    if len(_bounded(data)) < len(data):
        problems.add(
            "too-large", 0, "the file is larger than 16 MiB or has more than a million lines; the rest was not read"
        )
    root = scan(text, problems)
    channels = tuple(_entry(node, problems) for node in _channel_nodes(root, problems)) if root else ()
    return ChannelTable("json", channels, tuple(sorted(problems.found, key=lambda each: (each.line, each.column))))


def _channel_nodes(root: Node, problems: Problems) -> tuple[Node, ...]:
    if not isinstance(root.value, dict):
        problems.add("not-json", root.position, 'a table is an object with a list "channel"')
        return ()
    for key, value in root.value.items():
        if key != "channel":
            problems.add(
                "unknown-key",
                value.key_position,
                f"unknown key {shown(key)} in the table{did_you_mean(key, ['channel'])}",
            )
    channel = root.get("channel")
    if channel is not None and not isinstance(channel.value, tuple):
        problems.add("wrong-type", channel.key_position, "channel is not a list")
    elif channel is None or not channel.items:
        problems.add("no-channels", channel.key_position if channel else root.position, "the table has no channel")
    return channel.items if channel else ()


def _entry(node: Node, problems: Problems) -> ChannelEntry:
    check = ChannelCheck(problems)
    check.walk(node)
    if isinstance(node.value, dict):
        _tell_missing(node, problems)
    line, column = problems.place(node.position)
    security = "transmissionSecurity"
    return ChannelEntry(
        name=text_of(node.get("name")).rstrip(),
        type=text_of(node.get("type")),
        queue_manager=text_of(node.get(CLIENT_CONNECTION, "queueManager")).rstrip(),
        addresses=_addresses(node.get(CLIENT_CONNECTION, "connection")),
        cipher_spec=text_of(node.get(security, "cipherSpecification")).strip(),
        certificate_label=text_of(node.get(security, "certificateLabel")).rstrip(),
        peer_name=text_of(node.get(security, "certificatePeerName")).strip(),
        weight=_weight(text_of(node.get("connectionManagement", "clientWeight"))),
        affinity="none" if text_of(node.get("connectionManagement", "affinity")) == "none" else "preferred",
        line=line,
        column=column,
        attributes=tuple(check.attributes),
    )


def _tell_missing(node: Node, problems: Problems) -> None:
    name = text_of(node.get("name"))
    who = f"channel {shown(name)}" if name else "a channel"
    wanted = {
        "missing-name": ("name",),
        "missing-type": ("type",),
        "missing-queue-manager": (CLIENT_CONNECTION, "queueManager"),
        "missing-connection": (CLIENT_CONNECTION, "connection"),
    }
    for kind, path in wanted.items():
        if node.get(*path) is None:
            problems.add(kind, node.position, f"{who} has no {'.'.join(path)}")
    connection = node.get(CLIENT_CONNECTION, "connection")
    if connection is not None and not _addresses(connection):
        problems.add("missing-connection", connection.key_position, f"{who} has no host to connect to")


def _addresses(connection: Node | None) -> tuple[str, ...]:
    found = []
    for item in connection.items if connection else ():
        host, port = text_of(item.get("host")).strip(), text_of(item.get("port")).strip()
        if host:
            found.append(host if "(" in host else f"{host}({port if port.isdecimal() else DEFAULT_PORT})")
    return tuple(found)


def _weight(text: str) -> int:
    return min(max(int(text), 0), 99) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

"""Binary channel tables (AMQCLCHL.TAB) in which nobody is named: every record and field stays where it is."""

from typing import BinaryIO

from mqtrace.masking import is_secret
from mqtrace.readers.tables.ccdt_binary import load_table
from mqtrace.readers.tables.ccdt_records import HEADER, byte_order_of, chained, definition
from mqtrace.readers.tables.ccdt_table import Problems
from mqtrace.redaction.content import hidden_content, learn_content
from mqtrace.redaction.files import Writable
from mqtrace.redaction.identities import Identities


def learn_from_table(stream: BinaryIO, identities: Identities) -> None:
    """Learns whom the channels of a table name."""
    data = stream.read()
    for channel in load_table(data).channels:
        identities.learn("ConnectionName", channel.connection)
        identities.learn("SSLPeerName", channel.peer_name)
        for attribute in channel.attributes:
            identities.learn(attribute.path, attribute.value)
    learn_content(data, identities)


def redact_table(stream: BinaryIO, target: Writable, identities: Identities) -> None:
    """Writes the table with everything hidden that `identities` knows, and every field that holds a secret.

    Raises RedactionError, before it writes, when one that is hidden would still be in it.
    """
    data = stream.read()
    order = byte_order_of(data)
    hidden = bytearray(data)
    for record in chained(data, order, Problems()):
        # What stands between the definitions are the numbers of the chain.
        begin = record.offset + HEADER
        content = hidden_content(record.data, identities)
        for path, value in definition(record.data, order).exits:
            if is_secret(path):
                content = content.replace(value.encode(), b"*" * len(value.encode()))
        hidden[begin : begin + len(content)] = content
    written = identities.hidden_bytes(bytes(hidden))
    identities.check_bytes(written)
    target.write(written)

"""Reads a channel table of either kind."""

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from mqtrace.catalog.ciphers import cipher_specs, cipher_words
from mqtrace.catalog.words import did_you_mean
from mqtrace.readers.tables import ccdt_binary, ccdt_json
from mqtrace.readers.tables.ccdt_table import MOST, ChannelTable, Problem, shown

UNKNOWN_CIPHER_SPEC = "unknown-cipher-spec"
_CIPHER_SPEC = "transmissionSecurity.cipherSpecification"
# Comparing names takes time.
_MOST_UNKNOWN = 100


def load_table(data: bytes) -> ChannelTable:
    """The channel table in the bytes: binary when they begin with AMQR, else JSON.

    Never raises; problems tell what is wrong.
    """
    channels = ccdt_binary.load_table(data) if ccdt_binary.sniff(data) else ccdt_json.load_table(data)
    unknown = islice(_unknown_cipher_specs(channels), _MOST_UNKNOWN)
    told = (*channels.problems, *unknown)
    problems = sorted(told, key=lambda problem: (problem.line, problem.column))
    return replace(channels, problems=tuple(problems[:MOST]))


def _unknown_cipher_specs(table: ChannelTable) -> Iterator[Problem]:
    for channel in table.channels:
        for attribute in channel.attributes:
            value = attribute.value.strip()
            if attribute.path == _CIPHER_SPEC and value and not cipher_specs(value):
                nearest = did_you_mean(value, cipher_words())
                text = f"{shown(value)} of channel {shown(channel.name)} is no CipherSpec that is known{nearest}"
                yield Problem(attribute.line, attribute.column, text, UNKNOWN_CIPHER_SPEC)

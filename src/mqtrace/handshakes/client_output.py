"""The handshake in an output of openssl s_client."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from mqtrace.decode.s_client import parse_s_client
from mqtrace.decode.text import decoded
from mqtrace.inputs import Source
from mqtrace.model import Location
from mqtrace.model.tls import Handshake

_LIMIT = 4 << 20
_MOST_RUNS = 1000
_CONNECTED = re.compile(r"CONNECTED\([0-9A-Fa-f]+\)")
_CERTIFICATES = re.compile(r"depth=\d|verify (?:error|return):|Can't use SSL_get_servername")
_ERROR = re.compile(r"[0-9A-Fa-f]{8,16}:error:")


def of_s_client(source: Source) -> Iterator[Handshake]:
    """The handshake of each run in the text. Raises DecodeError when there is none."""
    lines = decoded(source.stream.read(_LIMIT)).split("\n")
    begins = [_begin(lines, at) for at, line in enumerate(lines) if _CONNECTED.match(line)][:_MOST_RUNS]
    # Whatever stands before the first run belongs to it.
    for begin, end in pairwise([0, *begins[1:], len(lines)]):
        yield replace(parse_s_client("\n".join(lines[begin:end])), location=Location(source.name, begin + 1))


def _begin(lines: list[str], connected: int) -> int:
    """Where the run begins that says CONNECTED on that line: what it wrote to standard error may stand before it,
    certificates first.
    """
    for pattern in (_ERROR, _CERTIFICATES):
        while connected and pattern.match(lines[connected - 1]):
            connected -= 1
    return connected

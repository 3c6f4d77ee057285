"""The handshake in an output of openssl s_client."""

from mqtrace.decode.s_client import parse_s_client
from mqtrace.handshakes.handshake import Handshake
from mqtrace.inputs import Source
from mqtrace.model import Location
from mqtrace.readers.configuration.config_lines import decoded

_LIMIT = 4 << 20


def of_s_client(source: Source) -> Handshake:
    """The handshake of the first run in the text. Raises DecodeError when there is none."""
    shown = parse_s_client(decoded(source.stream.read(_LIMIT)))
    return Handshake(
        origin="s_client",
        location=Location(source.name, 1),
        messages=shown.messages,
        offered=shown.offered,
        chosen=shown.chosen,
        alerts=shown.alerts,
        certificates=shown.certificates,
        failures=(*(f"verify {code}" for code in shown.verify_codes), *shown.reasons),
    )

"""What the rules say of a handshake by itself."""

from mqtrace.model.tls import Handshake
from mqtrace.rules.outcome import handshake_cause


def cause_id(handshake: Handshake) -> str | None:
    cause = handshake_cause(handshake)
    return cause.id if cause else None

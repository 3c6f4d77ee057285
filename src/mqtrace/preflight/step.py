"""How one step of a client is told."""

from collections.abc import Iterable

from mqtrace.model import Evidence
from mqtrace.model.preflight import Check, CheckState
from mqtrace.preflight.ahead import Ahead


def step(
    ahead: Ahead,
    name: str,
    said: str,
    cause: str,
    *,
    state: CheckState = "fails",
    reason: int | None = None,
    evidence: Iterable[Evidence] = (),
) -> Check:
    """A check; where it fails, the reason is what the client is known to give for the cause."""
    known = ahead.wanted.family.reasons.get(cause) if reason is None else reason
    return Check(name, state, said, cause, known if state == "fails" else None, tuple(evidence))

"""One answer of one rule."""

from typing import Literal

from msgspec import Struct

from mqtrace.model.location import Evidence
from mqtrace.model.record import Tie

Status = Literal["fail", "warn", "info", "skip"]
Confidence = Literal["certain", "likely", "possible"]


class Alternative(Struct, frozen=True):
    """Another cause that fits, and how to tell the two apart."""

    id: str
    how_to_tell: str


class Finding(Struct, frozen=True):
    """One answer of one rule about one connection.

    Attributes:
        id: cause or finding id ("tls.certificate-label-not-found").
        status: fail (it can be the cause), warn (an oddity that did not cause the failure), info, skip (evidence
            lacks).
        text: one or two sentences with the names of this case.
        confidence: certain, likely or possible.
        evidence: the lines that prove it; the most telling one first.
        alternatives: other causes that fit.
        how_to_find_out: for skip: what to trace or look at.
        fix: steps that name this case's values; they stand before those of the catalogue.
        connection: index of the connection in the report.
        end: the end whose log tells it: for a queue manager the other end is a client or another queue manager.
        tie: "possible" where the evidence may be of another connection: then what is of this one goes before it.
    """

    id: str
    status: Status
    text: str = ""
    confidence: Confidence = "certain"
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    how_to_find_out: str = ""
    fix: tuple[str, ...] = ()
    connection: int = 0
    tie: Tie = "same"
    end: Literal["client", "server"] = "client"

"""The ledger: where each setting could come from, and what won."""

from typing import Literal

from msgspec import Struct

from mqtrace.model.location import Evidence

CandidateState = Literal["won", "overridden", "not-set", "ignored", "unreadable"]
Proof = Literal["traced", "inferred", "unknown"]


class Candidate(Struct, frozen=True):
    """One place a setting could come from.

    Attributes:
        source: name of the contract ("env:MQSERVER", "ini:SSL.SSLKeyRepository", "ccdt", "application").
        value: the value it gives, "" when it gives none.
        state: won, overridden, not-set, ignored (this client family does not read it), unreadable.
        why: one sentence for the reader.
        evidence: where that stands; empty when no input says.
    """

    source: str
    value: str
    state: CandidateState
    why: str = ""
    evidence: tuple[Evidence, ...] = ()


class Setting(Struct, frozen=True):
    """One row of the ledger.

    Attributes:
        name: name of the contract ("channel", "key_repository").
        value: the value in force, "" when nobody gave one.
        source: source of the value, as in Candidate; "none" when nobody gave one, "unknown" when it cannot be told.
        proof: traced (the input says that it was used, and from where, unless the source is unknown), inferred
            (follows from
            precedence), unknown.
        candidates: every place looked at, in order of precedence.
        evidence: what proves the value.
        value_proof, source_proof: the same of the value alone, and of its source alone.
    """

    name: str
    value: str
    source: str
    proof: Proof
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    value_proof: Proof = "unknown"
    source_proof: Proof = "unknown"

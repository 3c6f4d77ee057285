"""The reason code (MQRC) that an entry states for its own failure."""

from collections.abc import Mapping
from functools import cache

from mqtrace.catalog.tables import table
from mqtrace.kept import compiled

# The codes of MQRC_* as an application gets them; 6100 and up are those of the class libraries.
_CODES = (range(2001, 3000), range(6100, 6200))
# A failure and its reason in one sentence; lines may break in it.
_SENTENCE = compiled(
    r"\b(?:failed|ended|rejected|returned|completed)\b[^.]{0,120}?\b[Rr]eason(?:\s+code)?\s+\(?'?(\d{4})\b"
)


def is_reason(code: int) -> bool:
    """Whether `code` lies where reason codes do."""
    return any(code in codes for codes in _CODES)


@cache
def reason_inserts() -> dict[str, int]:
    """Message id -> number of the insert that holds its reason code."""
    return {row["message"]: int(row["insert"]) for row in table("message_reason_inserts")}


def stated_reason(message: str, inserts: Mapping[int, str], words: str, explanation: str = "") -> int | None:
    """Reason code of an entry: the insert that holds it, else a sentence that says with what it failed.

    The sentence may stand in the message's `words` or in its explanation.
    """
    value = inserts.get(reason_inserts().get(message, 0), "") if inserts else ""
    if value.isdecimal() and len(value) == 4 and is_reason(int(value)):
        return int(value)
    for text in (words, explanation):
        match = _SENTENCE.search(text) if "eason" in text else None
        if match:
            return int(match[1]) if is_reason(int(match[1])) else None
    return None

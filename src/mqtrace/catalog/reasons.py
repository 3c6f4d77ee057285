"""Reason codes: names of all of them (patterns/tables/mqrc.csv), meanings of those of connecting (patterns/reasons)."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Annotated

from msgspec import Struct

from mqtrace.catalog.entries import EntryText, entry_texts, parse
from mqtrace.catalog.tables import table
from mqtrace.catalog.typed import CauseId, Line, Spelling, Text, Texts, read
from mqtrace.model import Basis

LONGEST_NUMBER = 5


class ReasonInfo(Struct, frozen=True):
    """What is known of one reason code.

    Attributes:
        id: the number as text.
        name: "MQRC_SSL_INITIALIZATION_ERROR".
        title: the name in plain words.
        meaning: what the code says to a connecting application, "" when mqtrace has no entry for it.
        causes, fixes: what mostly lies behind it, and what to do.
        cause: id of the cause that the code stands for where nothing better is known, "" when it stands for none.
        basis, source: how that is known.
    """

    id: Annotated[str, Spelling(r"\d{4}", "a number of four digits")]
    name: Annotated[str, Spelling(r"MQRC_[A-Z0-9_]+", "a name as MQRC_NOT_AUTHORIZED")]
    title: Line
    meaning: Text
    causes: Texts
    fixes: Texts
    basis: Basis
    source: Text
    cause: CauseId = ""

    @property
    def code(self) -> int:
        """The number."""
        return int(self.id)


def read_reason(entry: EntryText) -> ReasonInfo:
    """The reason code of an entry of patterns/reasons. Raises PatternError."""
    return read(ReasonInfo, parse(entry), entry.where)


@cache
def _names() -> Mapping[int, str]:
    return {int(row["code"]): row["name"] for row in table("mqrc")}


@cache
def _codes() -> Mapping[str, int]:
    codes: dict[str, int] = {}
    for row in table("mqrc"):
        for name in (row["name"], *row["aliases"].split()):
            codes[name] = int(row["code"])
    return codes


def reason_name(code: int) -> str:
    """Name of a reason code ("MQRC_HOST_NOT_AVAILABLE"), "" when it is not known."""
    return _names().get(code, "")


def reason_number(name: str) -> int | None:
    """Number of a reason code's name (in any case, with or without MQRC_), None when it is not known."""
    name = name.strip().upper()
    return _codes().get(name, _codes().get(f"MQRC_{name}"))


@lru_cache(maxsize=256)
def written_reason(text: str) -> int | None:
    """The code that a trace writes as a name, a decimal number or eight hexadecimal digits; 0 for "OK"; None for
    anything else.
    """
    if text in ("OK", "MQRC_NONE"):
        return 0
    if text.startswith("MQRC_"):
        return reason_number(text)
    if re.fullmatch(r"0[0-9A-Fa-f]{7}", text):
        return int(text, 16)
    return int(text) if re.fullmatch(r"\d{1,5}", text) else None


@cache
def is_warning(code: int) -> bool:
    """Whether the call that gives this reason code has done its work all the same (completion code 1)."""
    return any(int(row["code"]) == code for row in table("warning_reasons"))


def reason_names() -> tuple[str, ...]:
    """The names of all reason codes."""
    return tuple(_codes())


def _code(code_or_name: int | str) -> int | None:
    if isinstance(code_or_name, int):
        return code_or_name
    word = code_or_name.strip()
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= LONGEST_NUMBER else None
    return reason_number(word)


def _without_entry(code: int, name: str) -> ReasonInfo:
    title = name.removeprefix("MQRC_").replace("_", " ").lower()
    return ReasonInfo(str(code), name, title, "", (), (), "documented", "cmqc.h")


@cache
def reason(code_or_name: int | str) -> ReasonInfo | None:
    """The reason code of that number or name (in any case, with or without MQRC_), None when it is not known."""
    code = _code(code_or_name)
    if code is None or code not in _names():
        return None
    entry = entry_texts("reason").get(str(code))
    return read_reason(entry) if entry else _without_entry(code, _names()[code])

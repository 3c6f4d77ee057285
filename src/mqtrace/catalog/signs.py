"""What proves which cause: patterns/signs."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.catalog.tables import Row, data_folder, table
from mqtrace.catalog.typed import CauseId, read, toml_of
from mqtrace.model import Alternative, Confidence, PatternError, Phase


class Sign(Struct, frozen=True):
    """One entry of patterns/signs; the fields are explained at the top of patterns/signs/network.toml."""

    fact: str
    confidence: Confidence
    cause: CauseId = ""
    table: str = ""
    key: str = ""
    how_to_tell: str = ""
    values: tuple[str, ...] = ()
    contains: str = ""
    phases: tuple[Phase, ...] = ()
    reasons: tuple[int, ...] = ()
    channel_from: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    inputs: Literal["", "trace", "log"] = ""
    requires: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    plain: bool = False
    secured: bool = False
    alternatives: tuple[Alternative, ...] = ()
    text: str = ""


class SignFile(Struct, frozen=True):
    """A file of patterns/signs."""

    sign: tuple[Sign, ...]


def read_signs(path: Path) -> Iterator[Sign]:
    """The signs of one file; of an entry that names a table, one for each of its rows (columns `key` and cause_id).
    Raises PatternError.
    """
    where = f"signs/{path.name}"
    for sign in read(SignFile, toml_of(path, where), where).sign:
        if bool(sign.cause) == bool(sign.table) or bool(sign.table) != bool(sign.key):
            raise PatternError(f"{where}: {sign.fact}: give either cause, or table and key")
        if not sign.table:
            yield sign
            continue
        rows = [row for row in table(sign.table) if row["cause_id"]]
        yield from (_of_row(sign, row) for row in rows)


def _of_row(sign: Sign, row: Row) -> Sign:
    """The sign of one row of its table. Where the row names another cause that fits, it is only likely."""
    of_row = replace(sign, values=(row[sign.key],), cause=row["cause_id"], table="", key="", how_to_tell="")
    other = row.get("alternative_id", "")
    if not other:
        return of_row
    return replace(of_row, confidence="likely", alternatives=(Alternative(other, sign.how_to_tell),))


@cache
def signs() -> dict[str, tuple[Sign, ...]]:
    """All signs, by the fact they look at. Raises PatternError when a file is not valid."""
    named: dict[str, list[Sign]] = {}
    for path in sorted((data_folder("patterns") / "signs").glob("*.toml")):
        for sign in read_signs(path):
            named.setdefault(sign.fact, []).append(sign)
    return {fact: tuple(each) for fact, each in named.items()}

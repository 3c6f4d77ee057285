"""Return codes of GSKit (patterns/tables/gskit*.csv); System SSL on z/OS shares the numbers and differs in places."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.tables import table

WrittenBy = Literal["client", "server"]


class GskitCode(Struct, frozen=True):
    """One return code or validation code.

    Attributes:
        code: the number; validation codes have six digits (575010).
        name: symbol, "" when not known.
        meaning: in a few words.
        usual_cause: what mostly lies behind it, "" when not known.
        cause: id of the cause when a client gets it, "" when the code alone proves none.
        meaning_zos: what System SSL on z/OS means by the number, "" when it has none.
        confidence: how the row is known.
    """

    code: int
    name: str
    meaning: str
    usual_cause: str
    cause: str
    meaning_zos: str
    confidence: str


@cache
def _codes() -> Mapping[int, GskitCode]:
    zos = {int(row["code"]): row["meaning"] for row in table("gskit_zos")}
    found = {
        code: GskitCode(code, "", "", "", "", meaning, "IBM MQ documentation: System SSL on z/OS")
        for code, meaning in zos.items()
    }
    for row in table("gskit"):
        code = int(row["code"])
        found[code] = GskitCode(
            code, row["name"], row["meaning"], row["usual_cause"], row["cause_id"], zos.get(code, ""), row["confidence"]
        )
    return found


@cache
def _by_name() -> Mapping[str, GskitCode]:
    return {each.name: each for each in _codes().values() if each.name}


def gskit_code(code: int | str) -> GskitCode | None:
    """The return code of that number or symbol (GSK_ERROR_BAD_CERT, in any case), None when it is not known."""
    return _codes().get(code) if isinstance(code, int) else _by_name().get(code.upper())


def gskit_names() -> tuple[str, ...]:
    """The symbols of all codes."""
    return tuple(_by_name())


def system_ssl_cause(code: int) -> str:
    """The cause that a return code of System SSL proves in the log of a z/OS queue manager, "" when it proves none."""
    return next((row["cause_id"] for row in table("gskit_zos") if int(row["code"]) == code), "")


def validation_cause(code: int, written_by: WrittenBy) -> str:
    """The cause that a validation code (second insert of AMQ9633) proves by the end that checked, "" when not known."""
    for row in table("gskit_validation"):
        if int(row["code"]) == code:
            return row[f"cause_{written_by}"]
    return ""

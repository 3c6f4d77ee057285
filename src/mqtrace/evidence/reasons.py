"""Reason codes as traces write them."""

import re
from functools import cache

from mqtrace.catalog.reasons import reason_number
from mqtrace.catalog.tables import table


def reason_code(text: str) -> int | None:
    """The MQRC written as a name, a decimal number or eight hexadecimal digits; 0 for "OK"; None for anything else."""
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

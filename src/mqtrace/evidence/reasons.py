"""Reason codes as traces write them."""

import re

from mqtrace.catalog.reasons import reason_number


def reason_code(text: str) -> int | None:
    """The MQRC that a trace writes as a name, a decimal number, or eight hexadecimal digits; 0 for "OK"; None for anything else."""
    if text in ("OK", "MQRC_NONE"):
        return 0
    if text.startswith("MQRC_"):
        return reason_number(text)
    if re.fullmatch(r"0[0-9A-Fa-f]{7}", text):
        return int(text, 16)
    return int(text) if re.fullmatch(r"\d{1,5}", text) else None

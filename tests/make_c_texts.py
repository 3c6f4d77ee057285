"""Prints the texts of the C client's libraries (printf's forms) with values, at the width that a form asks for."""

import csv
import re
from pathlib import Path

FACTS = Path(__file__).parents[1] / ".." / "shared" / "facts" / "trace"
_CONVERSION = re.compile(r"%(?P<flags>[-0 #+]*)(?P<width>\*|\d+)?(?:\.(?P<most>\*|\d+))?(?P<kind>[dusxXpc])")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a shared table of facts; none where it is not here."""
    path = FACTS / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed(form: str, *texts: str, number: int = 7) -> str:
    """What the form prints: its strings are `texts` in turn, the last one again and again."""
    rest = list(texts) or ["x"]

    def one(found: "re.Match[str]") -> str:
        kind = found["kind"]
        if kind == "p":
            return "0x7f11d2a0"
        if kind in "xX":
            return f"%{found['flags'].lstrip('-')}{found['width'] or ''}{kind}" % (number & 0xFFFFFFFF)
        if kind != "s":
            return str(number & 0xFFFFFFFF if kind == "u" else number)
        text = rest.pop(0) if len(rest) > 1 else rest[0]
        most, width = found["most"], int((found["width"] or "0").replace("*", "0"))
        text = text[: int(most)] if most and most != "*" else text
        # A fixed-length field of MQ is padded with blanks before it is printed.
        width = max(width, int(most)) if most in ("20", "28", "48", "64") else width
        return text.rjust(width) if most == str(width) and most in ("32", "36", "40") else text.ljust(width)

    return _CONVERSION.sub(one, form)

"""Texts as programs hold them, in printf's forms ("Using MQSERVER value of %s"), as regular expressions of what they
print.
"""

import re

from mqtrace.kept import compiled

_CONVERSION = compiled(r"%[-0 #+]*(?P<width>\*|\d+)?(?:\.(?P<most>\*|\d+))?(?P<kind>[dusxXpc])")
_NUMBERS = {
    "d": r"-?\d{1,20}",
    "u": r"\d{1,20}",
    "x": r"(?:0x)?[0-9a-f]{1,16}",
    "X": r"(?:0X)?[0-9A-F]{1,16}",
    "p": r"(?:0x){0,2}(?:[0-9A-Fa-f]{1,16}|\(nil\))",
    "c": r".",
}
LONGEST = 1000


def regex_of(form: str, *, blank: bool) -> str:
    """What the form prints, blanks at its ends left out. Each conversion is a group p1, p2, ... without the blanks that
    pad it.

    `blank`: whether a text may be empty; only a pattern that takes nothing from a line can live with that.
    """
    form = form.strip()
    parts, end = [], 0
    for number, found in enumerate(_CONVERSION.finditer(form), start=1):
        parts += [re.escape(form[end : found.start()]), _printed(found, f"p{number}", blank=blank)]
        end = found.end()
    return "".join((*parts, re.escape(form[end:])))


def _printed(conversion: "re.Match[str]", group: str, *, blank: bool) -> str:
    kind, width, most = conversion["kind"], conversion["width"], conversion["most"]
    if kind != "s":
        return rf" {{0,20}}(?P<{group}>{_NUMBERS[kind]}) {{0,20}}" if width else rf"(?P<{group}>{_NUMBERS[kind]})"
    longest = int(most) if most and most != "*" else LONGEST
    text = rf"(?P<{group}>\S(?:.{{0,{max(longest - 2, 0)}}}?\S)?)"
    padding = r"\s{0,100}" if width or most else r"\s?"
    return f"{padding}{text}?{padding}" if blank else f"{padding}+{text}{padding}"


def fixed_text(form: str) -> str:
    """The longest text that the form always prints."""
    return max(_CONVERSION.split(form.strip())[:: _CONVERSION.groups + 1], key=len)

"""The known name that a misspelt one probably means."""

from collections.abc import Iterable
from difflib import get_close_matches

# No name of MQ is longer, and comparing takes time with the square of the length.
LONGEST = 64


def nearest(name: str, known: Iterable[str]) -> str:
    """The name of `known` most like `name`, compared without regard to case; "" when none is alike."""
    if len(name) > LONGEST:
        return ""
    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[found[0]] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that names the known name most like `name`; "" when none is alike."""
    found = nearest(name, known)
    return f'; did you mean "{found}"?' if found else ""

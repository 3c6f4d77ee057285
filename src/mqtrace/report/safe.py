"""The report's texts without secrets and safe to show."""

import re

from mqtrace.masking import mask, mask_sentence, mask_value, printable


def clean(text: str) -> str:
    """A line, name or value of an input, without secrets and safe to show."""
    return printable(mask(text))


def clean_value(name: str, value: str) -> str:
    """The value of `name` without secrets and safe to show."""
    return printable(mask_value(name, value))


def sentence(text: str) -> str:
    """A sentence of mqtrace with names of the input in it: one line, without secrets, safe to show.

    Three blanks inside a step part a command from the words before it, so blanks are kept.
    """
    return printable(mask_sentence(re.sub(r"\s*[\r\n\t]\s*", " ", text.strip())))


def one_line(text: str) -> str:
    """A line of an input for reading: as `clean`, with each run of blanks and line ends as one blank."""
    return clean(" ".join(mask(text).split()))

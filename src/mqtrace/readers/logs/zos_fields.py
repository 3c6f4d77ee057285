"""What one message of a z/OS job log tells: its inserts, found by the words before them."""

import re
from collections.abc import Iterator

from mqtrace.catalog.messages import message

# Numbers of the inserts for messages that the catalogue does not describe.
_USUAL = {"channel": 3, "connection": 4, "function": 5}
_RETURN_CODE = re.compile(r"\bRC=(-?\w{1,10})\b")
_CHANNEL = re.compile(r"(?i:\bchannel) +(?:'([^']{1,20})'|([\w./%]{1,20}|\?{2,4})(?![\w./%]))")
_CONNECTION = re.compile(
    r"(?i:\bconnection|\bfrom(?= [\d.]{7,15} )) +(?:'([^']{1,264})'|([\w.:%-]{1,250}(?:\(\d{1,5}\))?))"
)
_FUNCTION = re.compile(r"\bfunction '([^']{1,64})'")


def channel_name(text: str) -> str:
    """Name of the channel that stands after the word, in the case it is written in; "" where none does."""
    return next((name for name in _after(_CHANNEL, text) if _is_name(name)), "")


def connection_name(text: str) -> str:
    """The other end that stands after the word "connection", or as a number after "from"; "" where none does."""
    return next((name for name in _after(_CONNECTION, text) if re.search(r"\d|\.\w", name)), "")


def inserts(id: str, text: str) -> dict[int, str]:
    """Inserts of a message: 1 is the return code, the others have the catalogue's numbers, else the usual ones."""
    info = message(id)
    roles = info.inserts if info else {}
    function = _FUNCTION.search(text)
    named = {
        "channel": channel_name(text),
        "connection": connection_name(text),
        "function": function[1] if function else "",
    }
    code = _RETURN_CODE.search(text)
    found = {1: code[1]} if code else {}
    for word, value in named.items():
        number = next(
            (number for number, role in roles.items() if role.startswith(word)), None if roles else _USUAL[word]
        )
        if value and number:
            found[number] = value
    return found


def _after(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield match[1] or match[2].rstrip(".:")


def _is_name(word: str) -> bool:
    """Whether a word is a name and not the next word of the sentence ("channel ended")."""
    return word.startswith("??") or any(part.isupper() or part.isdigit() or part in "._/%" for part in word)

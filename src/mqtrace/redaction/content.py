"""Bytes that are no line of text (the content of dumps, a binary channel table, what stands in a line in hexadecimal or
Base64): the texts in them, and the same bytes with everything hidden, at the same length.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from functools import partial

from mqtrace.decode.credentials import credential_places
from mqtrace.masking import mask_in_place
from mqtrace.redaction.identities import Identities

# Letters, digits and the commonest signs of EBCDIC.
_EBCDIC = rb"[\x40\x4a-\x50\x5a-\x61\x6a-\x6f\x79-\x7f\x81-\x89\x91-\x99\xa1-\xa9\xc0-\xc9\xd0-\xd9\xe0-\xe9\xf0-\xf9]"
# A run without so many letters and digits in a row is of something else.
_EBCDIC_WORD = re.compile(rb"[\x81-\x89\x91-\x99\xa2-\xa9\xc1-\xc9\xd1-\xd9\xe2-\xe9\xf0-\xf9]{3}")
# Runs of text, each with its encoding; that of UTF-8 is read by its bytes, as a run may begin within a letter.
_TEXTS = (
    (re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]{4,}"), "latin-1"),
    (re.compile(rb"(?:[\t\r\n\x20-\x7e]\x00){4,}"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\t\r\n\x20-\x7e]){4,}"), "utf-16-be"),
    (re.compile(rb"%s{4,}+" % _EBCDIC), "cp500"),
)
_BLANK = b"\x00 *@"
_CODED = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:(?:0x)?(?P<hex>(?:[0-9A-Fa-f]{2}){6,})|(?P<base64>[A-Za-z0-9+/]{12,}={0,2}))(?![A-Za-z0-9+/=])"
)
_TEXT = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]+|(?:[\t\r\n\x20-\x7e]\x00)+")


def learn_content(content: bytes, identities: Identities) -> None:
    """Learns whom the bytes name in ASCII, UTF-8, UTF-16 or EBCDIC, and the secrets in them."""
    for text in _texts_in(content):
        identities.learn_line(text)
        identities.learn_secrets(text)
    for place in credential_places(content):
        for text in _texts_in(content[place]):
            identities.learn_passwords(text)


def _texts_in(content: bytes) -> Iterator[str]:
    for pattern, encoding in _TEXTS:
        for found in pattern.finditer(content):
            if encoding != "cp500" or _EBCDIC_WORD.search(found[0]):
                yield found[0].decode(encoding)


def hidden_content(content: bytes, identities: Identities) -> bytes:
    """The bytes with every secret in them, and whom `identities` know, hidden; as many as before."""
    written = bytearray(content)
    for place in credential_places(content):
        written[place] = bytes(byte if byte in _BLANK else ord("*") for byte in written[place])
    content = bytes(written)
    for pattern, encoding in _TEXTS:
        content = pattern.sub(partial(_hidden, identities, encoding), content)
    return identities.hidden_bytes(content)


def _hidden(identities: Identities, encoding: str, found: re.Match[bytes]) -> bytes:
    if encoding == "cp500" and not _EBCDIC_WORD.search(found[0]):
        return found[0]
    text = mask_in_place(found[0].decode(encoding))
    # All others are found by their bytes, also within what does not look like a word.
    return (identities.hidden_in_place(text) if "%" in text or "\\u" in text else text).encode(encoding)


def coded_in(lines: Iterable[str]) -> Iterator[bytes]:
    """What stands in the lines in hexadecimal or Base64, decoded."""
    for line in lines:
        for found in _CODED.finditer(line):
            content = _decoded(found)
            if content:
                yield content


def hide_coded(line: str, identities: Identities) -> str:
    """The line with all hidden that stands in it in hexadecimal or Base64."""

    def hide(found: re.Match[str]) -> str:
        content = _decoded(found)
        hidden = hidden_content(content, identities) if content else b""
        return found[0] if hidden == content else _written(found, hidden)

    return _CODED.sub(hide, line)


def _decoded(found: re.Match[str]) -> bytes:
    """The bytes; b"" for Base64 that is no text, as most long words are no Base64 at all."""
    if found["hex"]:
        return bytes.fromhex(found["hex"])
    signs = found["base64"].rstrip("=")
    signs = signs[:-1] if len(signs) % 4 == 1 else signs
    content = b64decode(signs + "=" * (-len(signs) % 4))
    return content if _TEXT.fullmatch(content) else b""


def _written(found: re.Match[str], content: bytes) -> str:
    if found["hex"]:
        digits = content.hex()
        return found[0][: -len(digits)] + (digits.upper() if found["hex"].isupper() else digits)
    signs = b64encode(content).decode("ascii").rstrip("=")
    return signs + found[0][len(signs) :]

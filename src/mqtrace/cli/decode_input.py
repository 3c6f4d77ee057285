"""The argument of a `decode` command: a file, standard input, or hexadecimal itself."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from mqtrace.cli.one_input import one_input
from mqtrace.decode.hexdump import parse_hex
from mqtrace.model import DecodeError

Result = TypeVar("Result")
_LIMIT = 16 << 20
# Of a file with more dumps than this the first ones are tried.
_MOST_DUMPS = 2000


def is_file(words: Sequence[str]) -> bool:
    """Whether the argument names a file or standard input."""
    return len(words) == 1 and (words[0] == "-" or os.path.lexists(words[0]))


def decoded(words: Sequence[str], decode: Callable[[bytes], Result]) -> Result:
    """What `decode` makes of the argument; of a file with several dumps, of the first one that it takes.

    Raises DecodeError with the first dump's reason when it takes none.
    """
    refused: DecodeError | None = None
    for data in _candidates(words):
        try:
            return decode(data)
        except DecodeError as error:
            refused = refused or error
    raise refused or DecodeError("There is no hexadecimal in it: give a dump, hexadecimal digits in pairs, or a file with either.")


def _candidates(words: Sequence[str]) -> Iterator[bytes]:
    if not is_file(words):
        yield _not_file(words)
        return
    with one_input(words[0]) as source:
        data = source.stream.read(_LIMIT)
    text = data.decode("utf-8", "replace")
    if "\x00" in text or "\ufffd" in text[:64]:
        yield data
        return
    for dump in _dumps(text):
        yield parse_hex(dump)


def _not_file(words: Sequence[str]) -> bytes:
    try:
        return parse_hex(" ".join(words))
    except DecodeError:
        if len(words) == 1 and not any(character.isspace() for character in words[0]):
            raise DecodeError(f"'{words[0]}' is neither a file that exists nor hexadecimal digits in pairs.") from None
        raise


def _dumps(text: str) -> Iterator[str]:
    """The text cut before each row with offset 0, so that every dump of a trace stands alone; the whole text when it has none."""
    import re

    starts = [found.start() for found in re.finditer(r"^.*?\b0x0{4,16}\b.*$", text, re.MULTILINE)][:_MOST_DUMPS]
    if not starts:
        yield text
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start : min(end, start + (1 << 20))]

"""The argument of a `decode` command: a file, standard input, or hexadecimal itself."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from mqtrace.cli.choices import one_input
from mqtrace.decode.hexdump import parse_dump
from mqtrace.decode.text import output_text
from mqtrace.model import DecodeError

Result = TypeVar("Result")
_LIMIT = 16 << 20
# Of a file with more dumps than this the first ones are tried.
_MOST_DUMPS = 2000
# A row of a C or .NET trace has the thread's number (4711.2) before its offset, one of a Java trace its eight digits.
_TRACE_ROW = re.compile(
    r"(?:[^|]{0,80}?\s(?P<thread>\d{1,10}\.\d{1,10}|[0-9A-Fa-f]{8}(?=\s+0x))\s)?[^|]{0,120}?\b0x(?P<offset>[0-9A-Fa-f]{4,16})\b"
)


def is_file(words: Sequence[str]) -> bool:
    """Whether the argument names a file or standard input."""
    return len(words) == 1 and (words[0] == "-" or os.path.lexists(words[0]))


def decoded(words: Sequence[str], decode: Callable[[bytes, int], Result]) -> Result:
    """What `decode` makes of the argument; of a file with several dumps, of the first one that it takes.

    `decode` is given the bytes and the offset of the first one: first 0, and, when it refuses that, the offset that the first row
    of the dump states, as a dump may lack its begin.

    Raises DecodeError with the first dump's reason when it takes none.
    """
    refused: DecodeError | None = None
    for begin, data in _candidates(words):
        for base in dict.fromkeys((0, begin)):
            try:
                return decode(data, base)
            except DecodeError as error:
                refused = refused or error
    raise refused or DecodeError(
        "There is no hexadecimal in it: give a dump, hexadecimal digits in pairs, or a file with either."
    )


def _candidates(words: Sequence[str]) -> Iterator[tuple[int, bytes]]:
    if not is_file(words):
        yield _not_file(words)
        return
    with one_input(words[0]) as source:
        data = source.stream.read(_LIMIT)
    text = output_text(data)
    if "\x00" in text or "\ufffd" in text[:64]:
        yield 0, data
        return
    for dump in _dumps(text):
        yield parse_dump(dump)


def _not_file(words: Sequence[str]) -> tuple[int, bytes]:
    try:
        return parse_dump(" ".join(words))
    except DecodeError:
        if len(words) == 1 and not any(character.isspace() for character in words[0]):
            raise DecodeError(f"'{words[0]}' is neither a file that exists nor hexadecimal digits in pairs.") from None
        raise


def _dumps(text: str) -> list[str]:
    """Each dump of a trace, from its row with offset 0 on, without the rows of other threads; the whole text when it has none."""
    dumps: list[list[str]] = []
    of_thread: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        row = _TRACE_ROW.match(line)
        if row:
            thread = row["thread"] or ""
            if not int(row["offset"], 16):
                if len(dumps) == _MOST_DUMPS:
                    break
                of_thread[thread] = []
                dumps.append(of_thread[thread])
            current = of_thread.get(thread, [])
        current.append(line)
    return ["\n".join(each) for each in dumps] or [text]

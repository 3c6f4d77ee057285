"""The lines of an input as text, bounded: memory does not grow with the input or with its longest line."""

import codecs
from collections.abc import Iterator

from mqtrace.decode.text import encoding_of
from mqtrace.inputs import Source

_CHUNK = 1 << 18
LONGEST_LINE = 1 << 16


def text_lines(source: Source) -> Iterator[str]:
    """Every line without its end, in UTF-8 or what a byte order mark says; those of over 64 K characters are cut."""
    decoder = codecs.getincrementaldecoder(encoding_of(source.head(2)))("replace")
    rest, first = "", True
    while chunk := source.stream.read(_CHUNK):
        text = decoder.decode(chunk)
        if first:
            text, first = text.removeprefix("\ufeff"), False
        lines = (rest + text).split("\n")
        rest = lines.pop()[:LONGEST_LINE]
        for line in lines:
            yield line[:LONGEST_LINE].rstrip("\r")
    if rest:
        yield rest.rstrip("\r")

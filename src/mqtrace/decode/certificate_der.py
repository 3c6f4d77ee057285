"""The outermost layers of ASN.1: what key stores wrap their certificates in.

DER, and of BER the indefinite lengths and the strings in pieces that some makers of PKCS#12 write (ITU-T X.690).
"""

from collections.abc import Iterator

from msgspec import Struct

from mqtrace.model.errors import DecodeError

INTEGER = 0x02
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
BMP_STRING = 0x1E
SEQUENCE = 0x30
_CONSTRUCTED_OCTET_STRING = 0x24
_DEEPEST = 16
_MOST = 20_000


class Element(Struct, frozen=True):
    """One element.

    Attributes:
        tag: its first byte; a tag of several bytes is refused.
        content: what it holds; a string in pieces is put together.
        whole: all its bytes, tag and length among them.
    """

    tag: int
    content: bytes
    whole: bytes

    @property
    def parts(self) -> tuple["Element", ...]:
        """The elements it holds. Raises DecodeError."""
        return tuple(elements(self.content))

    def at_least(self, count: int) -> tuple["Element", ...]:
        """The elements it holds. Raises DecodeError where they are fewer than `count`."""
        found = self.parts
        if len(found) < count:
            raise DecodeError(f"An ASN.1 element holds {len(found)} parts where {count} should be.")
        return found


def element(data: bytes, what: str, tag: int | None = None) -> Element:
    """The first element of the bytes, what follows is left. Raises DecodeError, also where its tag is not `tag`."""
    found = next(elements(data), None)
    if found is None or (tag is not None and found.tag != tag):
        raise DecodeError(f"There is no {what} where one should be.")
    return found


def elements(data: bytes) -> Iterator[Element]:
    """The elements one after another. Raises DecodeError where one is not whole, or there are more than _MOST."""
    position = count = 0
    while position < len(data):
        count += 1
        if count > _MOST:
            raise DecodeError(f"There are more than {_MOST} ASN.1 elements in a row, which no key store has.")
        start, end, after = _bounds(data, position, 0)
        content = data[start:end]
        tag = data[position]
        if tag == _CONSTRUCTED_OCTET_STRING:
            tag, content = OCTET_STRING, b"".join(piece.content for piece in elements(content))
        yield Element(tag, content, data[position:after])
        position = after


def object_identifier(found: Element) -> str:
    """The dotted form of an object identifier. Raises DecodeError."""
    if found.tag != OBJECT_IDENTIFIER or not found.content or len(found.content) > 64:
        raise DecodeError("There is no object identifier where one should be.")
    numbers, number = [], 0
    for byte in found.content:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2) if numbers else 0
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:]))) if numbers else ""


def integer(found: Element) -> int:
    """The value of an integer. Raises DecodeError."""
    if found.tag != INTEGER or not found.content or len(found.content) > 64:
        raise DecodeError("There is no number where one should be.")
    return int.from_bytes(found.content, "big", signed=True)


def _bounds(data: bytes, position: int, depth: int) -> tuple[int, int, int]:
    """Where the content of the element begins and ends, and where the next element begins."""
    if position + 2 > len(data) or data[position] & 0x1F == 0x1F:
        raise DecodeError(f"There is no ASN.1 element at offset {position}.")
    length, start = data[position + 1], position + 2
    if length == 0x80:
        return _indefinite(data, start, depth)
    if length > 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
        if count > 8 or start > len(data):
            raise DecodeError(f"The ASN.1 element at offset {position} has no length that can be.")
    if start + length > len(data):
        raise DecodeError(
            f"The ASN.1 element at offset {position} is cut: {length} bytes of content, {len(data) - start} are there."
        )
    return start, start + length, start + length


def _indefinite(data: bytes, start: int, depth: int) -> tuple[int, int, int]:
    if depth >= _DEEPEST:
        raise DecodeError(f"The ASN.1 elements at offset {start} are nested deeper than those of any key store.")
    position = start
    while data[position : position + 2] != b"\0\0":
        *_, position = _bounds(data, position, depth + 1)
    return start, position, position + 2

"""Reads network byte order fields one after another."""

from mqtrace.model.errors import DecodeError


class ByteReader:
    """Takes fields from the front of bytes; one that is not whole raises DecodeError with its name."""

    __slots__ = ("_data", "_name", "_position")

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._position = 0

    @property
    def left(self) -> int:
        """Number of bytes not yet taken."""
        return len(self._data) - self._position

    def take(self, length: int, what: str) -> bytes:
        """The next `length` bytes."""
        if self.left < length:
            raise DecodeError(f"The {self._name} is cut: its {what} takes {length} bytes, {self.left} are there.")
        start = self._position
        self._position += length
        return self._data[start : self._position]

    def number(self, length: int, what: str) -> int:
        """The next `length` bytes as an unsigned number."""
        return int.from_bytes(self.take(length, what), "big")

    def vector(self, size: int, what: str) -> bytes:
        """Bytes that stand behind their own length, a number of `size` bytes."""
        return self.take(self.number(size, f"length of {what}"), what)

    def codes(self, size: int, what: str) -> tuple[int, ...]:
        """A vector of numbers of two bytes each."""
        content = self.vector(size, what)
        return tuple(int.from_bytes(content[at : at + 2], "big") for at in range(0, len(content) - 1, 2))

"""The limit of unpacking: no archive may unpack to more than 200 times its own size, once that is beyond 100 MB."""

from collections.abc import Callable, Iterator

from mqtrace.model import InputError

FREE = 100_000_000
RATIO = 200
# So that archives of many empty entries, nested, end too. A genuine entry takes 78 bytes in a ZIP archive, which allow
# 15,600.
ENTRY = 1_000


class Budget:
    """What one archive, with all that is nested in it, has unpacked to so far. Every layer of unpacking counts.

    Attributes:
        failure: the sentence that says that the limit was hit, so that nothing more is unpacked; "" before that.
    """

    def __init__(self, packed: Callable[[], int]) -> None:
        """`packed` gives the bytes of the archive itself (of standard input those read so far)."""
        self.failure = ""
        self._packed = packed
        self._unpacked = 0
        self._entries = 0

    def charge(self, size: int = 0, entries: int = 0) -> None:
        """Counts unpacked bytes, and entries of archives. Raises InputError when the limit is hit, or was."""
        self._unpacked += size
        self._entries += entries
        if not self.failure and self._unpacked + ENTRY * self._entries > max(FREE, RATIO * self._packed()):
            self.failure = (
                f"Unpacking stopped at {self._unpacked} bytes in {self._entries} entries, over {RATIO} times the "
                "size of the archive, "
                "as in one made to fill a disk: the rest of it is not read; if you trust it, unpack it and give the "
                "folder."
            )
        if self.failure:
            raise InputError(self.failure)

    def charged(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, counted. Raises InputError at the limit."""
        for chunk in chunks:
            self.charge(len(chunk))
            yield chunk

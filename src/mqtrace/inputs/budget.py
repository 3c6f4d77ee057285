"""The limit of unpacking: no archive may unpack to more than 200 times its own size, once that is beyond 100 MB."""

from collections.abc import Callable, Iterator

from mqtrace.model import InputError

FREE = 100_000_000
RATIO = 200


class Budget:
    """What one archive, with all that is nested in it, has unpacked to so far. Every layer of unpacking counts.

    Attributes:
        unpacked: bytes so far.
        exhausted: the limit was hit; nothing more can be unpacked.
    """

    def __init__(self, packed: Callable[[], int]) -> None:
        """`packed` gives the bytes of the archive itself (of standard input those read so far)."""
        self.unpacked = 0
        self.exhausted = False
        self._packed = packed

    def charged(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, counted. Raises InputError at the limit."""
        for chunk in chunks:
            self.unpacked += len(chunk)
            self.exhausted = self.exhausted or self.unpacked > max(FREE, RATIO * self._packed())
            self.check()
            yield chunk

    def check(self) -> None:
        """Raises InputError when the limit was hit."""
        if self.exhausted:
            raise InputError(
                f"Unpacking stopped at {self.unpacked} bytes, over {RATIO} times the size of the archive, as in one made to fill a disk: "
                "the rest of it is not read; if you trust it, unpack it and give the folder."
            )

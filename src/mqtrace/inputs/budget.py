"""The limit of unpacking: no archive may unpack to more than 200 times its own size, once that is beyond 100 MB."""

from collections.abc import Callable, Iterator

from mqtrace.model import InputError

FREE = 100_000_000
RATIO = 200
# So that archives of many empty entries, nested, end too. A genuine entry takes 78 bytes in a ZIP archive, which allow 15,600.
ENTRY = 1_000


class Budget:
    """What one archive, with all that is nested in it, has unpacked to so far. Every layer of unpacking counts.

    Attributes:
        unpacked: bytes so far.
        entries: entries of archives so far; each one counts as 1,000 bytes more.
        exhausted: the limit was hit; nothing more can be unpacked.
    """

    def __init__(self, packed: Callable[[], int]) -> None:
        """`packed` gives the bytes of the archive itself (of standard input those read so far)."""
        self.unpacked = 0
        self.entries = 0
        self.exhausted = False
        self._packed = packed

    def charged(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, counted. Raises InputError at the limit."""
        for chunk in chunks:
            self.unpacked += len(chunk)
            self.check()
            yield chunk

    def charge_entry(self) -> None:
        """Counts one entry of an archive. Raises InputError at the limit."""
        self.entries += 1
        self.check()

    def check(self) -> None:
        """Raises InputError when the limit is hit, or was."""
        used = self.unpacked + ENTRY * self.entries
        self.exhausted = self.exhausted or used > max(FREE, RATIO * self._packed())
        if self.exhausted:
            raise InputError(
                f"Unpacking stopped at {self.unpacked} bytes in {self.entries} entries, over {RATIO} times the size of the archive, "
                "as in one made to fill a disk: the rest of it is not read; if you trust it, unpack it and give the folder."
            )

"""Search for many literals at once, the prefilter of traces."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from mqtrace.bytewise import find
from mqtrace.kept import kept

Hits = list[tuple[int, int]]
Search = Callable[[bytes | bytearray, int, int], Hits]
# Hyperscan needs some 4 ms to begin, and 20 where nothing is kept; in that time as many bytes are searched without it.
WORTH_COMPILING = 256 * 1024


class Scanner:
    """Finds all occurrences of a set of literals in a block of bytes.

    `hits(buffer, start, end)` gives (offset in the buffer of the literal's first byte, index of the literal) for all
    that stand between two offsets, sorted by offset, overlapping ones included.
    """

    def __init__(
        self, literals: Sequence[bytes], *, portable: bool = False, worth_compiling: int = WORTH_COMPILING
    ) -> None:
        """
        portable: search without hyperscan, as on platforms that have no wheel of it.
        worth_compiling: bytes that are searched without it before it is made ready.
        """
        self.literals = tuple(literals)
        self.hits: Search = self._one_by_one if portable or not literals else self._begin
        self._left = worth_compiling

    def make_ready(self) -> None:
        """Makes what searches large inputs."""
        if self.hits == self._begin:
            self.hits = self._one_by_one
            self._use_hyperscan()

    def _begin(self, buffer: bytes | bytearray, start: int, end: int) -> Hits:
        self._left -= end - start
        if self._left >= 0:
            return self._one_by_one(buffer, start, end)
        self.make_ready()
        return self.hits(buffer, start, end)

    def _use_hyperscan(self) -> None:
        try:
            import hyperscan
        except ImportError:
            return
        database = _database(hyperscan, self.literals)
        lengths = [len(literal) for literal in self.literals]

        def scan(buffer: bytes | bytearray, start: int, end: int) -> Hits:
            found: Hits = []
            add = found.append

            def on_match(index: int, _start: int, end: int, _flags: int, _context: object) -> None:
                add((start + end - lengths[index], index))

            with memoryview(buffer) as whole, whole[start:end] as block:
                database.scan(block, match_event_handler=on_match)
            found.sort()
            return found

        self.hits = scan

    def _one_by_one(self, buffer: bytes | bytearray, start: int, end: int) -> Hits:
        found: Hits = []
        for index, literal in enumerate(self.literals):
            position = find(buffer, literal, start, end)
            while position >= 0:
                found.append((position, index))
                position = find(buffer, literal, position + 1, end)
        found.sort()
        return found


def _database(hyperscan: Any, literals: tuple[bytes, ...]) -> Any:
    """The database of these literals: from an earlier run, as making it takes 20 ms, or made."""

    def make() -> bytes:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        expressions = [re.escape(literal).replace(b"\0", b"\\x00") for literal in literals]
        database.compile(
            expressions=expressions,
            ids=list(range(len(expressions))),
            elements=len(expressions),
            flags=hyperscan.HS_FLAG_DOTALL,
        )
        return hyperscan.dumpb(database)  # type: ignore[no-any-return]

    try:
        return _loaded(hyperscan, kept(f"hyperscan {hyperscan.__version__}", repr(literals).encode(), make))
    except hyperscan.error:  # made for another kind of processor, in a folder of caches that machines share
        return _loaded(hyperscan, make())


def _loaded(hyperscan: Any, content: bytes) -> Any:
    database = hyperscan.loadb(content, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database


@lru_cache(maxsize=8)
def scanner_of(literals: tuple[bytes, ...], portable: bool) -> Scanner:
    """The scanner of these literals, one for all inputs of a run."""
    return Scanner(literals, portable=portable)

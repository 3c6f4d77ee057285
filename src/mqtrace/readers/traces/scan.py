"""Search for many literals at once: the prefilter of traces."""

import re
from collections.abc import Callable, Sequence
from typing import Any

Hits = list[tuple[int, int]]


class Scanner:
    """Finds all occurrences of a set of literals in a block of bytes.

    `hits(block)` gives (offset of the literal's first byte, index of the literal), sorted by offset, overlapping ones
    included.
    """

    def __init__(self, literals: Sequence[bytes], *, portable: bool = False) -> None:
        """`portable`: search without hyperscan, as on platforms that have no wheel of it."""
        self.literals = tuple(literals)
        self.hits: Callable[[bytes], Hits] = self._find
        if not portable and literals:
            self._use_hyperscan()

    def _use_hyperscan(self) -> None:
        try:
            import hyperscan
        except ImportError:
            return
        database: Any = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        expressions = [re.escape(literal).replace(b"\0", b"\\x00") for literal in self.literals]
        database.compile(
            expressions=expressions,
            ids=list(range(len(expressions))),
            elements=len(expressions),
            flags=hyperscan.HS_FLAG_DOTALL,
        )
        lengths = [len(literal) for literal in self.literals]

        def scan(block: bytes) -> Hits:
            found: Hits = []
            add = found.append

            def on_match(index: int, _start: int, end: int, _flags: int, _context: object) -> None:
                add((end - lengths[index], index))

            database.scan(block, match_event_handler=on_match)
            found.sort()
            return found

        self.hits = scan

    def _find(self, block: bytes) -> Hits:
        found: Hits = []
        for index, literal in enumerate(self.literals):
            position = block.find(literal)
            while position >= 0:
                found.append((position, index))
                position = block.find(literal, position + 1)
        found.sort()
        return found

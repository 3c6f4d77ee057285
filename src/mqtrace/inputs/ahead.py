"""Unpacking in a thread of its own, while what was unpacked is read."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor

_PIECES = 4


def unpacked_ahead(pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
    """The pieces, of which up to 4 are made before they are asked for. Raises what making them raises, after those that
    were made. No thread is left when it is closed.
    """
    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, pieces, None) for _ in range(_PIECES))
        while (piece := coming.popleft().result()) is not None:
            coming.append(thread.submit(next, pieces, None))
            yield piece

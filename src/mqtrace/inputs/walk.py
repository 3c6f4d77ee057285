"""Files of the paths given: each real file once, in an order that does not depend on the disk."""

import os
import stat
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from operator import itemgetter
from pathlib import Path

from mqtrace.inputs.failures import sentence_of, why_skipped
from mqtrace.inputs.names import display_name, in_order
from mqtrace.inputs.source import Source


class Walk:
    """Finds files, and remembers the real files and folders it has seen: a link or a second name is passed over."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int] | str] = set()
        self._listing = lru_cache(maxsize=1)(_listing)

    def files(self, path: Path) -> Iterator[Path | Source]:
        """The file at `path`; of a folder its files sorted by name, then those of its
        folders, likewise. Links are followed.

        A source stands for one that cannot be followed, or is passed over as it is no file.
        """
        waiting = [path]
        while waiting:
            path = waiting.pop()
            try:
                status = path.stat()
                if not self._is_new(path, status):
                    continue
                if stat.S_ISDIR(status.st_mode):
                    waiting.extend(path / name for _, name in reversed(self._listing(path)[0]))
                    continue
            except ValueError:
                yield Source.failed(display_name(path), "No file can have this name: check it.")
                continue
            except OSError as error:
                yield Source.failed(display_name(path), sentence_of(error))
                continue
            skipped = why_skipped(status.st_mode)
            yield Source(display_name(path), BytesIO(), skipped=skipped) if skipped else path

    def siblings(self, path: Path) -> frozenset[str]:
        """Names of the files in the folder of `path`; empty where there is no right to list them."""
        try:
            return self._listing(path.parent)[1]
        except OSError:
            return frozenset()

    def _is_new(self, path: Path, status: os.stat_result) -> bool:
        """Whether it was not seen before. Some file systems of Windows number no files: there the path decides."""
        identity = (status.st_dev, status.st_ino) if status.st_ino else str(path.resolve())
        new = identity not in self._seen
        self._seen.add(identity)
        return new


def _listing(folder: Path) -> tuple[list[tuple[bool, str]], frozenset[str]]:
    """What is in `folder`, its files before its folders, each with whether it is one; and
    the names of the files. Raises OSError."""
    with os.scandir(folder) as entries:
        found = in_order(sorted((_is_folder(entry), entry.name) for entry in entries), itemgetter(1))
    return found, frozenset(name for is_folder, name in found if not is_folder)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself; opening it says so
        return False

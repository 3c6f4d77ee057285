"""Files of the paths given: each real file once, in an order that does not depend on the disk."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mqtrace.inputs.failures import sentence_of, why_skipped

_SIBLINGS_LIMIT = 10_000

Identity = tuple[int, int] | str


@dataclass(frozen=True, slots=True)
class Found:
    """One path that leads to a file, or that cannot be followed.

    Attributes:
        path: as given, or the given folder and what is below it.
        error: why it cannot be read, None for a file.
        siblings: names of the files in its folder, its own among them; empty when there are more than 10,000 or no right to list them.
    """

    path: Path
    error: str | None = None
    siblings: frozenset[str] = frozenset()


class Walk:
    """Finds files, and remembers which real files and folders it has seen: a link or a second name of one is passed over."""

    def __init__(self) -> None:
        self._seen: set[Identity] = set()
        self._siblings: Callable[[Path], frozenset[str]] = lru_cache(maxsize=1)(_names_in)

    def files(self, path: Path) -> Iterator[Found]:
        """The file at `path`; of a folder its files sorted by name, then those of its folders, likewise. Links are followed."""
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except (OSError, ValueError) as error:
            yield Found(path, _why_not_found(error))
            return
        yield from self._below(path) if is_folder else self._file(path, lambda: self._siblings(path.parent))

    def _below(self, path: Path) -> Iterator[Found]:
        waiting = [path]
        while waiting:
            folder = waiting.pop()
            try:
                if self._is_new(folder, folder.stat()):
                    files, folders = _listing(folder)
                    yield from self._in_folder(folder, files)
                    waiting.extend(folder / name for name in reversed(folders))
            except OSError as error:
                yield Found(folder, sentence_of(error))

    def _in_folder(self, folder: Path, files: list[str]) -> Iterator[Found]:
        siblings = frozenset(files) if len(files) <= _SIBLINGS_LIMIT else frozenset()
        for name in files:
            yield from self._file(folder / name, lambda: siblings)

    def _file(self, path: Path, siblings: Callable[[], frozenset[str]]) -> Iterator[Found]:
        try:
            status = path.stat()
        except OSError as error:
            yield Found(path, sentence_of(error))
            return
        if self._is_new(path, status):
            skipped = why_skipped(status.st_mode)
            yield Found(path, skipped) if skipped else Found(path, None, siblings())

    def _is_new(self, path: Path, status: os.stat_result) -> bool:
        """Whether this file or folder was not seen before. Some file systems of Windows number no files: there the path decides."""
        identity: Identity = (status.st_dev, status.st_ino) if status.st_ino else str(path.resolve())
        new = identity not in self._seen
        self._seen.add(identity)
        return new


def _why_not_found(error: OSError | ValueError) -> str:
    return sentence_of(error) if isinstance(error, OSError) else "No file can have this name: check it."


def _listing(folder: Path) -> tuple[list[str], list[str]]:
    """Names of the files and of the folders in `folder`, each sorted. Raises OSError."""
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (folders if _is_folder(entry) else files).append(entry.name)
    return sorted(files), sorted(folders)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself; opening it says so
        return False


def _names_in(folder: Path) -> frozenset[str]:
    names: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(names) == _SIBLINGS_LIMIT:
                    return frozenset()
                if not _is_folder(entry):
                    names.add(entry.name)
    except OSError:
        return frozenset()
    return frozenset(names)

"""Which files are below the paths now: a folder may vanish and come back, and the right to look may be lost."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from mqtrace.following.growth import status_of
from mqtrace.following.troubles import Troubles
from mqtrace.inputs import Source
from mqtrace.inputs.walk import Walk

# Files that rsync and editors write before they rename them.
HIDDEN = "."
_WAITS = "; it is waited for"


class Places:
    """The paths that are followed."""

    def __init__(self, paths: Sequence[Path | str], troubles: Troubles) -> None:
        self._paths = [Path(path) for path in paths]
        self._troubles = troubles
        self._folders: dict[str, int] = {}

    def files(self) -> Iterator[tuple[str, os.stat_result]]:
        """Every file below the paths, each once, with what the system tells of it."""
        walk, folders, missing = Walk(), dict[str, int](), dict[str, str]()
        for path in self._paths:
            for found in walk.files(path):
                if isinstance(found, Source):
                    missing[found.name] = f"{found.error}{_WAITS}" if found.error else found.skipped
                    continue
                folders.setdefault(str(found.parent), 0)
                status = None if found.name.startswith(HIDDEN) and found != path else status_of(found)
                if status is not None:
                    yield str(found), status
            folders.setdefault(str(path), 0)
        self._folders = {folder: _changed(folder) for folder in folders}
        self._troubles.now("places", missing)

    def are_changed(self) -> bool:
        """Whether a file was made, renamed or deleted beside those that were found."""
        return any(_changed(folder) != changed for folder, changed in self._folders.items())


def _changed(folder: str) -> int:
    """When something of a folder was made, renamed or deleted; 0 of a file and of what is not there."""
    status = status_of(folder)
    return status.st_mtime_ns if status and stat.S_ISDIR(status.st_mode) else 0

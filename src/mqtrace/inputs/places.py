"""Folders where IBM MQ usually leaves traces and error logs, as its documentation of both names them."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

_LOG_FOLDERS = ("errors", "qmgrs/*/errors")
_DATA_FOLDERS = ("trace", *_LOG_FOLDERS)
_DATA_VARIABLES = ("MQ_OVERRIDE_DATA_PATH", "MQ_DATA_PATH")
_TRACE_VARIABLES = ("MQTRACEPATH", "MQERRORPATH")


def usual_places(
    environment: Mapping[str, str] | None = None, *, platform: str = sys.platform, root: Path | None = None
) -> list[Path]:
    """The folders for traces and error logs that exist: first those that variables name, each one once.

    `environment`, `platform` (as sys.platform) and `root` (where the file system begins) are those of this machine
    unless given.
    """
    variables = os.environ if environment is None else environment
    named = (Path(variables[name]) for name in _TRACE_VARIABLES if variables.get(name))
    data = chain.from_iterable(_matches(folder, _DATA_FOLDERS) for folder in _data_folders(variables, platform, root))
    return list(dict.fromkeys(folder for folder in chain(named, data) if _is_folder(folder)))


def _data_folders(variables: Mapping[str, str], platform: str, root: Path | None) -> Iterator[Path]:
    yield from (Path(variables[name]) for name in _DATA_VARIABLES if variables.get(name))
    if platform == "win32":
        program_data = Path(variables.get("ProgramData") or "C:/ProgramData") if root is None else root / "ProgramData"
        yield program_data / "IBM" / "MQ"
    else:
        yield (root or Path("/")) / "var" / "mqm"
    home = variables.get("HOME") or variables.get("USERPROFILE")
    if home:
        yield Path(home) / "IBM" / "MQ" / "data"


def neighbours(path: Path) -> list[Path]:
    """Log folders with files in them, beside the folder `trace` that `path` is or is a file of; [] for any other path.

    In a data folder (/var/mqm) it stands beside `errors` and `qmgrs/*/errors`: a user who gives only `trace` may have
    forgotten the logs.
    """
    absolute = path.absolute()
    folder = absolute if _is_folder(absolute) else absolute.parent
    if folder.name.casefold() != "trace":
        return []
    return [each for each in _matches(folder.parent, _LOG_FOLDERS) if _holds_files(each)]


def _matches(folder: Path, patterns: Iterable[str]) -> list[Path]:
    """Folders below `folder` that the patterns match, in their order; none where there is no right to look."""
    found: list[Path] = []
    for pattern in patterns:
        try:
            found += sorted(folder.glob(pattern))
        except OSError:
            continue
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _holds_files(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.is_file() for entry in entries)
    except OSError:
        return False

"""MQ's own programs for tracing, and the folder in which a client's trace would appear."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from mqtrace.model import UsageError

INSTALLATION = "MQ_INSTALLATION_PATH"
DEFAULT = Path("/opt/mqm")
_DATA_VARIABLES = ("MQ_OVERRIDE_DATA_PATH", "MQ_DATA_PATH")


def find_tool(name: str, variables: Mapping[str, str]) -> Path:
    """The program: of the installation that MQ_INSTALLATION_PATH names, of the default one, of PATH.

    The folder of a redistributable client is an installation too. Raises UsageError where it is nowhere.
    """
    found = next((path for path in _places(name, variables) if os.access(path, os.X_OK) and path.is_file()), None)
    if found is None:
        raise UsageError(
            f"{name} is not here: neither in {INSTALLATION} nor in {DEFAULT}/bin nor in PATH. Name the folder of the "
            f"client, as   {INSTALLATION}=/opt/mqm mqtrace capture ...   or trace where it is installed"
        )
    return found


def _places(name: str, variables: Mapping[str, str]) -> Iterator[Path]:
    if variables.get(INSTALLATION):
        yield Path(variables[INSTALLATION]) / "bin" / name
    yield DEFAULT / "bin" / name
    on_path = shutil.which(name, path=variables.get("PATH"))
    if on_path:
        yield Path(on_path)


def trace_folders(variables: Mapping[str, str]) -> list[Path]:
    """The folders in which a trace may appear whatever MQTRACEPATH says, those that are there."""
    data = [Path(variables[name]) for name in _DATA_VARIABLES if variables.get(name)]
    home = [Path(variables["HOME"]) / "IBM/MQ/data"] if variables.get("HOME") else []
    folders = [each / "trace" for each in (*data, Path("/var/mqm"), *home)]
    return [each for each in dict.fromkeys(folders) if _is_folder(each)]


def error_folders(variables: Mapping[str, str]) -> list[Path]:
    """The folders of the client's own error log and failure reports, those that are there."""
    folders = [each.parent / "errors" for each in trace_folders(variables)]
    return [each for each in dict.fromkeys([*folders, Path("/var/mqm/errors")]) if _is_folder(each)]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False

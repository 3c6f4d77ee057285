"""The files that a client would read, looked for where it looks."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePath

from msgspec import Struct

from mqtrace.catalog.settings_files import Beforehand
from mqtrace.inputs import Source
from mqtrace.inputs.failures import sentence_of
from mqtrace.model.preflight import IniFile, IniState
from mqtrace.preflight.surroundings import Surroundings

INI = "mqclient.ini"
DEFAULT_TABLE = "AMQCLCHL.TAB"
# No file of these is larger.
LARGEST = 1 << 24


class File(Struct, frozen=True):
    """One file: its name as the program knows it, its bytes, and why they cannot be read ("" where they are)."""

    name: str
    data: bytes = b""
    error: str = ""
    siblings: frozenset[str] = frozenset()

    def source(self) -> Source:
        """The file as an input."""
        return Source(self.name, BytesIO(self.data), len(self.data), error=self.error or None, siblings=self.siblings)


def read_file(name: str, path: Path | None) -> File:
    """The file at `path`, under the name that the program knows it by; a pipe or a device is none. Raises nothing."""
    if path is None:
        return File(name, error="It is not a file of this machine.")
    try:
        if path.exists() and not path.is_file():
            return File(name, error="It is no file.")
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        return File(name, data, siblings=_siblings(path))
    except (OSError, ValueError) as error:
        return File(name, error=sentence_of(error))


def _siblings(path: Path) -> frozenset[str]:
    try:
        return frozenset(each.name for each in path.parent.iterdir())
    except OSError:
        return frozenset()


def data_directory(around: Surroundings, family: Beforehand) -> str:
    """MQ's data directory as the program sees it, "" where its client has none; the first that is there, else the
    usual one.
    """
    named = next((value for name in family.data_variables if (value := around.variable(name))), "")
    usual = [each.replace("~", around.home, 1) for each in family.data_directories if around.home or "~" not in each]
    there = next((each for each in usual if _is_folder(around.file(each))), "")
    return named or there or next(iter(usual), "")


def _is_folder(path: Path | None) -> bool:
    try:
        return path is not None and path.is_dir()
    except OSError:
        return False


def is_file(path: Path | None) -> bool:
    """Whether a file is there; False where it may not be looked at."""
    try:
        return path is not None and path.is_file()
    except OSError:
        return False


def folder_of(place: str, around: Surroundings, family: Beforehand) -> str:
    """The folder that a place of preflight.toml means; "" where there is none."""
    folders = {"cwd": around.directory, "home": around.home, "data-directory": data_directory(around, family)}
    return folders[place]


def ini_files(around: Surroundings, family: Beforehand) -> Iterator[IniFile]:
    """The ini files that are there, in the order in which the client looks for them; only the first one is read.

    A name that the environment gives is one of them also where no file is there.
    """
    is_found = False
    for place, name in _ini_places(around, family):
        there = is_file(around.file(name))
        if there or place.startswith(("env:", "property:")):
            first: IniState = "in-vain" if is_found else "read"
            yield IniFile(name, place, first if there else "passed-over")
            is_found = is_found or there


def _ini_places(around: Surroundings, family: Beforehand) -> Iterator[tuple[str, str]]:
    """(place, name of the file) in the order asked."""
    for place in family.ini:
        kind, _, name = place.partition(":")
        if kind == "env":
            named = around.variable(name)
        elif kind == "property":
            named = around.properties[name].value if name in around.properties else ""
        else:
            folder = folder_of(place, around, family)
            named = str(PurePath(folder) / INI) if folder else ""
            named = INI if place == "cwd" else named
        if named:
            yield place, named

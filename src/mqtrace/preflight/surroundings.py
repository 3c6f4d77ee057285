"""Where a program runs: its variables, its working directory, its files, its user."""

import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePath

from msgspec import Struct, field

from mqtrace.decode.text import decoded
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import mask_value, printable
from mqtrace.model import ConfigValue, Location, UsageError
from mqtrace.readers.configuration import environment
from mqtrace.readers.tally import Tally

# Variables that say where a program runs; a listing is asked for them beside those of MQ.
HOMES = ("HOME", "USERPROFILE")
USERS = ("LOGNAME", "USER", "USERNAME")
JAVA_OPTIONS = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
LARGEST_LISTING = 1 << 20
_OTHERS = compiled(
    rf"^[\s-]*(?:export\s+|declare\s+-x\s+|set\s+)?({'|'.join((*HOMES, *USERS, *JAVA_OPTIONS))})\s*[=:]\s*(.*)$"
)
# The clients know a scheme in lower case only, and a path behind it that begins with a slash; all else names a file.
_FILE_URL = compiled(r"^file:(?://(?:localhost)?)?(?=/)")
_URL = compiled(r"^(?:https?|ftp)://")
_DRIVE = compiled(r"^(?:/?[A-Za-z]:|\\\\)")


class Surroundings(Struct, frozen=True):
    """Where a program runs, or will run.

    Attributes:
        told_by: what told it, for the reader.
        variables: the MQ variables, masked, with their places.
        directory: the working directory, as the program sees it.
        home: the home folder as the program sees it, "" where it is not known.
        user: its user, "" where that is not known.
        root: the folder that the program sees as /.
        is_here: whether the files that are named are those of this machine, so that a missing one is missing.
        properties: Java's -D options, without secrets, with the variable or command line that gives each.
        arguments: its command line, where it runs.
    """

    told_by: str
    variables: tuple[ConfigValue, ...]
    directory: str
    home: str = ""
    user: str = ""
    root: Path = field(default=Path("/"))
    is_here: bool = True
    properties: Mapping[str, ConfigValue] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()

    def variable(self, name: str) -> str:
        """The last value of a variable, "" where it is empty or not set."""
        return next((each.value for each in reversed(self.variables) if each.name == name), "")

    def file(self, text: str, folder: str = "") -> "Path | None":
        """Where a file is that a setting names, relative to the working directory or `folder`; None where it cannot be
        on this machine: a URL, a drive of Windows.
        """
        text = _FILE_URL.sub("", text)
        if not text or _URL.match(text) or (sys.platform != "win32" and _DRIVE.match(text)):
            return None
        whole = os.path.normpath(PurePath(self.directory) / folder / text)
        return self.root / whole.lstrip("/") if self.root != Path("/") else Path(whole)


def of_shell(directory: str = "") -> Surroundings:
    """Those of this process. Raises UsageError where its working directory is gone."""
    try:
        here = directory or str(Path.cwd())
    except OSError as error:
        raise UsageError(f"the working directory is gone ({error.strerror}); change into one that is there") from None
    return _of(os.environ, "the environment of this shell", here)


def of_process(number: int) -> Surroundings:
    """Those of a running process of Linux. Raises UsageError where /proc does not tell them."""
    place = Path("/proc") / str(number)
    try:
        data = (place / "environ").read_bytes()
        command = (place / "cmdline").read_bytes()
        directory = str((place / "cwd").readlink())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or "it has no /proc"
        raise UsageError(
            f"the environment of process {number} cannot be read ({reason}); give a process that runs here, as its "
            "user or as root, or save its environment and give it with --env FILE"
        ) from None
    variables = dict(part.split("=", 1) for part in data.decode("utf-8", "replace").split("\0") if "=" in part)
    arguments = tuple(word for word in command.decode("utf-8", "replace").split("\0") if word)
    root = place / "root"
    # The same file system as here needs no other name for its files.
    same = Path(root).exists() and Path(root).samefile("/")
    return _of(variables, f"process {number}", directory, root=Path("/") if same else root, arguments=arguments)


def of_listing(path: str, data: bytes, directory: str = "", root: Path | None = None) -> Surroundings:
    """Those that a listing states: `env`, a unit's or container's variables, a script. The files that it names may be
    those of another machine, unless `root` is the folder that holds them.
    """
    variables = tuple(environment.read(Source(path, BytesIO(data), len(data)), Tally()))
    others = {found[1]: found[2].strip().strip("\"'") for found in map(_OTHERS.match, _lines(data)) if found}
    return Surroundings(
        told_by=path,
        variables=variables,
        directory=directory or str(Path.cwd()),
        home=_first(others, HOMES),
        user=_first(others, USERS),
        root=root or Path("/"),
        is_here=root is not None,
        properties=_properties(others, ()),
    )


def _of(
    variables: Mapping[str, str],
    told_by: str,
    directory: str,
    root: Path = Path("/"),
    arguments: tuple[str, ...] = (),
) -> Surroundings:
    data = "\0".join(f"{name}={value}" for name, value in sorted(variables.items())).encode("utf-8", "surrogateescape")
    values = environment.read(Source(told_by, BytesIO(data), len(data)), Tally())
    return Surroundings(
        told_by=told_by,
        # A line of an environment is no place that anyone could look at.
        variables=tuple(ConfigValue("", each.name, each.value, Location(told_by, 0)) for each in values),
        directory=directory,
        home=_first(variables, HOMES),
        user=_first(variables, USERS),
        root=root,
        properties=_properties(variables, arguments),
        arguments=tuple(map(printable, arguments)),
    )


def _lines(data: bytes) -> Iterator[str]:
    yield from re.split(r"[\n\0]", decoded(data[:LARGEST_LISTING]))


def _first(variables: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((variables[name] for name in names if variables.get(name)), "")


def _properties(variables: Mapping[str, str], arguments: tuple[str, ...]) -> dict[str, ConfigValue]:
    """The -D options of Java's variables and of a command line; the command line beats JAVA_TOOL_OPTIONS."""
    found: dict[str, ConfigValue] = {}
    for name in JAVA_OPTIONS:
        for word in _words(variables.get(name, "")):
            _add(found, word, name)
    for word in arguments:
        _add(found, word, "the command line")
    return found


def _add(found: dict[str, ConfigValue], word: str, told_by: str) -> None:
    if word.startswith("-D"):
        name, _, value = word[2:].partition("=")
        found[name] = ConfigValue("", name, printable(mask_value(name, value)), Location(told_by, 0))


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()

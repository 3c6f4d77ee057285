"""Which client family a command belongs to, as far as its file tells."""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePath

from mqtrace.kept import compiled
from mqtrace.model import Client

# Scripts that run a program of another language on their last line are read so far.
_HEAD = 65536
_LARGEST_LIBRARY_LIST = 1 << 22
_JAVA = compiled(r"java[w\d.]*(?:\.exe)?|mvn|gradle|catalina\.sh|server|liberty")
_DOTNET = compiled(r"dotnet(?:\.exe)?|mono")
_LAUNCHERS = frozenset({"env", "nice", "nohup", "sudo", "timeout", "exec", "time", "stdbuf", "setsid"})
_SHELLS = frozenset({"sh", "bash", "dash", "ksh", "zsh", "ash", "busybox"})
_STARTS_JAVA = compiled(rb"(?:^|[\s/\"'])java(?:[\"']|\s+-)|JAVA_HOME", re.MULTILINE)
_STARTS_DOTNET = compiled(rb"(?:^|[\s/\"'])dotnet\s+\S", re.MULTILINE)
_C_LIBRARIES = (b"libmqic", b"libmqm", b"mqic.dll", b"mqm.dll")
_DOTNET_FILES = (".dll", ".runtimeconfig.json", ".deps.json")


def programs_of(arguments: Sequence[str]) -> tuple[str, ...]:
    """The names under which MQ may know the processes of a command: as called, and as the file is called that a link
    leads to; of a script those of its interpreter. "*", any, for a script of a shell, which may start anything.
    """
    words = _without_launchers(arguments)
    if not words:
        return ("*",)
    path = Path(shutil.which(words[0]) or words[0])
    interpreter = _interpreter(path)
    if PurePath(interpreter).name in _SHELLS or (not interpreter and PurePath(words[0]).name in _SHELLS):
        return ("*",)
    found = [path, *([Path(shutil.which(interpreter) or interpreter)] if interpreter else [])]
    return tuple(dict.fromkeys(name for each in found for name in (each.name, Path(os.path.realpath(each)).name)))


def _interpreter(path: Path) -> str:
    """The program that the first line of a script names; "" where it is no script."""
    try:
        with path.open("rb") as stream:
            first = stream.readline(256).decode("latin-1")
    except OSError:
        return ""
    words = first.removeprefix("#!").split() if first.startswith("#!") else []
    words = words[1:] if words and PurePath(words[0]).name == "env" else words
    return next((each for each in words if not each.startswith("-")), "")


def _without_launchers(arguments: Sequence[str]) -> list[str]:
    """The command behind assignments, and behind programs that start another one."""
    words = [each for each in arguments if "=" not in each.partition("/")[0]]
    while len(words) > 1 and PurePath(words[0]).name in _LAUNCHERS:
        words = [each for each in words[1:] if not (each.startswith("-") or each.isdigit())]
    return words


def family_of_command(arguments: Sequence[str]) -> tuple[Client, str]:
    """The family, and what tells it; the C client where nothing tells another, as most languages are built on it."""
    words = _without_launchers(arguments)
    if not words:
        return "c", "there is no command"
    name = PurePath(words[0]).name
    if _JAVA.fullmatch(name) or words[0].endswith(".jar"):
        return "java", f"{name} starts a JVM"
    if _DOTNET.fullmatch(name):
        return "dotnet", f"{name} starts .NET"
    return _of_file(words[0], name)


def _of_file(word: str, name: str) -> tuple[Client, str]:
    found = shutil.which(word)
    path = Path(found) if found else Path(word)
    if any(os.path.lexists(f"{path}{suffix}") for suffix in _DOTNET_FILES):
        return "dotnet", f"files of .NET lie beside {name}"
    try:
        with path.open("rb") as stream:
            head = stream.read(_LARGEST_LIBRARY_LIST)
    except OSError:
        return "c", "nothing tells another"
    if head.startswith(b"#!"):
        return _of_script(head[:_HEAD], name)
    library = next((each.decode() for each in _C_LIBRARIES if each in head), "")
    return "c", f"{name} is linked with {library}" if library else "nothing tells another"


def _of_script(head: bytes, name: str) -> tuple[Client, str]:
    if _STARTS_JAVA.search(head):
        return "java", f"the script {name} starts java"
    if _STARTS_DOTNET.search(head):
        return "dotnet", f"the script {name} starts dotnet"
    return "c", f"{name} is a script that names neither java nor dotnet"

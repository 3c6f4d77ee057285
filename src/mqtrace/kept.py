"""What takes long to make and is the same in every run, kept in the user's folder of caches: compiled regular
expressions, and TOML that was read.

Nothing depends on it. What cannot be read, is damaged or may have been written by another user is made anew; where
nothing can be written, nothing is kept, and nobody is told.
"""

import marshal
import os
import re
import sys
from array import array
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, AnyStr
from zlib import crc32

from mqtrace.version import __version__

# More files than all of mqtrace's own patterns need: then those of earlier versions are among them.
MOST_FILES = 1000
_SUM = 4
# Flags, code, number of groups, names of groups.
_Expression = tuple[int, bytes, int, dict[str, int]]
# Whoever else may write there could give us anything.
_OTHERS_MAY_WRITE = 0o022


def kept(kind: str, content: bytes, make: Callable[[], Any]) -> Any:
    """What `make` gives for this content: from an earlier run, else made and kept for the next one.

    kind: how it is made, and the version of the library that does it.
    It must be of what `marshal` knows: numbers, texts, bytes, lists, tuples, dictionaries. Else it is not kept.
    """
    key = _key(kind) + content
    with suppress(LookupError):
        return _kept_under(key)
    made = make()
    _keep(key, made)
    return made


def _key(kind: str) -> bytes:
    return f"{kind} {__version__} {sys.version} ".encode()


def _kept_under(key: bytes) -> Any:
    """What an earlier run kept under a key. Raises LookupError where that is nothing, or is damaged."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        with open(_path(key), "rb") as stream:  # noqa: PTH123  (dozens of them, and Path is slow)
            found = stream.read()
        # Nothing that was cut or damaged is given to `marshal`.
        if found[:_SUM] == _sum_of(found[_SUM:]):
            known, value = marshal.loads(found[_SUM:])
            if known == key:
                return value
    raise LookupError


def _keep(key: bytes, value: Any) -> None:
    with suppress(OSError, ValueError):
        _write(Path(_path(key)), marshal.dumps((key, value)))


def _path(key: bytes) -> str:
    """Where a key is kept. Raises OSError where nothing can be."""
    folder = _folder()
    if folder is None:
        raise OSError
    return os.path.join(folder, f"{crc32(key):08x}{len(key):x}")  # noqa: PTH118


def _sum_of(content: bytes) -> bytes:
    return crc32(content).to_bytes(_SUM, "big")


def _write(path: Path, content: bytes) -> None:
    if len(list(path.parent.iterdir())) >= MOST_FILES:
        for old in path.parent.iterdir():
            old.unlink(missing_ok=True)
    # Two runs at once may write the same: each its own file, and the last one stays.
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(_sum_of(content) + content)
    new.replace(path)


def _folder() -> str | None:
    return _made(os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "")


@cache
def _made(caches: str) -> str | None:
    """The folder, made where it is missing; None where it cannot be used."""
    try:
        folder = (Path(caches) if caches else Path.home() / ".cache") / "mqtrace"
        if not folder.is_absolute():
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return None
    is_own = not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE)
    return str(folder) if is_own else None


def compiled(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`."""
    try:
        import _sre  # type: ignore[import-not-found]  # what `re` keeps to itself
    except ImportError:  # another Python
        return re.compile(pattern, flags)
    expressions = _expressions(_folder() or "")
    try:
        known = expressions.get((pattern, int(flags))) or expressions.setdefault(
            (pattern, int(flags)), _code_of(pattern, int(flags))
        )
        every, code, groups, names = known
        numbers: list[str | None] = [None] * (groups + 1)
        for name, number in names.items():
            numbers[number] = name
        return _sre.compile(pattern, every, array("I", code).tolist(), groups, names, tuple(numbers))  # type: ignore[no-any-return]
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OverflowError):
        return re.compile(pattern, flags)


def _code_of(pattern: AnyStr, flags: int) -> _Expression:
    """The program that `re` makes of an expression. Raises re.error where it is not valid."""
    from re import _compiler, _parser  # type: ignore[attr-defined]

    parsed = _parser.parse(pattern, flags)
    state = parsed.state
    code = array("I", map(int, _compiler._code(parsed, flags))).tobytes()
    return int(flags | state.flags), code, state.groups - 1, dict(state.groupdict)


@cache
def _expressions(folder: str) -> dict[tuple[str | bytes, int], _Expression]:
    """The expressions of all runs, in one file: most of them are needed each time. At the end of a run that compiled
    more of them it is written anew.
    """
    import _sre
    import atexit

    key = _key(f"re {_sre.MAGIC} {array('I').itemsize} {sys.byteorder}")
    found: dict[tuple[str | bytes, int], _Expression] = {}
    with suppress(LookupError):
        found = _kept_under(key)
    count = len(found)
    if folder:
        atexit.register(lambda: _keep(key, found) if len(found) > count else None)
    return found


def compiled_regex(pattern: bytes) -> Any:
    """As `regex.compile`. Raises regex.error where the pattern is not valid."""

    def make() -> Any:
        import regex

        return regex.compile(pattern)._pickled_data

    try:
        searching, version = _searching_regex()
        return searching.compile(*kept(f"regex {version}", pattern, make))
    except (ImportError, AttributeError, TypeError, ValueError, OSError):
        import regex

        return regex.compile(pattern)


@cache
def _searching_regex() -> tuple[Any, str]:
    """The part of regex that searches, and its version. The part that compiles takes 14 ms to import, and is needed
    only for what is not kept.

    Raises ImportError, AttributeError or OSError where it is not found so.
    """
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec

    package = find_spec("regex")
    spec = PathFinder.find_spec("regex._regex", package.submodule_search_locations if package else [])
    if spec is None or spec.loader is None or spec.origin is None:
        raise ImportError
    if spec.name not in sys.modules:
        module = sys.modules[spec.name] = module_from_spec(spec)
        spec.loader.exec_module(module)
    searching = sys.modules[spec.name]
    file = os.stat(spec.origin)  # noqa: PTH116
    return searching, f"{searching.MAGIC} {file.st_size} {file.st_mtime_ns}"


def toml(content: bytes) -> dict[str, Any]:
    """As `tomllib.loads`, of UTF-8. Raises ValueError where it is not that."""

    def make() -> dict[str, Any]:
        import tomllib

        return tomllib.loads(content.decode("utf-8"))

    return kept("toml", content, make)  # type: ignore[no-any-return]

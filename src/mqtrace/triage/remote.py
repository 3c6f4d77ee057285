"""Logs behind URLs, through fsspec: s3:// and https:// are tested; gs:// and sftp:// are not, for want of a server."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from mqtrace.model import InputError, UsageError

INSTALL = "pip install 'mqtrace[cluster]'"


def is_url(path: str) -> bool:
    """Whether a path is a URL (a drive letter of Windows is none)."""
    return re.match(r"[a-z][a-z0-9+.-]+://", path) is not None


def files_at(url: str) -> Iterator[tuple[str, int]]:
    """URL and size in bytes of the file at `url`, or of every file below it, sorted. Raises InputError in one sentence."""
    system, path = _system(url)
    scheme = url.partition("://")[0]
    try:
        found = [path] if system.isfile(path) else sorted(system.find(path))
        sizes = [(each, int(system.info(each).get("size") or 0)) for each in found]
    except Exception as error:  # noqa: BLE001  (each of fsspec's file systems raises errors of a library of its own)
        raise InputError(f"{url}: {why(error)}") from None
    if not sizes:
        raise InputError(f"{url}: there is no such file or folder, or nothing is in it: check the name.")
    for each, size in sizes:
        yield (each if "://" in each else f"{scheme}://{each}"), size


def open_url(url: str) -> BinaryIO:
    """A stream of the file at `url` that can seek. Raises OSError."""
    system, path = _system(url)
    try:
        return cast(BinaryIO, _Guarded(system.open(path, "rb")))
    except Exception as error:  # noqa: BLE001  (as above)
        raise OSError(0, why(error)) from None


class _Guarded:
    """A stream whose failures are OSError, whatever library they come from."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """As of any stream."""
        try:
            return bytes(self._stream.read(size))
        except Exception as error:  # noqa: BLE001  (as above)
            raise OSError(0, why(error)) from None

    def seek(self, offset: int) -> int:
        """As of any stream."""
        return int(self._stream.seek(offset))

    def __enter__(self) -> "_Guarded":
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True
        self._stream.close()


def why(error: Exception) -> str:
    """What a user should know of an error of a remote file system, in one line without credentials."""
    words = " ".join(str(error).split())
    words = re.sub(r"://[^/@\s]*@", "://***@", words)
    return f"it cannot be read ({type(error).__name__}: {words[:160]}): check the address, the rights and the network."


def _system(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise UsageError(f"reading {url.partition('://')[0]}:// needs another package; type   {INSTALL}") from None
    try:
        system, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UsageError(f"reading {url.partition('://')[0]}:// needs another package ({error.name or error})") from None
    except Exception as error:  # noqa: BLE001  (as above)
        raise InputError(f"{url}: {why(error)}") from None
    return system, path

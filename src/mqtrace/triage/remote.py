"""Logs behind URLs, through fsspec: s3:// and https:// are tested, each with a server on this machine.

Gs:// and sftp:// are not.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from mqtrace.model import InputError, UsageError
from mqtrace.model.errors import how_to_extend

INSTALL = how_to_extend("cluster")
# What fsspec needs for file systems that the extra does not cover.
_PACKAGES = {"gs": "gcsfs", "gcs": "gcsfs", "sftp": "paramiko", "ssh": "paramiko", "abfs": "adlfs"}
# Without it, a server that does not answer is waited for for minutes: five times a minute.
_S3 = {"config_kwargs": {"connect_timeout": 5, "read_timeout": 10, "retries": {"max_attempts": 1}}}


_NOTHING = "there is no such file or folder, or nothing is in it: check the name."


def is_url(path: str) -> bool:
    """Whether a path is a URL (a drive letter of Windows is none)."""
    return re.match(r"[a-z][a-z0-9+.-]+://", path) is not None


def files_at(url: str) -> Iterator[tuple[str, int]]:
    """URL and size in bytes of the file at `url`, or of every file below it, sorted.

    Raises InputError in one sentence.
    """
    system, path = _system(url)
    scheme = url.partition("://")[0]
    try:
        info = system.info(path)
        found = (
            [info]
            if info.get("type") == "file"
            else sorted(system.find(path, detail=True).values(), key=lambda each: each["name"])
        )
        sizes = [(str(each["name"]), int(each.get("size") or 0)) for each in found]
    except FileNotFoundError as error:
        raise InputError(f"{url}: {why(error.__cause__ or error)}") from None
    except Exception as error:  # noqa: BLE001  (each of fsspec's file systems raises errors of a library of its own)
        raise InputError(f"{url}: {why(error)}") from None
    if not sizes:
        raise InputError(f"{url}: {_NOTHING}")
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


def why(error: BaseException) -> str:
    """What a user should know of an error of a remote file system, in one line without credentials."""
    words = " ".join(str(error).split())
    words = re.sub(r"://[^/@\s]*@", "://***@", words)
    if (isinstance(error, FileNotFoundError) and " " not in words) or getattr(error, "status", 0) in (404, 410):
        return _NOTHING
    return f"it cannot be read ({words[:160] or type(error).__name__}): check the address, the rights and the network."


def _system(url: str) -> tuple[Any, str]:
    scheme = url.partition("://")[0]
    try:
        import fsspec
    except ImportError:
        raise UsageError(f"reading {scheme}:// needs another package; type   {INSTALL}") from None
    try:
        system, path = fsspec.core.url_to_fs(url, **(_S3 if scheme in {"s3", "s3a"} else {}))
    except ImportError:
        install = f"pip install {_PACKAGES[scheme]}" if scheme in _PACKAGES else INSTALL
        raise UsageError(f"reading {scheme}:// needs another package; type   {install}") from None
    except ValueError:
        raise UsageError(
            f"{url}: {scheme}:// is no file system that fsspec knows; s3:// and https:// are, for example"
        ) from None
    except Exception as error:  # noqa: BLE001  (as above)
        raise InputError(f"{url}: {why(error)}") from None
    return system, path

"""Sentences for what can go wrong while opening and reading: what, why, and what to do."""

import errno
import stat

from mqtrace.inputs.names import display_name
from mqtrace.model import InputError

_NO_RIGHT = "No right to read it: run mqtrace as a user who has it, or have it copied to where you may read."
_SENTENCES = {
    errno.ENOENT: "There is no such file or folder (or a link leads to nothing): check the name.",
    errno.ENOTDIR: "There is no such file or folder: a part of the path is a file; check the name.",
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.ELOOP: "It is a symbolic link that leads back to itself: give the file that it should lead to.",
    errno.ENAMETOOLONG: "Its path is too long for the system: go to a folder nearer to it and give a shorter path.",
    errno.EMFILE: "Too many files are open: close other programs, or raise the limit (ulimit -n).",
    errno.EINVAL: "It is damaged, as it points to places that are not in it: copy it again, in binary mode.",
    errno.ENOSPC: "The disk for temporary files is full: free some space, or point TMPDIR to another disk.",
}
_LONGEST_REASON = 100  # of zipfile it may hold two names of 64 KiB
_SPECIAL = {stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket", stat.S_IFBLK: "device", stat.S_IFCHR: "device"}


def was_cut(size: int, read: int) -> str:
    """What a user should know of a file that lost bytes while it was read."""
    return f"The file was cut from {size} to {read} bytes while it was read: read it again."


def sentence_of(error: Exception) -> str:
    """What a user should know of an error of opening, reading or unpacking. The text of
    an InputError is such a sentence already."""
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, OSError) and error.errno:
        return (
            _SENTENCES.get(error.errno)
            or f"Reading it failed ({error.strerror}): copy it to another disk and try again."
        )
    if isinstance(error, ImportError):
        return f"This Python cannot unpack it, as it has no module {error.name}: unpack it and give the result."
    reason = display_name(str(error)[:_LONGEST_REASON] or type(error).__name__)
    return f"It is damaged or cut ({reason}): what stands before is read; copy it again, in binary mode."


def why_skipped(mode: int) -> str:
    """Why a path with this st_mode is not read, "" for a file: reading a pipe or a device
    may wait for ever or change something."""
    if stat.S_ISREG(mode):
        return ""
    kind = _SPECIAL.get(stat.S_IFMT(mode), "special file")
    return (
        f"Skipped, as it is a {kind} and not a file: to read what comes out of it, pipe that into mqtrace and give "
        "- as the path."
    )

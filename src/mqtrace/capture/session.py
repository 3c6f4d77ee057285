"""A trace that is on for one command, and is ended whatever becomes of the command or of mqtrace."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from msgspec import Struct

from mqtrace.capture.family import programs_of
from mqtrace.capture.tools import find_tool, trace_folders
from mqtrace.catalog.tracing import Advice, advice
from mqtrace.masking import mask, printable
from mqtrace.model import Client, UsageError

Say = Callable[[str], None]

# Seconds that MQ's own programs may take.
_PATIENCE = 120
# Seconds within which a trace file that grows says that a trace is on.
_FRESH = 60
_MEGABYTE = 1 << 20
# A trace is two files of the limit, and its formatted form is up to three times as large.
_TIMES_LIMIT = 8
# Ends the trace when mqtrace is gone without having said that it is done.
_WATCH = 'IFS= read -r word; [ "$word" = done ] || { "$@" && rm -f "$MQTRACE_CAPTURE_STATE"; }'


class Wish(Struct, frozen=True):
    """What is to be traced.

    Attributes:
        client: client family.
        command: the command and its arguments; none where a running process is meant.
        pid: the process, 0 where a command is started.
        limit: megabytes that one file of a trace may have.
    """

    client: Client
    command: tuple[str, ...] = ()
    pid: int = 0
    limit: int = 200

    def filled(self, words: Sequence[str], folder: Path) -> list[str]:
        """The words of a command of MQ with what this wish says."""
        values = {
            "program": ",".join(programs_of(self.command)),
            "pid": str(self.pid),
            "limit": str(self.limit),
            "folder": str(folder),
        }
        return [_filled(word, values) for word in words]


def _filled(word: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", value)
    return word


def state_file() -> Path:
    """What a capture that is running leaves for one that has to end its trace; only of this user."""
    return Path(tempfile.gettempdir()) / f"mqtrace-capture-{os.getuid() if hasattr(os, 'getuid') else 0}.json"


# ---------------------------------------------------------------- before the command


def check_first(wish: Wish, folder: Path, variables: Mapping[str, str]) -> None:
    """Raises UsageError, with what to type instead, where the trace cannot be taken here."""
    known = advice(wish.client)
    if wish.pid and not known.attach:
        raise UsageError(
            f"a trace of this client family cannot be switched on while the program runs: start it anew with "
            f"  mqtrace capture --client {wish.client} -- COMMAND   or {known.detail}"
        )
    if known.added and " " in str(folder):
        raise UsageError(f"{folder} has a blank, which {known.added[0]} cannot carry; name another folder with --keep")
    free = shutil.disk_usage(folder).free // _MEGABYTE
    if free < wish.limit * _TIMES_LIMIT:
        fitting = max(free // _TIMES_LIMIT, 1)
        raise UsageError(
            f"{folder} has {free} MB free, and a trace of {wish.limit} MB a file can take {wish.limit * _TIMES_LIMIT}; "
            f"type   --limit {fitting}   or choose another disk with   --keep DIR"
        )
    if known.start:
        _check_nobody_traces(known, variables)
        for words in (known.start, known.end, known.format):
            find_tool(words[0], variables)


def _check_nobody_traces(known: Advice, variables: Mapping[str, str]) -> None:
    state = _state()
    if state:
        owner = int(state["mqtrace"])
        if is_alive(owner):
            raise UsageError(f"a capture is running already (process {owner}); wait for it, or end it first")
        raise UsageError("a capture ended without ending its trace; type   mqtrace capture --end")
    for path in _left_in(trace_folders(variables), known.files):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime < _FRESH:
                raise UsageError(
                    f"a trace that somebody else started seems to be on ({path} was written just now); it is left "
                    "alone. When it has ended (endmqtrc -a ends all), try again in a minute"
                )


def _state() -> dict[str, str]:
    try:
        with state_file().open(encoding="utf-8") as file:
            owner = os.fstat(file.fileno()).st_uid
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    mine = not hasattr(os, "getuid") or owner == os.getuid()
    return content if mine and isinstance(content, dict) and "mqtrace" in content else {}


def is_alive(process: int) -> bool:
    """Whether a process of that number is there."""
    if sys.platform == "win32":
        return False  # a signal of 0 is Ctrl-C there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def variables_for(wish: Wish, folder: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of the command: as it was, and what switches the trace on."""
    known = advice(wish.client)
    added = {name: wish.filled([value], folder)[0] for name, value in known.variables.items()}
    for name in known.added:
        if variables.get(name):
            added[name] = f"{variables[name]} {added[name]}"
    return {**variables, **added}


# ---------------------------------------------------------------- while it is on


@contextmanager
def traced(wish: Wish, folder: Path, variables: Mapping[str, str], say: Say) -> Iterator[None]:
    """While it lasts, the trace is on; what it left lies in `folder` afterwards, formatted.

    Raises UsageError where the trace cannot be started. What fails after that is said, and costs nothing else.
    """
    known = advice(wish.client)
    if not known.start:
        yield
        return
    begun = time.time()
    words = known.attach if wish.pid else known.start
    start, end = ([str(find_tool(each[0], variables)), *wish.filled(each[1:], folder)] for each in (words, known.end))
    watch = _watched(end, variables)
    started = False
    try:
        _run(start, variables, folder)
        started = True
        yield
    finally:
        _finish(end if started else (), watch, variables, folder, say)
        _keep(known, begun if started else None, variables, folder, say)


def _watched(end: Sequence[str], variables: Mapping[str, str]) -> "subprocess.Popen[bytes] | None":
    """A process that ends the trace where mqtrace is killed, None where there is no shell; and a note for `--end`."""
    path = state_file()
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"another capture is just beginning; if none is, remove {path}") from None
    with os.fdopen(number, "w", encoding="utf-8") as file:
        json.dump({"mqtrace": os.getpid(), "end": list(end)}, file)
    shell = shutil.which("sh")
    if shell is None:
        return None
    return subprocess.Popen(
        [shell, "-c", _WATCH, "mqtrace-capture", *end],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**variables, "MQTRACE_CAPTURE_STATE": str(path)},
        start_new_session=True,
    )


def _finish(
    end: Sequence[str],
    watch: "subprocess.Popen[bytes] | None",
    variables: Mapping[str, str],
    folder: Path,
    say: Say,
) -> None:
    """Ends the trace. Where that fails the note stays, so that `mqtrace capture --end` can try again."""
    try:
        if end:
            _run(end, variables, folder)
    except UsageError as error:
        say(f"the trace is still on: {error}; or   mqtrace capture --end")
    else:
        state_file().unlink(missing_ok=True)
    if watch and watch.stdin:
        with suppress(OSError):
            watch.stdin.write(b"done\n")
            watch.stdin.close()
        watch.wait(_PATIENCE)


def _keep(known: Advice, begun: float | None, variables: Mapping[str, str], folder: Path, say: Say) -> None:
    """Moves what the trace left to `folder`, and formats it."""
    if begun is None:
        return
    try:
        _collect(known, begun, variables, folder)
        _format(known, variables, folder)
    except (UsageError, OSError) as error:
        say(f"the trace was taken and could not be formatted: {error}")


def _run(command: Sequence[str], variables: Mapping[str, str], folder: Path) -> None:
    """Runs a program of MQ. Raises UsageError with what it said where it fails."""
    name = PurePath(command[0]).name
    try:
        done = subprocess.run(
            command, cwd=folder, env=dict(variables), stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_PATIENCE, check=False, start_new_session=True,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", None) or f"it did not end within {_PATIENCE} s"
        raise UsageError(f"{name} failed ({why}); type it by hand:   {' '.join(command)}") from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        words = printable(mask(said[0])) if said else "it said nothing"
        raise UsageError(
            f"{name} ended with {done.returncode}: {words}; see whether you have the right to trace (group mqm), and "
            f"try   {' '.join(command)}"
        )


# ---------------------------------------------------------------- what it left


def _collect(known: Advice, begun: float, variables: Mapping[str, str], folder: Path) -> None:
    """Moves the files of this trace from the folders of all traces: nobody else's was on, so they are its own."""
    for path in _left_in(trace_folders(variables), known.files):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= begun - 1 and path.parent != folder:
                shutil.move(str(path), folder / path.name)


def _left_in(folders: Sequence[Path], patterns: Sequence[str]) -> Iterator[Path]:
    for folder in folders:
        for pattern in patterns:
            yield from folder.glob(pattern)


def _format(known: Advice, variables: Mapping[str, str], folder: Path) -> None:
    """Formats what is binary; on Windows a trace is text already."""
    raw = [path.name for path in sorted(_left_in((folder,), known.files)) if is_binary(path)]
    if raw:
        _run([str(find_tool(known.format[0], variables)), *known.format[1:], *raw], variables, folder)


def is_binary(path: Path) -> bool:
    """Whether a file is not text, as a trace that is not formatted yet."""
    try:
        with path.open("rb") as file:
            return b"\0" in file.read(4096)
    except OSError:
        return False


def end_left_over(say: Say, variables: Mapping[str, str]) -> None:
    """Ends the trace of a capture that was killed. Raises UsageError where one is still running, or the end fails."""
    state = _state()
    if not state:
        say("no capture left a trace on; nothing was ended")
        return
    if is_alive(int(state["mqtrace"])):
        raise UsageError(f"the capture of process {state['mqtrace']} is still running; end that one first")
    end = [str(word) for word in state.get("end", ())]
    tool = find_tool(PurePath(end[0]).name, variables) if end else None
    if tool:
        _run([str(tool), *end[1:]], variables, Path(tempfile.gettempdir()))
    state_file().unlink(missing_ok=True)
    say("the trace that was left on has been ended")

"""Whole commands measured: wall time, processor time, and memory of all their processes together. Needs /proc, as on
Linux.
"""

import fcntl
import os
import pty
import statistics
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

POLL = 0.01
ROWS, COLUMNS = 40, 120


@dataclass(frozen=True)
class Command:
    """A command to measure.

    Attributes:
        name: for the table.
        words: program and arguments.
        size: bytes that it reads, 0 where that does not matter.
        terminal: whether it writes to a terminal, else to /dev/null.
        codes: exit codes that are no failure.
    """

    name: str
    words: tuple[str, ...]
    size: int = 0
    terminal: bool = False
    codes: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Spent:
    """Seconds of wall time, and of processor time (user and system) of the command and all that it waited for."""

    wall: float
    processor: float


def run(command: Command, watch: Callable[[int], None] | None = None) -> Spent:
    """Runs a command to its end; `watch` is called with its process id until then. Raises CalledProcessError when it
    fails.
    """
    begun = time.perf_counter()
    process, sink = (_in_terminal if command.terminal else _silent)(command.words)
    while watch and not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
        watch(process.pid)
        time.sleep(POLL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if sink:
        sink.join()
    if process.returncode not in command.codes:
        raise subprocess.CalledProcessError(process.returncode, command.words)
    return Spent(wall, used.ru_utime + used.ru_stime)


def _silent(words: Sequence[str]) -> tuple["subprocess.Popen[bytes]", None]:
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), None


def _in_terminal(words: Sequence[str]) -> tuple["subprocess.Popen[bytes]", threading.Thread]:
    """The command in a terminal of usual size, and what reads all that it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)

    def drain() -> None:
        with suppress(OSError), os.fdopen(ours, "rb", buffering=0) as screen:
            while screen.read(1 << 16):
                pass

    reader = threading.Thread(target=drain)
    reader.start()
    return process, reader


def in_turn(commands: Sequence[Command], runs: int) -> dict[str, list[Spent]]:
    """What each command took in each run, all of them in turn, so that a busy machine slows all."""
    found: dict[str, list[Spent]] = {command.name: [] for command in commands}
    for _ in range(runs):
        for command in commands:
            found[command.name].append(run(command))
    return found


def best(found: Sequence[Spent]) -> Spent:
    """The least wall time, and the least processor time."""
    return Spent(min(each.wall for each in found), min(each.processor for each in found))


@dataclass(frozen=True)
class Ratio:
    """What one command takes of what another takes.

    Attributes:
        wall, processor: ratio of the bests.
        pairs: median of the runs' own ratios, in wall time.
    """

    wall: float
    processor: float
    pairs: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} (pairs {self.pairs:.2f}, processor {self.processor:.2f})"


def ratio(ours: Sequence[Spent], theirs: Sequence[Spent], *, scale: float = 1) -> Ratio:
    """The ratio of two commands that ran in turn, times `scale`."""
    one, other = best(ours), best(theirs)
    pairs = statistics.median(mine.wall / its.wall for mine, its in zip(ours, theirs, strict=True))
    return Ratio(one.wall / other.wall * scale, one.processor / other.processor * scale, pairs * scale)


def resident(process: int) -> int:
    """Bytes of memory that a process and its children use: proportional set size, in which of what several share each
    has its part.
    """
    children = Path(f"/proc/{process}/task/{process}/children")
    try:
        own = next(
            line for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:")
        )
        return int(own.split()[1]) * 1024 + sum(resident(int(child)) for child in children.read_text().split())
    except (OSError, StopIteration):
        return 0


def peak_memory(command: Command) -> int:
    """Most bytes that a command and its children used together, looked at a hundred times a second."""
    most = 0

    def look(process: int) -> None:
        nonlocal most
        most = max(most, resident(process))

    run(command, look)
    return most

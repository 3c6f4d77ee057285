"""Measures `mqtrace watch` behind a writer, and beside files that rest.

Usage: python bench/watch.py FILE.TRC [MB_A_SECOND [SECONDS]]     (or FILE.TRC.xz)

The lines of the file are written again and again to a trace in a new folder, 60 MB a second for 60 seconds unless told
otherwise; each 2.5 seconds a call that fails goes among them, of a thread and a queue manager of its own. In the middle
the trace is renamed out of the folder and a new one takes its place. Printed are how long each failure took from its
last byte to its line of JSON, the memory of the watch, and its processor time. Needs /proc.
"""

import json
import lzma
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from measuring import resident

SAMPLE = Path(__file__).parents[1] / "sample-traces" / "dotnet-server-name-refused" / "trace.TRC"
WATCH = (sys.executable, "-c", "from mqtrace.cli import main; main()", "watch", "--format", "json")
BLOCK, BLOCKS_A_SECOND = 1 << 20, 10
EVERY = 2.5
PATIENCE = 60
RESTING_FILES, RESTING_SECONDS = 200, 20
TICKS = os.sysconf("SC_CLK_TCK")


class Watched:
    """A watch of a folder, in a process of its own.

    Attributes:
        arrived: when the failure with a queue manager was told.
    """

    def __init__(self, folder: Path) -> None:
        self.arrived: dict[str, list[float]] = {}
        self._process = subprocess.Popen((*WATCH, str(folder)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._process.stderr is not None
        self._process.stderr.readline()  # that it follows
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            name = json.loads(line)["connections"][0]["queue_manager"]
            self.arrived.setdefault(name, []).append(time.monotonic())

    @property
    def memory(self) -> float:
        """MB in use."""
        return resident(self._process.pid) / 1e6

    @property
    def seconds(self) -> float:
        """Processor time, in seconds."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def end(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait(10)


def failing_call(number: int) -> tuple[str, bytes]:
    """The name of a queue manager, and the lines of a call that fails to connect to it."""
    name = f"F{number:02}"
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    begin = next(index for index, line in enumerate(lines) if b"Constructing IBM.WMQ.MQQueueManager" in line)
    call = b"".join(lines[begin:])
    return name, call.replace(b"QM1", name.encode()).replace(b"  5009.4 ", b"  5009.%d " % (5000 + number))


def blocks_of(trace: Path) -> list[bytes]:
    """The file in blocks that end at a line's end."""
    blocks = []
    with lzma.open(trace) if trace.suffix == ".xz" else trace.open("rb") as file:
        while block := file.read(BLOCK):
            blocks.append(block + file.readline())
    return blocks


def busy(trace: Path, rate: float, seconds: float, folder: Path) -> None:
    """Writes, and prints what the watch did meanwhile."""
    path, elsewhere, blocks = folder / "AMQ5009.0.TRC", folder.parent / "old.TRC", blocks_of(trace)
    watched = Watched(folder)
    written: dict[str, float] = {}
    memory: dict[int, float] = {}
    file = path.open("ab", buffering=0)
    begin, used, size, number, turn = time.monotonic(), watched.seconds, 0, 0, 0
    is_replaced = False
    while (past := time.monotonic() - begin) < seconds:
        while size < rate * 1e6 * past:
            size += file.write(blocks[turn % len(blocks)])
            turn += 1
        if past >= EVERY * (number + 0.5):
            name, call = failing_call(number)
            size += file.write(call)
            written[name] = time.monotonic()
            number += 1
        if past >= seconds / 2 and not is_replaced:
            is_replaced = True
            name, call = failing_call(90)
            file.write(call)
            written[name] = time.monotonic()
            path.rename(elsewhere)
            file = path.open("ab", buffering=0)
        if int(past) % 5 == 0 and int(past):
            memory.setdefault(int(past), watched.memory)
        time.sleep(1 / BLOCKS_A_SECOND)
    used = watched.seconds - used
    patience = time.monotonic() + PATIENCE
    while not written.keys() <= watched.arrived.keys() and time.monotonic() < patience:
        time.sleep(0.1)
    last = watched.memory
    watched.end()
    lags = [watched.arrived[name][0] - when for name, when in written.items() if name in watched.arrived]
    told = sum(len(watched.arrived.get(name, ())) for name in written)
    print(f"written           {size / 1e6:8,.0f} MB in {seconds:.0f} s, replaced by a new file in the middle")
    print(f"failures          {len(written):8} written, {len(lags)} told, {told} times in all")
    print(f"lag               {statistics.median(lags):8.2f} s median, {max(lags):.2f} s at most")
    used_memory = "  ".join(f"{each:.0f} MB at {at} s" for at, each in memory.items())
    print(f"memory            {used_memory}  {last:.0f} MB at the end")
    print(f"processor time    {used / seconds:8.0%} of a core, {size / 1e6 / used:.0f} MB a second of it")


def resting(folder: Path) -> None:
    """Prints what files that do not grow cost."""
    for number in range(RESTING_FILES):
        shutil.copy(SAMPLE, folder / f"AMQ{number}.0.TRC")
    watched = Watched(folder)
    time.sleep(5)
    before = watched.seconds
    time.sleep(RESTING_SECONDS)
    used = watched.seconds - before
    watched.end()
    print(f"at rest           {used / RESTING_SECONDS:8.2%} of a core for {RESTING_FILES} files")


def main() -> int:
    """Measures with the file of the command line."""
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_file():
        print("usage: python bench/watch.py FILE.TRC [MB_A_SECOND [SECONDS]]", file=sys.stderr)
        return 2
    rate, seconds = (float(word) for word in (*sys.argv[2:4], "60", "60")[:2])
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / name for name in ("resting", "busy")]
        for each in folders:
            each.mkdir()
        resting(folders[0])
        busy(Path(sys.argv[1]), rate, seconds, folders[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())

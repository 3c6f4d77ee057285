"""Times a part of a long trace against all of it: --since, --until and --quick.

Usage: python bench/reading_a_part.py FILE.TRC[.xz] COPIES   (of a .NET trace whose lines are of one hour)

The trace is made of COPIES of the file, each three hours later than the one before, so that it takes days. All
commands take turns; of each the least wall time and the least processor time are printed, and their shares of those of
`mqtrace diagnose` without an option.
"""

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from large_trace import MQTRACE, peak_memory, unpacked

ROUNDS = 3
HOURS = 3
_HOUR = re.compile(rb"^((?:[0-9A-Fa-f]{4,16} +)?)(\d\d)(?=:\d\d:\d\d\.\d{6} )", re.MULTILINE)


def made(source: Path, target: Path, copies: int) -> list[int]:
    """Writes the long trace; gives the hours since the first midnight at which the copies begin."""
    content = source.read_bytes()
    found = _HOUR.search(content)
    assert found is not None
    begin = int(found[2])
    hours = [begin + HOURS * copy for copy in range(copies)]
    with target.open("wb") as stream:
        stream.write(content[: found.start()])
        for hour in hours:
            stream.write(_HOUR.sub(rb"\g<1>%02d" % (hour % 24), content[found.start() :]))
    return hours


def seconds(command: Sequence[str]) -> tuple[float, float]:
    """Wall and processor time of a command and its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def moment(day: str, hours: int) -> str:
    """A moment so many hours after the begin of a day of November 2026."""
    year_and_month, _, first = day.rpartition("-")
    return f"{year_and_month}-{int(first) + hours // 24:02}T{hours % 24:02}"


def compare(trace: Path, hours: list[int], day: str) -> None:
    """Prints the figures."""
    last, middle = moment(day, hours[-1]), moment(day, hours[len(hours) // 2])
    diagnose = (*MQTRACE, "diagnose", str(trace), "--format", "json")
    commands = {
        "diagnose": diagnose,
        f"--since {last}": (*diagnose, "--since", last),
        f"--since and --until {middle}": (*diagnose, "--since", middle, "--until", middle),
        f"--until {moment(day, hours[0])}": (*diagnose, "--until", moment(day, hours[0])),
        "--quick": (*diagnose, "--quick"),
        "wc -l": ("wc", "-l", str(trace)),
    }
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            runs[name].append(seconds(command))
    whole = [min(each) for each in zip(*runs["diagnose"], strict=True)]
    print(f"trace {trace.stat().st_size / 1e6:,.0f} MB, {len(hours)} copies, {HOURS} hours apart")
    for name, command in commands.items():
        wall, processor = (min(each) for each in zip(*runs[name], strict=True))
        memory = f"{peak_memory(command) / 1e6:5.0f} MB" if name != "wc -l" else ""
        shares = f"{wall / whole[0]:5.2f} {processor / whole[1]:5.2f}"
        print(f"{name:36} {wall:7.2f} s wall {processor:7.2f} s processor   share {shares} {memory}")


def main() -> int:
    """Measures what the command line names."""
    if len(sys.argv) != 3 or not Path(sys.argv[1]).is_file():
        print("usage: python bench/reading_a_part.py FILE.TRC[.xz] COPIES", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        source = unpacked(Path(sys.argv[1]), Path(folder))
        trace = Path(folder) / "long.TRC"
        hours = made(source, trace, int(sys.argv[2]))
        source.unlink() if sys.argv[1].endswith(".xz") else None
        day = re.search(rb"LCL Date : (\d\d)/(\d\d)/(\d{4})", trace.open("rb").read(4096))
        assert day is not None
        compare(trace, hours, f"{day[3].decode()}-{day[2].decode()}-{day[1].decode()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Times a part of a long trace against all of it: --since, --until and --quick.

Usage: python bench/reading_a_part.py FILE.TRC[.xz] COPIES   (of a .NET trace whose lines are of one hour)

The trace is made of COPIES of the file, each three hours later than the one before, so that it takes days. All
commands take turns; of each the least wall time and the least processor time are printed, and their shares of those of
`mqtrace diagnose` without an option; and the most memory of all its processes together.
"""

import lzma
import re
import sys
import tempfile
from pathlib import Path

from compare import MQTRACE
from measuring import Command, best, in_turn, peak_memory

ROUNDS = 3
HOURS = 3
_HOUR = re.compile(rb"^((?:[0-9A-Fa-f]{4,16} +)?)(\d\d)(?=:\d\d:\d\d\.\d{6} )", re.MULTILINE)


def made(source: Path, target: Path, copies: int) -> list[int]:
    """Writes the long trace; gives the hours since the first midnight at which the copies begin."""
    content = lzma.decompress(source.read_bytes()) if source.suffix == ".xz" else source.read_bytes()
    found = _HOUR.search(content)
    assert found is not None
    begin = int(found[2])
    hours = [begin + HOURS * copy for copy in range(copies)]
    with target.open("wb") as stream:
        stream.write(content[: found.start()])
        for hour in hours:
            stream.write(_HOUR.sub(rb"\g<1>%02d" % (hour % 24), content[found.start() :]))
    return hours


def moment(day: str, hours: int) -> str:
    """A moment so many hours after the begin of a day of November 2026."""
    year_and_month, _, first = day.rpartition("-")
    return f"{year_and_month}-{int(first) + hours // 24:02}T{hours % 24:02}"


def compare(trace: Path, hours: list[int], day: str) -> None:
    """Prints the figures."""
    last, middle = moment(day, hours[-1]), moment(day, hours[len(hours) // 2])
    diagnose = (*MQTRACE, "diagnose", str(trace), "--format", "json")
    asked = {
        "diagnose": (),
        f"--since {last}": ("--since", last),
        f"--since and --until {middle}": ("--since", middle, "--until", middle),
        f"--until {moment(day, hours[0])}": ("--until", moment(day, hours[0])),
        "--quick": ("--quick",),
    }
    commands = [Command(name, (*diagnose, *options)) for name, options in asked.items()]
    found = in_turn([*commands, Command("wc -l", ("wc", "-l", str(trace)))], ROUNDS)
    whole = best(found["diagnose"])
    print(f"trace {trace.stat().st_size / 1e6:,.0f} MB, {len(hours)} copies, {HOURS} hours apart")
    for name, runs in found.items():
        least = best(runs)
        shares = f"{least.wall / whole.wall:5.2f} {least.processor / whole.processor:5.2f}"
        print(f"{name:36} {least.wall:7.2f} s wall {least.processor:7.2f} s processor   share {shares}")
    for command in commands:
        print(f"{command.name:36} {peak_memory(command) / 1e6:5.0f} MB")


def main() -> int:
    """Measures what the command line names."""
    if len(sys.argv) != 3 or not Path(sys.argv[1]).is_file():
        print("usage: python bench/reading_a_part.py FILE.TRC[.xz] COPIES", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "long.TRC"
        hours = made(Path(sys.argv[1]), trace, int(sys.argv[2]))
        day = re.search(rb"LCL Date : (\d\d)/(\d\d)/(\d{4})", trace.open("rb").read(4096))
        assert day is not None
        compare(trace, hours, f"{day[3].decode()}-{day[2].decode()}-{day[1].decode()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Times `mqtrace triage` on the logs of a fleet, beside `grep -c AMQ` and a loop over lines in Python on the same
bytes.

    python bench/triage_speed.py FOLDER [RUNS [SINCE]]

Prints for one process on one log megabytes (10**6 bytes) a second of processor time and of wall time, and the ratio to
the loop: medians of several runs, in turn, as machines are shared. Then the whole folder with a process a core: seconds
for all of it and for a tenth, and the most memory that all processes together took. With SINCE instead what --since
with that moment costs of the folder: the least processor time of the runs of one process, in turn with all of it.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from measuring import resident

POLL = 0.05


def spent() -> float:
    """Seconds of processor time of this process and its children that ended."""
    return sum(
        use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time and of wall time."""
    begin, own = time.perf_counter(), spent()
    work()
    return max(spent() - own, 1e-4), time.perf_counter() - begin


def lines_of(path: str) -> int:
    """The loop: lines of `path` that begin with a message."""
    with Path(path).open("rb") as stream:
        return sum(line.startswith(b"AMQ") for line in stream)


def command(paths: list[str], *options: str) -> tuple[float, float, int]:
    """Seconds of processor time and of wall time, and most bytes of memory, of `mqtrace triage`."""
    begin, own = time.perf_counter(), spent()
    words = [
        sys.executable,
        "-c",
        "from mqtrace.cli import main; main()",
        "triage",
        *paths,
        "--format",
        "json",
        *options,
    ]
    most = 0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            time.sleep(POLL)
    return spent() - own, time.perf_counter() - begin, most


def one_process(path: str, runs: int) -> None:
    """Prints the figures of one log."""
    from mqtrace.triage.frame import read_logs
    from mqtrace.triage.part import Question
    from mqtrace.triage.running import triage

    works: dict[str, Callable[[], object]] = {
        "grep -c AMQ": lambda: subprocess.run(["grep", "-c", "AMQ", path], capture_output=True, check=False),
        "loop over lines": lambda: lines_of(path),
        "--by message": lambda: triage([path], processes=1),
        "  rows alone": lambda: triage([path], Question(incidents=False), processes=1),
        "every column": lambda: read_logs([path]),
    }
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for run in range(runs + 1):
        for name, work in works.items():
            found = timed(work)
            seconds[name] += [found] if run else []
    size = Path(path).stat().st_size / 1e6
    loop = median(own for own, _ in seconds["loop over lines"])
    print(f"{path}: {size:.0f} MB, medians of {runs} runs")
    for name, found in seconds.items():
        own, wall = (median(column) for column in zip(*found, strict=True))
        print(
            f"{name:16} {size / own:7,.0f} MB/s of processor time, {size / wall:7,.0f} of "
            f"wall time, {loop / own:.3f} of the loop"
        )


def since_of(folder: str, runs: int, since: str) -> None:
    """Prints what a part costs."""
    asked = {"all": (), f"--since {since}": ("--since", since)}
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(runs):
        for name, options in asked.items():
            seconds[name].append(command([folder], "--processes", "1", *options)[0])
    for name, found in seconds.items():
        print(f"{name:26} {min(found):6.2f} s, {min(found) / min(seconds['all']):.3f} of all")


def main(folder: str, runs: str = "5", since: str = "") -> None:
    """Prints the figures."""
    if since:
        since_of(folder, int(runs), since)
        return
    logs = sorted(Path(folder).iterdir())
    for log in (logs[0], logs[min(3, len(logs) - 1)]):
        one_process(str(log), int(runs))
    sizes = [log.stat().st_size for log in logs]
    tenth = max(len(logs) // 10, 1)
    some, _, _ = command([str(log) for log in logs[:tenth]])
    whole, wall, memory = command([folder])
    rate = (whole / sum(sizes)) / (some / sum(sizes[:tenth]))
    print(
        f"{sum(sizes) / 1e9:.2f} GB: {wall:.1f} s, {whole:.1f} s of processor time, "
        f"{memory / 1e6:.0f} MB of memory in all"
    )
    print(f"processor time per byte against that of {sum(sizes[:tenth]) / 1e9:.2f} GB: {rate:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])

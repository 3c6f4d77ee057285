"""Times `mqtrace triage` on the logs of a fleet, beside `grep -c AMQ` on the same bytes.

    python bench/triage_speed.py FOLDER

Prints megabytes (10**6 bytes) a second: grep, counting by message, and every column (read_logs), each in one process on one log; then the
whole folder with a process a core: seconds for all of it and for a tenth, and the most memory that all processes together took.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPEATS = 3
POLL = 0.05


def best(work: Callable[[], object]) -> float:
    """The least seconds of several runs."""
    seconds = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def resident(process: int) -> int:
    """Bytes in memory that a process and its children use (of memory that they share each its part)."""
    children = Path(f"/proc/{process}/task/{process}/children")
    try:
        own = next(line for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
        return int(own.split()[1]) * 1024 + sum(resident(int(child)) for child in children.read_text().split())
    except (OSError, StopIteration):
        return 0


def command(paths: list[str], *options: str) -> tuple[float, int]:
    """Seconds and most bytes of memory of `mqtrace triage`."""
    begin = time.perf_counter()
    words = [sys.executable, "-c", "from mqtrace.cli import main; main()", "triage", *paths, "--format", "json", *options]
    most = 0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            time.sleep(POLL)
    return time.perf_counter() - begin, most


def main(folder: str) -> None:
    """Prints the figures."""
    from mqtrace.triage.frame import read_logs
    from mqtrace.triage.part import Question
    from mqtrace.triage.running import triage

    logs = sorted(Path(folder).iterdir())
    sizes = [log.stat().st_size for log in logs]
    one = str(logs[0])
    print(
        "grep -c AMQ        ", round(sizes[0] / 1e6 / best(lambda: subprocess.run(["grep", "-c", "AMQ", one], capture_output=True))), "MB/s"
    )
    print("--by message       ", round(sizes[0] / 1e6 / best(lambda: triage([one], processes=1))), "MB/s, one process")
    rows = Question(incidents=False)
    print("  rows alone       ", round(sizes[0] / 1e6 / best(lambda: triage([one], rows, processes=1))), "MB/s, one process")
    print("every column       ", round(sizes[0] / 1e6 / best(lambda: read_logs([one]))), "MB/s, one process")
    tenth = max(len(logs) // 10, 1)
    some, _ = command([str(log) for log in logs[:tenth]])
    whole, memory = command([folder])
    rate = (whole / sum(sizes)) / (some / sum(sizes[:tenth]))
    print(f"{sum(sizes) / 1e9:.2f} GB, {os.cpu_count()} cores: {whole:.1f} s, {memory / 1e6:.0f} MB of memory in all")
    print(f"time per byte against that of {sum(sizes[:tenth]) / 1e9:.2f} GB: {rate:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])

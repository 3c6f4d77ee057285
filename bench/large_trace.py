"""Times `mqtrace diagnose FILE` against the greps that people run on a trace by hand, on the same file.

Usage: python bench/large_trace.py FILE.TRC   (or FILE.TRC.xz, which is unpacked into a temporary file first)

The two take turns, so that a busy machine slows both; the medians and their ratio are printed. Needs bash, grep and
cat.
"""

import lzma
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PAIRS = 5
STARTS = 10
MQTRACE = (sys.executable, "-c", "from mqtrace.cli import main; main()")
GREPS = ("PeerName", "mqclient.ini", "ChannelDefinition", "-i SSLKeyR", "-i CertificateLabel", "client_hello")
# Into cat: grep stops at the first match when its output is /dev/null.
SHELL = "\n".join(f'grep {words} "$1" | cat >/dev/null' for words in GREPS)


def seconds(command: Sequence[str]) -> float:
    """Seconds from start to end of a command, its output thrown away. Raises CalledProcessError when it fails."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def peak_memory(command: Sequence[str]) -> int:
    """Most bytes of memory in use by the command's largest process; measured beside a small parent, as a child begins
    as large as that.
    """
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", measure, *command], stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    return int(printed) * (1 if sys.platform == "darwin" else 1024)


def unpacked(path: Path, folder: Path) -> Path:
    """The trace itself, unpacked into the folder where it is .xz."""
    if path.suffix != ".xz":
        return path
    plain = folder / path.stem
    with lzma.open(path) as packed, plain.open("wb") as target:
        shutil.copyfileobj(packed, target, 1 << 20)
    return plain


def compare(trace: Path) -> None:
    """Prints the figures for one trace."""
    diagnose = (*MQTRACE, "diagnose", str(trace), "--format", "json")
    greps = ("bash", "-c", SHELL, "greps", str(trace))
    seconds(greps)  # the file is in memory for all that follow
    pairs = [(seconds(diagnose), seconds(greps)) for _ in range(PAIRS)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    starts = [(seconds((*MQTRACE, "--help")), seconds((sys.executable, "-c", "pass"))) for _ in range(STARTS)]
    help_, bare = (statistics.median(side) for side in zip(*starts, strict=True))
    print(
        f"trace             {trace.stat().st_size / 1e6:8.1f} MB, {os.cpu_count()} "
        f"cores, Python {sys.version.split()[0]}"
    )
    print(f"mqtrace diagnose  {ours:8.2f} s   each run: {' '.join(f'{each:.2f}' for each, _ in pairs)}")
    print(f"{len(GREPS)} greps           {theirs:8.2f} s   each run: {' '.join(f'{each:.2f}' for _, each in pairs)}")
    print(f"ratio             {ours / theirs:8.2f}     mqtrace to greps, medians of {PAIRS} pairs")
    print(f"peak memory       {peak_memory(diagnose) / 1e6:8.1f} MB  of the largest process")
    print(
        f"start             {help_:8.3f} s   mqtrace --help; a bare Python needs "
        f"{bare:.3f} s, so {help_ - bare:.3f} s are its own"
    )


def main() -> int:
    """Measures the file of the command line."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print("usage: python bench/large_trace.py FILE.TRC   (or FILE.TRC.xz)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        compare(unpacked(Path(sys.argv[1]), Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

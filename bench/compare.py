"""Times whole commands of mqtrace beside those that people run on a trace by hand, on the same file, in one run, and
says which limits are met: tables in Markdown for docs/performance.md.

    python bench/compare.py [start] [117MB] [1GB] [8GB] [--runs N] [--packed] [--folder FOLDER] [--trace FILE]

`start` is what a short command takes. 117MB is a genuine trace of the .NET client (FILE, also .xz); 1GB is made, of the
C client, with one interesting line in 2,000; 8GB is made, with one connection and nothing else (and a tenth of a minute
for 1 GB of the same kind, to compare). `--packed` adds the trace as .gz and .zst. Files are made in FOLDER, where they
stay for the next time; without it in a folder that is gone at the end.

All commands run in turn, N times (5), the file in memory. Wall time is compared: the ratio of the bests, which the
limits are for, and the median of the runs' own ratios (pairs). Processor time (user and system) is of the command and
all its processes; a busy machine changes it less. The load tells what else ran. Memory is the proportional set size of
all processes of the command together, looked at a hundred times a second in a run that is not timed.
"""

import argparse
import lzma
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from make_trace import Wanted, make
from measuring import Command, Spent, best, in_turn, peak_memory, ratio, run

HERE = Path(__file__).parents[1]
GENUINE = HERE / ".." / "shared" / "corpus" / "trace-dotnet-large" / "connections_600_threads.TRC.xz"
SMALL = (
    HERE / "sample-traces" / "dotnet-certificate-store-missing" / "trace.TRC",
    HERE / "sample-traces" / "c-unknown-channel-two-threads" / "AMQ7253.0.FMT",
)
MQTRACE = (sys.executable, "-c", "from mqtrace.cli import main; main()")
BARE = (sys.executable, "-c", "pass")
WORDS = ("PeerName", "mqclient.ini", "ChannelDefinition", "SSLKeyR", "CertificateLabel", "client_hello")
ANY_CASE = ("SSLKeyR", "CertificateLabel")
# Into cat: grep stops at the first match when its output is /dev/null.
GREPS = "\n".join(f'grep {"-i " if word in ANY_CASE else ""}{word} "$1" | cat >/dev/null' for word in WORDS)
COUNTS = "\n".join(f'grep -F -c {word} "$1"' for word in WORDS) + "\ntrue"
RG = ("rg", "-c", "-F", *(part for word in WORDS for part in ("-e", word)))
PACKERS = {".gz": "gzip", ".zst": "zstd"}
TEXT, TERMINAL, JSON = "diagnose", "diagnose, in a terminal", "diagnose --format json"
GREP, COUNT, LINES = "six greps", "six grep -F -c", "wc -l"
RIPGREP, ANY_RIPGREP = "rg -c of six literals", "rg -c -i of six literals"
SMALLER = "diagnose --format json of 1 GB"
MB = 10**6


@dataclass(frozen=True)
class Size:
    """One size of trace.

    Attributes:
        title: for the table.
        wanted: what to make; None for the genuine trace.
        greps, rg: most that diagnose may take of the six greps and of rg, in wall time; None for no limit.
        memory: most megabytes.
        per_byte: most that a byte may take of what a byte of 1 GB of the same kind takes; None where that is not asked.
    """

    title: str
    wanted: Wanted | None
    greps: float
    rg: float | None = None
    memory: int | None = None
    per_byte: float | None = None


SIZES = {
    "117MB": Size("117 MB, genuine, of the .NET client", None, 0.8, memory=150),
    "1GB": Size("1 GB, made, one interesting line in 2,000", Wanted(1000 * MB, share=2000), 0.35),
    "8GB": Size("8 GB, made, one connection", Wanted(8000 * MB), 0.25, 1.6, 170, 1.1),
}
PACKED_LIMIT, START_LIMIT, ANSWER_LIMIT = 1.3, 120, 400


@dataclass(frozen=True)
class Judged:
    """One figure beside its limit.

    Attributes:
        what: what was measured.
        value: the figure that the limit is for.
        shown: it and others, as the table has them.
        limit: the most it may be; None for no limit.
    """

    what: str
    value: float
    shown: str
    limit: float | None

    def row(self) -> str:
        """A row of the table."""
        if self.limit is None:
            return f"| {self.what} | {self.shown} | | |"
        verdict = "met" if self.value <= self.limit else "**not met**"
        return f"| {self.what} | {self.shown} | {self.limit:g} | {verdict} |"


def missing(program: str) -> bool:
    """Whether a program is not here, which is said then."""
    if shutil.which(program):
        return False
    package = {"rg": "ripgrep"}.get(program, program)
    print(f"{program} is missing, so that nothing is compared with it: install {package}.\n", file=sys.stderr)
    return True


def diagnose(path: Path, *options: str) -> tuple[str, ...]:
    """The words of a command."""
    return (*MQTRACE, "diagnose", str(path), *options)


def shell(name: str, script: str, path: Path) -> Command:
    """Lines of a shell over one file."""
    return Command(name, ("bash", "-c", script, "bench", str(path)), path.stat().st_size)


def commands_of(trace: Path, packed: Sequence[Path]) -> Iterator[Command]:
    """All that is run on one trace."""
    size = trace.stat().st_size
    yield Command(TEXT, diagnose(trace), size)
    yield Command(TERMINAL, diagnose(trace), size, terminal=True)
    yield Command(JSON, diagnose(trace, "--format", "json"), size)
    yield shell(GREP, GREPS, trace)
    yield shell(COUNT, COUNTS, trace)
    if not missing("rg"):
        yield Command(RIPGREP, (*RG, str(trace)), size, codes=(0, 1))
        yield Command(ANY_RIPGREP, (*RG, "-i", str(trace)), size, codes=(0, 1))
    yield Command(LINES, ("wc", "-l", str(trace)), size)
    for path in packed:
        yield Command(f"{JSON} of {path.suffix}", diagnose(path, "--format", "json"), size)
        yield Command(f"{PACKERS[path.suffix]} -dc", (PACKERS[path.suffix], "-dc", str(path)), size)


def against(found: dict[str, list[Spent]], ours: str, theirs: str, limit: float | None) -> Judged:
    """The ratio of two commands."""
    found_ratio = ratio(found[ours], found[theirs])
    return Judged(f"{ours} / {theirs}", found_ratio.wall, str(found_ratio), limit)


def memory(command: Command, limit: float | None) -> Judged:
    """Most memory of a command."""
    most = peak_memory(command) / MB
    return Judged(f"most memory of {command.name}, MB", most, f"{most:.0f}", limit)


def per_byte(found: dict[str, list[Spent]], sizes: dict[str, int], limit: float) -> Judged:
    """What a byte takes, of what it takes in 1 GB of the same kind."""
    found_ratio = ratio(found[JSON], found[SMALLER], scale=sizes[SMALLER] / sizes[JSON])
    return Judged("time of a byte, 8 GB / 1 GB", found_ratio.wall, str(found_ratio), limit)


def judged_of(size: Size, commands: Sequence[Command], found: dict[str, list[Spent]]) -> Iterator[Judged]:
    """All figures of one trace beside their limits."""
    pairs: list[tuple[str, str, float | None]] = [(ours, GREP, size.greps) for ours in (TEXT, TERMINAL, JSON)]
    pairs += [(JSON, COUNT, None), (JSON, RIPGREP, size.rg), (JSON, ANY_RIPGREP, size.rg), (JSON, LINES, None)]
    pairs += [(f"{JSON} of {suffix}", f"{packer} -dc", PACKED_LIMIT) for suffix, packer in PACKERS.items()]
    yield from (against(found, *pair) for pair in pairs if pair[1] in found)
    if size.per_byte:
        yield per_byte(found, {command.name: command.size for command in commands}, size.per_byte)
    for command in commands:
        if command.name.startswith(JSON) and command.name != SMALLER:
            yield memory(command, size.memory)


def trace_of(size: Size, name: str, folder: Path, genuine: Path) -> Path:
    """The trace, made or unpacked where it is not here from the last time."""
    if size.wanted:
        share = f"-{size.wanted.share}" if size.wanted.share else ""
        return made(folder / f"made-{name}{share}.FMT", size.wanted)
    if genuine.suffix != ".xz":
        return genuine
    path = folder / genuine.stem
    if not path.is_file():
        with lzma.open(genuine) as packed, path.open("wb") as target:
            shutil.copyfileobj(packed, target, 1 << 20)
    return path


def made(path: Path, wanted: Wanted) -> Path:
    """A made trace; under its name only when it is whole."""
    if not path.is_file():
        make(path.with_suffix(".part"), wanted)
        path.with_suffix(".part").rename(path)
    return path


def packed_of(trace: Path, folder: Path) -> list[Path]:
    """The trace as each packer packs it."""
    found = []
    for suffix, packer in PACKERS.items():
        if missing(packer):
            continue
        path = folder / (trace.name + suffix)
        if not path.is_file():
            with path.open("wb") as target:
                subprocess.run((packer, "-c", str(trace)), stdout=target, stderr=subprocess.DEVNULL, check=True)
        found.append(path)
    return found


def tables(title: str, commands: Sequence[Command], found: dict[str, list[Spent]], rows: Sequence[Judged]) -> None:
    """Prints what each command took, and what that is beside its limits."""
    print(f"**{title}**\n")
    print("| command | wall time, best | processor time, best | MB/s |\n|---|---|---|---|")
    for command in commands:
        least = best(found[command.name])
        speed = f"{command.size / MB / least.wall:,.0f}" if command.size > MB else ""
        print(f"| `{command.name}` | {least.wall:.3f} s | {least.processor:.3f} s | {speed} |")
    print("\n| figure | measured | limit | |\n|---|---|---|---|")
    print("\n".join(row.row() for row in rows), end="\n\n", flush=True)


def compare(name: str, folder: Path, genuine: Path, *, runs: int, packed: bool) -> None:
    """Prints the tables of one size."""
    size = SIZES[name]
    trace = trace_of(size, name, folder, genuine)
    commands = list(commands_of(trace, packed_of(trace, folder) if packed else ()))
    if size.per_byte:
        smaller = made(folder / "made-1GB.FMT", Wanted(1000 * MB))
        commands.append(Command(SMALLER, diagnose(smaller, "--format", "json"), smaller.stat().st_size))
    for command in commands:  # into memory
        run(Command("cat", ("cat", *(word for word in command.words if word.startswith(str(folder))))))
    found = in_turn(commands, runs)
    tables(f"{size.title} ({trace.stat().st_size:,} bytes)", commands, found, list(judged_of(size, commands, found)))


def start(runs: int) -> None:
    """Prints the tables of short commands."""
    commands = [
        Command("python -c pass", BARE),
        Command("mqtrace --help", (*MQTRACE, "--help")),
        Command("mqtrace explain AMQ9633", (*MQTRACE, "explain", "AMQ9633")),
        *(Command(f"mqtrace diagnose {path.parent.name}", diagnose(path), path.stat().st_size) for path in SMALL),
    ]
    in_turn(commands, 1)  # what is kept between runs is there
    found = in_turn(commands, runs)
    bare, *others = commands
    none = best(found[bare.name])
    rows = []
    for command in others:
        is_answer = command.size > 0
        least, less = best(found[command.name]), Spent(0, 0) if is_answer else none
        wall, processor = (least.wall - less.wall) * 1000, (least.processor - less.processor) * 1000
        what = f"{command.name}, ms" if is_answer else f"{command.name} beyond a bare Python, ms"
        limit = ANSWER_LIMIT if is_answer else START_LIMIT
        rows.append(Judged(what, wall, f"{wall:.0f} (processor {processor:.0f})", limit))
    tables("Short commands", commands, found, rows)


def surroundings() -> str:
    """Where and of what the figures are."""
    version = subprocess.run(
        ("git", "-C", str(HERE), "describe", "--always", "--dirty"), capture_output=True, text=True, check=False
    ).stdout.strip()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now():%Y-%m-%d %H:%M}, mqtrace {version or 'of no commit'}, Python {platform.python_version()}, "
        f"{os.cpu_count()} processors, LANG={os.environ.get('LC_ALL') or os.environ.get('LANG', '')}, load {load}"
    )


def main(arguments: Sequence[str]) -> None:
    """Measures what the command line names."""
    parser = argparse.ArgumentParser(description="Times mqtrace beside grep, rg and wc.")
    parser.add_argument("what", nargs="*", choices=["start", *SIZES], default="start")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--packed", action="store_true", help="the trace as .gz and .zst, too")
    parser.add_argument("--folder", type=Path, help="where traces are made and stay")
    parser.add_argument("--trace", type=Path, default=GENUINE, help="the genuine trace, or another one")
    given = parser.parse_args(arguments)
    whole = [given.what] if isinstance(given.what, str) else given.what
    if "117MB" in whole and not given.trace.is_file():
        parser.error(f"no trace at {given.trace}; name one with --trace")
    with tempfile.TemporaryDirectory() as gone:
        folder = given.folder or Path(gone)
        folder.mkdir(parents=True, exist_ok=True)
        print(surroundings(), end="\n\n")
        for name in whole:
            if name == "start":
                start(given.runs)
            else:
                compare(name, folder, given.trace, runs=given.runs, packed=given.packed)
        print(surroundings())


if __name__ == "__main__":
    main(sys.argv[1:])

"""Says where the processor time of a command of mqtrace goes: a table in Markdown, a row a function.

    python bench/hot_path.py diagnose FILE --format json

The command runs some times, and a timer of its processor time (each forked process has its own) asks what is running.
A row is the innermost function of mqtrace; beside it stand its lines that take most, with all that is compiled in them,
or what they call outside of mqtrace. What is imported is one row, whoever imports it. What Python does before and after
mqtrace is not seen.
"""

import atexit
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import FrameType

RUNS = 5
# Seconds of processor time. Longer than any call of compiled code lasts, after which alone Python can look.
EVERY = 0.005
LEAST = 0.01
NAMED = 4
SOURCE = Path(__file__).parents[1] / "src" / "mqtrace"
IMPORTING = "<frozen importlib._bootstrap>"
INSIDE = "--inside"


def watched(sink: str, arguments: Sequence[str]) -> None:
    """Runs the command in this process, and appends to the sink a line a look."""
    target = os.open(sink, os.O_WRONLY | os.O_APPEND)

    def look(_signal: int, frame: FrameType | None) -> None:
        os.write(target, "\t".join(described(frame)).encode() + b"\n")

    def begin() -> None:
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    signal.signal(signal.SIGPROF, look)
    os.register_at_fork(after_in_child=begin)
    # A process that ends takes back its handlers, and would die of the next signal.
    atexit.register(signal.setitimer, signal.ITIMER_PROF, 0)
    begin()
    sys.argv = ["mqtrace", *arguments]
    from mqtrace.cli import main as command

    command()


def described(frame: FrameType | None) -> tuple[str, str, str, str]:
    """Of what runs: module and name of the innermost function of mqtrace, number of its line, and what it calls outside
    of mqtrace.
    """
    found, called = ("", "Python", "0", ""), ""
    while frame:
        code = frame.f_code
        if code.co_filename == IMPORTING:
            return "", "imports", "0", ""
        # Python looks when a function begins, too: that time its caller has spent.
        begins = frame.f_lineno == code.co_firstlineno
        if not found[0] and not begins and code.co_filename.startswith(str(SOURCE)):
            found = (code.co_filename, code.co_qualname, str(frame.f_lineno or 0), called)
        called = "" if begins else code.co_qualname
        frame = frame.f_back
    return found


def looks(arguments: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """What all looks at several runs saw. Raises CalledProcessError when the command fails."""
    with tempfile.TemporaryDirectory() as folder:
        sink = Path(folder) / "looks"
        sink.touch()
        for _ in range(RUNS):
            words = (sys.executable, __file__, INSIDE, str(sink), *arguments)
            subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
        for line in sink.read_text(encoding="utf-8").splitlines():
            module, name, number, called = line.split("\t")
            yield module, name, number, called


def line_of(module: str, number: int) -> str:
    """A line of a module; "" where there is none."""
    return f"`{_lines(module)[number - 1].strip()}`" if module and number else ""


@cache
def _lines(module: str) -> list[str]:
    return Path(module).read_text(encoding="utf-8").splitlines()


def table(seen: Iterable[tuple[str, str, str, str]]) -> str:
    """The table: share of a function, and of its lines."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for module, name, number, called in seen:
        inner = called or line_of(module, int(number))
        rows[f"`{name}` ({Path(module).relative_to(SOURCE)})" if module else name][inner] += 1
    total = sum(row.total() for row in rows.values())
    lines = ["| share | function | in it |", "|---|---|---|"]
    for name, row in sorted(rows.items(), key=lambda each: -each[1].total()):
        share = row.total() / total
        if share >= LEAST:
            most = ((leaf, count / total) for leaf, count in row.most_common(NAMED) if leaf)
            inner = (f"{leaf} {part:.0%}" for leaf, part in most if part >= LEAST)
            lines.append(f"| {share:.0%} | {name} | {', '.join(inner)} |")
    return "\n".join((*lines, "", f"{total:,} looks; rows below {LEAST:.0%} are left out."))


def main(arguments: Sequence[str]) -> None:
    """Prints the table of a command."""
    if not arguments:
        raise SystemExit("usage: python bench/hot_path.py COMMAND OF MQTRACE...")
    if arguments[0] == INSIDE:
        watched(arguments[1], arguments[2:])
    else:
        print(table(looks(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])

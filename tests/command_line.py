"""Runs the real program, as a user does."""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from os import PathLike, environ, fsdecode
from pathlib import Path

from mqtrace.cli.entry import run

SAMPLES = Path(__file__).parents[1] / "sample-traces"
Word = str | bytes | PathLike[str]


@dataclass(frozen=True)
class Ran:
    """How a run ended, and what it wrote."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> str:
        return self.stdout.decode()

    @property
    def err(self) -> str:
        return self.stderr.decode()

    @property
    def warnings(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


def program(
    *words: Word,
    stdin: bytes = b"",
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    limit: int = 60,
) -> Ran:
    """Runs `mqtrace` with these words in a process of its own; fails when it takes longer than `limit` seconds."""
    command: list[Word] = [sys.executable, "-c", "from mqtrace.cli import main; main()", *words]
    environment = {**environ, **(variables or {})}
    done = subprocess.run(
        command, input=stdin, capture_output=True, cwd=folder, env=environment, timeout=limit, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def called(*words: Word) -> Ran:
    """The same within the test's own process: quick, for where nothing depends on a process, its environment or its
    standard input.
    """
    streams = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8", errors="backslashreplace")
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        code = run([fsdecode(word) for word in words])
    written = []
    for stream in streams:
        stream.flush()
        written.append(stream.buffer.getvalue())  # type: ignore[attr-defined]  (a BytesIO)
    return Ran(code, *written)


def sample(name: str) -> Path:
    """The folder of a sample that ships with mqtrace."""
    return SAMPLES / name

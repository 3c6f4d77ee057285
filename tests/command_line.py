"""Runs the real program, as a user does."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, environ
from pathlib import Path

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


def sample(name: str) -> Path:
    """The folder of a sample that ships with mqtrace."""
    return SAMPLES / name

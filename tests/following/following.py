"""A watch whose clock the test turns, so that no test waits."""

from pathlib import Path

from mqtrace.following.watch import ToldFailure, Watch
from mqtrace.report.overview import brief_line

STEP = 0.2
ENOUGH = 3.0


class Turned:
    """A watch of a folder.

    Attributes:
        said: what it said of its inputs.
        first: what was told at the first look.
        lags: for each failure the seconds since `write` was called last.
    """

    def __init__(self, folder: Path, *, since: str = "", from_start: bool = False) -> None:
        self.folder, self.said, self.now = folder, list[str](), 1000.0
        self.watch = Watch([folder], say=self.said.append, since=since, from_start=from_start)
        self.lags: list[float] = []
        self._written = self.now
        self.first = self.turn(STEP)

    def write(self, name: str, data: bytes) -> None:
        """Appends to a file, made with its folder where they are not there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(data)
        self._written = self.now

    def turn(self, seconds: float = ENOUGH) -> list[ToldFailure]:
        """What is told within so many seconds."""
        told: list[ToldFailure] = []
        until = self.now + seconds
        while self.now < until - STEP / 2:
            self.now += STEP
            new = self.watch.step(self.now)
            self.lags += [self.now - self._written] * len(new)
            told += new
        return told


def causes(told: list[ToldFailure]) -> list[str]:
    """The causes of failures, in the order in which they were told; of one like another with "again"."""
    return [f"{each.outcome.cause.id if each.outcome.cause else ''}{' again' * each.is_again}" for each in told]


def lines(told: list[ToldFailure]) -> list[str]:
    """A line for each failure."""
    return [brief_line(each.outcome) for each in told]

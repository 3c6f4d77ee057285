"""What the reading of one log, or of a part of one, gives: small whatever the size of the log."""

from typing import Any, NamedTuple

from msgspec import Struct, field

from mqtrace.triage.incidents import CauseGroup

MOST_CELLS = 200_000
HOURS = {f"{hour:02}": hour for hour in range(24)}


class Cell(Struct):
    """The entries of one key on one day.

    Attributes:
        count: entries.
        first, last: the earliest and the latest clock of them, "" where no time is known.
        file, line: where the first of them stands in the input that has the earliest.
        hours: entries of each hour of the day.
    """

    count: int = 0
    first: str = ""
    last: str = ""
    file: str = ""
    line: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * 24)

    def merge(self, other: "Cell") -> None:
        """Adds what comes later in the inputs."""
        if other.file != self.file and other.first and other.first < self.first:
            self.file, self.line = other.file, other.line
        self.count += other.count
        self.first = min(filter(None, (self.first, other.first)), default="")
        self.last = max(self.last, other.last)
        self.hours = [mine + theirs for mine, theirs in zip(self.hours, other.hours, strict=True)]


class Unit(NamedTuple):
    """One piece of work: a file, or a range of one whose begin and end are begins of entries.

    Attributes:
        path: path, or URL of a file system that fsspec knows.
        name: display name.
        kind: kind of the contract.
        reader: name of the reader.
        begin, end: byte offsets.
        is_whole: it is all that is read of the file.
    """

    path: str
    name: str
    kind: str
    reader: str
    begin: int
    end: int
    is_whole: bool


class Question(NamedTuple):
    """What is asked.

    Attributes:
        by: the column to count by.
        since, until: the first and last moment ("2021-03-17", "2021-03-17T08:30"; "" for no limit).
        incidents: whether entries are also folded into incidents, which takes as long as the counting.
    """

    by: str = "message"
    since: str = ""
    until: str = ""
    incidents: bool = True


class PartResult(Struct):
    """What was found.

    Attributes:
        cells: (key, day) -> its entries; days may be ambiguous, lines count from the part's begin.
        days: the days, in the order in which they begin.
        groups: incidents by cause; of a range of a file none.
        failures: of a range of a file, the failing entries, as plain tuples: these travel between processes faster than
            Failure.
        severities: message -> severity letter, where entries tell it.
        size, lines, records, unparsed: as in model.InputRead.
        error: why the reading ended early, None when it did not.
        not_kept: entries whose key came when too many were known already.
    """

    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    days: list[str] = field(default_factory=list)
    groups: dict[str, CauseGroup] = field(default_factory=dict)
    failures: list[tuple[Any, ...]] = field(default_factory=list)
    severities: dict[str, str] = field(default_factory=dict)
    size: int = 0
    lines: int = 0
    records: int = 0
    unparsed: int = 0
    error: str | None = None
    not_kept: int = 0

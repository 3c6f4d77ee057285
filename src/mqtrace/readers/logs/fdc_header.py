"""The header of a failure report (FDC): where it begins and ends, and which of its rows may be kept.

The boxes are those of public reports of 5.3 to 9.4 (rows "| Name :- value |", 79 columns), the form without a box is
that of the classes for Java. What follows a header holds the environment with passwords in clear: nothing outside a
header is ever stored.
"""

import re
from functools import cache

from msgspec import Struct, field

from mqtrace.kept import compiled
from mqtrace.readers.logs.log_chunks import Line

# Rows of the largest header seen: 46. More are not a header.
_ROWS = 120
_VALUE_CAP = 2000
_NAMES = frozenset(
    {
        *("Date/Time", "UTC Time", "UTC Time/Zone", "System time", "Host Name", "LVLS", "Installation Name"),
        *("Probe Id", "ProbeID", "Component", "Source Class", "Source Method", "Source filename", "Line Number"),
        *("Program Name", "Process Name", "UserID", "UserApp", "UTC Time Offset", "Operating System"),
        *("Process", "Thread", "Thread-ID", "QueueManager", "Queue Manager"),
        *("Major Errorcode", "Minor Errorcode", "Probe Type", "Probe Description"),
        *("Arith1", "Arith2", "Comment1", "Comment2", "Comment3"),
    }
)


@cache
def title() -> re.Pattern[bytes]:
    """The title of a report, alone on its line or in the first row of a box: group 1 is the bar of the box."""
    return compiled(
        rb"^[ \t>\0]*+(\|)?+[ \t]*+(?:[A-Za-z]{1,12} )?MQ[\w /()&-]{0,80} First Failure Symptom Report", re.M
    )


@cache
def _border() -> re.Pattern[str]:
    return compiled(r"\+-{10,}")


@cache
def _row() -> re.Pattern[str]:
    return compiled(r"([A-Z][\w /()-]{0,30}?)\s*:-\s*(.*)")


class Header(Struct):
    """The rows of one header that may be kept.

    Attributes:
        line: the line of the title.
        boxed: whether rows stand between bars.
        process: process id that stood before the header, "" where none did.
        values: name of a row -> value.
        closed: whether its end was seen.
        mixed: whether a row stands twice, as where two writers share a file.
        rows: lines taken in.
        newest: name of the row that a further line carries on, "" where it is none that may be kept.
        is_empty: whether the newest row has nothing in it.
        ended: whether nothing that follows belongs to it.
    """

    line: Line
    boxed: bool
    process: str = ""
    values: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    mixed: bool = False
    rows: int = 0
    newest: str = ""
    is_empty: bool = False
    ended: bool = False

    def take(self, text: str) -> None:
        """Takes in a line behind the title."""
        self.rows += 1
        text = text.strip(" \t\r>\0\ufeff")
        border = _border().search(text)
        words = text[: border.start()] if border else text
        is_row = words.startswith("|") == self.boxed and (self.boxed or ":-" in words)
        if is_row:
            self._keep(words.strip("|"))
        # The row before the bottom of a box is empty; another line of dashes is the top of the next box.
        self.closed = self.is_empty and not words if border else not self.boxed and text == "Data"
        self.is_empty = is_row and not words.strip("| ")
        # A header without a box begins with blank lines, and with words of the title that were broken off.
        goes_on = is_row or not text or (not self.boxed and not self.values and not text.startswith("|"))
        self.ended = not goes_on or border is not None or self.closed or self.rows >= _ROWS

    def _keep(self, words: str) -> None:
        match = _row().fullmatch(words.strip())
        if match is not None:
            name = match[1]
            self.newest = name if name in _NAMES and name not in self.values else ""
            self.mixed = self.mixed or name in self.values
            if self.newest:
                self.values[name] = match[2][:_VALUE_CAP]
        elif self.boxed and self.newest and words.startswith("   ") and words.strip():
            joined = f"{self.values[self.newest]} {words.strip()}".strip()
            self.values[self.newest] = joined[:_VALUE_CAP]

    def value(self, *names: str) -> str:
        """Value of the first of these rows that has one, "" where none has."""
        return next((self.values[name] for name in names if self.values.get(name)), "")

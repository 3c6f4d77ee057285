"""One entry of a log as triage needs it: cheap to make, its fields worked out only when they are asked for."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from mqtrace.model import LogEntry


class Moment(NamedTuple):
    """When an entry was written.

    Attributes:
        day: "2021-03-17"; two days joined by "|" where the date can mean both; "" where the time is not known.
        clock: "07:12:25.367Z" (UTC) or "07:12:25" (local time).
    """

    day: str
    clock: str


class Front(NamedTuple):
    """The fields of a header that are the same in many entries: who wrote it."""

    user: str
    program: str
    host: str
    installation: str
    level: str
    queue_manager: str


class Seen(Protocol):
    """An entry. The attributes are those of model.LogEntry of the same names; `line` counts from 1 where the reading began.

    Two entries with one `signature` have the same inserts, address and quoted texts; "" tells nothing.
    """

    @property
    def message(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def moment(self) -> tuple[str, str]: ...
    @property
    def process_thread(self) -> str: ...
    @property
    def front(self) -> Front: ...
    @property
    def inserts(self) -> dict[int, str]: ...
    @property
    def remote_host(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def quoted(self) -> tuple[str, ...]: ...
    @property
    def reason_code(self) -> int | None: ...
    @property
    def signature(self) -> str: ...
    def insert(self, number: int) -> str: ...
    @property
    def line(self) -> int: ...


@dataclass(frozen=True)
class ReadSeen:
    """An entry that a reader has read in full."""

    entry: LogEntry
    moment: Moment
    base_line: int = 0
    message: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", self.entry.message)

    @property
    def signature(self) -> str:
        """Not known."""
        return ""

    @property
    def severity(self) -> str:
        """Letter, "" when the id has none."""
        return self.entry.severity

    @property
    def process_thread(self) -> str:
        """Process and thread, "" when not told."""
        return self.entry.thread

    @cached_property
    def front(self) -> Front:
        """Who wrote it."""
        entry = self.entry
        return Front(entry.user, entry.program, entry.host, entry.installation, entry.level, entry.queue_manager)

    @property
    def inserts(self) -> dict[int, str]:
        """Number -> value."""
        return self.entry.inserts

    def insert(self, number: int) -> str:
        """One insert, "" when the entry does not tell it."""
        return self.inserts.get(number, "")

    @property
    def remote_host(self) -> str:
        """The other end."""
        return self.entry.remote_host

    @property
    def words(self) -> str:
        """The message's text."""
        return self.entry.text

    @property
    def quoted(self) -> tuple[str, ...]:
        """The texts in quotes."""
        return self.entry.quoted

    @property
    def reason_code(self) -> int | None:
        """The reason code stated."""
        return self.entry.reason_code

    @property
    def line(self) -> int:
        """Line number."""
        return self.base_line + self.entry.location.line


def moment_of(entry: LogEntry) -> Moment:
    """When an entry of a reader was written: UTC where it tells it, else local time."""
    if entry.utc is not None:
        return Moment(f"{entry.utc:%Y-%m-%d}", f"{entry.utc:%H:%M:%S}.{entry.utc.microsecond // 1000:03}Z")
    if entry.when is not None:
        return Moment(f"{entry.when:%Y-%m-%d}", f"{entry.when:%H:%M:%S}")
    return Moment("", "")

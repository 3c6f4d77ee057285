"""One entry of a log as triage needs it: cheap to make, its fields worked out only when they are asked for."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from mqtrace.model import LogEntry

MOST_KINDS = 16384
Printed = Sequence[str | None]


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


def front_of(entry: LogEntry) -> Front:
    """Who wrote an entry."""
    return Front(entry.user, entry.program, entry.host, entry.installation, entry.level, entry.queue_manager)


class Kind:
    """What many entries of a log have in common. There is one object for each combination, so that what follows from it is looked up once.

    Attributes:
        message: id without severity letter, "" where the entry has none.
        severity: letter, "" when the id has none.
        front: who wrote it.
    """

    __slots__ = ("front", "message", "severity")

    def __init__(self, message: str, severity: str, front: Front) -> None:
        self.message, self.severity, self.front = message, severity, front


class Kinds:
    """The kinds of entries that one reading meets."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, Front], Kind] = {}

    def of(self, message: str, severity: str, front: Front) -> Kind:
        """The one kind with these attributes."""
        key = (message, severity, front)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_KINDS:
                self._known.clear()
            found = self._known[key] = Kind(message, severity, front)
        return found


class Seen(Protocol):
    """An entry. The attributes are those of model.LogEntry of the same names; `line` counts from 1 where the reading began.

    printed() gives remote_host and inserts 1 to 5 as they are printed, secrets not masked; () where that is not known at once.
    """

    @property
    def message(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def moment(self) -> tuple[str, str]: ...
    @property
    def process_thread(self) -> str: ...
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
    def printed(self) -> Printed: ...
    @property
    def line(self) -> int: ...


class ReadSeen:
    """An entry that a reader has read in full."""

    def __init__(self, entry: LogEntry, moment: Moment, kinds: Kinds, base_line: int = 0) -> None:
        self.entry, self.moment = entry, moment
        self.message = entry.message
        self.kind = kinds.of(entry.message, entry.severity, front_of(entry))
        self.line = base_line + entry.location.line

    @property
    def process_thread(self) -> str:
        """Process and thread, "" when not told."""
        return self.entry.thread

    @property
    def inserts(self) -> dict[int, str]:
        """Number -> value."""
        return self.entry.inserts

    def printed(self) -> Printed:
        """Not known at once."""
        return ()

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


def moment_of(entry: LogEntry) -> Moment:
    """When an entry of a reader was written: UTC where it tells it, else local time."""
    if entry.utc is not None:
        return Moment(f"{entry.utc:%Y-%m-%d}", f"{entry.utc:%H:%M:%S}.{entry.utc.microsecond // 1000:03}Z")
    if entry.when is not None:
        return Moment(f"{entry.when:%Y-%m-%d}", f"{entry.when:%H:%M:%S}")
    return Moment("", "")

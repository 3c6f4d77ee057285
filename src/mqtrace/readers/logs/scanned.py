"""Entries as the scanners of logs see them: cheap to make, their fields worked out when they are asked for, `full()`
all of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, cast

from msgspec.structs import replace

from mqtrace.inputs import Source
from mqtrace.model import LogEntry
from mqtrace.readers import LogReader
from mqtrace.readers.tally import Tally

MOST_KINDS = 16384
# Between the days that an ambiguous date can mean.
EITHER = "|"
Printed = Sequence[str | None]


class Moment(NamedTuple):
    """When an entry was written.

    Attributes:
        day: "2021-03-17"; two days joined by "|" where the date can mean both; "" where the time is not known.
        clock: "07:12:25.367Z" (UTC) or "07:12:25" (local time).
    """

    day: str
    clock: str


UNKNOWN = Moment("", "")


class Front(NamedTuple):
    """The fields of a header that are the same in many entries: who wrote it."""

    user: str
    program: str
    host: str
    installation: str
    level: str
    queue_manager: str


class Kind:
    """What many entries of a log have in common. There is one object for each combination, so that what follows is
    looked up once.

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

    def of(self, entry: LogEntry) -> Kind:
        """The one kind of entries like this one."""
        front = Front(entry.user, entry.program, entry.host, entry.installation, entry.level, entry.queue_manager)
        key = (entry.message, entry.severity, front)
        kind = self._known.get(key)
        if kind is None:
            if len(self._known) >= MOST_KINDS:
                self._known.clear()
            kind = self._known[key] = Kind(*key)
        return kind


class Scanned(Protocol):
    """An entry. Attributes and properties are those of model.LogEntry of the same names, but for these.

    Attributes:
        kind: what it has in common with others.
        moment: when it was written.
        line: line number, from 1 where the reading began.
    """

    __slots__ = ()
    message: str
    kind: Kind
    moment: tuple[str, str]
    line: int

    @property
    def thread(self) -> str: ...
    @property
    def inserts(self) -> dict[int, str]: ...
    @property
    def remote_host(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def quoted(self) -> tuple[str, ...]: ...
    @property
    def reason_code(self) -> int | None: ...

    def full(self) -> LogEntry:
        """The entry with all its fields, which holds nothing of the text around it."""

    def printed(self) -> Printed:
        """The other end and inserts 1 to 5 as they are printed, secrets not masked.

        () where that is not known at once.
        """
        return ()

    @property
    def when(self) -> datetime | None:
        """The local time; None where it is not told, or can be two."""
        times = self.candidates()
        return times[0] if len(times) == 1 else None

    def candidates(self) -> Sequence[datetime]:
        """The local times that its date can mean."""
        day, clock = self.moment
        if not day or clock.endswith("Z"):
            return ()
        return [datetime.fromisoformat(f"{one}T{clock}") for one in day.split(EITHER)]

    def settle(self, when: datetime) -> None:
        """Takes note of which of them it means."""
        self.moment = (f"{when:%Y-%m-%d}", self.moment[1])  # type: ignore[misc]  # a slot of every child


class ReadEntry(Scanned):
    """An entry that was read in full; `candidates`: the local times that its date can mean, where several."""

    __slots__ = (
        *("_entry", "inserts", "kind", "line", "message", "moment", "quoted", "reason_code", "remote_host", "text"),
        "thread",
    )
    thread: str
    inserts: dict[int, str]
    remote_host: str
    text: str
    quoted: tuple[str, ...]
    reason_code: int | None

    def __init__(self, entry: LogEntry, kinds: Kinds, candidates: Sequence[datetime] = ()) -> None:
        self._entry, self.kind, self.line = entry, kinds.of(entry), entry.location.line
        self.moment = moment_of(entry) if entry.utc or entry.when else moment_of_candidates(candidates)
        self.message, self.text, self.quoted, self.inserts = entry.message, entry.text, entry.quoted, entry.inserts
        self.thread, self.remote_host, self.reason_code = entry.thread, entry.remote_host, entry.reason_code

    @property
    def when(self) -> datetime | None:
        """The local time, also of an entry that tells UTC."""
        return self._entry.when

    def full(self) -> LogEntry:
        """The entry."""
        return self._entry

    def settle(self, when: datetime) -> None:
        """Takes note of which local time it means."""
        super().settle(when)
        self._entry = replace(self._entry, when=when)


def moment_of(entry: LogEntry) -> Moment:
    """When an entry was written: UTC where it tells it, else local time."""
    if entry.utc is not None:
        written = entry.utc.isoformat(timespec="milliseconds")
        return Moment(written[:10], f"{written[11:23]}Z")
    return moment_of_candidates((entry.when,) if entry.when else ())


def moment_of_candidates(candidates: Sequence[datetime]) -> Moment:
    """The moment of the local times that a date can mean, which differ in their day alone."""
    if not candidates:
        return UNKNOWN
    written = [when.isoformat(timespec="seconds") for when in candidates]
    return Moment(EITHER.join([each[:10] for each in written]), written[0][11:19])


def as_scanned(entries: Iterable[LogEntry | Scanned]) -> Iterator[Scanned]:
    """Entries of one log, those read in full too."""
    kinds = Kinds()
    return (ReadEntry(entry, kinds) if isinstance(entry, LogEntry) else entry for entry in entries)


def scanned(reader: LogReader, source: Source, tally: Tally) -> Iterator[Scanned]:
    """The entries of a log, by the scanner of its reader where it has one.

    Ambiguous days are left open: see log_order.
    """
    scan = getattr(reader, "scan", None)
    return cast("Iterator[Scanned]", scan(source, tally)) if scan else as_scanned(reader.read(source, tally))

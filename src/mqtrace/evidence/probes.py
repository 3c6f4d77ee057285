"""Failure reports by their probes, as ffstsummary lists them: one sentence a probe, the newest first."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from mqtrace.model import LogEntry
from mqtrace.model.text import Text, text
from mqtrace.readers.logs.fdc import probe_of

MOST = 20


class ReportsOfProbe(Struct):
    """How many reports of a probe a program wrote, and the newest of them."""

    count: int
    newest: LogEntry


class Probes:
    """Adds up the failure reports of all inputs."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, str], ReportsOfProbe] = {}

    def take(self, entries: Iterable[LogEntry]) -> None:
        """Takes in the headers of reports."""
        for entry in entries:
            written = self._written.setdefault((probe_of(entry.text), entry.program), ReportsOfProbe(0, entry))
            written.count += 1
            if _moment(entry) > _moment(written.newest):
                written.newest = entry

    def notes(self) -> list[Text]:
        """A sentence for each probe where there are several reports."""
        if sum(each.count for each in self._written.values()) < 2:
            return []
        newest_first = sorted(self._written.items(), key=lambda each: _moment(each[1].newest), reverse=True)
        said = "Failure reports: {count} of {probe}{program}, the newest {when}{file}."
        found = []
        for (probe, program), each in newest_first[:MOST]:
            moment = _moment(each.newest)
            when = "" if moment == datetime.min else f"of {moment:%Y-%m-%d %H:%M:%S} "
            place = f"in {each.newest.location.source}"
            by = f" by {program}" if program else ""
            found.append(
                text(said, count=f"{each.count:,}", probe=probe or "no probe", program=by, when=when, file=place)
            )
        if len(newest_first) > MOST:
            found.append(text("Failure reports: {more} more probes.", more=f"{len(newest_first) - MOST:,}"))
        return found


def _moment(entry: LogEntry) -> datetime:
    """Local time where the report tells it, else UTC."""
    return entry.when or (entry.utc.replace(tzinfo=None) if entry.utc else datetime.min)

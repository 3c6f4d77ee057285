"""Every entry of many logs as one table of pandas."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mqtrace.evidence.failures import address_named, channel_named
from mqtrace.formats import format_of
from mqtrace.inputs import open_sources
from mqtrace.readers.logs.scanned import Scanned, scanned
from mqtrace.readers.tally import Tally
from mqtrace.triage.dates import settled
from mqtrace.triage.reading import without_collector

if TYPE_CHECKING:
    import pandas

_TEXTS = (
    "message",
    "severity",
    "queue_manager",
    "host",
    "channel",
    "address",
    "user",
    "program",
    "level",
    "thread",
    "text",
    "file",
)
_REPEATED = ("message", "severity", "queue_manager", "host", "channel", "user", "program", "level", "file")


def read_logs(paths: Iterable[Path | str]) -> "pandas.DataFrame":
    """Every entry of the logs among `paths` (files, folders, archives), one row each, in their order.

    Columns: `time` (datetime64[ms]; UTC where `utc`, else local time as written; NaT where not told), `utc` (bool),
    `message` (id without severity letter, "" where the entry was cut before it), `severity` (letter), `reason` (Int64,
    the MQRC stated), `queue_manager`, `host` (that wrote it), `channel`, `address` (of the other end), `user`,
    `program`, `level` (VRMF), `thread` ("process.thread"), `text` (one line, secrets masked), `file`, `line` (int64,
    from 1). Texts are "" where an entry does not tell; those that repeat are categories.

    Memory grows with the entries: for more than a few million of them use triage. Inputs that are no logs are left out;
    one that cannot be read raises InputError.
    """
    import pandas

    from mqtrace.model import InputError

    columns: dict[str, list[Any]] = {name: [] for name in (*_TEXTS, "day", "clock", "reason", "line")}
    for source in open_sources([str(path) for path in paths]):
        known = format_of(source.head())
        if known is not None and known.is_log:
            with without_collector():
                _append(columns, source.name, scanned(known.reader, source, Tally()))
        if source.error:
            raise InputError(f"{source.name}: {source.error}")
    times = [
        f"{day}T{clock.removesuffix('Z')}" if day else None
        for day, clock in zip(columns.pop("day"), columns["clock"], strict=True)
    ]
    utc = [clock.endswith("Z") for clock in columns.pop("clock")]
    frame = pandas.DataFrame(
        {"time": pandas.to_datetime(pandas.Series(times, dtype="object"), format="ISO8601").astype("datetime64[ms]")}
    )
    frame["utc"] = pandas.Series(utc, dtype="bool")
    for name in ("message", "severity", "reason", *_TEXTS[2:-1], "file", "line"):
        kind = "category" if name in _REPEATED else {"reason": "Int64", "line": "int64"}.get(name, "str")
        frame[name] = pandas.Series(columns.pop(name), dtype=kind)
    return frame


def _append(columns: dict[str, list[Any]], name: str, entries: Iterable[Scanned]) -> None:
    begin = len(columns["day"])
    add = {column: columns[column].append for column in columns}
    for entry in entries:
        user, program, host, _, level, queue_manager = entry.kind.front
        day, clock = entry.moment
        add["day"](day)
        add["clock"](clock)
        add["message"](entry.message)
        add["severity"](entry.kind.severity)
        add["reason"](entry.reason_code)
        add["queue_manager"](queue_manager)
        add["host"](host)
        add["channel"](channel_named(entry))
        add["address"](address_named(entry))
        add["user"](user)
        add["program"](program)
        add["level"](level)
        add["thread"](entry.thread)
        add["text"](entry.text)
        add["file"](name)
        add["line"](entry.line)
    days = settled(dict.fromkeys(columns["day"][begin:]))
    if days:
        columns["day"][begin:] = [days.get(day, day) for day in columns["day"][begin:]]

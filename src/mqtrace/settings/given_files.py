"""The ledger with what configuration files given beside a trace add: only files that the client can have used."""

from collections.abc import Iterable, Mapping

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Connection, Setting
from mqtrace.settings.ledger import build_ledger


def ledger_with_files(connection: Connection, given: Configuration) -> tuple[Setting, ...]:
    """The ledger of one connection. A file given beside the trace counts only where the trace does not say that another one was used."""
    traced = {row.name: row for row in build_ledger(connection)}
    given = given.of_files(_file(traced, "mqclient_ini"), _file(traced, "ccdt"))
    channel = next(
        (
            row.value
            for row in build_ledger(connection, given.of_channel("").facts, given.disputed)
            if row.name == "channel"
        ),
        "",
    )
    return build_ledger(connection, given.of_channel(channel).facts, given.disputed)


def channel_in(rows: Iterable[Setting]) -> str:
    """The channel that a ledger tells, "" where it tells none."""
    return next((row.value for row in rows if row.name == "channel"), "")


def _file(rows: Mapping[str, Setting], name: str) -> str | None:
    """The file that the trace says was used, "" where it says that there was none, None where it does not say."""
    row = rows.get(name)
    return row.value if row and (row.proof == "traced" or (row.value and row.proof == "inferred")) else None

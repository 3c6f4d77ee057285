"""A program's surroundings in a folder of the test, and what preflight says of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mqtrace.catalog.settings_files import client_beforehand
from mqtrace.model import Client, Finding, Report, Setting
from mqtrace.model.preflight import Check, Preflight
from mqtrace.preflight.ahead import Wanted
from mqtrace.preflight.files import File
from mqtrace.preflight.surroundings import of_listing
from mqtrace.preflight.verdict import preflight


class Place:
    """A file system of its own: the program runs in /app, as the user "orders"."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "app").mkdir()

    def write(self, name: str, text: str | bytes) -> Path:
        """A file at that path of the file system."""
        path = self.root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def ask(
        self,
        queue_manager: str = "QM1",
        client: Client = "c",
        *,
        variables: Mapping[str, str] | None = None,
        password: str | None = None,
        reach: Any = None,
        here: bool = True,
        **wanted: Any,
    ) -> Report:
        """The report of preflight; `wanted` are fields of Wanted."""
        given = {"HOME": "/home/app", "LOGNAME": "orders", **(variables or {})}
        listing = "".join(f"{name}={value}\n" for name, value in given.items()).encode()
        around = of_listing("app.env", listing, "/app", self.root if here else None)
        asked = Wanted(queue_manager, client, client_beforehand(client), **{"at": datetime.now(UTC), **wanted})
        return preflight(asked, around, lambda: password, reach)


def told(report: Report) -> Preflight:
    """What the report says of the connection."""
    assert report.preflight is not None
    return report.preflight


def row(report: Report, name: str) -> Setting:
    """A row of the ledger."""
    return next(each for each in report.outcomes[0].settings if each.name == name)


def check_of(report: Report, name: str) -> Check:
    """The last check of that name."""
    return [each for each in told(report).checks if each.name == name][-1]


def finding(report: Report, id: str) -> Finding:
    """The finding of that id."""
    return next(each for each in report.findings if each.id == id)


def table(*channels: str) -> str:
    """A channel table in JSON."""
    return '{"channel": [' + ", ".join(channels) + "]}"


def entry(name: str, *addresses: str, queue_manager: str = "QM1", cipher: str = "", label: str = "") -> str:
    """A channel of a table, at "host:port"."""
    places = ", ".join(
        f'{{"host": "{each.rpartition(":")[0]}", "port": {each.rpartition(":")[2]}}}' for each in addresses
    )
    security = f', "transmissionSecurity": {{"cipherSpecification": "{cipher}", "certificateLabel": "{label}"}}'
    return (
        f'{{"name": "{name}", "type": "clientConnection", "clientConnection": {{"connection": [{places}], '
        f'"queueManager": "{queue_manager}"}}{security if cipher or label else ""}}}'
    )


def file(name: str, text: str) -> File:
    """A file of the command line."""
    return File(name, text.encode())

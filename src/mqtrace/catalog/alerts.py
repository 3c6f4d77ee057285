"""TLS alerts: names (patterns/tables/tls_alerts.csv), meanings and the causes they prove (alert_causes.csv)."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from mqtrace.catalog.tables import table


class KnownAlert(Struct, frozen=True):
    """What is known of one TLS alert.

    Attributes:
        code: its number.
        name: name of the registry, as handshake_failure.
        meaning: one sentence, "" when nothing is known.
        cause_from_server, cause_from_client: id of the cause by the end that sent it, "" when it proves none.
    """

    code: int
    name: str
    meaning: str
    cause_from_server: str
    cause_from_client: str


@cache
def _alerts() -> Mapping[int, KnownAlert]:
    causes = {int(row["code"]): row for row in table("alert_causes")}
    found = {}
    for row in table("tls_alerts"):
        code, proves = int(row["code"]), causes.get(int(row["code"]), {})
        found[code] = KnownAlert(
            code=code,
            name=row["name"].split()[0],
            meaning=proves.get("meaning", ""),
            cause_from_server=proves.get("cause_from_server", ""),
            cause_from_client=proves.get("cause_from_client", ""),
        )
    return found


def alert(code_or_name: int | str) -> KnownAlert | None:
    """The alert of that number or name (in any case, with _ - or blanks), None when it is not known."""
    if isinstance(code_or_name, int):
        return _alerts().get(code_or_name)
    name = code_or_name.strip().lower().replace("-", "_").replace(" ", "_")
    return next((each for each in _alerts().values() if each.name == name), None)


def alert_names() -> tuple[str, ...]:
    """The names of all alerts."""
    return tuple(each.name for each in _alerts().values())


def alert_name(code: int) -> str:
    """Name of an alert ("handshake_failure"); "alert_N" for one that is not known."""
    known = alert(code)
    return known.name if known else f"alert_{code}"


def alert_level(number: int) -> str:
    """Level of an alert: "warning", "fatal", or its number."""
    return {1: "warning", 2: "fatal"}.get(number, str(number))

"""What a rule is, and what it looks at: one connection, its ledger, and the inputs given beside it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Connection, Evidence, Fact, Finding, Setting
from mqtrace.settings.both_ends import OtherEnd


class Case(Struct, frozen=True):
    """One connection with all that rules need to judge it.

    Attributes:
        connection: the connection.
        rows: its ledger, by the settings' names.
        facts: what decides: the facts of the last attempt, or all where the trace shows no attempt; derived ones
            included.
        given: configuration files and listings given beside the trace, used or not.
        other_end: what given output of runmqsc shows of the other end of the channel; None without any.
    """

    connection: Connection
    rows: Mapping[str, Setting]
    facts: Sequence[Fact]
    given: Configuration = field(default_factory=Configuration)
    other_end: OtherEnd | None = None

    def find(self, name: str, *, value: str | None = None) -> Fact | None:
        """The last deciding fact of that name (and value)."""
        return next((fact for fact in reversed(self.facts) if fact.name == name and value in (None, fact.value)), None)

    def anywhere(self, name: str) -> Iterator[Fact]:
        """All facts of that name, of any attempt, in order."""
        return (fact for fact in self.connection.facts if fact.name == name)

    def value(self, setting: str) -> str:
        """The value of a setting, "" when nobody gave one."""
        return self.rows[setting].value if setting in self.rows else ""

    def source(self, setting: str) -> str:
        """The source of a setting, "unknown" when the ledger has no such row."""
        return self.rows[setting].source if setting in self.rows else "unknown"

    def evidence(self, setting: str) -> tuple[Evidence, ...]:
        """What proves a setting."""
        return self.rows[setting].evidence if setting in self.rows else ()

    @property
    def plain(self) -> bool:
        """An input shows that no CipherSpec is in force."""
        row = self.rows.get("cipher_spec")
        return bool(row and not row.value and row.proof != "unknown") and not self.find("tls.begins")


Rule = Callable[[Case], Iterable[Finding]]
_RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Registers a rule; they run in the order of their modules."""
    _RULES.append(function)
    return function


def rules() -> tuple[Rule, ...]:
    """All rules of the themes that have been imported."""
    return tuple(_RULES)

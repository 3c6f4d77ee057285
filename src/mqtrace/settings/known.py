"""The facts of one connection and of the configuration given with it, by name."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from mqtrace.evidence.configuration import INI, TABLE, Configuration
from mqtrace.evidence.definitions import facts_in_force
from mqtrace.model import Connection, Evidence, Fact

# What an application gets where no channel could be tried.
NO_CHANNEL = (2058, 2278)
SERVER_CONNECTION = "serverConnection"
INI_READ = ("mqclient_ini.file", "mqclient_ini.read")


class Given(Struct, frozen=True):
    """A value of a setting's source, or the knowledge that the source has none.

    Attributes:
        value: the value, "" when the source is known to have none.
        evidence: where that stands.
        traced: the trace itself says so, not a configuration file given beside it.
    """

    value: str
    evidence: tuple[Evidence, ...]
    traced: bool


class KnownFacts:
    """Looks facts up by name: those of the trace first, then those of configuration given beside it."""

    def __init__(self, connection: Connection, given: Configuration) -> None:
        self.attempted = connection.phase != "settings"
        # The call ended before any channel was tried, so that a definition may only have been looked at.
        self.untried = not self.attempted and connection.reason_code in NO_CHANNEL
        # Offset of the first line behind missing ones.
        self._hole = connection.hole.location.offset if connection.hole else None
        # Of a connection that only logs tell of: what its client wrote of the definition that it used.
        self.is_logged = not connection.facts and bool(connection.log_entries)
        self._wanted = connection.queue_manager.removeprefix("*")
        self._traced = _by_name(_logged(connection) if self.is_logged else facts_in_force(connection))
        beginnings = {name.partition(".")[0] + "." for name in self._traced}
        self._spoken_of = beginnings.union(self._traced)
        self.narrow(given)

    def narrow(self, given: Configuration) -> None:
        """Only this configuration counts from here on."""
        self._disputed = given.disputed
        self._configured = _by_name(given.facts)
        read = any(facts[-1].value for name in INI_READ if (facts := self._traced.get(name)))
        self._is_ini_read_unseen = read and INI not in self._spoken_of and not any(map(_is_ini, self._configured))

    @property
    def has_hole(self) -> bool:
        """Whether lines are missing within the call."""
        return self._hole is not None

    def is_behind_hole(self, fact: Fact) -> bool:
        """Whether lines are missing before a fact, so that it is not known what else was read until then."""
        return self._hole is not None and fact.location.offset >= self._hole

    def last(self, name: str) -> Fact | None:
        """The last fact of the trace of that name."""
        facts = self._traced.get(name)
        return facts[-1] if facts else None

    def is_filled(self, name: str) -> bool:
        """Whether the last fact of the trace of that name has a value."""
        fact = self.last(name)
        return bool(fact and fact.value)

    def is_open(self, names: Sequence[str]) -> bool:
        """Whether one of these may have a value that is not known: files disagree, or a file was read and nothing of
        it is shown.
        """
        if self._disputed and any(name in self._disputed and name not in self._traced for name in names):
            return True
        return self._is_ini_read_unseen and any(map(_is_ini, names))

    def any_of(self, names: Sequence[str]) -> bool:
        """Whether the trace has a fact of one of these names; one that ends in "." stands for all that begin with
        it.
        """
        return not self._spoken_of.isdisjoint(names)

    def is_known(self, name: str) -> bool:
        """Whether any input has a fact of that name."""
        return name in self._traced or name in self._configured

    def configured_values(self, name: str) -> set[str]:
        """All values of that name in the configuration that was given."""
        return {fact.value for fact in self._configured.get(name, ())}

    def entries_of_table(self) -> list[Fact]:
        """The names of the client channels of a table given beside a log, without those of other queue managers."""
        names = self._configured.get(TABLE + "name", ())
        return [fact for fact in names if self._can_be_tried(fact.thread)]

    def _can_be_tried(self, channel: str) -> bool:
        if any(fact.value == SERVER_CONNECTION for fact in self.of_entry(TABLE + "type", channel)):
            return False
        managers = {fact.value for fact in self.of_entry(TABLE + "queuemanager", channel)}
        return not self._wanted or not managers or self._wanted in managers

    def of_entry(self, name: str, channel: str) -> list[Fact]:
        """The facts of that name of a channel of the table."""
        return [fact for fact in self._configured.get(name, ()) if fact.thread == channel]

    def given(self, names: Sequence[str]) -> Given | None:
        """The value of the first name that any fact speaks of; the last such fact counts. None where no input speaks
        of them.
        """
        for name in names:
            if name in self._traced:
                return _given(self._traced[name][-1], traced=True)
        for name in names:
            facts = self._configured.get(name)
            # A table may have several entries of one channel.
            if facts and (not name.startswith(TABLE) or len({fact.value for fact in facts}) == 1):
                return _given(facts[-1], traced=False)
        return None


def _given(fact: Fact, *, traced: bool) -> Given:
    return Given("" if fact.proves == "not-set" else fact.value, (fact.evidence,), traced)


def _logged(connection: Connection) -> Iterable[Fact]:
    from mqtrace.evidence.log_entries import logged_facts

    return logged_facts(connection.log_entries)


def _is_ini(name: str) -> bool:
    return name.startswith(INI)


def _by_name(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    named: dict[str, list[Fact]] = {}
    for fact in facts:
        named.setdefault(fact.name, []).append(fact)
    return named

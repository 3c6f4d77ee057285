"""The facts of one connection and of the configuration given with it, by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mqtrace.model import Evidence, Fact

INI_READ = ("mqclient_ini.file", "mqclient_ini.read")


@dataclass(frozen=True, slots=True)
class Given:
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

    def __init__(
        self,
        traced: Iterable[Fact],
        configured: Sequence[Fact] = (),
        *,
        attempted: bool = True,
        untried: bool = False,
        disputed: frozenset[str] = frozenset(),
        hole: int | None = None,
    ) -> None:
        """`attempted`: the client has tried to reach a queue manager.

        `untried`: the call ended before any channel was tried, so that a definition may only have been looked at.
        `disputed`: names of which configuration files say one thing and another. `hole`: offset of the first line behind missing ones.
        """
        self.attempted = attempted
        self.untried = untried
        self._hole = hole
        self._disputed = disputed
        self._traced: dict[str, list[Fact]] = {}
        self._configured: dict[str, list[Fact]] = {}
        for fact in traced:
            self._traced.setdefault(fact.name, []).append(fact)
        for fact in configured:
            self._configured.setdefault(fact.name, []).append(fact)

    def is_behind_hole(self, fact: Fact) -> bool:
        """Whether lines are missing before a fact, so that it is not known what else was read until then."""
        return self._hole is not None and fact.location.offset >= self._hole

    def last(self, name: str) -> Fact | None:
        """The last fact of the trace of that name."""
        found = self._traced.get(name)
        return found[-1] if found else None

    def all(self, name: str) -> list[Fact]:
        """All facts of the trace of that name, in order."""
        return self._traced.get(name, [])

    def is_open(self, names: Sequence[str]) -> bool:
        """Whether one of these names may have a value that is not known: files disagree, or none of what a file said is shown."""
        if any(name in self._disputed and name not in self._traced for name in names):
            return True
        read = any(self.last(name) and self.last(name).value for name in INI_READ)  # type: ignore[union-attr]
        shown = any(name.startswith("ini.") for known in (self._traced, self._configured) for name in known)
        return read and not shown and any(name.startswith("ini.") for name in names)

    def any_of(self, names: Sequence[str]) -> bool:
        """Whether the trace has a fact of one of these names; one that ends in "." stands for all that begin with it."""
        return any(
            name in self._traced or (name.endswith(".") and any(each.startswith(name) for each in self._traced))
            for name in names
        )

    def configured_values(self, name: str) -> set[str]:
        """All values of that name in the configuration that was given."""
        return {fact.value for fact in self._configured.get(name, ())}

    def given(self, names: Sequence[str]) -> Given | None:
        """The value of the first name that any fact speaks of; the last such fact counts. None where no input speaks of them."""
        for facts, traced in ((self._traced, True), (self._configured, False)):
            for name in names:
                found = facts.get(name)
                # A table may have several entries of one channel.
                if found and (traced or not name.startswith("table.") or len({fact.value for fact in found}) == 1):
                    fact = found[-1]
                    return Given("" if fact.proves == "not-set" else fact.value, (fact.evidence,), traced)
        return None

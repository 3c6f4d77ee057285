"""Configuration files and listings given beside traces, as facts named like those of traces."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.model import ConfigValue, Fact

if TYPE_CHECKING:
    from mqtrace.model.key_store import KeyStore

TABLE = "table."
INI = "ini."
LISTING = "listing"


class Configuration(Struct, frozen=True):
    """What configuration inputs say.

    Attributes:
        facts: one a value: env.NAME of a listing, ini.stanza.attribute of an ini file, table.attribute of a channel
            table. Those of a
            channel table carry the channel's name as their thread, so that those of one channel can be picked.
        ini: the values of clients' ini files as they are written.
        qm_ini: the values of a queue manager's qm.ini; they are no settings of the client, and so no facts.
        mqsc: the values of output of runmqsc.
        stores: key repositories and key stores.
        disputed: names of facts that are left out, since the files that the client can have read do not agree on them.
    """

    facts: tuple[Fact, ...] = field(default=())
    ini: tuple[ConfigValue, ...] = field(default=())
    qm_ini: tuple[ConfigValue, ...] = field(default=())
    mqsc: tuple[ConfigValue, ...] = field(default=())
    stores: "tuple[KeyStore, ...]" = field(default=())
    disputed: frozenset[str] = field(default=frozenset())

    def plus(self, kind: str, values: Iterable[ConfigValue]) -> "Configuration":
        """This configuration and the values of one more input of that kind."""
        from mqtrace.readers.configuration.ini import is_queue_managers

        more = tuple(values)
        if kind == LISTING:
            return replace(self, mqsc=self.mqsc + more)
        if kind == "ini" and is_queue_managers(more):
            return replace(self, qm_ini=self.qm_ini + more)
        facts = self.facts + tuple(_fact(kind, value) for value in more)
        return replace(self, facts=facts, ini=self.ini + (more if kind == "ini" else ()))

    def with_store(self, store: "KeyStore") -> "Configuration":
        """This configuration and one more key store."""
        return replace(self, stores=(*self.stores, store))

    def beside(self, sources: Collection[str], evidence: Collection[str]) -> "Configuration":
        """Without what is another host's: what lies in a folder with traces or logs (`evidence`) of its own, and none
        of the inputs `sources` are in there."""
        files = {fact.location.source for fact in self.facts} | set(self.ini_files)
        others = {each for each in files if not any(_is_beside(each, source, evidence) for source in sources)}
        if not others:
            return self
        ini = tuple(value for value in self.ini if value.location.source not in others)
        return replace(self._with_facts(lambda fact: fact.location.source not in others), ini=ini)

    def of_channel(self, channel: str) -> "Configuration":
        """Without the facts of channel tables that speak of other channels."""
        return self._with_facts(lambda fact: not fact.name.startswith(TABLE) or fact.thread == channel)

    def _with_facts(self, wanted: Callable[[Fact], bool]) -> "Configuration":
        return replace(self, facts=tuple(filter(wanted, self.facts)))

    def of_ini(self, used: str | None) -> "Configuration":
        """Without what stands in other ini files than the one used.

        A client reads one ini file: of several that it can have been, only what all of them say is kept.

        `used`: path or name of that file, "" where the client used none, None where that is not known.
        """
        sources = dict.fromkeys(fact.location.source for fact in self.facts if fact.name.startswith(INI))
        files = nearest((source for source in sources if _is_file(source, used)), used)
        disputed = _disputed(self.facts, files)
        kept = [fact for fact in self.facts if not fact.name.startswith(INI) or fact.location.source in files]
        return replace(
            self,
            facts=tuple(fact for fact in kept if fact.name not in disputed),
            ini=tuple(value for value in self.ini if value.location.source in files),
            disputed=disputed,
        )

    def of_table(self, used: str | None, named_in: Collection[str] = ()) -> "Configuration":
        """Without what stands in other channel tables than the one used (as in `of_ini`).

        `named_in`: inputs that name the table used; one that holds a table as well, as a pasted ticket does, holds
            that one.
        """

        def is_wanted(fact: Fact) -> bool:
            source = fact.location.source
            return not fact.name.startswith(TABLE) or source in named_in or _is_file(source, used)

        return self._with_facts(is_wanted)

    @property
    def ini_files(self) -> tuple[str, ...]:
        """Names of the clients' ini files."""
        return tuple(dict.fromkeys(value.location.source for value in self.ini))


def nearest(sources: Iterable[str], used: str | None) -> tuple[str, ...]:
    """The inputs whose paths end most like the path that was used; all where that path is not known."""
    files = tuple(dict.fromkeys(sources))
    alike = {each: _common_end(_parts(each), _parts(used or "")) for each in files}
    return tuple(each for each in files if alike[each] == max(alike.values()))


def _is_beside(file: str, source: str, evidence: Collection[str]) -> bool:
    folder, own = _parts(file)[:-1], _parts(source)[:-1]
    # The reversed paths end alike where the paths begin alike.
    shared = _common_end(folder[::-1], own[::-1])
    branch = folder[: shared + 1]
    return len(folder) == shared or not any(_parts(each)[:-1][: shared + 1] == branch for each in evidence)


def _common_end(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = zip(reversed(left), reversed(right), strict=False)
    return next((count for count, (one, other) in enumerate(pairs) if one != other), min(len(left), len(right)))


def _parts(path: str) -> list[str]:
    return path.removeprefix("file://").replace("!", "/").replace("\\", "/").split("/")


def _disputed(facts: Iterable[Fact], files: Sequence[str]) -> frozenset[str]:
    """Names of what some of several ini files say otherwise, or not at all."""
    said: dict[str, dict[str, str]] = {}
    for fact in facts:
        if fact.name.startswith(INI) and len(files) > 1:
            said.setdefault(fact.name, {})[fact.location.source] = fact.value
    return frozenset(name for name, values in said.items() if len(values) < len(files) or len(set(values.values())) > 1)


def _is_file(source: str, used: str | None) -> bool:
    """Whether an input can be the file that was used: its name is the same, and so is the folder where the path used
    is relative.

    A file that was used by its absolute path may have been copied to anywhere.
    """
    if used is None:
        return True
    wanted, parts = _parts(used), _parts(source)
    absolute = wanted[0] == "" or wanted[0].endswith(":")
    same_folder = len(wanted) < 2 or len(parts) < 2 or wanted[-2] in (parts[-2], ".")
    return bool(used) and parts[-1] == wanted[-1] and (absolute or same_folder)


def _fact(kind: str, value: ConfigValue) -> Fact:
    shown = (
        f"{value.name}={value.value}"
        if kind in ("ini", "environment")
        else f"{value.group}: {value.name} {value.value}"
    )
    thread = value.group if kind.startswith("ccdt") else ""
    return Fact(
        _name(kind, value), value.value, value.location, shown, "set", thread, "", f"{kind}.{value.name}", "documented"
    )


def _name(kind: str, value: ConfigValue) -> str:
    if kind == "environment":
        return f"env.{value.name}"
    if kind == "ini":
        return f"ini.{value.group.lower()}.{value.name.lower()}"
    return f"{TABLE}{value.name.rpartition('.')[2].lower()}"

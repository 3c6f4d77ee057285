"""The entries of patterns/trace: what a line, a dump or a block of a trace says."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Struct
from msgspec.structs import force_setattr

from mqtrace.catalog.printf import fixed_text, regex_of
from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import DERIVED, Size, Spelling, read, toml_of
from mqtrace.model import Basis, PatternError, Phase, Proves

# What the room of evidence can decode, which is above this one.
Decoder = Literal["", "mqi-structure", "first-bytes", "error-segment", "channel-flow", "gskit-transcript"]
Literals = Annotated[bytes, Size(3, 200), Spelling(r"[^\0]*", "a text without NUL")]


class Example(Struct, frozen=True):
    """A line that must match, and the value of the fact that it must give."""

    line: str
    value: str


class TracePattern(Struct, frozen=True):
    """One entry of patterns/trace.

    Attributes:
        id: its name, unique over all files.
        clients: the client families whose traces can hold it.
        kind: line (a record's text), dump (rows of bytes), block (lines up to `ends`).
        literals: byte strings, one of which stands in every line that can match; the prefilter searches for them.
        forms: texts in printf's form, one of which a line prints: they stand for `literals`, `regex` and `value` where
            these are not given; groups p1, p2, ... are what was printed.
        regex: matched against the record's text; named groups: value, call, dashes, and those that `fact` and `value`
            name.
        fact: name of the fact; "{group}" is replaced by that group's text, "{group.lower}" by it in lower case.
        value: text of the fact's value with "{group}"; without it the group "value", else "".
        decode: for dump and block: the decoder that reads it.
        proves, basis, source: as in model.Fact; source is where the knowledge comes from.
        opens, closes: the record begins or ends a call that connects ("connection"), or one that moves data of
            messages ("data"), within which nothing counts; the groups call and dashes pair them.
        begins: "attempt" when the record begins one more channel or address, "between" when it ends one.
        joins: "socket": the value is a handle that ties the record's thread to a connection.
        phase: how far the connection has come when this is seen, "" for no change.
        until: the last phase in which this tells of the connection: later it is of something else, and does not count.
        scope: "process" when the fact holds for all connections of the process, "object" when it holds for those that
            a call on the same object opens (the group object names it), else "connection".
        varies: the value differs between connections that are equal for the reader (a local port, a handle).
        ends: for block: the text that ends it.
        secret: the value is never kept, only that it is there.
        after, not_after: counts only where the thread's fact before it is (is not) of this name and names the same
            attribute, or none; "{before}" in `fact` is that fact's value in lower case.
        of: it says what came of the last fact whose name begins so: it takes that fact's value and the end of its
            name, once only.
        passing: not kept, only remembered as what the thread said before.
        repeats: how often it is seen matters, so that one that repeats the last of its name is kept.
        plain: it neither opens, closes nor joins anything and holds for its connection only: most records are of this
            kind.
        match, no_match: examples, run by `mqtrace patterns test`.
        origin: file it stands in.
    """

    id: str
    clients: Annotated[tuple[Literal["c", "dotnet", "java"], ...], Size(1)]
    literals: Annotated[tuple[Literals, ...], Size(1)]
    fact: str
    basis: Basis
    source: str
    kind: Literal["line", "dump", "block"] = "line"
    forms: tuple[str, ...] = ()
    regex: str = ""
    value: str | None = None
    decode: Decoder = ""
    proves: Proves = "read"
    opens: Literal["", "connection", "data"] = ""
    closes: Literal["", "connection", "data"] = ""
    begins: Literal["", "attempt", "between"] = ""
    joins: Literal["", "socket"] = ""
    phase: Phase | None = None
    until: Phase | None = None
    scope: Literal["", "connection", "process", "object"] = ""
    varies: bool = False
    ends: str = ""
    secret: bool = False
    after: str = ""
    not_after: str = ""
    of: str = ""
    repeats: bool = False
    passing: bool = False
    match: tuple[Example, ...] = ()
    no_match: tuple[str, ...] = ()
    origin: str = ""
    plain: Annotated[bool, DERIVED] = False

    @property
    def turns(self) -> bool:
        """Whether a call begins or returns on its line."""
        return bool(self.opens or self.closes)

    def __post_init__(self) -> None:
        tied = (self.opens, self.closes, self.joins, self.scope, self.after, self.not_after, self.of, self.passing)
        force_setattr(self, "plain", not any(tied))


def _pattern(entry: dict[str, Any], defaults: dict[str, Any], origin: str) -> TracePattern:
    where = f"{origin}: pattern {entry.get('id', '(without id)')}"
    pattern = read(TracePattern, {**defaults, **_of_forms(entry), **entry, "origin": origin}, where)
    problem = _contradiction(pattern)
    if problem:
        raise PatternError(f"{where}: {problem}")
    return pattern


def _of_forms(entry: dict[str, Any]) -> dict[str, Any]:
    """The fields that the texts in printf's form stand for, none where there are no such texts."""
    forms = entry.get("forms")
    if not isinstance(forms, list) or not forms or not all(isinstance(form, str) for form in forms):
        return {}
    literals = {"literals": list(dict.fromkeys(map(fixed_text, forms)))}
    if "regex" in entry:
        return literals
    regexes = [regex_of(form, blank=False) for form in forms]
    printed = {"value": "{p1}"} if all("(?P<p1>" in regex for regex in regexes) else {}
    return {**literals, "regex": rf"^(?:{'|'.join(regexes)})\s*$", **printed}


def _contradiction(pattern: TracePattern) -> str:
    """What is wrong with fields that are all right alone, "" where nothing is."""
    if pattern.kind == "line":
        return ""
    if not pattern.decode:
        return f"decode: is missing; kind = '{pattern.kind}' needs it"
    if pattern.opens or pattern.closes or pattern.begins or pattern.joins:
        return "opens, closes, begins, joins: only a pattern of kind line can have them"
    if pattern.kind == "block" and not pattern.ends:
        return "ends: is missing; kind = 'block' needs the text of the block's last line"
    return ""


def read_patterns(path: Path) -> tuple[TracePattern, ...]:
    """The entries of one file of trace patterns. Raises PatternError, naming file and entry, when it is not valid."""
    content = toml_of(path)
    others = set(content) - {"pattern", "defaults"}
    if others:
        raise PatternError(
            f"{path.name}: {sorted(others)} is not known; write [[pattern]] above each entry, [defaults] above what "
            "all share"
        )
    entries, defaults = content.get("pattern", []), content.get("defaults", {})
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise PatternError(f"{path.name}: 'pattern' is not a list of tables; write [[pattern]] above each entry")
    if not isinstance(defaults, dict):
        raise PatternError(
            f"{path.name}: 'defaults' is not a table; write [defaults] above the fields that all entries share"
        )
    return tuple(_pattern(entry, defaults, path.name) for entry in entries)


def pattern_files(folder: Path) -> list[Path]:
    """The files of patterns in a user's folder and the folders below it. Raises PatternError when it is no folder that
    can be read.
    """
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise PatternError(
            f"{folder}: no folder of patterns ({error.strerror}); give --patterns a folder with .toml files"
        ) from error
    return [path for path in sorted(folder.glob("**/*.toml")) if path.is_file()]


def check_regex(pattern: TracePattern) -> None:
    """Raises PatternError, naming file and entry, when the entry's regular expression is not valid."""
    import regex

    try:
        regex.compile(pattern.regex.encode())
    except (regex.error, RecursionError) as error:
        raise PatternError(f"{pattern.origin}: pattern {pattern.id}: the regex is not valid: {error}") from error


def _foreign(folder: Path) -> Iterator[TracePattern]:
    """The patterns of a user's folder. Unlike those of mqtrace no test has compiled their regular expressions."""
    for path in pattern_files(folder):
        for pattern in read_patterns(path):
            check_regex(pattern)
            yield pattern


def _unique(patterns: Iterable[TracePattern]) -> tuple[TracePattern, ...]:
    seen: dict[str, TracePattern] = {}
    for pattern in patterns:
        if pattern.id in seen:
            raise PatternError(f"{pattern.origin}: the id {pattern.id} is already used in {seen[pattern.id].origin}")
        seen[pattern.id] = pattern
    return tuple(seen.values())


@cache
def trace_patterns(client: str, folders: tuple[Path, ...] = ()) -> tuple[TracePattern, ...]:
    """The patterns of one client family: those shipped (<client>.toml, <client>_*.toml) and those of users' folders."""
    folder = data_folder("patterns") / "trace"
    shipped = [*folder.glob(f"{client}.toml"), *sorted(folder.glob(f"{client}_*.toml"))]
    found = [pattern for path in shipped for pattern in read_patterns(path)]
    for folder in folders:
        found.extend(_foreign(folder))
    return _unique(pattern for pattern in found if client in pattern.clients)

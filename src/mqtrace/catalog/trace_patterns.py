"""The entries of patterns/trace: what a line, a dump or a block of a trace says."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from mqtrace.catalog.files import data_folder
from mqtrace.model import Basis, PatternError, Phase, Proves

LONGEST_LITERAL = 200
NEEDED = {"id", "clients", "literals", "fact", "basis", "source"}
TEXTS = {
    "id", "kind", "regex", "fact", "value", "decode", "proves", "basis", "source",
    "opens", "closes", "begins", "joins", "phase", "until", "scope", "ends", "after", "not_after",
}  # fmt: skip
LISTS = {"clients", "literals", "no_match"}
FLAGS = {"varies", "secret", "repeats"}
FIELDS = {*TEXTS, *LISTS, *FLAGS, "match"}
TIES = {"opens", "closes", "begins", "joins"}
EXAMPLE = {"line", "value"}
CLIENTS = ("c", "dotnet", "java")
# What the room of evidence can decode, which is above this one.
DECODERS = ("mqi-structure", "first-bytes", "error-segment", "gskit-transcript")
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": ("line", "dump", "block"),
    "decode": DECODERS,
    "proves": get_args(Proves),
    "basis": get_args(Basis),
    "phase": get_args(Phase),
    "until": get_args(Phase),
    "opens": ("connection", "data"),
    "closes": ("connection", "data"),
    "begins": ("attempt", "between"),
    "joins": ("socket",),
    "scope": ("connection", "process"),
}


@dataclass(frozen=True, slots=True)
class TracePattern:
    """One entry of patterns/trace.

    Attributes:
        id: its name, unique over all files.
        clients: the client families whose traces can hold it.
        kind: line (a record's text), dump (rows of bytes), block (lines up to `ends`).
        literals: byte strings, one of which stands in every line that can match; the prefilter searches for them.
        regex: matched against the record's text; named groups: value, call, dashes, and those that `fact` and `value` name.
        fact: name of the fact; "{group}" is replaced by that group's text, "{group.lower}" by it in lower case.
        value: text of the fact's value with "{group}"; without it the group "value", else "".
        decode: for dump and block: the decoder that reads it.
        proves, basis, source: as in model.Fact; source is where the knowledge comes from.
        opens, closes: the record begins or ends a call that connects ("connection"), or one that moves data of messages ("data"), within
            which nothing counts; the groups call and dashes pair them.
        begins: "attempt" when the record begins one more channel or address, "between" when it ends one.
        joins: "socket": the value is a handle that ties the record's thread to a connection.
        phase: how far the connection has come when this is seen, "" for no change.
        until: the last phase in which this tells of the connection: later it is of something else, and does not count.
        scope: "process" when the fact holds for all connections of the process, else "connection".
        varies: the value differs between connections that are equal for the reader (a local port, a handle).
        ends: for block: the text that ends it.
        secret: the value is never kept, only that it is there.
        after, not_after: counts only where the thread's fact before it is (is not) of this name and names the same attribute.
        repeats: how often it is seen matters, so that one that repeats the last of its name is kept.
        plain: it neither opens, closes nor joins anything and holds for its connection only: most records are of this kind.
        match, no_match: examples, run by `mqtrace patterns test`.
        origin: file it stands in.
    """

    id: str
    clients: tuple[str, ...]
    kind: str
    literals: tuple[bytes, ...]
    regex: str
    fact: str
    value: str | None
    decode: str
    proves: Proves
    basis: Basis
    source: str
    opens: str
    closes: str
    begins: str
    joins: str
    phase: Phase | None
    until: Phase | None
    scope: str
    varies: bool
    ends: str
    secret: bool
    after: str
    not_after: str
    repeats: bool
    plain: bool
    match: tuple[Mapping[str, str], ...]
    no_match: tuple[str, ...]
    origin: str


def _check_types(entry: Mapping[str, Any]) -> str:
    """What is wrong with the fields' names and kinds, "" where nothing is."""
    unknown, missing = set(entry) - FIELDS, NEEDED - set(entry)
    if unknown or missing:
        return f"unknown fields {sorted(unknown)}, missing fields {sorted(missing)}"
    for field, value in entry.items():
        if field in TEXTS and not isinstance(value, str):
            return f'{field} = {value!r:.60} is no text; write it between quotes, as {field} = "..."'
        if field in LISTS and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
            return f'{field} = {value!r:.60} is no list of texts; write {field} = ["...", "..."]'
        if field in FLAGS and not isinstance(value, bool):
            return f"{field} = {value!r:.60} is neither true nor false"
    examples = entry.get("match", [])
    if not isinstance(examples, list) or not all(_is_example(each) for each in examples):
        return f'match = {examples!r:.60} is no list of examples; write match = [ {{ line = "...", value = "..." }} ]'
    return ""


def _is_example(example: object) -> bool:
    return (
        isinstance(example, dict)
        and set(example) == EXAMPLE
        and all(isinstance(text, str) for text in example.values())
    )


def _check_values(entry: Mapping[str, Any]) -> str:
    """What is wrong with the values of fields that are all of the right kind, "" where nothing is."""
    for field, allowed in WORDS.items():
        if field in entry and entry[field] not in allowed:
            return f"{field} = {entry[field]!r:.60}; known are {', '.join(allowed)}"
    if not entry["clients"] or not set(entry["clients"]) <= set(CLIENTS):
        return f"clients = {entry['clients']!r:.60}; known are {', '.join(CLIENTS)}"
    if not entry["literals"] or min(map(len, entry["literals"])) < 3:
        return "needs literals of at least 3 characters"
    if any(len(literal) > LONGEST_LITERAL or "\0" in literal for literal in entry["literals"]):
        return f"a literal may have at most {LONGEST_LITERAL} characters and no NUL"
    if entry.get("kind", "line") != "line" and "decode" not in entry:
        return f"kind = {entry['kind']!r} needs the field decode; known are {', '.join(DECODERS)}"
    if entry.get("kind", "line") != "line" and TIES & set(entry):
        return f"{', '.join(sorted(TIES & set(entry)))}: only a pattern of kind line can have it"
    if entry.get("kind") == "block" and not entry.get("ends"):
        return "kind = 'block' needs the field ends: the text of the block's last line"
    return ""


def _pattern(entry: dict[str, Any], defaults: dict[str, Any], origin: str) -> TracePattern:
    entry = {**defaults, **entry}
    problem = _check_types(entry) or _check_values(entry)
    if problem:
        raise PatternError(f"{origin}: pattern {entry.get('id', '(without id)')}: {problem}")
    return TracePattern(
        id=entry["id"],
        clients=tuple(entry["clients"]),
        kind=entry.get("kind", "line"),
        literals=tuple(literal.encode() for literal in entry["literals"]),
        regex=entry.get("regex", ""),
        fact=entry["fact"],
        value=entry.get("value"),
        decode=entry.get("decode", ""),
        proves=cast(Proves, entry.get("proves", "read")),
        basis=cast(Basis, entry["basis"]),
        source=entry["source"],
        opens=entry.get("opens", ""),
        closes=entry.get("closes", ""),
        begins=entry.get("begins", ""),
        joins=entry.get("joins", ""),
        phase=cast("Phase | None", entry.get("phase")),
        until=cast("Phase | None", entry.get("until")),
        scope=entry.get("scope", "connection"),
        varies=entry.get("varies", False),
        ends=entry.get("ends", ""),
        secret=entry.get("secret", False),
        after=entry.get("after", ""),
        not_after=entry.get("not_after", ""),
        repeats=entry.get("repeats", False),
        plain=not any(entry.get(field) for field in ("opens", "closes", "joins", "scope", "after", "not_after")),
        match=tuple(entry.get("match", ())),
        no_match=tuple(entry.get("no_match", ())),
        origin=origin,
    )


def read_patterns(path: Path) -> tuple[TracePattern, ...]:
    """The entries of one file of trace patterns. Raises PatternError, naming file and entry, when it is not valid."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PatternError(f"{path.name}: cannot be read as a file of patterns: {error}") from error
    others = set(content) - {"pattern", "defaults"}
    if others:
        raise PatternError(
            f"{path.name}: {sorted(others)} is not known; write [[pattern]] above each entry, [defaults] above what all share"
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
    """The files of patterns in a user's folder and the folders below it. Raises PatternError when it is no folder that can be read."""
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
    """The patterns of a user's folder. Unlike those that ship with mqtrace no test has compiled their regular expressions."""
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
    """The patterns of one client family: those shipped (patterns/trace/<client>.toml) and those of the user's folders."""
    shipped = data_folder("patterns") / "trace" / f"{client}.toml"
    found = list(read_patterns(shipped)) if shipped.exists() else []
    for folder in folders:
        found.extend(_foreign(folder))
    return _unique(pattern for pattern in found if client in pattern.clients)

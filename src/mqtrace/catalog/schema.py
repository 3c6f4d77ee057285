"""Checks the files of a folder of patterns, of every kind, with the types that their loaders use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mqtrace.catalog.causes import read_cause
from mqtrace.catalog.entries import FOLDERS, EntryText, cut, entry_texts, parse
from mqtrace.catalog.failure_forms import read_failure_forms
from mqtrace.catalog.identities import read_identity_forms
from mqtrace.catalog.messages import read_message
from mqtrace.catalog.noise import read_noise
from mqtrace.catalog.precedence import read_precedence
from mqtrace.catalog.reasons import read_reason, reason_name
from mqtrace.catalog.settings_files import FORMS
from mqtrace.catalog.signs import read_signs
from mqtrace.catalog.tables import causes_named, misfits
from mqtrace.catalog.trace_patterns import check_regex, read_patterns
from mqtrace.catalog.tracing import read_advice
from mqtrace.catalog.typed import read_as, toml_of
from mqtrace.model import PatternError

_ENTRIES: Mapping[str, Callable[[EntryText], object]] = {
    "cause": read_cause, "message": read_message, "reason": read_reason
}  # fmt: skip
Problems = Iterator[str]
_Check = Callable[[Path, set[str]], Problems]


def check_knowledge(folder: Path) -> list[str]:
    """The problems of a folder laid out as patterns/, one sentence each with file, entry and field; [] when there are
    none.

    Ids of causes that ship with mqtrace may be named.
    """
    known = set(entry_texts("cause")) | {entry.id for entry in _entries(folder, "cause")}
    problems: list[str] = []
    for path in sorted(path for path in folder.glob("**/*") if path.is_file()):
        problems += _guarded(_check(path, path.relative_to(folder).parts[0], known))
    for kind in FOLDERS:
        problems += _repeated(_entries(folder, kind))
    return problems


def _guarded(problems: Problems) -> Problems:
    """The problems, and the one that ends the reading of a file."""
    try:
        yield from problems
    except PatternError as error:
        yield str(error)


def _entries(folder: Path, kind: str) -> list[EntryText]:
    """All entries of a kind, of the files that can be read."""
    entries: list[EntryText] = []
    for path in sorted((folder / FOLDERS[kind]).glob("*.toml")):
        try:
            entries += cut(path, kind)
        except PatternError:
            continue  # told where the file itself is checked
    return entries


def _repeated(entries: Iterable[EntryText]) -> Problems:
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.id in seen:
            yield f"{entry.where} stands in {seen[entry.id]} already"
        seen[entry.id] = entry.origin


def _check(path: Path, folder: str, known: set[str]) -> Problems:
    """The problems of one file; `folder` is the one that it stands in, or its own name at the top."""
    kind = next((name for name, of_entries in FOLDERS.items() if of_entries == folder), "")
    if kind:
        for entry in cut(path, kind):
            yield from _guarded(_check_entry(kind, entry, known))
    elif folder in _FILES:
        yield from _FILES[folder](path, known)
    else:
        yield f"{path.name}: no kind of patterns/ is known that it could be"


def _signs(path: Path, known: set[str]) -> Problems:
    for sign in read_signs(path):
        for id in (sign.cause, *(other.id for other in sign.alternatives)):
            if id not in known:
                yield f"signs/{path.name}: {sign.fact}: unknown cause id {id}"


def _table(path: Path, known: set[str]) -> Problems:
    yield from (f"{path.name}: row {row}: {column}: {problem}" for row, column, problem in misfits(path))
    yield from (f"{path.name}: unknown cause id {id}" for id in causes_named(path) if id not in known)


def _settings(path: Path, _: set[str]) -> Problems:
    if path.stem not in FORMS:
        yield f"{path.name}: no kind of patterns/ is known that it could be"
        return
    read_as(FORMS[path.stem], toml_of(path), path.name)


def _trace(path: Path, _: set[str]) -> Problems:
    for pattern in read_patterns(path):
        check_regex(pattern)
    yield from ()


def _read_by(loader: Callable[[Path], object]) -> _Check:
    def check(path: Path, _: set[str]) -> Problems:
        loader(path)
        yield from ()

    return check


_FILES: Mapping[str, _Check] = {
    "signs": _signs,
    "tables": _table,
    "settings": _settings,
    "trace": _trace,
    "noise": _read_by(read_noise),
    "precedence": _read_by(read_precedence),
    "tracing.toml": _read_by(read_advice),
    "failures.toml": _read_by(read_failure_forms),
    "identities.toml": _read_by(read_identity_forms),
    "schema": _read_by(str),  # the report's own schema, which is no knowledge
}


def _check_entry(kind: str, entry: EntryText, known: set[str]) -> Problems:
    _ENTRIES[kind](entry)
    content = parse(entry)
    for problem in _sense(kind, entry, content):
        yield f"{entry.where}: {problem}"
    for id in _cause_ids(content):
        if id not in known:
            yield f"{entry.where}: unknown cause id {id}"


def _cause_ids(content: Mapping[str, Any]) -> Iterator[str]:
    """Every cause id that an entry names."""
    yield from (content[name] for name in ("cause", "cause_client", "cause_server") if name in content)
    yield from (id for id in content.get("consequences_of", ()) if not id.endswith("*"))
    yield from (each["id"] for each in content.get("alternatives", ()))


def _sense(kind: str, entry: EntryText, content: Mapping[str, Any]) -> Problems:
    """What no type of single fields can say."""
    if kind == "cause":
        family = content["id"].split(".")[0]
        if family != Path(entry.origin).stem:
            yield f"belongs into the file of its family, {family}.toml"
        if content["id"] in content["consequences_of"]:
            yield "cannot be its own consequence"
    if kind == "reason" and reason_name(int(content["id"])) != content["name"]:
        yield f"its name is {reason_name(int(content['id'])) or 'not known'}, not {content['name']}"
    if kind == "message":
        of_one_end = "cause_client" in content or "cause_server" in content
        if ("cause" in content or of_one_end) != ("confidence" in content):
            yield "confidence and a cause go together"
        if "cause" in content and of_one_end:
            yield "give either cause, or cause_client and cause_server"

"""Checks the knowledge in a folder of patterns: causes, messages, reasons, and the cause ids that its tables name."""

import csv
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mqtrace.catalog.entries import FOLDERS, EntryText, cut, entry_texts, parse
from mqtrace.catalog.reasons import reason_name
from mqtrace.model import PatternError, UsageError

COLUMNS_OF_CAUSES = ("cause_id", "cause_client", "cause_server", "cause_from_client", "cause_from_server")


def _entries(folder: Path, table: str, problems: list[str]) -> Iterator[tuple[EntryText, dict[str, Any]]]:
    """The entries of a kind; what cannot be read goes into `problems`."""
    for path in sorted((folder / FOLDERS[table]).glob("*.toml")):
        try:
            texts = cut(path, table)
        except PatternError as error:
            problems.append(str(error))
            continue
        for entry in texts:
            try:
                yield entry, parse(entry)
            except PatternError as error:
                problems.append(str(error))


def _form(table: str, entry: EntryText, content: Mapping[str, Any]) -> Iterator[str]:
    from pydantic import ValidationError

    from mqtrace.catalog.knowledge_models import MODELS

    lists = {name: list(value) if isinstance(value, tuple) else value for name, value in content.items()}
    try:
        MODELS[table].model_validate(lists)
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(str(part) for part in problem["loc"])
            yield f"{entry.origin}: {entry.id}: {place}: {problem['msg']}"


def _cause_ids(content: Mapping[str, Any]) -> Iterator[str]:
    """Every cause id that an entry names."""
    yield from (content[name] for name in ("cause", "cause_client", "cause_server") if name in content)
    yield from (id for id in content.get("consequences_of", ()) if not id.endswith("*"))
    yield from (each["id"] for each in content.get("alternatives", ()) if isinstance(each, dict) and "id" in each)


def _sense(table: str, entry: EntryText, content: Mapping[str, Any]) -> Iterator[str]:
    """What no schema of single fields can say."""
    where = f"{entry.origin}: {entry.id}"
    if table == "cause" and content["id"].split(".")[0] != Path(entry.origin).stem:
        yield f"{where}: belongs into the file of its family, {content['id'].split('.')[0]}.toml"
    if table == "cause" and content["id"] in content.get("consequences_of", ()):
        yield f"{where}: cannot be its own consequence"
    if table == "reason" and reason_name(int(content["id"])) != content.get("name"):
        yield f"{where}: its name is {reason_name(int(content['id'])) or 'not known'}, not {content.get('name')}"
    if table == "message":
        named = any(name in content for name in ("cause", "cause_client", "cause_server"))
        if named != ("confidence" in content):
            yield f"{where}: confidence and a cause go together"
        if "cause" in content and ("cause_client" in content or "cause_server" in content):
            yield f"{where}: give either cause, or cause_client and cause_server"


def _tables(folder: Path, known: set[str]) -> Iterator[str]:
    for path in sorted((folder / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(line for line in lines if not line.startswith("#")):
                for id in (row[column] for column in COLUMNS_OF_CAUSES if row.get(column)):
                    if id not in known:
                        yield f"{path.name}: unknown cause id {id}"


def check_knowledge(folder: Path) -> list[str]:
    """The problems of a folder laid out as patterns/ (causes, messages, reasons, tables), one sentence each; [] when there are none.

    Cause ids that ship with mqtrace may be named. Raises UsageError when pydantic is not installed.
    """
    if find_spec("pydantic") is None:
        raise UsageError('checking patterns needs pydantic; type: pip install "mqtrace[test]"')
    problems: list[str] = []
    found = {table: list(_entries(folder, table, problems)) for table in FOLDERS}
    known = {entry.id for entry, _ in found["cause"]} | set(entry_texts("cause"))
    for table, entries in found.items():
        seen: dict[str, str] = {}
        for entry, content in entries:
            form = list(_form(table, entry, content))
            problems += form or _sense(table, entry, content)
            problems += [
                f"{entry.origin}: {entry.id}: unknown cause id {id}" for id in _cause_ids(content) if id not in known
            ]
            if entry.id in seen:
                problems.append(f"{entry.origin}: {entry.id} stands in {seen[entry.id]} already")
            seen[entry.id] = entry.origin
    return problems + list(_tables(folder, known))

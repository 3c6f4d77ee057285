"""Single entries of the TOML files of patterns/causes, patterns/messages and patterns/reasons.

tomllib needs a millisecond for every 4 kB, so a file is cut at its [[table]] lines and only the entries asked for are
parsed.
Each entry begins with its id, and none has a line of its own that reads [[table]]; schema.check_knowledge holds both.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from mqtrace.catalog.tables import data_folder
from mqtrace.kept import compiled, toml
from mqtrace.model import PatternError

FOLDERS = {"cause": "causes", "message": "messages", "reason": "reasons"}
BEGINS_WITH_ID = compiled(r'id = "([^"\n]+)"')


class EntryText(Struct, frozen=True):
    """The text of one entry, not parsed yet: its id, the file it stands in, the TOML below its [[table]] line."""

    id: str
    origin: str
    text: str

    @property
    def where(self) -> str:
        """File and id, for messages."""
        return f"{self.origin}: {self.id}"


def cut(path: Path, table: str) -> tuple[EntryText, ...]:
    """The entries of one file. Raises PatternError when it cannot be read or an entry does not begin with its id."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise PatternError(f"{path.name}: cannot be read as a file of patterns: {error}") from error
    found = []
    for text in re.split(rf"^\[\[{table}\]\]\s*$\n", content, flags=re.MULTILINE)[1:]:
        begin = BEGINS_WITH_ID.match(text)
        if begin is None:
            raise PatternError(
                f'{path.name}: a [[{table}]] does not begin with its id; write id = "..." in the line below it'
            )
        found.append(EntryText(begin[1], path.name, text))
    return tuple(found)


@cache
def entry_texts(table: str) -> Mapping[str, EntryText]:
    """All entries of a kind ("cause", "message", "reason") that ship with mqtrace, by id, in the order of the files."""
    paths = sorted((data_folder("patterns") / FOLDERS[table]).glob("*.toml"))
    return {entry.id: entry for path in paths for entry in cut(path, table)}


def parse(entry: EntryText) -> dict[str, Any]:
    """The fields of an entry. Raises PatternError, naming file and entry, when it is not valid TOML."""
    try:
        return toml(entry.text.encode())
    except ValueError as error:
        raise PatternError(f"{entry.where} is not valid TOML: {error}") from error

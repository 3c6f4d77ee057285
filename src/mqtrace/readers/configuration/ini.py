"""mqclient.ini (and qm.ini, which looks alike): stanzas `Name:` with attributes `name=value`.

Format as IBM's documentation of the client configuration file, real files and runs of the C client 9.2.0 show it:
blanks
are allowed around everything.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.catalog.tables import table
from mqtrace.decode.text import BYTE_ORDER_MARKS, decoded, encoding_of
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import HIDDEN, is_secret, mask_value, printable
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration.config_lines import located_lines, read_limited
from mqtrace.readers.tally import Tally

COMMENTS = ("#", ";", "*", "//")
# "[SSL]" is how other programs write a stanza; it is kept as written, so that the lint can name the mistake.
STANZA = compiled(r"(?P<name>[A-Za-z][\w.-]*+)\s*+:\s*+(?:[#;].*)?|(?P<foreign>\[[^\]=]{1,80}\])")
ATTRIBUTE = compiled(r"(?P<name>[A-Za-z][\w.]*+)\s*+=\s*+(?P<value>.*)")
# Short attribute names (Name, Type, Data) are everybody's; a file without a known stanza must have one of the long
# ones.
DISTINCTIVE = 10
DISTINCTIVE_STANZAS = ("CHANNELS", "SSL")
# The files of queue managers, also as an entry of an archive.
FILE_NAME = compiled(r"(?:^|[/\\!])(?:qm|mqs)\.ini$", re.IGNORECASE)
# Of so many lines one may be anything: a stanza without its colon must not make the file unknown.
OTHERS_ALLOWED = 3
MOST_STRANGE = 1000
StrangeKind = Literal["no-setting", "byte-order-mark", "repeated-stanza"]


def sniff(head: bytes) -> bool:
    """Whether the bytes are a client's or a queue manager's configuration file.

    Two of three lines must be a stanza, an attribute or a comment; and an attribute must stand below a known stanza or
    be
    known itself. A file of comments only counts when they name the file.
    """
    lines = [line.strip() for line in re.split(r"\r?\n", decoded(head))]
    significant = [line for line in lines if line and not line.startswith(COMMENTS)]
    if not significant:
        return any("mqclient.ini" in line or "qm.ini" in line for line in lines)
    others = sum(1 for line in significant[:-1] if not STANZA.fullmatch(line) and not ATTRIBUTE.fullmatch(line))
    return others * OTHERS_ALLOWED <= len(significant) and _is_known(significant)


def _is_known(lines: list[str]) -> bool:
    stanzas, attributes = _known_names()
    stanza = ""
    for line in lines:
        if found := STANZA.fullmatch(line):
            stanza = (found["name"] or "").lower()
            continue
        attribute = ATTRIBUTE.fullmatch(line)
        if attribute and (stanza in stanzas or attribute["name"].lower() in attributes):
            return True
    return False


def _known_names() -> tuple[set[str], set[str]]:
    rows = table("mqclient_ini")
    stanzas = {row["stanza"] for row in rows}.union(settings_pattern("ini_stanzas")["queue_manager"])
    distinctive = {
        row["attribute"]
        for row in rows
        if row["stanza"] in DISTINCTIVE_STANZAS and len(row["attribute"]) >= DISTINCTIVE
    }
    return {name.lower() for name in stanzas}, {name.lower() for name in distinctive}


def is_queue_managers(values: Iterable[ConfigValue]) -> bool:
    """Whether the values are of a qm.ini or mqs.ini: by its name, or by a stanza that stands in no client's file."""
    names = {name.lower() for name in settings_pattern("ini_stanzas")["queue_manager"]}
    return any(value.group.lower() in names or FILE_NAME.search(value.location.source) for value in values)


class StrangeLine(Struct, frozen=True):
    """A line of which the C client reads nothing, or not what it seems to say.

    Attributes:
        kind: no-setting (neither stanza nor attribute nor comment), byte-order-mark (it begins the file), or
            repeated-stanza.
        text: the line, or the name of the stanza.
        location: where it stands.
    """

    kind: StrangeKind
    text: str
    location: Location


def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
    """Every attribute in file order, also one given twice; group is the stanza as written, "" before the first one.

    What stands below the second stanza of a name is left out, as the C client does not read it.
    """
    left_out = None
    for line in read_lines(source, tally):
        if isinstance(line, StrangeLine):
            left_out = line.text if line.kind == "repeated-stanza" else left_out
        elif line.group != left_out:
            left_out = None
            yield line


def read_lines(source: Source, tally: Tally) -> Iterator[ConfigValue | StrangeLine]:
    """Every attribute, and between them the strange lines, the first MOST_STRANGE of those that mean nothing."""
    data = read_limited(source, tally)
    if data.startswith(BYTE_ORDER_MARKS):
        yield StrangeLine("byte-order-mark", encoding_of(data), Location(source.name, 1, 0, 0))
    stanza = ""
    seen: set[str] = set()
    is_after_secret = is_continued = False
    for text, location in located_lines(data, source.name, tally):
        line = text.strip().strip("\ufeff")
        if not line or line.startswith(COMMENTS):
            continue
        if header := STANZA.fullmatch(line):
            stanza = printable(header["name"] or header["foreign"])
            is_after_secret = is_continued = False
            if stanza.lower() in seen and stanza.lower() in _client_stanzas():
                yield StrangeLine("repeated-stanza", stanza, location)
            seen.add(stanza.lower())
        elif "=" in line and not is_continued:
            name, _, value = line.partition("=")
            tally.records += 1
            is_after_secret = is_secret(name.strip())
            is_continued = is_after_secret and (not value.strip() or value.rstrip().endswith("\\"))
            yield ConfigValue(
                stanza, printable(name.strip()), printable(mask_value(name.strip(), value.strip())), location
            )
        else:
            tally.unparsed += 1
            if tally.unparsed <= MOST_STRANGE:
                name, blank, value = line.partition(" ")
                shown = printable(f"{name}{blank}{mask_value(name.rstrip(':'), value.strip())}")
                # Somebody thought that the value of a secret goes on behind its line.
                yield StrangeLine("no-setting", HIDDEN if is_after_secret else shown, location)


@cache
def _client_stanzas() -> frozenset[str]:
    return frozenset(row["stanza"].lower() for row in table("mqclient_ini"))

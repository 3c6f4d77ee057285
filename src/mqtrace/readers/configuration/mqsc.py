"""Output of runmqsc: channels, their status, the queue manager and channel authentication
rules, of one queue manager or several.

An object begins with a header (AMQ8414 channel, AMQ8417 status, AMQ8408 queue manager, AMQ8878 rule; with or without a
severity letter) or, in a paste without headers, with the attribute that names it. Other objects (queues, topics) are
passed over. Commands that define channels and queue managers (scripts, dmpmqcfg) give the same objects.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from mqtrace.decode.text import decoded
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import mask_value, printable
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration.config_lines import located_lines, read_limited
from mqtrace.readers.configuration.mqsc_commands import (
    AttributeLine,
    Command,
    attributes_of,
    is_script,
    parted,
    plain_value,
)
from mqtrace.readers.tally import Tally

Attribute = tuple[str, str, Location]
HEADERS = {"AMQ8414": "channel", "AMQ8417": "status", "AMQ8408": "qmgr", "AMQ8878": "chlauth"}
HEADER = compiled(r"\s{0,40}(AMQ\d{4})[A-Z]?:")
STARTING = compiled(r"\s{0,40}Starting MQSC for (?:local |remote )?queue manager ([A-Za-z0-9._/%]{1,48}?)\.?\s*$")
NAMING = {"CHANNEL": "channel", "CHSTATUS": "status", "QMNAME": "qmgr", "CHLAUTH": "chlauth"}
# Attributes that only a channel's status has: they tell it from a definition where no header does.
OF_STATUS = frozenset(
    {"CURRENT", "STATUS", "SUBSTATE", "SECPROT", "CHSTADA", "JOBNAME", "RAPPLTAG", "CURSHCNV", "SSLRKEYS", "SSLCERTU"}
)
SIGNIFICANT = OF_STATUS | {
    "CHLTYPE",
    "SSLCIPH",
    "SSLCAUTH",
    "TRPTYPE",
    "SSLPEER",
    "SHARECNV",
    "MAXINST",
    "SSLKEYR",
    "CERTLABL",
    "SSLFIPS",
}
SNIFFED_LINES_OF_OBJECT = 4
OFTEN_LONG = frozenset({"SSLPEER", "SSLCERTI", "DESCR", "CONNAME", "SSLKEYR"})
# A value that has not ended after so many lines never will: the paste lost its bracket.
MOST_LINES_OF_VALUE = 12
MOST_ATTRIBUTES = 500


def sniff(head: bytes) -> bool:
    """Whether a line names a channel or queue manager, with attributes of it beside it or below."""
    lines_left = 0
    lines = decoded(head).splitlines()
    if is_script(lines):
        return True
    for line in lines:
        lines_left -= 1
        if "(" not in line:
            continue
        found = attributes_of(line)
        if not found.is_whole or not found.pairs:
            continue
        if found.pairs[0][0] in NAMING:
            lines_left = SNIFFED_LINES_OF_OBJECT
        if lines_left > 0 and any(name in SIGNIFICANT for name, _ in found.pairs):
            return True
    return False


def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
    """The attributes in file order; group "channel:NAME", "status:NAME#n" (n counts from
    1), "qmgr:NAME" or "chlauth:NAME#n".

    The first value of each object names it (CHANNEL, QMNAME, CHLAUTH). Where runmqsc says which queue manager it works
    for, a value QMNAME of a group of its own says so. A word without a value (CURRENT) has the value "". Lines within
    an object that are not understood are counted as unparsed.
    """
    data = read_limited(source, tally)
    numbers: Counter[str] = Counter()
    for kind, attributes in _all_objects(located_lines(data, source.name, tally), tally):
        tally.records += 1
        name = attributes[0][1]
        group = f"{kind}:{name}"
        if kind in ("status", "chlauth"):
            numbers[group] += 1
            group += f"#{numbers[group]}"
        for attribute, value, location in attributes:
            yield ConfigValue(printable(group), attribute, printable(mask_value(attribute, value)), location)


def _all_objects(lines: Iterable[tuple[str, Location]], tally: Tally) -> Iterator[tuple[str, list[Attribute]]]:
    """The objects of output and of commands, those of commands at the end or before another queue manager's."""
    shown: list[tuple[str, Location]] = []
    defined: dict[tuple[str, str, str], dict[str, Attribute]] = {}
    manager = ""
    for each in parted(lines):
        if not isinstance(each, Command):
            shown.append(each)
        elif each.kind == "qmgr" and each.attributes[:1] and each.attributes[0][0] == "QMNAME":
            yield from _objects(shown, tally)
            yield from _defined(defined)
            shown, defined, manager = [], {}, each.attributes[0][1]
            yield each.kind, list(each.attributes)
        else:
            _define(each, manager, defined)
    yield from _objects(shown, tally)
    yield from _defined(defined)


def _define(command: Command, manager: str, defined: dict[tuple[str, str, str], dict[str, Attribute]]) -> None:
    """Takes a command in; ALTER changes what DEFINE said. A client's channel may have the name of the server's."""
    told = {each[0]: each for each in command.attributes}
    if not told or (command.kind == "qmgr" and not manager):
        return
    if command.kind == "qmgr":
        told = {"QMNAME": ("QMNAME", manager, command.attributes[0][2]), **told}
    name = next(iter(told.values()))[1]
    kind = told["CHLTYPE"][1] if "CHLTYPE" in told else ""
    if command.kind == "chlauth":
        # One channel has several rules, and each is one command.
        kind = str(len(defined))
    defined.setdefault((command.kind, name, kind), {}).update(told)


def _defined(defined: Mapping[tuple[str, str, str], Mapping[str, Attribute]]) -> Iterator[tuple[str, list[Attribute]]]:
    return ((kind, list(attributes.values())) for (kind, _, _), attributes in defined.items())


def _objects(lines: Iterable[tuple[str, Location]], tally: Tally) -> Iterator[tuple[str, list[Attribute]]]:
    """Kind and attributes of each object that is named; the attribute that names it stands first."""
    header: str | None = None
    attributes: list[Attribute] = []
    for line, location, found in _joined(lines, tally):
        if stated := _stated(line):
            yield from _finished(header, attributes)
            kind, name = stated
            header, attributes = kind, []
            if name:
                yield "qmgr", [("QMNAME", name, location)]
                header = None
            continue
        if not found.is_whole:
            tally.unparsed += bool(found.pairs and attributes)
            if line.strip() and not found.pairs:
                yield from _finished(header, attributes)
                header, attributes = None, []
            continue
        if _begins(found, header, attributes):
            yield from _finished(header, attributes)
            header, attributes = (header if not attributes else None), []
        attributes += [(name, value or "", location) for name, value in found.pairs][
            : MOST_ATTRIBUTES - len(attributes)
        ]
    yield from _finished(header, attributes)


def _stated(line: str) -> tuple[str | None, str] | None:
    """What a line that is no attribute begins: an object of a kind ("" for one that is
    passed over), or the output of a queue manager."""
    if starting := STARTING.match(line):
        return None, starting[1]
    header = HEADER.match(line)
    return (HEADERS.get(header[1], ""), "") if header else None


def _begins(found: AttributeLine, header: str | None, attributes: list[Attribute]) -> bool:
    """Whether these attributes are the first of another object than the one at hand.

    The status of a channel may have QMNAME too, so only a name that is there already, or a channel's, begins another.
    """
    if not found.pairs or found.pairs[0][0] not in NAMING:
        return False
    if not attributes:
        return header is None
    names = {name for name, _, _ in attributes}
    return found.pairs[0][0] in names or found.pairs[0][0] != "QMNAME"


def _finished(header: str | None, attributes: list[Attribute]) -> Iterator[tuple[str, list[Attribute]]]:
    naming = next((each for each in attributes if each[0] in NAMING), None)
    if header == "" or naming is None:
        return
    kind = header or NAMING[naming[0]]
    if kind == "channel" and header is None and any(name in OF_STATUS for name, _, _ in attributes):
        kind = "status"
    first = ("CHANNEL" if naming[0] == "CHSTATUS" else naming[0], naming[1], naming[2])
    yield kind, [first, *(each for each in attributes if each is not naming)]


def _joined(lines: Iterable[tuple[str, Location]], tally: Tally) -> Iterator[tuple[str, Location, AttributeLine]]:
    """Each line with its attributes; a value that goes on in the next lines is joined to one."""
    waiting: tuple[str, str] | None = None
    began = Location("", 0)
    taken = 0
    for line, location in lines:
        found = attributes_of(line)
        if waiting:
            taken += 1
            if taken < MOST_LINES_OF_VALUE and not found.is_whole and not _stated(line):
                waiting = waiting[0], waiting[1] + line.strip()
                if line.rstrip().endswith(")"):
                    yield "", began, AttributeLine(((waiting[0], plain_value(waiting[1][:-1])),))
                    waiting = None
                continue
            tally.unparsed += 1
            waiting = None
        if found.open_value and found.open_value[0] in OFTEN_LONG:
            waiting, began, taken = found.open_value, location, 0
        if not found.open_value or found.pairs:
            yield line, location, found
    tally.unparsed += bool(waiting)

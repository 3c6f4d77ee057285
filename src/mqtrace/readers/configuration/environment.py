"""A saved environment: a listing, a script or a container's definition that sets MQ variables."""

import re
from collections.abc import Iterable, Iterator

from mqtrace.decode.text import decoded, encoding_of
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import HIDDEN, mask_value, printable
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration.config_lines import located_lines, read_limited
from mqtrace.readers.configuration.config_listing import assignments, mapping_value, secret_names
from mqtrace.readers.tally import Tally

VALUE_LINE = compiled(r"\s*+-?\s*+[\"']?value[\"']?\s*+:", re.IGNORECASE)
# A name and its value stand on neighbouring lines; a comment or a brace may stand between.
LINES_TO_VALUE = 2


def sniff(head: bytes) -> bool:
    """Whether the bytes set at least one MQ variable in one of the forms of config_listing."""
    lines = re.split("[\n\0]" if encoding_of(head) == "utf-8" else "\n", decoded(head))
    return any(True for line in lines for _ in assignments(line.rstrip("\r").removeprefix("\ufeff")))


def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
    """The MQ variables in file order, each time they are set; group is "".
    /proc/PID/environ is read too: NUL ends its lines.

    A variable whose value is not in the file (Kubernetes' valueFrom) is counted as unparsed.
    """
    data = read_limited(source, tally)
    ends = b"\n\0" if encoding_of(data) == "utf-8" else b"\n"
    for name, value, location in _values(located_lines(data, source.name, tally, ends), tally):
        tally.records += 1
        shown = HIDDEN if value and name in secret_names() else mask_value(name, value)
        yield ConfigValue("", name, printable(shown), location)


def _values(lines: Iterable[tuple[str, Location]], tally: Tally) -> Iterator[tuple[str, str, Location]]:
    waiting, lines_left = "", 0
    for line, location in lines:
        if waiting and (found := VALUE_LINE.match(line)):
            yield waiting, mapping_value(line[found.end() :]), location
            waiting = ""
        for name, value in assignments(line):
            if value is not None:
                yield name, value, location
                continue
            tally.unparsed += bool(waiting)
            waiting, lines_left = name, LINES_TO_VALUE + 1
        lines_left -= 1
        if waiting and lines_left < 0:
            tally.unparsed += 1
            waiting = ""
    tally.unparsed += bool(waiting)

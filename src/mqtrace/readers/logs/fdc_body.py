"""What stands behind the header of a failure report: functions, the history of calls,
labelled control blocks, MQ variables.

Between them stand raw dumps, passwords and the rest of the environment: what is not listed here is never stored. Layout
as in genuine reports of the client 9.2.0 (Windows) and 9.2.4 (Linux).
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

from msgspec import Struct, field

from mqtrace.catalog.tables import table
from mqtrace.kept import compiled
from mqtrace.masking import mask, mask_value
from mqtrace.model import ConfigValue, Evidence, Location
from mqtrace.model.failure_report import FunctionExit
from mqtrace.readers.configuration.config_listing import secret_names, variable_names

_MOST_FUNCTIONS = 200
_MOST_CALLS = 20_000
_MOST_EXITS = 2_000
_MOST_LABELS = 500
_VALUE_CAP = 2000
_NOT_SET = "(NULL)"
_CALL = compiled(r"(?P<dashes>-{0,200})(?P<kind>[{}])!? ?(?P<name>[\w<>:.~]{1,80})(?: rc=(?P<code>[\w()]{1,80}))?\s*")
# Functions of the operating system whose code of return is an error number; that of others is a length, a descriptor or
# a truth value.
_SYSTEM_CALLS = frozenset({"connect", "recv", "send", "bind", "select", "getaddrinfo"})
_FAILED = compiled(r"rrc[ES]_\w+|MQRC_(?!NONE$)\w+")
_VARIABLE = compiled(r"([A-Z][A-Z0-9_]{1,80})=(.*)")

_Take = Callable[["Body", str, Location], bool]


class Body(Struct):
    """What was kept of the lines behind one header; the attributes are those of FailureReport."""

    stack: list[str] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)
    exits: list[FunctionExit] = field(default_factory=list)
    labels: list[ConfigValue] = field(default_factory=list)
    variables: list[ConfigValue] = field(default_factory=list)
    _section: str = ""

    def take(self, text: str, location: Location) -> None:
        """Takes in one line."""
        title = _title(text)
        if title is not None:
            self._section = title
        elif self._section and not _SECTIONS.get(self._section, Body._block)(self, text, location):
            self._section = ""

    def _function(self, text: str, _: Location) -> bool:
        name = text.strip()
        if name and len(self.stack) < _MOST_FUNCTIONS:
            self.stack.append(name[:80])
        return bool(name)

    def _history(self, text: str, location: Location) -> bool:
        call = _CALL.fullmatch(text)
        if call is None:
            return text.startswith(("Data:", "Pointer:"))
        if len(self.calls) < _MOST_CALLS:
            self.calls.add(call["name"])
        code = call["code"] or ""
        if call["kind"] == "}" and _is_failure(call["name"], code) and len(self.exits) < _MOST_EXITS:
            evidence = Evidence(location, f"{call['name']} rc={code}")
            self.exits.append(FunctionExit(len(call["dashes"]), call["name"], code, evidence))
        return True

    def _block(self, text: str, location: Location) -> bool:
        if not text.strip() or text == "{":
            return True
        if not text.startswith(" "):
            return False
        label, value = _labelled(self._section, text.strip())
        if label and len(self.labels) < _MOST_LABELS:
            shown = "" if value == _NOT_SET else mask(value[:_VALUE_CAP])
            self.labels.append(ConfigValue(self._section, label, shown, location))
        return True

    def _variable(self, text: str, location: Location) -> bool:
        variable = _VARIABLE.fullmatch(text.strip())
        if variable and variable[1] in variable_names() - secret_names() and len(self.variables) < _MOST_LABELS:
            self.variables.append(
                ConfigValue("", variable[1], mask_value(variable[1], variable[2][:_VALUE_CAP]), location)
            )
        return not text.startswith(("+--", "| "))


_HISTORY, _STACK, _ENVIRONMENT = "MQM Trace History", "MQM Function Stack", "Environment Variables"
_SECTIONS: Mapping[str, _Take] = {
    _STACK: Body._function,
    _HISTORY: Body._history,
    _ENVIRONMENT: Body._variable,
}


def _title(text: str) -> str | None:
    """The section that a line begins, "" for one of which nothing is kept; None for a line that begins none."""
    words = text.strip().rstrip(":")
    if words in _SECTIONS:
        return words
    if len(words) > 80 or not words.endswith(("Block", "Handle", "struct")):
        return None
    name = re.sub(r"^V\d{1,3} ", "", words)
    return name if name in _blocks() else ""


@cache
def _blocks() -> Mapping[str, tuple[str, ...]]:
    """The labels of each block, and under "" those that are in no other; longer ones first, as some begin others."""
    blocks: dict[str, list[str]] = {"": []}
    for known in table("failure_report_blocks"):
        blocks.setdefault(known["block"], []).append(known["label"])
    return {block: tuple(sorted(labels, key=len, reverse=True)) for block, labels in blocks.items()}


def _labelled(block: str, text: str) -> tuple[str, str]:
    """Label and value of a line, "" and "" for one whose label is not listed."""
    for label in (*_blocks().get(block, ()), *_blocks()[""]):
        rest = text.removeprefix(label)
        if len(rest) < len(text) and (not rest or rest[0].isspace()):
            return label, rest.strip()
    return "", ""


def _is_failure(name: str, code: str) -> bool:
    """Whether a function's code of return says that it failed."""
    if name in _SYSTEM_CALLS:
        return code.startswith("Unknown(")
    return _FAILED.fullmatch(code) is not None

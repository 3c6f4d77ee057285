"""One line of an application's output: the MQ failures that it names.

The classes for Java print a failure as CC=2;RC=2397;AMQ9204: text [1=...,3=...], where insert 1 may be the next failure
in brackets: they are levels of one failure, the outermost first.
"""

import re
from itertools import islice
from typing import NamedTuple

from mqtrace.catalog.failure_forms import Loudness
from mqtrace.kept import compiled
from mqtrace.readers.logs.failure_forms import is_opening, is_stated, statement
from mqtrace.readers.logs.log_reasons import is_reason

# A failure has a handful of levels; more are made up, and cost their square.
_DEEPEST = 16
_CODE = compiled(r"CC=([12]);RC=(\d{1,5})(?:;((?:AMQ|JMS|MQJ|CSQ)[A-Z]{0,3}\d{4,5})([A-Z]?)(?![A-Z0-9]):? ?)?")
_BRACKETS = compiled(r"[\[\]]")
# What matters in a list of inserts: brackets, and a comma before the next number.
_SEPARATORS = compiled(r"[\[\]]|,(?=[1-5]=)")


class Level(NamedTuple):
    """One level of a failure: message id ("" without one), its severity letter, its own
    text, its inserts, its reason code."""

    message: str
    severity: str
    text: str
    inserts: dict[int, str]
    reason_code: int | None


def levels(text: str, *, level: Loudness, near_mq: bool) -> list[Level]:
    """The levels of the failure that the line `text` states, the outermost first; [] where it states none.

    `level`: the line's loudness; `near_mq`: whether the lines above speak of a failure of MQ, so that a bare "Reason:
    2035" is one of its reason codes.
    """
    matches = list(islice(_CODE.finditer(text), _DEEPEST)) if level != "quiet" else []
    if matches:
        begin = matches[0].start()
        stated = is_opening(text, begin) and is_stated(text, begin, level)
        return [_nested(text, match) for match in matches] if stated else []
    found = statement(text, level=level, near_mq=near_mq)
    return [Level(found.message, found.severity, text[found.begin :].strip(), {}, found.reason_code)] if found else []


def _nested(text: str, match: re.Match[str]) -> Level:
    begin = match.end()
    opening = text.find(" [", begin)
    limit = _closing(text, begin)
    if opening < 0 or opening >= limit or not text[opening + 2 : opening + 4].rstrip("=").isdigit():
        words, inserts = text[begin:limit], {}
    else:
        words, inserts = text[begin:opening], _inserts(text, opening + 2)
    code = int(match[2])
    return Level(match[3] or "", match[4] or "", words.strip(), inserts, code if is_reason(code) else None)


def _closing(text: str, begin: int) -> int:
    """Where the bracket closes that was open at `begin`; the end of the text where none does."""
    depth = 0
    for match in _BRACKETS.finditer(text, begin):
        depth += 1 if match[0] == "[" else -1
        if depth < 0:
            return match.start()
    return len(text)


def _inserts(text: str, begin: int) -> dict[int, str]:
    """Inserts of the list that begins at `begin`, behind its bracket."""
    found: dict[int, str] = {}
    depth, start = 0, begin
    for match in _SEPARATORS.finditer(text, begin):
        mark = match[0]
        if depth == 0 and mark != "[":
            _add(found, text[start : match.start()])
            start = match.end()
            if mark == "]":
                return found
        depth += {"[": 1, "]": -1}.get(mark, 0)
    _add(found, text[start:])
    return found


def _add(found: dict[int, str], item: str) -> None:
    number, equals, value = item.partition("=")
    if equals and number in {"1", "2", "3", "4", "5"} and value.strip():
        found.setdefault(int(number), value.strip())

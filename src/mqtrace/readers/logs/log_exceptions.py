"""One line of an application's output: the MQ failures that it names.

The classes for Java print a failure as CC=2;RC=2397;AMQ9204: text [1=...,3=...], where insert 1 may be the next failure in brackets:
they are levels of one failure, the outermost first.
"""

import re
from functools import cache
from itertools import islice
from typing import NamedTuple

from mqtrace.catalog.tables import table
from mqtrace.readers.logs.log_reasons import is_reason

# A failure has a handful of levels; more are made up, and cost their square.
_DEEPEST = 16


class Level(NamedTuple):
    """One level of a failure: message id ("" without one), its severity letter, its own text, its inserts, its reason code."""

    message: str
    severity: str
    text: str
    inserts: dict[int, str]
    reason_code: int | None


@cache
def _code() -> re.Pattern[str]:
    return re.compile(r"CC=(\d{1,3});RC=(\d{1,5})(?:;((?:AMQ|JMS|MQJ|CSQ)[A-Z]{0,3}\d{4,5})([A-Z]?)(?![A-Z0-9]):? ?)?")


@cache
def _identity() -> re.Pattern[str]:
    """A message id of MQ or of its classes; those of ActiveMQ have six digits."""
    return re.compile(
        r"(?<![A-Za-z0-9.])(AMQ\d{4,5}|JMS(?:WMQ|CMQ|FMQ|MQ|CC|CS|ADM)\d{4}|MQJE\d{3}|MQJCA\d{4})([IWEST]?)(?![A-Za-z0-9])"
    )


@cache
def _reason() -> re.Pattern[str]:
    """A word for reason code and its number; or a number and its name."""
    number = r"(\d{4})(?!\w|[-/.:]\d|')"
    quoted = r"'(\d{4})'"
    word = r"(?<![A-Za-z])(?:reason(?:[ _]?codes?)?|rc|mqrc|compcode\W{0,3}\d\W{1,6}reason)(?:\s(?:is|was|of))?"
    name = r"MQRC_[A-Z0-9_]{1,48}"
    forms = (
        rf"(?i:{word})[\s:=(\[\"]{{0,4}}(?:{number}|{quoted})",
        rf"{name}\s?[=:]?\s?[\[(]{number}",
        rf"(?<!\d)(\d{{4}})[\s:='\"(\[\-]{{1,6}}(?:FAILED: )?(?={name})",
    )
    return re.compile("|".join(forms))


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"\bMQRC_[A-Z0-9_]{1,48}")


@cache
def _about_mq() -> re.Pattern[str]:
    """Words that make a bare "reason 2035" one of MQ."""
    call = r"\bMQ(?:CONNX?|OPEN|PUT1?|GET|DISC|CLOSE|CMIT|BEGIN|INQ|SUB|JE\d|RC|CC|I|Exception|Error)?\b"
    other = r"MQ(?:RC|CC)_|[a-z]MQ\b|\bMQ[A-Z]{2,}|\bAMQ\d{4}|com\.ibm\.m(?:q|sg)|(?i:queue manager|pymqi|mqseries)"
    return re.compile(f"{call}|{other}")


def is_about_mq(text: str) -> bool:
    """Whether `text` speaks of MQ."""
    return _about_mq().search(text) is not None


@cache
def _codes() -> dict[str, int]:
    rows = [(row, [row["name"], *re.findall(r"\w+", row.get("aliases") or "")]) for row in table("mqrc")]
    return {name: int(row["code"]) for row, names in rows for name in names}


def levels(text: str, *, near_mq: bool) -> list[Level]:
    """The levels of the failure on the line `text`, the outermost first; [] where it names none.

    `near_mq`: whether the lines before speak of MQ, so that a bare "Reason: 2035" is one of its reason codes.
    """
    matches = list(islice(_code().finditer(text), _DEEPEST))
    if matches:
        return [_nested(text, match) for match in matches]
    identity = _identity().search(text)
    reason = _reason_code(text) if near_mq or identity or is_about_mq(text) else None
    name = _name().search(text) if reason is None else None
    code = _codes().get(name[0]) if name else None
    if identity is None and reason is None and not code:
        return []
    words = text[identity.end() :].lstrip(": ") if identity and text.startswith(":", identity.end()) else text
    return [
        Level(
            identity[1] if identity else "", identity[2] if identity else "", words.strip(), {}, reason or code or None
        )
    ]


def _reason_code(text: str) -> int | None:
    for match in _reason().finditer(text):
        code = int(next(group for group in match.groups() if group))
        if is_reason(code):
            return code
    return None


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
    for match in _brackets().finditer(text, begin):
        depth += 1 if match[0] == "[" else -1
        if depth < 0:
            return match.start()
    return len(text)


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile(r"[\[\]]")


@cache
def _separators() -> re.Pattern[str]:
    """What matters in a list of inserts: brackets, and a comma before the next number."""
    return re.compile(r"[\[\]]|,(?=[1-5]=)")


def _inserts(text: str, begin: int) -> dict[int, str]:
    """Inserts of the list that begins at `begin`, behind its bracket."""
    found: dict[int, str] = {}
    depth, start = 0, begin
    for match in _separators().finditer(text, begin):
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

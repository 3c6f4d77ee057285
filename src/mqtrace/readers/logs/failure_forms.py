"""Whether a line of what a program printed states a failure of MQ, or only mentions one: patterns/failures.toml."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mqtrace.catalog.failure_forms import FormEntry, Loudness, failure_forms, loudness_of_levels
from mqtrace.catalog.reasons import reason_number
from mqtrace.kept import compiled
from mqtrace.model import Client
from mqtrace.readers.logs.log_reasons import is_reason

# Characters before a form that can make a mention of it, and that hold a log's header.
_BEFORE = 200
_HEADER = 160
_AFTER = 80
# A line longer than that is the record of a log with a stack trace inside; what makes a mention stands near the form.
_AROUND = 2000

# Without one of these a line states nothing.
_CANDIDATE = compiled(r"(?<!\d)(?:2[0-9]|61)\d\d(?!\d)|MQRC_[A-Z]|(?:AMQ|JMS[A-Z]{2,3}|MQJCA)\d{4}|MQJE\d{3}|XMSC_WMQ_")
_ABOUT_MQ = compiled(
    r"""(?x) \bMQ(?:CONNX?|OPEN|PUT1?|GET|DISC|CLOSE|CMIT|BEGIN|INQ|SUB|JE\d|RC|CC|I)?\b
    | \bMQ\w{0,40}(?:Exception|Error)\b
    | MQ(?:RC|CC)_ | [a-z]MQ\b | \bMQ[A-Z]{2,} | \bImq[A-Z] | \bAMQ\d{4} | \bJMS[WCF]MQ\d{4} | com\.ibm\.m(?:q|sg)
    | (?i:queue\ manager|pymqi|mqseries|ibmmq)"""
)
# One of these, in any case, is in every text about MQ.
_IN_WORDS_ABOUT_MQ = ("mq", "queue manager", "com.ibm.msg")
_FAILING = compiled(
    r"""(?xi) \w{0,60}(?:exception|error)\b (?!\s(?:codes?|handling|rates?|statistics)\b)
    | \bfail\w{0,6}\b (?!\s(?:rates?|statistics|codes?)\b)
    | \b(?:unable|cannot|can't|could\ ?n[o']t|rejected|refused|broken|lost|abend\w{0,4}|panicked
        |fehler|fehlgeschlagen|gescheitert|erreur|[e\u00e9]chec|[e\u00e9]chou\w{1,3}|fallo|fall[o\u00f3]|errore|fallit\w|erro)\b"""
)
_TIME = compiled(r"(?<!\d)\d\d:\d\d:\d\d(?!\d)")
_SENTENCE_END = compiled(r"[.!?]\s+(?=\S)")
_LEVEL_FIELD = compiled(
    r"""(?xi) \b(?:log\.?)?(?:level|levelname|loglevel|log_level|severity|severitytext|lvl|@l)["']?
    \s{0,8}[:=]\s{0,8}["']?([a-z]{2,11}|\d\d)\b"""
)
_LEVEL_WORD = compiled(
    r"(?<![\w.-])([A-Z]{3,11})(?![\w-]|\.\w)|[\[(<]([A-Za-z]{3,11})[\])>]|(?:^|\s)([a-zA-Z]{3,11})(?=:\s|\s\[)"
)
_LEVEL_LETTER = compiled(r"^(?:\S{1,80} )?([IWEFD])\d{4} \d\d:\d\d:\d\d|^\S{0,20}\d\d:\d\d:\d\d\S{0,12} ([VDIWEF])[/ ]")
_LETTERS: dict[str, Loudness] = {"V": "quiet", "D": "quiet", "I": "quiet", "E": "loud", "F": "loud"}
_OPENING = compiled(
    r"""(?x) (?: ^ | [:;|>\])}({"'`=。\[] | [.!]\s | \s[-–—]+ | --> | , (?=\s) | \\[nt] | \bstd(?:out|err)\s[FP]
    | \d\d[.:]\d\d(?:[.:,]\d{1,9}){0,2}(?:Z|[+-]\d\d:?\d\d)?(?:\s[A-Z]{2,5})?
    | \b(?:[A-Z]{4,8}|ERR|INF|TRC|DBG|WRN)
    | (?:[Ee]rror|[Ee]xception|[Ff]ailed|[Ff]ailure|[Cc]ause|ERROR) ) \s*$"""
)
_DASHES, _LONGEST_OPENING = "-\u2013\u2014", 48
_WORDS = compiled(r"\s?(?:[\"'«„]?[A-ZÀ-Þ][^\s:]*\s+\S|[^\x00-\x7f]|$)")


class Statement(NamedTuple):
    """A failure that a line states: message id and severity letter ("" without), where
    its own words begin, its reason code."""

    message: str
    severity: str
    begin: int
    reason_code: int | None


def printed_by(text: str) -> Client:
    """The client family whose words a failure has that a program printed, "unknown" where it has none's."""
    families = failure_forms().printed_by
    return next((family.client for family in families if family.regex.search(text)), "unknown")


def is_about_mq(text: str) -> bool:
    """Whether `text` speaks of MQ."""
    lowered = text.lower()
    return any(word in lowered for word in _IN_WORDS_ABOUT_MQ) and _ABOUT_MQ.search(text) is not None


def may_state(text: str) -> bool:
    """Whether `text` holds a number or an id without which no line states a failure."""
    return _CANDIDATE.search(text) is not None


def loudness(line: str) -> Loudness:
    """Whether the level of a line is one that states no failure, one of failures, or neither ("": WARN, or none)."""
    record = line[:_AROUND] if line.lstrip().startswith("{") else line[:_HEADER]
    field = _LEVEL_FIELD.search(record)
    if field:
        return loudness_of_levels().get(field[1].upper(), "")
    letter = _LEVEL_LETTER.match(line)
    if letter:
        return _LETTERS.get(letter[1] or letter[2], "")
    for match in _LEVEL_WORD.finditer(line, 0, _HEADER):
        word = (match[1] or match[2] or match[3]).upper()
        if word in ("WARN", "WARNING", "WRN"):
            return ""
        if word in loudness_of_levels():
            return loudness_of_levels()[word]
    return ""


def is_stated(text: str, begin: int, level: Loudness) -> bool:
    """Whether nothing on the line or before `begin` makes a mention of what is stated there.

    A program that logs an error states it, whatever the words of its sentence.
    """
    line, before = text[max(0, begin - _AROUND) : begin + _AROUND], text[max(0, begin - _BEFORE) : begin]
    is_prose = level != "loud" or _TIME.search(text, 0, _HEADER) is None
    places = (("line", line), ("before", before), ("code", before))
    return not any(_mentions(where, words, is_prose=is_prose) for where, words in places)


def denies(prose: str) -> bool:
    """Whether a sentence beside a failure says that it is not the one that is meant; a line with a time is no prose."""
    denial = next((mention.regex for mention in failure_forms().mention if mention.id == "denial"), None)
    return denial is not None and denial.search(prose) is not None and _TIME.search(prose) is None


def _mentions(where: str, text: str, *, is_prose: bool = True) -> bool:
    asked = (mention for mention in failure_forms().mention if mention.where == where)
    found = (mention.regex for mention in asked if is_prose or not mention.prose)
    return any((regex.match if where == "after" else regex.search)(text) for regex in found)


def is_opening(text: str, begin: int) -> bool:
    """Whether a statement can begin at `begin`."""
    before = text[max(0, begin - _BEFORE) : begin]
    # Blanks and dashes apart, no opening is longer than that.
    last = len(before.rstrip().rstrip(_DASHES)) - _LONGEST_OPENING
    return _OPENING.search(before, max(0, last)) is not None


def statement(text: str, *, level: Loudness, near_mq: bool) -> Statement | None:
    """The failure that the line `text` states, None where it states none.

    `level`: the line's loudness; `near_mq`: whether the lines just above speak of a failure of MQ.
    """
    if level == "quiet" or not may_state(text):
        return None
    fitting = list(_fitting(text, level, near_mq=near_mq))
    if not fitting or not is_stated(text, min(match.start() for _, match in fitting), level):
        return None
    stated = [(form, match) for form, match in fitting if not _is_denied(text, match)]
    message = next((match for _, match in stated if "message" in match.re.groupindex), None)
    reason = next((code for _, match in stated if (code := _reason(match))), None)
    if message is None:
        meant = next((form.means for form, _ in stated if form.means), "")
        return Statement(meant, "", 0, reason) if reason or meant else None
    begin = message.end() if text.startswith(":", message.end("severity")) else 0
    return Statement(message["message"], message["severity"], begin, reason)


def _fitting(text: str, level: Loudness, *, near_mq: bool) -> Iterator[tuple[FormEntry, re.Match[str]]]:
    """Each form with its first match that has what the form needs."""
    is_near = near_mq or is_about_mq(text)
    for form in failure_forms().form:
        if ("mq" in form.needs and not is_near) or ("below" in form.needs and not near_mq):
            continue
        match = next((match for match in form.regex.finditer(text) if _fits(form, match, text, level)), None)
        if match:
            yield form, match


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Whether the words right before the code or id of a form, or right behind the form, make a mention of it."""
    code = max((match.start(group) for group in match.re.groupindex if group != "severity"), default=match.start())
    before, end = text[max(0, code - _BEFORE) : code], match.end()
    return _mentions("code", before) or _mentions("after", text[end : end + _AFTER])


def _fits(form: FormEntry, match: re.Match[str], text: str, level: Loudness) -> bool:
    begin = match.start()
    if not form.means and "message" not in match.re.groupindex and _reason(match) is None:
        return False
    if form.unless and form.unless.search(text[max(0, begin - _BEFORE) : begin]):
        return False
    if "opening" in form.needs and not is_opening(text, begin):
        return False
    if "words" in form.needs and not _WORDS.match(text, text.index(":", match.end("severity")) + 1):
        return False
    return "failing" not in form.needs or level == "loud" or _has_failed(text[max(0, begin - _BEFORE) : begin])


def _has_failed(before: str) -> bool:
    """Whether words for a failure stand in the sentence that `before` begins."""
    ends = list(_SENTENCE_END.finditer(before))
    return _FAILING.search(before, ends[-1].end() if ends else 0) is not None


def _reason(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if "name" in groups:
        return reason_number(groups["name"]) or None
    code = int(groups.get("reason", 0))
    return code if is_reason(code) else None

"""The fields of one AMQERR entry, found by its structure and never by the words of a language."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from mqtrace.catalog.tables import table
from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Evidence, Location, LogEntry
from mqtrace.readers.logs.failure_forms import denies
from mqtrace.readers.logs.log_blocks import Block
from mqtrace.readers.logs.log_chunks import decoded
from mqtrace.readers.logs.log_dates import local_time, utc_time, written
from mqtrace.readers.logs.log_order import Draft
from mqtrace.readers.logs.log_reasons import stated_reason

_KEYS = "Process|User|Program|Host|Installation|VRMF|QMgr|Time|RemoteHost|Arith ?Insert[12]|Comment ?Insert[123]"
_DATE_ROOM = 60
_MARGIN = " \t\n>|\ufeff"
TITLE_CAP = 8192
_INSERTS = ("ArithInsert1", "ArithInsert2", "CommentInsert1", "CommentInsert2", "CommentInsert3")
# The fields of who wrote an entry, and of its other end: as printed, and as in LogEntry.
_WRITERS = {
    "User": "user",
    "Program": "program",
    "Host": "host",
    "Installation": "installation",
    "VRMF": "level",
    "QMgr": "queue_manager",
    "RemoteHost": "remote_host",
}
_FIELD = compiled(rf"\b({_KEYS}) ?\(([^\n]*)")
# The parenthesis before the next key or the line's end: values hold parentheses themselves.
_FIELD_END = compiled(rf"\)[ \t\r]*+(?:$|(?=(?:{_KEYS}) ?\())", re.M)
_MESSAGE = compiled(r"(?:\A|\n)[ \t>|\ufeff]*+(AMQ\d{4,5})([A-Z]?):[ \t]*")
_INLINE_MESSAGE = compiled(r"(?<![\w'\"(])(AMQ\d{4,5})([A-Z]?):[ \t]*")
# A blank line, a line that is one word and a colon (a heading in any language), or a footer.
_MESSAGE_END = compiled(r"\n[ \t\r>|]*+(?:(?=\n|\Z)|[^\s'\"()\d:：]{2,24} ?[:：][ \t\r]*(?=\n|\Z))|-----")
# A line of another log that was pasted right below: time, then level, thread, or class; a header has its process there.
FOREIGN = compiled(
    r"""(?x) \n[ \t>|]*+ (?![^\n]*Process[ ]?\()
    \[?(?:\d{4}[-/]\d\d[-/]\d\d[T ]|\d\d?[-/.\ ](?:\d\d|[A-Z][a-z]{2})[-/.\ ]\d{2,4},?[ ]
    |[A-Z][a-z]{2}[ ]{1,2}\d\d?[ ])? \d\d:\d\d:\d\d (?!\d) [^\n]{0,60}?
    (?:\b(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|SEVERE)\b|\[[\w.\ -]{1,60}\]
    |\b(?:[a-z]\w{0,40}\.){1,9}[A-Z]\w|Exception\b)"""
)
_FOOTER = compiled(r"-----++[ \t]*+(?:(\w[\w.+-]{0,60}\.\w{1,4})[ \t]*+:[ \t]*+(\d{1,9})[ \t]*+)?-*+")
_PAIRS = "|".join(f"{begin}([^{end}]{{0,400}}){end}" for begin, end in ('""', "‘’", "“”", "«»"))
_QUOTED = compiled(rf"(?<!\w)(?:'(.{{0,400}}?)'(?!\w)|{_PAIRS})")
# The arithmetic insert of entries of 8.0 and older, in any language: 111 (X'6F').
_TWIN_NUMBER = compiled(r"(-?\d{1,10}) \(X'([0-9A-Fa-f]{1,8})'\)")
_QUOTE_MARKS = compiled(r"^[ \t]*(?:>[ \t]?)+", re.M)


@cache
def _inline_heading() -> re.Pattern[str]:
    """The explanation's heading in the catalogue's languages: needed only where the lines of an entry were joined."""
    words = (row[column] for row in table("message_headings") for column in ("explanation", "action"))
    return compiled("(?<!\\w)(?:" + "|".join(re.escape(word) for word in words) + ")")


def header_fields(header: str) -> dict[str, str]:
    """The fields of a damaged header; the last one may be cut."""
    found: dict[str, str] = {}
    for piece in _FIELD_END.split(header):
        for match in _FIELD.finditer(piece):
            found.setdefault(match[1].replace(" ", ""), match[2])
    return found


def _title(text: str, body: int) -> str:
    """The message's text as it stands after `body`: lines up to a blank line, a heading or a footer."""
    end = _MESSAGE_END.search(text, body)
    title = text[body : end.start() if end else len(text)]
    foreign = FOREIGN.search(title)
    if foreign:
        return title[: foreign.start()]
    if end is None or end[0] == "-----":
        heading = _inline_heading().search(title)
        return title[: heading.start()] if heading else title
    return title


def _written_by(fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a LogEntry that say who wrote it."""
    return {name: mask(fields[key]) for key, name in _WRITERS.items() if key in fields}


def draft(block: Block, source: str) -> Draft:
    """The entry in `block`, of the input named `source`.

    Never fails: what is missing is left empty, and `complete` is False.
    """
    text = decoded(block.data)
    if "\n>" in text:
        text = _QUOTE_MARKS.sub("", text)
    identity = _MESSAGE.search(text) or _INLINE_MESSAGE.search(text)
    body = identity.end() if identity else max([0, *[match.end() for match in _FIELD.finditer(text)]])
    header = text[: identity.start() if identity else body]
    fields = header_fields(header)
    title = _title(text, body)
    words = mask(unwrapped(title[:TITLE_CAP]))
    utc = utc_time(fields.get("Time", "") or header.strip(_MARGIN))
    date = written(header[: header.find("Process")] if "Process" in fields else header[:_DATE_ROOM])
    when = local_time(date, utc)
    process = fields.get("Process", "")
    pid = process_id(process)
    explanation = body + len(title)
    footer = _FOOTER.search(text, explanation)
    module = _module(footer)
    inserts = {number: mask(fields[name]) for number, name in enumerate(_INSERTS, 1) if name in fields}
    if module and not inserts and "(X'" in text:
        inserts = arithmetic_insert(text, explanation)
    message = identity[1] if identity else ""
    last = footer.start() if footer else len(text)
    foreign = FOREIGN.search(text, explanation, last)
    last = foreign.start() if foreign else last
    entry = LogEntry(
        message=message,
        text=words,
        location=Location(source, block.line, block.offset, len(block.data)),
        severity=identity[2] if identity else "",
        when=when,
        utc=utc,
        process=pid,
        thread=process if pid is not None and "." in process else "",
        **_written_by(fields),
        inserts=inserts,
        quoted=quoted(words),
        module=module,
        reason_code=stated_reason(message, inserts, words, text[explanation:last]),
        complete=bool(message and footer and not block.cut and (process or date.candidates)),
        said=_said(Location(source, block.line, block.offset), text, identity, words),
        tie="possible" if not process and not footer and denies(words) else "same",
    )
    return Draft(entry, () if when else date.candidates)


def _said(begin: Location, text: str, identity: re.Match[str] | None, words: str) -> Evidence | None:
    """The line of the message, with all of its words."""
    if identity is None:
        return None
    at = identity.start(1)
    return Evidence(
        Location(begin.source, begin.line + text.count("\n", 0, at), begin.offset),
        f"{identity[0].strip(_MARGIN)} {words}",
    )


def _module(footer: re.Match[str] | None) -> str:
    return f"{footer[1]}:{footer[2]}" if footer and footer[1] else ""


def module_of(text: str, footer: int) -> str:
    """The module and line ("amqccisa.c:6575") of the footer that begins at that place of a text; "" for none."""
    return _module(_FOOTER.match(text, footer))


def unwrapped(text: str) -> str:
    """`text` as one line: the log breaks lines at blanks only, also inside quotes."""
    text = text.strip()
    return " ".join([line.strip() for line in text.split("\n")]) if "\n" in text else text


def quoted(text: str) -> tuple[str, ...]:
    """The texts in quotes, without the blanks that pad names."""
    if text.isascii() and '"' not in text:
        parts = text.split("'")
        if len(parts) == 1:
            return ()
        if len(parts) == 3 and parts[0][-1:].isspace():
            return (parts[1].strip(),)
    return tuple(["".join(groups).strip() for groups in _QUOTED.findall(text)])


def process_id(process: str) -> int | None:
    """The process of a field like "100.1", None where it is no number."""
    number = process.partition(".")[0]
    return int(number) if number.isdecimal() and len(number) < 20 else None


def arithmetic_insert(text: str, body: int) -> dict[int, str]:
    """Insert 1 where the text from `body` on prints it as 8.0 and older do, "111 (X'6F')"; empty where it does not."""
    for match in _TWIN_NUMBER.finditer(text, body):
        if int(match[1]) % 0x100000000 == int(match[2], 16):
            return {1: match[1]}
    return {}

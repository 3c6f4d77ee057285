"""The fields of one AMQERR entry, found by its structure and never by the words of a language."""

import re
from functools import cache

from mqtrace.catalog.tables import table
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.log_blocks import Block
from mqtrace.readers.logs.log_chunks import decoded
from mqtrace.readers.logs.log_dates import local_time, utc_time, written
from mqtrace.readers.logs.log_order import Draft
from mqtrace.readers.logs.log_reasons import stated_reason

_KEYS = "Process|User|Program|Host|Installation|VRMF|QMgr|Time|RemoteHost|ArithInsert[12]|CommentInsert[123]"
_DATE_ROOM = 60
_TITLE_CAP = 8192
_NAMES = (
    *("Process", "User", "Program", "Host", "Installation", "VRMF", "QMgr", "Time", "RemoteHost"),
    *("ArithInsert1", "ArithInsert2", "CommentInsert1", "CommentInsert2", "CommentInsert3"),
)


@cache
def _field() -> re.Pattern[str]:
    return re.compile(rf"\b({_KEYS}) ?\(([^\n]*)")


@cache
def _field_end() -> re.Pattern[str]:
    """The parenthesis before the next key or the line's end: values hold parentheses themselves."""
    return re.compile(rf"\)[ \t\r]*+(?:$|(?=(?:{_KEYS}) ?\())", re.M)


@cache
def _message() -> re.Pattern[str]:
    return re.compile(r"(?:\A|\n)[ \t>|\ufeff]*+(AMQ\d{4,5})([A-Z]?):[ \t]*")


@cache
def _inline_message() -> re.Pattern[str]:
    return re.compile(r"(?<![\w'\"(])(AMQ\d{4,5})([A-Z]?):[ \t]*")


@cache
def _message_end() -> re.Pattern[str]:
    """A blank line, a line that is one word and a colon (a heading in any language), or a footer."""
    return re.compile(r"\n[ \t\r>|]*+(?:(?=\n|\Z)|[^\s'\"()\d:：]{2,24} ?[:：][ \t\r]*(?=\n|\Z))|-----")


@cache
def _footer() -> re.Pattern[str]:
    return re.compile(r"-----++[ \t]*+(?:(\w[\w.+-]{0,60}\.\w{1,4})[ \t]*+:[ \t]*+(\d{1,9})[ \t]*+)?-*+")


@cache
def _quoted() -> re.Pattern[str]:
    some = "{0,400}"
    pairs = "|".join(f"{begin}([^{end}]{some}){end}" for begin, end in ('""', "‘’", "“”", "«»"))
    return re.compile(rf"(?<!\w)(?:'(.{some}?)'(?!\w)|{pairs})")


@cache
def _twin_number() -> re.Pattern[str]:
    """The arithmetic insert of entries of 8.0 and older, in any language: 111 (X'6F')."""
    return re.compile(r"(-?\d{1,10}) \(X'([0-9A-Fa-f]{1,8})'\)")


@cache
def _inline_heading() -> re.Pattern[str]:
    """The explanation's heading in the catalogue's languages: needed only where the lines of an entry were joined."""
    words = (row[column] for row in table("message_headings") for column in ("explanation", "action"))
    return re.compile("(?<!\\w)(?:" + "|".join(re.escape(word) for word in words) + ")")


@cache
def _quote_marks() -> re.Pattern[str]:
    return re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)


@cache
def _usual() -> re.Pattern[str]:
    """An undamaged entry up to its explanation, in one go. A value ends at the last parenthesis of the line or before the next key."""
    line = r"[ \t\r]*+\n[ \t]*+"
    return re.compile(
        r"([^\n(]*)Process\(([\d.]*)\) User\(([^()\n]*)\) Program\(([^()\n]*)\)"
        rf"(?:{line}Host\(([^()\n]*)\) Installation\(([^()\n]*)\))?(?:{line}VRMF\(([^()\n]*)\)(?: QMgr\(([^()\n]*)\))?)?"
        rf"(?:(?=\s*+[TRAC])(?:{line}Time\(([^()\n]*)\))?(?:{line}RemoteHost\((.*)\))?"
        rf"(?:(?=\s*+Ar)(?:{line}ArithInsert1\(([^()\n]*)\))?(?:\s++ArithInsert2\(([^()\n]*)\))?)?"
        rf"(?:{line}CommentInsert1\((.*)\))?(?:{line}CommentInsert2\((.*)\))?(?:{line}CommentInsert3\((.*)\))?)?"
        r"[ \t\r]*+(?:\n[ \t\r]*+)?\n(AMQ\d{4,5})([A-Z]?): (.*\n(?:.*[^:\s][ \t\r]*\n)*?)"
        r"[ \t\r]*\n[^\s\d][^\n:：]{1,24}[:：][ \t\r]*\n"
    )


def _parts(text: str) -> tuple[tuple[str | None, ...], int]:
    """Of an entry: the text before Process(), the fields in the order of _NAMES, message id, severity, title; and where the title ends."""
    match = _usual().match(text)
    if match is not None:
        return match.groups(), match.end(18)
    found = _message().search(text) or _inline_message().search(text)
    body = found.end() if found else max([0, *[match.end() for match in _field().finditer(text)]])
    header = text[: found.start() if found else body]
    fields = header_fields(header)
    date = header[: header.find("Process")] if "Process" in fields else header[:_DATE_ROOM]
    title = _title(text, body)
    message = (found[1], found[2]) if found else ("", "")
    return (date, *[fields.get(name) for name in _NAMES], *message, title), body + len(title)


def header_fields(header: str) -> dict[str, str]:
    """The fields of a damaged header; the last one may be cut."""
    found: dict[str, str] = {}
    for piece in _field_end().split(header):
        for match in _field().finditer(piece):
            found.setdefault(match[1], match[2])
    return found


def _title(text: str, body: int) -> str:
    """The message's text as it stands after `body`: lines up to a blank line, a heading or a footer."""
    end = _message_end().search(text, body)
    title = text[body : end.start() if end else len(text)]
    if end is None or end[0] == "-----":
        heading = _inline_heading().search(title)
        return title[: heading.start()] if heading else title
    return title


def draft(block: Block, source: str) -> Draft:
    """The entry in `block`, of the input named `source`. Never fails: what is missing is left empty, and `complete` is False."""
    text = decoded(block.data)
    if "\n>" in text:
        text = _quote_marks().sub("", text)
    parts, body = _parts(text)
    (
        before,
        process,
        user,
        program,
        host,
        installation,
        level,
        queue_manager,
        time,
        remote_host,
        *values,
        message,
        severity,
        title,
    ) = parts
    words = mask(unwrapped(title[:_TITLE_CAP] if title else ""))
    footer = _footer().search(text, body)
    utc = utc_time(time) if time else None
    date = written(before or "")
    when = local_time(date, utc)
    pid = _process_id(process)
    inserts = (
        {number: mask(value) for number, value in enumerate(values, 1) if value is not None} if any(values) else {}
    )
    module = f"{footer[1]}:{footer[2]}" if footer and footer[1] else ""
    if module and not inserts and "(X'" in text:
        inserts = arithmetic_insert(text, body)
    last = footer.start() if footer else len(text)
    reason_code = stated_reason(message or "", inserts, words, text, body, last) if inserts or "eason" in text else None
    entry = LogEntry(
        message or "",
        words,
        Location(source, block.line, block.offset, len(block.data)),
        severity or "",
        when,
        utc,
        pid,
        process if pid is not None and process and "." in process else "",
        user or "",
        program or "",
        host or "",
        installation or "",
        level or "",
        queue_manager or "",
        remote_host or "",
        inserts,
        quoted(words),
        module,
        reason_code,
        bool(message and footer and not block.cut and (process or date.candidates)),
    )
    return Draft(entry, () if when else date.candidates)


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
    return tuple(["".join(groups).strip() for groups in _quoted().findall(text)])


def _process_id(value: str | None) -> int | None:
    number = value.partition(".")[0] if value else ""
    return int(number) if number.isdecimal() and len(number) < 20 else None


def arithmetic_insert(text: str, body: int) -> dict[int, str]:
    """Insert 1 where the text from `body` on prints it as 8.0 and older do, "111 (X'6F')"; empty where it does not."""
    for match in _twin_number().finditer(text, body):
        if int(match[1]) % 0x100000000 == int(match[2], 16):
            return {1: match[1]}
    return {}

"""How a part of each kind begins inside a longer text, and where it ends.

A beginning is a line that nothing else begins with. A part is believed only when the kind's own reader takes it
(`format_of`), so that a beginning may be generous; an end must not be: a record belongs to the part that it stands in.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache

from msgspec import Struct

from mqtrace.formats import CONFIGURATION, KEY_STORE, LOGS, PRINTED_HANDSHAKES, TRACES, Format
from mqtrace.kept import compiled
from mqtrace.readers.not_read import DOCUMENTATION, OWN_MARK

Lines = Sequence[bytes]
# Where the part ends that begins at that line: the line after its last one.
End = Callable[[Lines, int], int]

FENCE = compiled(rb"[ \t>]{0,8}(?:```|~~~)")
HEADING = compiled(rb"#{1,6} \S|={5,}\s*$")
_BLANK = compiled(rb"\s*$")

# Lines without a prefix inside a trace: those of a block, and text that a record printed over several lines.
_WITHIN_TRACE = 400
_HEADER_OF_TRACE = 40
_TRACE_LINE = compiled(rb"[ *]?(?:[0-9A-Fa-f]{4,16} +)?\d\d:\d\d:\d\d\.\d{6} +\d+\.\d+[ \r\n]")
_TRACE_BEGIN = compiled(
    rb"[| ]{0,2}(?:Process +:(?!-)|(?:IBM|WebSphere) MQ (?:Formatted )?Trace\b)|\+-{20,}\+\s*$"
    rb"|(?:Counter +)?Time[Ss]tamp +(?:Process\.Thread|PID\.TID) "
)
_HEADER_OF_JAVA = 200
_JAVA_BEGIN = compiled(rb"Date: \w{3} \w{3} \d\d \d\d:\d\d:\d\d \S{1,40} \d{4}\s*$")
_JAVA_LINE = compiled(rb"\[\d\d/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\.\w\w\] +[0-9A-Fa-f]{4,8} ")

_MARGIN = rb"[ \t>|\xef\xbb\xbf]{0,12}"
_ENTRY = compiled(_MARGIN + rb"(?:[^\s\d]{0,12} ?)?\d[^\n]{4,60}?- *Process ?\([^()\n]{1,40}\)")
_FOOTER = compiled(_MARGIN + rb"-----")
_ENTRY_LINES = 150
_JSON_RECORD = compiled(rb"""\s{0,8}[\[{][^\n]{0,400}?"ibm_(?:messageId|datetime)"\s{0,4}:""")
_OBJECT = compiled(rb"\s{0,8}\{")
_OPENED = compiled(rb"\s{0,8}\{(?:[^\n]{0,400}[\[{,])?\s*$")
_OBJECT_LINES = 20_000
_IN_STRING = compiled(rb'"(?:[^"\\\n]|\\.)*+"?')
_BRACE = compiled(rb"[{}]")

_HEADED = compiled(
    rb"\s{0,40}(?:AMQ(?:8408|8414|8417|8878)[A-Z]?:|Starting MQSC for "
    rb"|(?:CHANNEL|CHSTATUS|QMNAME|CHLAUTH)\([^)\n]{1,64}\)"
    rb"|(?:\d{1,6} : ?)?(?:DIS(?:PLAY)?|DEF(?:INE)?|ALT(?:ER)?|SET) +(?:CHANNEL|CHL|CHSTATUS|CHS|CHLAUTH|QMGR)\b)",
    re.IGNORECASE,
)
_MQSC_LINE = compiled(
    rb"\s*$|\s{0,40}AMQ8\d{3}[A-Z]?:|\s+[A-Z][A-Z0-9]{1,19}(?:\(|\s|$)|[A-Z][A-Z0-9]{1,19}\(|\s{0,40}\d{0,6} ?: |\*|:"
    rb"|5724-|(?:One|No|All|\d+) .{0,40}MQSC|(?:No|One|\d+) commands? ",
)
_COMMAND_GOES_ON = compiled(rb"[+-]\s*$")

_STANZA = compiled(rb"\s{0,20}([A-Za-z][\w.-]{0,40})\s{0,8}:\s*(?:[#;].*)?$")
_ATTRIBUTE = compiled(rb"\s{0,40}(?!MQ[A-Z]{3})[A-Za-z][\w.]{0,60}\s{0,20}=")
_INI_LINE = compiled(rb"\s*$|\s{0,20}[#;]")

# The line of a listing, a script or a container's definition that names an MQ variable first of all.
_VARIABLE = compiled(
    rb"""[ \t]{0,40}(?:-[ \t])?
    (?:@?(?:export|setenv|setx?|declare|typeset|readonly|env|environment|sudo|docker|podman)\b[^\n]{0,300}?[\s"'=])?
    (?:["']?name["']?[ \t]{0,8}:[ \t]{0,8})?(?:\$env:)?
    ["']?(?:MQ|AMQ_)[A-Z_0-9]{2,40}["']?[ \t]{0,8}(?:[=:"',]|\s|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_LISTED = compiled(
    rb"""[ \t]{0,40}(?:
      (?:(?:export|set|declare[ ]-x|setenv|\$env:)[ \t]{0,4})?[A-Za-z_]\w{0,80}[ \t]{0,4}=
    | -?[ \t]{0,8}["']?(?:name|value)["']?[ \t]{0,4}:
    | (?:export|set|setenv|-e|--env)[ \t])""",
    re.IGNORECASE | re.VERBOSE,
)

_PEM_BEGIN = compiled(rb"-----BEGIN (?:[A-Z0-9]+ )*(?:CERTIFICATE|PKCS7|PRIVATE KEY|CERTIFICATE REQUEST)-----")
_PEM_END = compiled(rb"-----END ")
_PEM_LINES = 400
_STORE_LISTING = compiled(
    rb"Certificates found|Keystore type:|Your keystore contains|Digital ring information"
    rb"|Certificate Nickname |Alias name: \S"
)
_HANDSHAKE = compiled(rb"CONNECTED\([0-9A-Fa-f]{1,16}\)|javax\.net\.ssl\||\*\*\* ClientHello, (?:TLS|SSL)v")
_OTHER_ENDS = compiled(rb"(?:[\w$]{1,60}\.){1,12}\w*(?:Exception|Error)\b|MQCONNX? ended|Exception in thread|[$#] \S")


class Beginning(Struct, frozen=True):
    """The kinds that a part may be of, the line that begins it, and where it ends."""

    formats: tuple[Format, ...]
    line: re.Pattern[bytes]
    end: End


def _ends_text(line: bytes) -> bool:
    """Whether a line ends whatever has no end of its own."""
    return bool(FENCE.match(line) or HEADING.match(line) or begins(line) or _OTHER_ENDS.match(line))


def _while(lines: Lines, first: int, belongs: Callable[[bytes], bool], most: int = 200_000) -> int:
    at = first + 1
    while at < min(len(lines), first + most) and belongs(lines[at]):
        at += 1
    return at


def _trimmed(lines: Lines, first: int, end: int) -> int:
    while end > first + 1 and _BLANK.match(lines[end - 1]):
        end -= 1
    return end


def _records(prefix: re.Pattern[bytes], before: int) -> End:
    """The end of a trace: its last line with a prefix before a fence, another kind's
    beginning, or too long a stretch without one."""

    def end(lines: Lines, first: int) -> int:
        last, at = first, first
        while at < len(lines) and at - last <= (_WITHIN_TRACE if last > first else before):
            if prefix.match(lines[at]):
                last = at
            elif FENCE.match(lines[at]) or (at > first and _interrupts(lines[at])):
                break
            at += 1
        return last + 1 if prefix.match(lines[last]) else first

    return end


def _interrupts(line: bytes) -> bool:
    return _ENTRY.match(line) is not None or _HEADED.match(line) is not None or _VARIABLE.match(line) is not None


def _entries(lines: Lines, first: int) -> int:
    """The end of an error log: the footer after which no further entry begins; of an
    entry that was cut, before what ends a text."""
    last = at = first
    while at < len(lines) and _ENTRY.match(lines[at]):
        last = at
        footer = _while(
            lines, at, lambda line: not (_FOOTER.match(line) or _ENTRY.match(line) or FENCE.match(line)), _ENTRY_LINES
        )
        if footer < len(lines) and _ENTRY.match(lines[footer]):
            at = footer
        elif footer < len(lines) and _FOOTER.match(lines[footer]):
            last, at = footer, _while(lines, footer, lambda line: bool(_BLANK.match(line)))
        else:
            return _trimmed(lines, first, _while(lines, at, lambda line: not _ends_text(line)))
    return last + 1


def _json_records(lines: Lines, first: int) -> int:
    return _while(lines, first, lambda line: bool(_OBJECT.match(line)))


def object_end(lines: Lines, first: int) -> int:
    """The line after the one that closes the object; of a broken one, the next blank line or fence."""
    depth = 0
    for at in range(first, min(len(lines), first + _OBJECT_LINES)):
        braces = _BRACE.findall(_IN_STRING.sub(b"", lines[at]))
        depth += braces.count(b"{") - braces.count(b"}")
        if depth <= 0:
            return at + 1
    return _while(lines, first, lambda line: not (FENCE.match(line) or _BLANK.match(line)))


def _whole_object(lines: Lines, first: int) -> int:
    """The same of an object that is not broken."""
    end = object_end(lines, first)
    try:
        json.loads(b"\n".join(lines[first:end]))
    except (ValueError, RecursionError):
        return first
    return end


def _mqsc(lines: Lines, first: int) -> int:
    at = first + 1
    while at < len(lines) and (_is_mqsc(lines, at) or _is_broken_value(lines, at)):
        at += 1
    return _trimmed(lines, first, at)


def _is_mqsc(lines: Lines, at: int) -> bool:
    return bool(_MQSC_LINE.match(lines[at]) or _HEADED.match(lines[at]) or _COMMAND_GOES_ON.search(lines[at - 1]))


def _is_broken_value(lines: Lines, at: int) -> bool:
    """Whether the line is the end of a value that was broken, which the next attribute follows."""
    return lines[at].rstrip().endswith(b")") and at + 1 < len(lines) and bool(_MQSC_LINE.match(lines[at + 1]))


def _ini(lines: Lines, first: int) -> int:
    if not _is_stanza(lines[first]):
        return first
    end = _while(
        lines, first, lambda line: bool(_INI_LINE.match(line) or _STANZA.match(line) or _ATTRIBUTE.match(line))
    )
    # A comment after a blank line may be the heading of what follows.
    while end > first + 1 and (_BLANK.match(lines[end - 1]) or _is_heading(lines[end - 2 : end])):
        end -= 1
    return end if end > first + 1 else first


def _is_heading(last: Lines) -> bool:
    return len(last) > 1 and _BLANK.match(last[0]) is not None and not _ATTRIBUTE.match(last[1])


def _is_stanza(line: bytes) -> bool:
    found = _STANZA.match(line)
    return found is not None and found[1].decode("ascii", "replace").lower() in _stanzas()


@cache
def _stanzas() -> frozenset[str]:
    from mqtrace.catalog.settings_files import settings_pattern
    from mqtrace.catalog.tables import table

    names = {row["stanza"] for row in table("mqclient_ini")}
    return frozenset(name.lower() for name in names.union(settings_pattern("ini_stanzas")["queue_manager"]))


def _listing(lines: Lines, first: int) -> int:
    return _while(lines, first, lambda line: bool(_VARIABLE.match(line) or _LISTED.match(line)))


def _pem(lines: Lines, first: int) -> int:
    end = _while(lines, first, lambda line: not _PEM_END.match(line), _PEM_LINES)
    while end + 1 < len(lines) and _PEM_BEGIN.match(lines[end + 1]):
        end = _while(lines, end + 1, lambda line: not _PEM_END.match(line), _PEM_LINES)
    return min(end + 1, len(lines))


def _text(lines: Lines, first: int) -> int:
    return _while(lines, first, lambda line: not _ends_text(line))


def _handshake(lines: Lines, first: int) -> int:
    """The end of what a program printed of handshakes: what it prints inside them are their own certificates."""
    return _while(
        lines, first, lambda line: bool(_HANDSHAKE.match(line) or _PEM_BEGIN.match(line)) or not _ends_text(line)
    )


def own_end(lines: Lines, first: int) -> int:
    """The end of what mqtrace wrote: its mark; without one, where a kind begins that it
    never quotes at the begin of a line."""
    if lines[first].startswith(DOCUMENTATION):
        return len(lines)
    marked = _while(lines, first, lambda line: not OWN_MARK.search(line))
    if marked < len(lines):
        return marked + 1
    if _OBJECT.match(lines[first]):
        return object_end(lines, first)
    return _while(lines, first, lambda line: not (_ENTRY.match(line) or _TRACE_LINE.match(line) or _HEADED.match(line)))


def _formats(kind: str) -> tuple[Format, ...]:
    return tuple(known for known in (*CONFIGURATION, *LOGS) if known.kind == kind)


@cache
def beginnings() -> tuple[Beginning, ...]:
    """Those of all kinds that lines tell, in the order in which they are asked."""
    return (
        Beginning(TRACES, _TRACE_LINE, _records(_TRACE_LINE, 0)),
        Beginning(TRACES, _TRACE_BEGIN, _records(_TRACE_LINE, _HEADER_OF_TRACE)),
        Beginning(TRACES, _JAVA_LINE, _records(_JAVA_LINE, 0)),
        Beginning(TRACES, _JAVA_BEGIN, _records(_JAVA_LINE, _HEADER_OF_JAVA)),
        Beginning(_formats("errorlog-text"), _ENTRY, _entries),
        Beginning(_formats("errorlog-json"), _JSON_RECORD, _json_records),
        Beginning(_formats("ccdt-json"), _OPENED, object_end),
        Beginning(_formats("environment"), _OPENED, _whole_object),
        Beginning(_formats("listing"), _HEADED, _mqsc),
        Beginning(_formats("ini"), _STANZA, _ini),
        Beginning(_formats("environment"), _VARIABLE, _listing),
        Beginning((KEY_STORE,), _PEM_BEGIN, _pem),
        Beginning((KEY_STORE,), _STORE_LISTING, _text),
        Beginning((PRINTED_HANDSHAKES,), _HANDSHAKE, _handshake),
    )


def begins(line: bytes) -> bool:
    """Whether a part can begin with this line."""
    return any(known.line.match(line) for known in beginnings())

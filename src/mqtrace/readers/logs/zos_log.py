"""CSQX and other CSQ messages in the job log of a z/OS queue manager or channel initiator, or in SYSLOG."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache

from mqtrace.catalog.messages import message as described
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.log_chunks import chunks, lines, unified_head
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.logs.log_reasons import stated_reason
from mqtrace.readers.logs.zos_messages import Message, messages
from mqtrace.readers.tally import Tally

_QUEUE_MANAGER = 4
# Numbers of the inserts for messages that the catalogue does not describe.
_USUAL = {"channel": 3, "connection": 4, "function": 5}
_RETURN_CODE = compiled(r"\bRC=(-?\w{1,10})\b")
_CHANNEL = compiled(r"(?i:\bchannel) +(?:'([^']{1,20})'|([\w./%]{1,20}|\?{2,4})(?![\w./%]))")
_CONNECTION = compiled(
    r"(?i:\bconnection|\bfrom(?= [\d.]{7,15} )) +(?:'([^']{1,264})'|([\w.:%-]{1,250}(?:\(\d{1,5}\))?))"
)
_FUNCTION = compiled(r"\bfunction '([^']{1,64})'")


@cache
def _line() -> re.Pattern[bytes]:
    """A line with a message of a channel initiator behind what JES, SYSLOG or a paste
    puts before it: marks and words in upper case.

    The message has its section, or begins a sentence.
    """
    before = rb"^[ \t>|]*(?:[A-Z0-9.:,/+-]{1,32}[ \t]+){0,8}[+*@$]?"
    return compiled(
        before + rb"CSQX\d{3}[IWEADST](?:[ \t]+[^\s']{1,12}?[ \t]*CSQX[A-Z][A-Z0-9]{1,3}(?![A-Z0-9])|[ \t]+[A-Z][a-z])",
        re.M,
    )


def sniff(head: bytes) -> bool:
    """Whether a line of `head` is a message of a channel initiator."""
    head = unified_head(head)
    return b"CSQX" in head and not head.lstrip().startswith((b"{", b"[{")) and _line().search(head) is not None


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """All messages of MQ in `source`, in its order.

    `when` is None where the log has the time of day but no date. `complete` is False where prefix, section or text are
    missing.
    """
    for message in messages(lines(chunks(source.stream, tally))):
        tally.records += 1
        tally.unparsed += not message.text
        yield _entry(message, source.name)


def _entry(message: Message, source: str) -> LogEntry:
    text = mask(message.text)
    found = _inserts(message.id, text)
    return LogEntry(
        message=message.id,
        text=text,
        location=Location(source, message.line.number, message.line.offset, len(message.line.data)),
        severity=message.severity,
        when=_when(message),
        program=message.section,
        queue_manager=_queue_manager(message.prefix),
        remote_host=_connection_name(text),
        inserts=found,
        quoted=quoted(text),
        reason_code=stated_reason(message.id, found, text),
        complete=bool(message.section and message.text) and not message.line.cut,
    )


def _queue_manager(prefix: str) -> str:
    """Name of the queue manager behind the mark of the command prefix; such names have up to four characters."""
    name = re.sub(r"^[^A-Za-z0-9]+", "", prefix)
    return name[-_QUEUE_MANAGER:]


def _when(message: Message) -> datetime | None:
    if message.day is None or not message.clock:
        return None
    hour, minute, second = (int(part) for part in message.clock.split(":"))
    if hour > 23 or minute > 59 or second > 59:
        return None
    return datetime.combine(message.day, time(hour, minute, second))


def _channel_name(text: str) -> str:
    """Name of the channel that stands after the word, in the case it is written in; "" where none does."""
    return next((name for name in _after(_CHANNEL, text) if _is_name(name)), "")


def _connection_name(text: str) -> str:
    """The other end that stands after the word "connection", or as a number after "from"; "" where none does."""
    return next((name for name in _after(_CONNECTION, text) if re.search(r"\d|\.\w", name)), "")


def _inserts(id: str, text: str) -> dict[int, str]:
    """Inserts of a message: 1 is the return code, the others have the catalogue's numbers, else the usual ones."""
    info = described(id)
    roles = info.inserts if info else {}
    function = _FUNCTION.search(text)
    named = {
        "channel": _channel_name(text),
        "connection": _connection_name(text),
        "function": function[1] if function else "",
    }
    code = _RETURN_CODE.search(text)
    found = {1: code[1]} if code else {}
    for word, value in named.items():
        number = next(
            (number for number, role in roles.items() if role.startswith(word)), None if roles else _USUAL[word]
        )
        if value and number:
            found[number] = value
    return found


def _after(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield match[1] or match[2].rstrip(".:")


def _is_name(word: str) -> bool:
    """Whether a word is a name and not the next word of the sentence ("channel ended")."""
    return word.startswith("??") or any(part.isupper() or part.isdigit() or part in "._/%" for part in word)

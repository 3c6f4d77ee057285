"""What Java's TLS writes with -Djavax.net.debug=ssl,handshake.

Two forms: that of JDK 11 and later, and of JDK 8 from update 261 (entries of columns parted by "|", messages in quotes;
observed with JDK 17 and 25), and the one before (`*** ClientHello, TLSv1.2`; documented in Oracle's JSSE guide of JDK
8).
"""

import codecs
import re
from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import Literal

from msgspec import Struct

from mqtrace.bytewise import line_count
from mqtrace.decode.tls import HANDSHAKE_MESSAGES
from mqtrace.kept import compiled

JsseKind = Literal["message", "alert", "failure"]
# Where a line begins that may begin a message, an alert or a failure, and where one that ends what came before it.
_BEGINS = compiled(
    rb"\n(?=javax\.net\.ssl\|\w+\|[^|\n]*\|[^|\n]*\|[^|\n]*\|[^|\n]*\|"
    rb"(?:Produced|Consuming|Received alert message|Fatal \()|\*\*\* )"
)
_ENDS = compiled(rb"\n(?=javax\.net\.ssl\||\)|\*\*\*)")
# What stands somewhere in such a line of the old form.
_OLD_MARKS = (b"ALERT:", b", handling exception: ", b", fatal error: ")
_ENTRY = compiled(r"javax\.net\.ssl\|(?P<level>\w+)\|(?P<thread>[^|]*\|[^|]*)\|(?P<time>[^|]*)\|[^|]*\|(?P<text>.*)")
_MESSAGE = compiled(r"(?P<verb>Produced|Consuming)(?: server| client| ECDHE?| DHE?| RSA| Krb5)* (?P<name>[A-Z]\w+)")
_FATAL = compiled(r"Fatal \((?P<alert>[A-Z_]+)\): (?P<text>.*?) ?\(?$")
_OLD_MESSAGE = compiled(
    r"\*\*\* (?P<name>ClientHello|ServerHello|Certificate chain|CertificateRequest|ServerHelloDone|"
    r"CertificateVerify|Finished)\b"
)
_OLD_KEYS = compiled(r"\*\*\* (?:ECDH|DH|RSA)?\s?(?P<name>ServerKeyExchange|ClientKeyExchange)\b")
_OLD_ALERT = compiled(
    r"(?P<thread>.*?),? (?P<verb>RECV|SEND) TLS(?:v[\d.]+)? ALERT:\s+(?P<level>\w+),\s+(?:description = )?(?P<name>\w+)"
)
_OLD_FAILURE = compiled(r"(?:.*, handling exception: |.*, fatal error: \d+: )(?P<text>.*)")
_ALERT_PART = compiled(rb'"(level|description)"\s*: "(\w+)"')
_SNAKE = compiled(r"(?<=[a-z])(?=[A-Z])")
_OLD_NAMES = {"Certificate chain": "certificate"}
_NAMES = frozenset(HANDSHAKE_MESSAGES.values()) | {"hello_retry_request"}
# A received alert takes six short lines.
_LONGEST_ALERT = 512
_LONGEST_MESSAGE = 256 * 1024
LONGEST_LINE = 64 * 1024


class JsseEvent(Struct):
    """One handshake message, alert or failure.

    Attributes:
        kind: message, alert (one that was received or sent), failure (this end gave up).
        name: of a message or alert as in TLS; of a failure the alert that it stands for, "" when none.
        own: True when this end produced it, False when it came from the other one, None when it does not say.
        thread, time: as written, "" in the form before JDK 11.
        line: number of its first line, from 1.
        text: of a failure what went wrong.
        body: the lines of a message in UTF-8, each behind a newline; at most 256 KiB.
        level: of an alert, "fatal" or "warning".
    """

    kind: JsseKind
    name: str
    own: bool | None
    line: int = 0
    thread: str = ""
    time: str = ""
    text: str = ""
    level: str = "fatal"
    body: bytes = b""


def is_jsse_debug(text: str) -> bool:
    """Whether a text that begins like this is such an output."""
    return "javax.net.ssl|" in text or bool(re.search(r"^\*\*\* ClientHello, (?:TLS|SSL)v", text, re.MULTILINE))


def jsse_events(chunks: Iterable[bytes]) -> Iterator[JsseEvent]:
    """The handshake messages, alerts and failures of a text in UTF-8, in file order; all other lines are passed over.

    Memory does not grow with the text or its longest line.
    """
    buffer, lines, begun = b"\n", 0, False
    for chunk in chain(chunks, (b"",)):
        buffer += chunk if begun else chunk.removeprefix(codecs.BOM_UTF8)
        begun = True
        done = yield from _events_of(buffer, lines, is_last=not chunk)
        lines += line_count(buffer, 0, done)
        # Only a line without an end is longer.
        buffer = buffer[done : done + 2 * _LONGEST_MESSAGE]


def _events_of(buffer: bytes, lines: int, *, is_last: bool) -> Generator[JsseEvent, None, int]:
    """The events that end in the buffer, which begins with the newline before a line; returns where the newline stands
    before what is still to be read. `lines`: how many lines stand before the buffer.
    """
    stop = len(buffer) if is_last else buffer.rfind(b"\n")
    old = _old_events(buffer, stop)
    places = list(old)
    at = counted = 0
    while (begin := _next(_BEGINS, buffer, at, stop, places)) < stop:
        at = _end_of_line(buffer, begin, stop)
        event = old.get(begin) or _event(_line(buffer, begin, at))
        if event is None:
            continue
        end = _next(_ENDS, buffer, at, stop, places)
        if end == stop and not is_last and stop - begin < _LONGEST_MESSAGE:
            return begin
        lines, counted = lines + line_count(buffer, counted, begin + 1), begin + 1
        event.line, event.body = lines, buffer[at : min(end, at + _LONGEST_MESSAGE)]
        yield event
        at = end
    return stop


def _next(pattern: re.Pattern[bytes], buffer: bytes, at: int, stop: int, old: list[int]) -> int:
    """The next place where the pattern is found or an event of the old form begins; `stop` where none is left."""
    found = pattern.search(buffer, at, stop)
    place = found.start() if found else stop
    index = bisect_left(old, at)
    return min(place, old[index]) if index < len(old) else place


def _old_events(buffer: bytes, stop: int) -> dict[int, JsseEvent]:
    """The alerts and failures of the old form by the places of the newlines before them, in order."""
    found: dict[int, JsseEvent] = {}
    for mark in _OLD_MARKS:
        at = buffer.find(mark, 0, stop)
        while at >= 0:
            begin = buffer.rfind(b"\n", 0, at)
            end = _end_of_line(buffer, begin, stop)
            line = _line(buffer, begin, end)
            event = None if line.startswith(("javax.net.ssl|", "***")) else _of_old_line(line)
            if event:
                found[begin] = event
            at = buffer.find(mark, end, stop)
    return dict(sorted(found.items()))


def _end_of_line(buffer: bytes, begin: int, stop: int) -> int:
    """Where the line ends that begins behind a newline."""
    end = buffer.find(b"\n", begin + 1, stop)
    return stop if end < 0 else end


def _line(buffer: bytes, begin: int, end: int) -> str:
    return buffer[begin + 1 : min(end, begin + LONGEST_LINE)].decode("utf-8", "replace").rstrip("\r")


def received_alert(event: JsseEvent) -> tuple[str, str]:
    """Level and name of the alert that a "Received alert message" shows; "" where it is cut."""
    found = dict(_ALERT_PART.findall(event.body[:_LONGEST_ALERT]))
    return found.get(b"level", b"").decode(), found.get(b"description", b"").decode()


def _event(line: str) -> JsseEvent | None:
    if line.startswith("***"):
        return _of_old_heading(line)
    entry = _ENTRY.match(line)
    found = _of_entry(entry["text"]) if entry else None
    if entry and found:
        found.thread, found.time = entry["thread"], entry["time"]
    return found


def _of_entry(text: str) -> JsseEvent | None:
    if message := _MESSAGE.match(text):
        name = _message_name(message["name"])
        return JsseEvent("message", name, message["verb"] == "Produced") if name in _NAMES else None
    if text.startswith("Received alert message"):
        return JsseEvent("alert", "", False)
    if fatal := _FATAL.match(text):
        return JsseEvent("failure", fatal["alert"].lower(), True, text=fatal["text"])
    return None


def _of_old_heading(line: str) -> JsseEvent | None:
    found = _OLD_MESSAGE.match(line) or _OLD_KEYS.match(line)
    if found is None:
        return None
    name = _OLD_NAMES.get(found["name"], _message_name(found["name"]))
    return JsseEvent("message", name, None, text=line[found.end("name") :].strip(", "))


def _of_old_line(line: str) -> JsseEvent | None:
    if alert := _OLD_ALERT.match(line):
        return JsseEvent("alert", alert["name"], alert["verb"] == "SEND", level=alert["level"])
    failure = _OLD_FAILURE.match(line)
    return JsseEvent("failure", "", True, text=failure["text"]) if failure else None


def _message_name(name: str) -> str:
    return _SNAKE.sub("_", name).lower()

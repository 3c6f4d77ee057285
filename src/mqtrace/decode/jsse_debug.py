"""What Java's TLS writes with -Djavax.net.debug=ssl,handshake.

Two forms: that of JDK 11 and later, and of JDK 8 from update 261 (entries of columns parted by "|", messages in quotes;
observed with JDK 17 and 25), and the one before (`*** ClientHello, TLSv1.2`; documented in Oracle's JSSE guide of JDK
8).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct, field

from mqtrace.decode.tls import HANDSHAKE_MESSAGES

JsseKind = Literal["message", "alert", "failure"]
_ENTRY = re.compile(r"javax\.net\.ssl\|(?P<level>\w+)\|(?P<thread>[^|]*\|[^|]*)\|(?P<time>[^|]*)\|[^|]*\|(?P<text>.*)")
_MESSAGE = re.compile(r"(?P<verb>Produced|Consuming)(?: server| client| ECDHE?| DHE?| RSA| Krb5)* (?P<name>[A-Z]\w+)")
_FATAL = re.compile(r"Fatal \((?P<alert>[A-Z_]+)\): (?P<text>.*?) ?\(?$")
_OLD_MESSAGE = re.compile(
    r"\*\*\* (?P<name>ClientHello|ServerHello|Certificate chain|CertificateRequest|ServerHelloDone|"
    r"CertificateVerify|Finished)\b"
)
_OLD_KEYS = re.compile(r"\*\*\* (?:ECDH|DH|RSA)?\s?(?P<name>ServerKeyExchange|ClientKeyExchange)\b")
_OLD_ALERT = re.compile(
    r"(?P<thread>.*?),? (?P<verb>RECV|SEND) TLS(?:v[\d.]+)? ALERT:\s+(?P<level>\w+),\s+(?:description = )?(?P<name>\w+)"
)
_OLD_FAILURE = re.compile(r"(?:.*, handling exception: |.*, fatal error: \d+: )(?P<text>.*)")
_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OLD_NAMES = {"Certificate chain": "certificate"}
_NAMES = frozenset(HANDSHAKE_MESSAGES.values()) | {"hello_retry_request"}
_LONGEST_MESSAGE = 4000


class JsseEvent(Struct):
    """One handshake message, alert or failure.

    Attributes:
        kind: message, alert (one that was received or sent), failure (this end gave up).
        name: of a message or alert as in TLS; of a failure the alert that it stands for, "" when none.
        own: True when this end produced it, False when it came from the other one, None when it does not say.
        thread, time: as written, "" in the form before JDK 11.
        line: number of its first line, from 1.
        text: of a failure what went wrong.
        body: the lines of a message.
        level: of an alert, "fatal" or "warning".
    """

    kind: JsseKind
    name: str
    own: bool | None
    line: int
    thread: str = ""
    time: str = ""
    text: str = ""
    level: str = "fatal"
    body: list[str] = field(default_factory=list)


def is_jsse_debug(text: str) -> bool:
    """Whether a text that begins like this is such an output."""
    return "javax.net.ssl|" in text or bool(re.search(r"^\*\*\* ClientHello, (?:TLS|SSL)v", text, re.MULTILINE))


def jsse_events(lines: Iterable[str]) -> Iterator[JsseEvent]:
    """The handshake messages, alerts and failures, in file order; all other lines are passed over."""
    event: JsseEvent | None = None
    for number, line in enumerate(lines, 1):
        begun = _event(line, number)
        if begun or _ends(line):
            if event:
                yield event
            event = begun
        elif event and len(event.body) < _LONGEST_MESSAGE:
            event.body.append(line)
    if event:
        yield event


def received_alert(event: JsseEvent) -> tuple[str, str]:
    """Level and name of the alert that a "Received alert message" shows; "" where it is cut."""
    found = dict(re.findall(r'"(level|description)"\s*: "(\w+)"', "\n".join(event.body[:8])))
    return found.get("level", ""), found.get("description", "")


def _ends(line: str) -> bool:
    return line.startswith(("javax.net.ssl|", ")", "***"))


def _event(line: str, number: int) -> JsseEvent | None:
    entry = _ENTRY.match(line) if line.startswith("javax.net.ssl|") else None
    if entry:
        found = _of_entry(entry["text"], number)
        if found:
            found.thread, found.time = entry["thread"], entry["time"]
        return found
    if line.startswith("***"):
        return _of_old_heading(line, number)
    return (
        _of_old_line(line, number)
        if "ALERT:" in line or ", handling exception: " in line or ", fatal error: " in line
        else None
    )


def _of_entry(text: str, number: int) -> JsseEvent | None:
    if message := _MESSAGE.match(text):
        name = _message_name(message["name"])
        return JsseEvent("message", name, message["verb"] == "Produced", number) if name in _NAMES else None
    if text.startswith("Received alert message"):
        return JsseEvent("alert", "", False, number)
    if fatal := _FATAL.match(text):
        return JsseEvent("failure", fatal["alert"].lower(), True, number, text=fatal["text"])
    return None


def _of_old_heading(line: str, number: int) -> JsseEvent | None:
    found = _OLD_MESSAGE.match(line) or _OLD_KEYS.match(line)
    if found is None:
        return None
    name = _OLD_NAMES.get(found["name"], _message_name(found["name"]))
    return JsseEvent("message", name, None, number, text=line[found.end("name") :].strip(", "))


def _of_old_line(line: str, number: int) -> JsseEvent | None:
    if alert := _OLD_ALERT.match(line):
        return JsseEvent("alert", alert["name"], alert["verb"] == "SEND", number, level=alert["level"])
    failure = _OLD_FAILURE.match(line)
    return JsseEvent("failure", "", True, number, text=failure["text"]) if failure else None


def _message_name(name: str) -> str:
    return _SNAKE.sub("_", name).lower()

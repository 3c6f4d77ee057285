"""What `openssl s_client` prints (OpenSSL 1.1 and 3), with or without -msg and -showcerts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from mqtrace.catalog.alerts import alert_level, alert_name
from mqtrace.catalog.tls_names import cipher_suite_of_openssl
from mqtrace.decode.distinguished_name import name_of_openssl
from mqtrace.decode.hexdump import hex_row
from mqtrace.decode.tls import HANDSHAKE_MESSAGES, parse_client_hello
from mqtrace.kept import compiled
from mqtrace.masking import printable
from mqtrace.model import DecodeError
from mqtrace.model.tls import VERIFY, Alert, Certificate, Chosen, ClientHello, Handshake, Sender

_CHOSEN = compiled(r"(?:New|Reused), (?P<version>[^,]+), Cipher is (?P<name>\S+)")
_SESSION = compiled(r"Protocol\s*: (?P<version>(?:TLSv1(?:\.[0-3])?|SSLv3))$")
_SUBJECT = compiled(r"\d{1,3} s:\s*(?P<name>.*)")
_DATES = compiled(r"v:NotBefore: (?P<before>.*? GMT); NotAfter: (?P<after>.*? GMT)")
_VERIFY = compiled(r"verify error:num=(?P<code>\d{1,3})|Verify return code: (?P<last>\d{1,3})")
_ALERT = compiled(r"SSL alert number (?P<code>\d{1,3})")
_REASON = compiled(r"error:[0-9A-Fa-f]{8}:[^:]*:[^:]*:(?P<reason>[^:]+)")
_MESSAGE = compiled(
    r"(?P<way>>>>|<<<) (?:\?\?\?|[\w .]{1,12}), (?P<kind>Handshake|Alert)"
    r"[^\[]*\[length [0-9a-fA-F]+\](?:, (?P<name>.*))?"
)
_SNAKE = compiled(r"(?<=[a-z])(?=[A-Z])")
_NAMES = frozenset(HANDSHAKE_MESSAGES.values())


def is_s_client(text: str) -> bool:
    """Whether a text that begins like this is an output of s_client."""
    return bool(re.search(r"^(?:CONNECTED\([0-9A-Fa-f]+\)|SSL handshake has read \d+ bytes)", text, re.MULTILINE))


def parse_s_client(text: str) -> Handshake:
    """What one run shows. Raises DecodeError when the text is no output of s_client.

    Messages are those that it shows, or that what it shows proves. Failures are its verdicts on the server's
    certificates ("verify 18", OpenSSL's numbers), then OpenSSL's errors in words, both in the order seen.
    """
    if not is_s_client(text):
        raise DecodeError(
            "The text is no output of openssl s_client: neither CONNECTED(..) nor 'SSL handshake has read' is in it."
        )
    lines = [line.strip() for line in text.split("\n")]
    certificates = tuple(_certificates(lines))
    chosen = _chosen(lines)
    traced, offered, traced_alerts = _traced(lines)
    received = [_received(int(alert["code"])) for line in lines if (alert := _ALERT.search(line))]
    return Handshake(
        origin="s_client",
        messages=traced or tuple(_proved(text, chosen is not None, bool(certificates))),
        offered=offered,
        chosen=chosen,
        alerts=tuple(dict.fromkeys(received or traced_alerts)),
        certificates=certificates,
        server_name=(offered.server_name if offered else None) or "",
        failures=tuple(dict.fromkeys((*_verdicts(lines), *_reasons(lines)))),
    )


def _received(code: int) -> Alert:
    return Alert("fatal", code, alert_name(code), "server")


def _verdicts(lines: list[str]) -> Iterator[str]:
    for line in lines:
        found = _VERIFY.search(line)
        code = int(found["code"] or found["last"]) if found else 0
        if code:
            yield f"{VERIFY}{code}"


def _reasons(lines: list[str]) -> Iterator[str]:
    return (printable(found["reason"].strip()) for line in lines if (found := _REASON.search(line)))


def _proved(text: str, chosen: bool, certificates: bool) -> Iterator[str]:
    written = re.search(r"SSL handshake has read \d+ bytes and written (\d+) bytes", text)
    if written and int(written[1][:12]):
        yield "client_hello"
    if chosen:
        yield "server_hello"
    asked = "Acceptable client certificate CA names" in text or "Requested Signature Algorithms" in text
    names = ["certificate"] * certificates + ["certificate_request"] * asked
    # In TLS 1.3 the request comes before the certificate.
    yield from reversed(names) if "TLSv1.3, Cipher is" in text else names


def _chosen(lines: list[str]) -> Chosen | None:
    found = next((each for line in lines if (each := _CHOSEN.match(line))), None)
    if found is None or found["name"] == "(NONE)":
        return None
    # The line says in which version the suite was defined; the session block says which one is in use.
    session = next((each["version"] for line in lines if (each := _SESSION.match(line))), found["version"])
    version = "TLSv1" if session == "TLSv1.0" else printable(session)
    return Chosen(version, cipher_suite_of_openssl(printable(found["name"]), (version,)))


def _certificates(lines: list[str]) -> Iterator[Certificate]:
    subject, issuer, before, after = "", "", "", ""
    for line in lines:
        if found := _SUBJECT.match(line):
            if subject:
                yield Certificate(subject, issuer, before, after)
            subject, issuer, before, after = name_of_openssl(printable(found["name"])), "", "", ""
        elif subject and line.startswith("i:"):
            issuer = name_of_openssl(printable(line[2:]))
        elif subject and (dates := _DATES.match(line)):
            before, after = _iso(dates["before"]), _iso(dates["after"])
        elif subject and line == "---":
            break
    if subject:
        yield Certificate(subject, issuer, before, after)


def _iso(text: str) -> str:
    try:
        return datetime.strptime(text, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""


def _traced(lines: list[str]) -> tuple[tuple[str, ...], ClientHello | None, list[Alert]]:
    """What -msg shows: the names of the messages, the ClientHello, the alerts."""
    names: list[str] = []
    alerts: list[Alert] = []
    hello: ClientHello | None = None
    for at, line in enumerate(lines):
        found = _MESSAGE.match(line) if line.startswith((">>>", "<<<")) else None
        if found is None:
            continue
        sender: Sender = "client" if found["way"] == ">>>" else "server"
        if found["kind"] == "Alert":
            alerts.extend(_alert(hex_row(lines[at + 1]) if at + 1 < len(lines) else None, sender))
        elif (name := _SNAKE.sub("_", (found["name"] or "").strip()).lower()) in _NAMES:
            names.append(name)
            hello = _hello(lines[at + 1 : at + 200]) or hello if name == "client_hello" else hello
    return tuple(names), hello, alerts


def _alert(content: bytes | None, sender: Sender) -> Iterator[Alert]:
    if content and len(content) == 2:
        yield Alert(alert_level(content[0]), content[1], alert_name(content[1]), sender)


def _hello(lines: list[str]) -> ClientHello | None:
    data = bytearray()
    for line in lines:
        row = hex_row(line)
        if row is None:
            break
        data += row
    try:
        return parse_client_hello(bytes(data))
    except DecodeError:
        return None

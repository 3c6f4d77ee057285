"""The hellos and certificates that javax.net.debug writes out, from the lines of one message."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mqtrace.catalog.tls_names import cipher_suite, cipher_suite_named
from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.decode.sni import channel_of
from mqtrace.kept import compiled
from mqtrace.masking import printable
from mqtrace.model.tls import Certificate, Chosen, CipherSuite, ClientHello

# The lines of a hello that tell something, the first line of an extension among them; keys and random numbers, which
# differ each time, are not.
_OF_HELLO = compiled(
    rb"""\n[^\S\n]*(?:"(?:client[ ]version|server[ ]version|cipher[ ]suites?)"[^\n]*
    |(?:Cipher[ ]Suites?|Extension[ ])[^\n]*
    |"(?:server_name|supported_versions|supported_groups|elliptic_curves|signature_algorithms)[ ]
      \([\d,]+\)":[ ]\{[^\n]*(?:\n[^\n]*)?)""",
    re.VERBOSE,
)
_OF_CERTIFICATE = compiled(rb'\n[^\S\n]*"?(?i:issuer|subject|not[^\S\n]+before|not[^\S\n]+after)"?[^\S\n]*[:,][^\n]*')
# Clients say the same again and again.
_REMEMBERED = 32
_PAIR = compiled(r'\s*"(?P<name>[^"]+)"\s*: *(?P<value>.*)')
_OLD_PAIR = compiled(
    r"\s*(?P<name>Cipher Suites?|Extension [\w ]+?(?=,)|Issuer|Subject|Validity)\s*[:,]\s*(?P<value>.*)"
)
_EXTENSION = compiled(r'\s*"(?P<name>\w+) \([\d,]+\)": \{')
_SUITE = compiled(r"(?P<name>\w+)(?:\(0x(?P<hex>[0-9A-Fa-f]{4})\))?")
_SERVER_NAME = compiled(r"type=host_name \(0\), value=(?P<name>[^\s,;\]]+)")
_DATE = compiled(r"(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)? UTC")
_VERSION = compiled(r"(?:TLSv1(?:\.[1-3])?|SSLv3)")


def hello_of(body: bytes, rest: str = "") -> ClientHello | None:
    """The ClientHello in the body of a message; None when its suites are not there. `rest`: what its heading says
    after the name.
    """
    return _hello(b"".join(_OF_HELLO.findall(body)), rest)


@lru_cache(_REMEMBERED)
def _hello(told: bytes, rest: str) -> ClientHello | None:
    pairs, extensions = _parts(_lines(told))
    suites = pairs.get("cipher suites") or pairs.get("Cipher Suites")
    if suites is None:
        return None
    legacy = _VERSION.findall(pairs.get("client version", rest))
    versions = tuple(_VERSION.findall(extensions.get("supported_versions", "")) or legacy[:1])
    name = _SERVER_NAME.search(extensions.get("server_name", ""))
    server_name = printable(name["name"]) if name else ""
    return ClientHello(
        versions=versions,
        cipher_suites=tuple(_suite(item, versions) for item in _items(suites)),
        groups=tuple(_items(extensions.get("supported_groups", extensions.get("elliptic_curves", "")))),
        signature_algorithms=tuple(_items(extensions.get("signature_algorithms", ""))),
        server_name=server_name or None,
        channel=channel_of(server_name),
    )


def choice_of(body: bytes, rest: str = "") -> Chosen | None:
    """Protocol and cipher suite of the ServerHello in the body of a message; None when they are not there."""
    return _choice(b"".join(_OF_HELLO.findall(body)), rest)


@lru_cache(_REMEMBERED)
def _choice(told: bytes, rest: str) -> Chosen | None:
    pairs, extensions = _parts(_lines(told))
    suite = pairs.get("cipher suite") or pairs.get("Cipher Suite")
    found = _VERSION.findall(extensions.get("supported_versions", "")) or _VERSION.findall(
        pairs.get("server version", rest)
    )
    return Chosen(found[0], _suite(suite, (found[0],))) if suite and found else None


def certificates_of(body: bytes) -> tuple[Certificate, ...]:
    """The certificates in the body of a message, the sender's own first. A repeated name begins the next one."""
    return _certificates(b"".join(_OF_CERTIFICATE.findall(body)))


@lru_cache(_REMEMBERED)
def _certificates(told: bytes) -> tuple[Certificate, ...]:
    found: list[dict[str, str]] = []
    for line in _lines(told):
        pair = _PAIR.match(line) or _OLD_PAIR.match(line)
        if pair is None:
            continue
        name = " ".join(pair["name"].lower().split())
        if name in ("issuer", "subject", "not before", "not after"):
            if not found or name in found[-1]:
                found.append({})
            found[-1][name] = printable(_value(pair))
    return tuple(
        Certificate(
            distinguished_name(each.get("subject", "")),
            distinguished_name(each.get("issuer", "")),
            _iso(each.get("not before", "")),
            _iso(each.get("not after", "")),
        )
        for each in found
        if "subject" in each
    )


def _lines(told: bytes) -> list[str]:
    return [line.rstrip("\r") for line in told.decode("utf-8", "replace").split("\n")]


def _parts(body: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The pairs of a message, and the first lines of its extensions by their names."""
    pairs: dict[str, str] = {}
    extensions: dict[str, str] = {}
    extension = ""
    for line in body:
        if opened := _EXTENSION.match(line):
            extension = opened["name"]
        elif extension and extension not in extensions:
            extensions[extension] = line
        elif pair := _PAIR.match(line) or _OLD_PAIR.match(line):
            name = pair["name"]
            if name.startswith("Extension "):
                extensions[name.removeprefix("Extension ")] = _value(pair)
            else:
                pairs.setdefault(name, _value(pair))
    return pairs, extensions


def _items(text: str) -> Iterator[str]:
    """The items between the outermost brackets or braces, else those after a colon."""
    start = min((at for at in (text.find("["), text.find("{")) if at >= 0), default=-1)
    end = max(text.rfind("]"), text.rfind("}"))
    listed = text[start + 1 : end] if 0 <= start < end else text.partition(": ")[2]
    return (printable(item.strip()) for item in listed.split(",") if item.strip())


def _value(found: re.Match[str]) -> str:
    return found["value"].strip().removesuffix(",").strip('"')


def _suite(text: str, versions: tuple[str, ...]) -> CipherSuite:
    found = _SUITE.match(text)
    if found is None:
        return CipherSuite("", printable(text), None)
    if found["hex"]:
        return cipher_suite(int(found["hex"], 16), versions)
    return cipher_suite_named(found["name"], versions)


def _iso(text: str) -> str:
    """The date in ISO 8601; midnight is written as hour 24 of the day that it begins (observed with JDK 17)."""
    found = _DATE.match(text)
    return f"{found[1]}T{int(found[2]) % 24:02d}:{found[3]}:{found[4]}Z" if found else ""

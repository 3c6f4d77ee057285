"""CipherSpecs (patterns/tables/ciphers.csv) and their aliases (alias_specs.csv), by any name they have."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.tables import Row, table
from mqtrace.kept import compiled

HEX = compiled(r"(?:0x)?([0-9a-f]{2})[,: ]*(?:0x)?([0-9a-f]{2})", re.IGNORECASE)


class CipherSpec(Struct, frozen=True):
    """One CipherSpec, or an alias that stands for several.

    Attributes:
        name: as SSLCIPH takes it.
        kind: "cipher_spec" or "alias".
        protocols: "TLS 1.3", "TLS 1.2", "TLS 1.0", "SSL 3.0"; of an alias those enabled by default.
        hex: number on the wire, four upper-case digits; "" for an alias.
        iana: name of the suite in the IANA registry, "" for an alias.
        java: names that Java knows it by: other JDKs first, then IBM's.
        key_exchange, certificate, encryption, bits, mac: what the suite is made of; certificate is the kind of key it
            needs.
        fips, suite_b: "Yes", "No", a level; a question mark says that it is not verified. "" for an alias.
        order: place in the order of preference of 9.2, None when it is not enabled by default there.
        since: level that brought it, or by which it was there at the latest; "" when not known.
        deprecated: since when it is off or gone, "" when it is current.
        members: names of the CipherSpecs that an alias stands for by default, in their order of preference.
        note, source, confidence: how the row is known.
    """

    name: str
    kind: Literal["cipher_spec", "alias"]
    protocols: tuple[str, ...]
    hex: str = ""
    iana: str = ""
    java: tuple[str, ...] = ()
    key_exchange: str = ""
    certificate: str = ""
    encryption: str = ""
    bits: str = ""
    mac: str = ""
    fips: str = ""
    suite_b: str = ""
    order: int | None = None
    since: str = ""
    deprecated: str = ""
    members: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    confidence: str = ""


def _java_names(row: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (row["jsse_oracle"], row["jsse_ibm"]) if name))


def _since(row: Row) -> str:
    if row["protocol"] == "TLS 1.3":
        return next(alias["since"] for alias in table("alias_specs") if alias["name"] == "ANY_TLS13")
    return "8.0.0.3 at the latest" if row["default_8003"] == "yes" else ""


def _specific(row: Row) -> CipherSpec:
    return CipherSpec(
        name=row["cipherspec"],
        kind="cipher_spec",
        protocols=(row["protocol"],),
        hex=row["hex"].upper(),
        iana=row["iana"],
        java=_java_names(row),
        key_exchange=row["key_exchange"],
        certificate=row["server_cert"],
        encryption=row["bulk"],
        bits=row["bits"],
        mac=row["mac_or_prf"],
        fips=row["fips"],
        suite_b=row["suite_b"],
        order=int(row["order_920"]) if row["order_920"] else None,
        since=_since(row),
        deprecated=row["weak_or_deprecated_since"],
        note=row["note"],
        source=row["source"],
        confidence=row["confidence"],
    )


def _alias(row: Row, specific: tuple[CipherSpec, ...]) -> CipherSpec:
    protocols = tuple(row["protocols"].split("|")) if row["protocols"] else ()
    enabled = sorted(
        (each.order, each.name) for each in specific if each.order is not None and each.protocols[0] in protocols
    )
    return CipherSpec(
        name=row["name"],
        kind="alias",
        protocols=protocols,
        java=(row["java_value"],) if row["java_value"] else (),
        since=row["since"],
        members=tuple(name for _, name in enabled),
        note=row["kind"],
        source=row["source"],
        confidence=row["confidence"],
    )


@cache
def all_cipher_specs() -> tuple[CipherSpec, ...]:
    """All CipherSpecs, newest protocol first, then the aliases."""
    specific = tuple(sorted(map(_specific, table("ciphers")), key=lambda each: each.protocols, reverse=True))
    return specific + tuple(_alias(row, specific) for row in table("alias_specs"))


@cache
def _by_word() -> Mapping[str, tuple[CipherSpec, ...]]:
    found: dict[str, list[CipherSpec]] = {}
    for each in all_cipher_specs():
        for word in dict.fromkeys((each.name.upper(), each.iana.upper(), each.hex, *map(str.upper, each.java))):
            if word:
                found.setdefault(word, []).append(each)
    return {word: tuple(specs) for word, specs in found.items()}


def cipher_specs(word: str) -> tuple[CipherSpec, ...]:
    """The CipherSpecs that a word may mean: a CipherSpec, IANA or Java name (in any case) or the number on the wire
    ("c030", "0xC0,0x30").

    A CipherSpec of exactly that name comes first, else the newest protocol. Empty when the word is none of these.
    """
    word = word.strip().upper()
    number = HEX.fullmatch(word)
    found = _by_word().get("".join(number.groups()) if number else word, ())
    return tuple(sorted(found, key=lambda each: each.name.upper() != word))


def cipher_spec(name: str) -> CipherSpec | None:
    """The CipherSpec or alias of that name (in any case), None when SSLCIPH does not know it."""
    return next((each for each in cipher_specs(name) if each.name.upper() == name.strip().upper()), None)


def cipher_words() -> tuple[str, ...]:
    """All names of CipherSpecs: MQ's, IANA's and Java's."""
    words = dict.fromkeys(word for spec in all_cipher_specs() for word in (spec.name, spec.iana, *spec.java))
    return tuple(filter(None, words))

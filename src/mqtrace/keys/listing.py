"""Listings of key stores: which tool wrote a text, and what it tells. One module a tool, listed once, here."""

from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from mqtrace.decode.text import decoded, encoding_of
from mqtrace.keys import (
    listing_dspmqcert,
    listing_keytool,
    listing_openssl,
    listing_pk12util,
    listing_racf,
    listing_runmqakm,
)
from mqtrace.masking import printable
from mqtrace.model.key_store import KeyStore, StoredCertificate

_WITHIN = 8192
_MOST_LINES = 20_000
_MOST_CERTIFICATES = 4000
_LONGEST_LINE = 4096


class Listing(Protocol):
    """What every module of a tool has.

    Attributes:
        SHOWS_WHOLE_STORE: whether the tool shows all certificates of a store with their signers, so that one not shown
        is not there.
    """

    SHOWS_WHOLE_STORE: bool

    def recognises(self, text: str) -> bool:
        """Whether the text is of this tool."""

    def read(self, text: str) -> list[StoredCertificate]:
        """The certificates in it."""


# pk12util before openssl: it has the same lines and more.
_LISTINGS: Sequence[Listing] = (
    listing_runmqakm,
    listing_keytool,
    listing_racf,
    listing_pk12util,
    listing_openssl,
    listing_dspmqcert,
)


def is_listing(head: bytes) -> bool:
    """Whether an input that begins with these bytes is a listing of a key store."""
    return (b"\0" not in head[:_WITHIN] or encoding_of(head) != "utf-8") and _tool(_text(head[:_WITHIN])) is not None


def read_listing(source: str, data: bytes) -> KeyStore:
    """What the listing tells; empty where it tells of no certificate."""
    text = "\n".join(_text(data).split("\n")[:_MOST_LINES])
    tool = _tool(text[:_WITHIN])
    if tool is None:
        return KeyStore(source, "listing", is_whole=False)
    found = [_without_tabs(each) for each in tool.read(text)[:_MOST_CERTIFICATES]]
    return KeyStore(
        source, "listing", tuple(found), is_whole=tool.SHOWS_WHOLE_STORE and len(found) < _MOST_CERTIFICATES
    )


def _without_tabs(certificate: StoredCertificate) -> StoredCertificate:
    """A tab in a damaged listing can stand in the middle of a name."""
    names = (certificate.label, certificate.subject, certificate.issuer)
    if not any("\t" in each for each in names):
        return certificate
    label, subject, issuer = (each.replace("\t", " ") for each in names)
    return replace(certificate, label=label, subject=subject, issuer=issuer)


def _tool(text: str) -> Listing | None:
    return next((each for each in _LISTINGS if each.recognises(text)), None)


def _text(data: bytes) -> str:
    """Lines that are safe to show, without blanks at their ends; tabs are kept, because some listings part their
    columns with them.
    """
    lines = (line[:_LONGEST_LINE].rstrip() for line in decoded(data).split("\n"))
    return "\n".join(
        line if line.isprintable() else "\t".join(printable(part) for part in line.split("\t")) for line in lines
    )

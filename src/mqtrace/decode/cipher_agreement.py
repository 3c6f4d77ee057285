"""Whether the CipherSpec settings of a client and of a channel can agree, and on what.

The rule (IBM MQ documentation, "Enabling CipherSpecs" and q014267): the handshake runs before the queue manager knows
which channel is meant, so it takes the newest protocol and, of the suites offered, the one it prefers among all that
are enabled. Only then is the suite compared with the channel's SSLCIPH. Order of preference, protocols and kinds of
key: patterns/tables/ciphers.csv and alias_specs.csv.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.catalog.ciphers import CipherSpec, cipher_spec, cipher_specs
from mqtrace.model import DecodeError
from mqtrace.model.text import Named, Text, joined, text
from mqtrace.model.tls import Agreement

LONGEST_SSLCIPH = 32
_TLS13 = "TLS 1.3"
# The newest first.
_PROTOCOLS = {"TLS 1.3": "TLSv1.3", "TLS 1.2": "TLSv1.2", "TLS 1.0": "TLSv1", "SSL 3.0": "SSLv3"}
_KEYS = ("RSA", "EC")
_SAFE_RSA_BITS = 2048


class _Side(Struct, frozen=True):
    """One setting: its name, the CipherSpecs that it stands for by preference, and whether it is an alias."""

    name: str
    specs: tuple[CipherSpec, ...]
    alias: bool

    @property
    def protocols(self) -> set[str]:
        return {each.protocols[0] for each in self.specs}


def agreement(client: str, server: str, certificate: str = "", tls13: bool = True) -> Agreement:
    """What a client with SSLCIPH `client` and a channel with SSLCIPH `server` come to.

    Args:
        client, server: a CipherSpec or an alias; also names of IANA and Java. Blank is a channel without TLS.
        certificate: key of the queue manager's certificate, as "rsa2048" or "ec256"; "" when not known, RSA is
            assumed then.
        tls13: whether TLS 1.3 is enabled at both ends.

    Raises DecodeError for a name that is neither a CipherSpec nor an alias, and for a kind of key that is none.
    """
    if not client.strip() or not server.strip():
        return _without_tls(client.strip(), server.strip())
    offering, wanted = _side(client, tls13), _side(server, tls13)
    for each in (offering, wanted):
        if each.alias and not cipher_specs(each.name)[0].protocols:
            raise DecodeError(
                f"{each.name} ({cipher_specs(each.name)[0].note}) leaves the choice to the platform, so it cannot "
                f"be told."
            )
    # Who offers one CipherSpec only has chosen it for the key of the certificate; of an alias the key decides which is
    # taken.
    key = _key_kind(certificate) if certificate or offering.alias else ""
    if len(client.strip()) > LONGEST_SSLCIPH and cipher_spec(client) is None:
        return Agreement("fails", None, None, _too_long(client.strip(), offering))
    usable = [each for each in offering.specs if _fits(each, key)]
    versions = tuple(_by_version(offering, usable))
    if not usable:
        return Agreement("fails", None, None, _nothing_usable(offering, tls13, certificate or key), versions)
    decided = _decided(offering, wanted, usable, versions, [] if certificate else _assumed(offering, usable))
    return _with_short_key(decided, certificate)


def _with_short_key(decided: Agreement, certificate: str) -> Agreement:
    """GSKit was seen to refuse an RSA key of 1024 bits whatever the CipherSpec."""
    bits = certificate.strip().lower().removeprefix("rsa")
    if decided.outcome == "fails" or not bits.isascii() or not bits.isdecimal() or int(bits[:9]) >= _SAFE_RSA_BITS:
        return decided
    but = text(
        "But a client with GSKit refuses an RSA key of {bits} bits (414, 575073), as seen with 1024.", bits=bits[:9]
    )
    return replace(decided, outcome="likely to fail", why=joined([decided.why, but]))


def _decided(
    offering: _Side,
    wanted: _Side,
    usable: Sequence[CipherSpec],
    versions: tuple[tuple[str, str], ...],
    note: list[Text],
) -> Agreement:
    newest = next(protocol for protocol in _PROTOCOLS if any(each.protocols[0] == protocol for each in usable))
    taken = next(each for each in usable if each.protocols[0] == newest)
    protocol = _PROTOCOLS[newest]
    handshake = text(
        "The handshake, which runs before the queue manager knows the channel, takes {protocol} and {taken}",
        protocol=protocol,
        taken=_named(taken),
    )
    if newest not in wanted.protocols:
        why = text(
            "{handshake}; the channel's {wanted} does not allow {protocol}, so the queue manager then refuses "
            "(AMQ9631).",
            handshake=handshake,
            wanted=_named(wanted),
            protocol=protocol,
        )
        return Agreement("fails", None, None, why, versions)
    if taken in wanted.specs:
        why = joined([_connecting(offering, wanted, handshake), *note])
        return Agreement("connects", protocol, taken.name, why, versions)
    if wanted.alias:
        why = text(
            "{taken} is not among the CipherSpecs that a queue manager enables by default, so {wanted} does not stand "
            "for it.",
            taken=_named(taken),
            wanted=_named(wanted),
        )
        return Agreement("fails", None, None, why, versions)
    if not offering.alias or wanted.specs[0] not in usable:
        template = "{handshake}; the channel asks for {wanted}, so the queue manager refuses (AMQ9631)."
        why = text(template, handshake=handshake, wanted=_named(wanted))
        return Agreement("fails", None, None, why, versions)
    why = text(
        "{handshake}, the one it prefers of {offering}; the channel asks for {wanted}, and the queue manager refuses "
        "(AMQ9631) unless it prefers just that one.",
        handshake=handshake,
        offering=_named(offering),
        wanted=_named(wanted),
    )
    return Agreement("likely to fail", protocol, taken.name, joined([why, *note]), versions)


def _named(side: _Side | CipherSpec) -> Named:
    return Named("cipher_spec", side.name)


def _connecting(offering: _Side, wanted: _Side, handshake: Text) -> Text:
    if offering.alias or wanted.alias:
        template = "{handshake}, which the channel's {wanted} allows."
        return text(template, handshake=handshake, wanted=_named(wanted))
    return text("Both ends ask for {wanted}.", wanted=_named(wanted))


def _side(name: str, tls13: bool) -> _Side:
    found = cipher_specs(name)
    if not found:
        raise DecodeError(f"'{name.strip()}' is neither a CipherSpec nor an alias of several.")
    first = found[0]
    named = (cipher_spec(each) for each in first.members) if first.kind == "alias" else (first,)
    enabled = (each for each in named if each and (tls13 or each.protocols[0] != _TLS13))
    return _Side(first.name, tuple(sorted(enabled, key=_preference)), first.kind == "alias")


def _preference(spec: CipherSpec) -> tuple[bool, int]:
    return spec.order is None, spec.order or 0


def _key_kind(certificate: str) -> str:
    kind = certificate.strip().upper().rstrip("0123456789")
    if kind in ("EC", "ECDSA"):
        return "EC"
    if kind in ("RSA", ""):
        return "RSA"
    raise DecodeError(f"'{certificate}' is no kind of key that is known: give rsa2048, rsa4096, ec256 or ec384.")


def _fits(spec: CipherSpec, key: str) -> bool:
    return not key or key in spec.certificate or not any(each in spec.certificate for each in _KEYS)


def _by_version(offering: _Side, usable: Iterable[CipherSpec]) -> Iterable[tuple[str, str]]:
    first: dict[str, str] = {}
    for each in usable:
        first.setdefault(each.protocols[0], each.name)
    return (
        (written, first.get(protocol, "")) for protocol, written in _PROTOCOLS.items() if protocol in offering.protocols
    )


def _nothing_usable(offering: _Side, tls13: bool, certificate: str) -> str:
    if not offering.specs:
        lacks = "{offering} stands for no CipherSpec." if tls13 else "{offering} needs TLS 1.3, which is not enabled."
        return text(lacks, offering=_named(offering))
    return text(
        "The queue manager's certificate has the key {key}; {offering} needs one with a key of kind {needed}. So the "
        "two ends have no suite in common: the client gets alert 40, the queue manager writes AMQ9616.",
        key=certificate,
        offering=_named(offering),
        needed=offering.specs[0].certificate,
    )


def _assumed(offering: _Side, usable: Sequence[CipherSpec]) -> list[Text]:
    """What is said where another kind of key would change what is taken."""
    other = [each for each in offering.specs if _fits(each, "EC")]
    if not offering.alias or not other or other[0] == usable[0]:
        return []
    template = "This is for a certificate with an RSA key; with an EC key it would be {other}."
    return [text(template, other=_named(other[0]))]


def _too_long(client: str, offering: _Side) -> str:
    return text(
        "{client} has {length} characters and SSLCIPH holds {longest}: it is cut and then not known (reason 2393). "
        "MQ's name for it is {offering}.",
        client=Named("cipher_spec", client),
        length=len(client),
        longest=LONGEST_SSLCIPH,
        offering=_named(offering),
    )


def _without_tls(client: str, server: str) -> Agreement:
    if client == server:
        return Agreement("connects", None, None, "Neither end uses TLS.")
    if client:
        return Agreement(
            "fails", None, None, "The client begins with TLS, the channel has no CipherSpec: the queue manager refuses."
        )
    template = "The client does not use TLS, the channel asks for {server}: the queue manager refuses (AMQ9639)."
    return Agreement("fails", None, None, text(template, server=Named("cipher_spec", server)))

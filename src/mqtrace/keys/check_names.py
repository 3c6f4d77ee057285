"""The checks of names: CipherSpec, SSLPEER, host."""

from collections.abc import Iterator

from mqtrace.catalog.ciphers import cipher_specs, cipher_words
from mqtrace.catalog.words import nearest
from mqtrace.keys.host_name import host_names, is_address, names_host
from mqtrace.keys.peer_name import match_peer_name
from mqtrace.keys.problem import CheckRequest, KeyProblem, Use

_SHOWN = 8


def check_cipher_known(request: CheckRequest) -> Iterator[KeyProblem]:
    """Whether there is such a CipherSpec."""
    if request.cipher and not cipher_specs(request.cipher):
        near = nearest(request.cipher, cipher_words())
        hint = f"; nearest: {', '.join(near)}" if near else ""
        yield KeyProblem("tls.cipherspec-unknown", f"{request.cipher} is no CipherSpec that is known{hint}.")


def check_peer_pattern(request: CheckRequest) -> Iterator[KeyProblem]:
    """Whether the pattern is one that SSLPEER takes."""
    malformed = match_peer_name(request.peer, "").malformed if request.peer else ""
    if malformed:
        fix = (
            "Write it as   CN=NAME,OU=UNIT,O=ORGANISATION,C=GB   (types in upper case, commas between, no blank before an equals sign).",
        )
        yield KeyProblem("tls.peer-name-invalid", f"The value of SSLPEER is malformed. {malformed}", fix)


def check_peer(use: Use) -> Iterator[KeyProblem]:
    """Whether its subject matches SSLPEER, attribute by attribute."""
    certificate, request = use.certificate, use.request
    if not request.peer or not certificate.subject:
        return
    match = match_peer_name(request.peer, certificate.subject, certificate.serial)
    if match.malformed or match.matches:
        return
    reasons = " ".join(each.why for each in match.attributes if not each.matches)
    fix = (
        "Correct SSLPEER where it is set (channel, channel table, program), or use the certificate whose name it demands.",
    )
    yield KeyProblem("tls.peer-name-mismatch", f"The name {certificate.subject} does not match SSLPEER. {reasons}", fix)


def check_host(use: Use) -> Iterator[KeyProblem]:
    """Whether it names the host that clients of mqweb and REST connect to."""
    certificate, request = use.certificate, use.request
    names = host_names(certificate.subject, certificate.alternative_names)
    if not request.host or not certificate.subject or names_host(request.host, names):
        return
    shown = ", ".join(names[:_SHOWN]) or "no host"
    text = (
        f"The certificate names {shown}, not {request.host}. Clients of mqweb and REST check that; MQ channels do not."
    )
    kind = "IP" if is_address(request.host) else "DNS"
    fix = (
        f"Have a certificate issued with the alternative name {kind}:{request.host}, or connect by a name that it has.",
    )
    yield KeyProblem("tls.peer-name-mismatch", text, fix)

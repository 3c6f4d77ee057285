"""Facts that follow from others by the arithmetic of a library, not by knowledge of a failure."""

from collections.abc import Iterator

from msgspec.structs import replace

from mqtrace.model import Connection, Fact, Location
from mqtrace.model.text import text

# OpenSSL reports an alert that it received as reason 1000 + the alert's number.
OPENSSL_ALERTS = 1000
REASON = "application.reason"
# Words of a header's operating system, and the platform's name in the table of error numbers.
PLATFORMS = (
    ("aix", "aix"),
    ("linux", "linux"),
    ("windows", "windows"),
    ("sunos", "solaris"),
    ("solaris", "solaris"),
    ("hp-ux", "hpux"),
)


def deciding_facts(connection: Connection) -> tuple[Fact, ...]:
    """The facts of the last attempt, or all where there is no attempt, with those that follow from them.

    Where the call that connects went well and a later one failed, only what was said after it counts.
    """
    own = connection.attempts[-1].facts if connection.attempts else connection.facts
    own = connection.later if connection.failed_later else own
    own = tuple(fact for fact in own if fact.name != "socket.errno" or _is_of_platform(fact, connection.platform))
    return (*own, *_derived(own), *_reason(connection))


def _is_of_platform(fact: Fact, platform: str) -> bool:
    """Whether an error number can be a socket's on the platform of the trace: it is another error elsewhere."""
    known = next((name for word, name in PLATFORMS if word in platform.lower()), "")
    if not known:
        return True
    from mqtrace.catalog.errnos import errno

    number = int(fact.value)
    return errno(number, known) is not None or errno(number) is None


def _derived(facts: tuple[Fact, ...]) -> Iterator[Fact]:
    callbacks = [fact for fact in facts if fact.name == "tls.certificate_callback"]
    if len(callbacks) > 1:
        # The library calls once before the handshake; the second call comes when the server asks for a certificate.
        yield replace(callbacks[-1], name="tls.certificate_wanted", value="")
    for fact in facts:
        if fact.name == "gskit.name":
            from mqtrace.catalog.gskit import gskit_code

            named = gskit_code(fact.value)
            if named:
                yield replace(fact, name="gskit.code", value=str(named.code))
        if fact.name == "openssl.error" and int(fact.value, 16) >= OPENSSL_ALERTS:
            yield replace(fact, name="tls.alert", value=str(int(fact.value, 16) - OPENSSL_ALERTS))
        if fact.name == "tls.certificates_in_store" and fact.value == "0":
            yield replace(fact, name="tls.no_certificate", value="")


def _reason(connection: Connection) -> Iterator[Fact]:
    """The reason code that the application got, as a fact with the line that tells it."""
    code = connection.reason_code
    if not code:
        return
    names = ("call.result", "reason", "later.reason")
    said = [fact for fact in (connection.later if connection.failed_later else connection.facts) if fact.name in names]
    telling = next((fact for fact in reversed(said) if str(code) in fact.value), said[-1] if said else None)
    logged = next((entry for entry in connection.log_entries if entry.reason_code == code), None)
    if telling:
        yield replace(telling, name=REASON, value=str(code))
    elif logged:
        from mqtrace.evidence.log_entries import evidence_of

        line = evidence_of(logged)
        yield Fact(REASON, str(code), line.location, line.text, "used")
    else:
        words = text("reason code {reason_code}", reason_code=code)
        yield Fact(REASON, str(code), Location(connection.source, 0), words, "used")

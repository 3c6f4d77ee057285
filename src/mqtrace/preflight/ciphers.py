"""Whether a client knows the CipherSpec or suite that it is given."""

from msgspec import Struct

from mqtrace.catalog.ciphers import CipherSpec, cipher_spec, cipher_specs, cipher_words
from mqtrace.catalog.words import nearest
from mqtrace.kept import compiled
from mqtrace.model.preflight import ChannelAhead, CheckState
from mqtrace.model.text import text
from mqtrace.preflight.ahead import Ahead

_LEVEL = compiled(r"\d+(?:\.\d+)*")
UNKNOWN, _MAPPING = "tls.cipherspec-unknown", "tls.cipher-mapping"
# What the classes for Java give for a suite that they do not know, and from which level on they take the JDK's names.
_UNKNOWN_SUITE = 2400
_JDK_NAMES_SINCE = (9, 4)


class Refused(Struct, frozen=True):
    """Why a client would refuse a CipherSpec; no text where it would not."""

    text: str = ""
    state: CheckState = "fails"
    cause: str = UNKNOWN
    reason: int | None = None


def unknown_cipher(ahead: Ahead, channel: ChannelAhead) -> Refused:
    """Why the client would not take the channel's CipherSpec."""
    name = channel.cipher_spec
    if ahead.wanted.client == "java" and ahead.choice is None:
        return _suite(ahead, name)
    spec = cipher_spec(name)
    if spec is None:
        near = nearest(name, cipher_words(), limit=1)
        meant = text("; did you mean {near}?", near=near[0]) if near and not cipher_specs(name) else "."
        return Refused(text("{name} is no CipherSpec{meant}", name=name, meant=meant))
    return _of_family(ahead, spec) if ahead.wanted.family.ciphers else _of_level(ahead, spec)


def _suite(ahead: Ahead, name: str) -> Refused:
    """A suite that a Java program names: the JDK's names from 9.4 on, those of IBM's JDK before, never a CipherSpec."""
    known = next(iter(cipher_specs(name)), None)
    if known is None or name not in known.java:
        meant = text(" In Java it is {java}.", java=known.java[0]) if known and known.java else ""
        return Refused(
            text("{name} is no suite that the Java client takes.{meant}", name=name, meant=meant), reason=_UNKNOWN_SUITE
        )
    jdk, ibm = known.java[0], known.java[-1]
    level = _LEVEL.match(ahead.wanted.level)
    if jdk == ibm or known.kind == "alias":
        return _weak(known)
    if level is None:
        return Refused(
            text("Whether {name} is taken depends on the client's level: --level LEVEL names it.", name=name), "open"
        )
    mapped = _numbers(level[0]) < _JDK_NAMES_SINCE and _mapping(ahead) != "false"
    if name == (ibm if mapped else jdk):
        return (
            Refused(text("{name} is a name of IBM's JDK, and which JDK runs is not known.", name=name), "open")
            if mapped
            else _weak(known)
        )
    return Refused(
        text(
            "{name} is no name that this client takes at {level}; {ibm} is.",
            name=name,
            level=level[0],
            ibm=ibm if mapped else jdk,
        ),
        cause=_MAPPING,
    )


def _weak(spec: CipherSpec) -> Refused:
    if spec.deprecated:
        return Refused(
            text("{name} is weak, and the JDK may have it off.", name=spec.name), "open", "tls.disabled-by-jdk"
        )
    return Refused()


def _mapping(ahead: Ahead) -> str:
    return next((fact.value.lower() for fact in ahead.facts if fact.name == "property.useibmciphermappings"), "")


def _of_family(ahead: Ahead, spec: CipherSpec) -> Refused:
    """A client that knows the CipherSpecs of some protocols alone, and no aliases, at the level where it was tried."""
    family = ahead.wanted.family
    if spec.kind == "cipher_spec" and set(spec.protocols) <= set(family.ciphers):
        return Refused()
    tried = ahead.wanted.level == family.level
    told = text(
        "{name} is not known to this client at {level}, where that was tried", name=spec.name, level=family.level
    )
    if tried:
        return Refused(text("{told}: only names of {ciphers} are.", told=told, ciphers=" and ".join(family.ciphers)))
    return Refused(text("{told}; of other levels that is not known (--level LEVEL names it).", told=told), "open")


def _of_level(ahead: Ahead, spec: CipherSpec) -> Refused:
    if "latest" not in spec.since and is_older(ahead.wanted.level, spec.since):
        return Refused(
            text(
                "{name} came with {since}, and this client is of {level}.",
                name=spec.name,
                since=spec.since,
                level=ahead.wanted.level,
            )
        )
    return Refused()


def is_older(level: str, since: str) -> bool:
    """Whether a level is before another one; False where either is not known."""
    one, other = _LEVEL.match(level), _LEVEL.match(since)
    return bool(one and other and _numbers(one[0]) < _numbers(other[0]))


def _numbers(level: str) -> tuple[int, ...]:
    return tuple(int(part) for part in level.split("."))

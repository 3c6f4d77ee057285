"""Whether a client knows the CipherSpec or suite that it is given."""

import re
from dataclasses import dataclass

from mqtrace.catalog.ciphers import CipherSpec, cipher_spec, cipher_specs, cipher_words
from mqtrace.catalog.words import nearest
from mqtrace.model.preflight import ChannelAhead, CheckState
from mqtrace.preflight.ahead import Ahead

_LEVEL = re.compile(r"\d+(?:\.\d+)*")
UNKNOWN = "tls.cipherspec-unknown"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a client would refuse a CipherSpec; no text where it would not."""

    text: str = ""
    state: CheckState = "fails"
    cause: str = UNKNOWN
    reason: int | None = None


def unknown_cipher(ahead: Ahead, channel: ChannelAhead) -> Refused:
    """Why the client would not take the channel's CipherSpec."""
    name = channel.cipher_spec
    spec = cipher_spec(name)
    if spec is None:
        near = nearest(name, cipher_words(), limit=1)
        meant = f"; did you mean {near[0]}?" if near and not cipher_specs(name) else "."
        return Refused(f"{name} is no CipherSpec{meant}")
    return _of_family(ahead, spec) if ahead.wanted.family.ciphers else _of_level(ahead, spec)


def _of_family(ahead: Ahead, spec: CipherSpec) -> Refused:
    """A client that knows the CipherSpecs of some protocols alone, and no aliases, at the level where it was tried."""
    family = ahead.wanted.family
    if spec.kind == "cipher_spec" and set(spec.protocols) <= set(family.ciphers):
        return Refused()
    tried = ahead.wanted.level == family.level
    told = f"{spec.name} is not known to this client at {family.level}, where that was tried"
    if tried:
        return Refused(f"{told}: only names of {' and '.join(family.ciphers)} are.")
    return Refused(f"{told}; of other levels that is not known (--level LEVEL names it).", "open")


def _of_level(ahead: Ahead, spec: CipherSpec) -> Refused:
    since, level = _LEVEL.match(spec.since), _LEVEL.match(ahead.wanted.level)
    if since and level and "latest" not in spec.since and _numbers(level[0]) < _numbers(since[0]):
        return Refused(f"{spec.name} came with {since[0]}, and this client is of {level[0]}.")
    return Refused()


def _numbers(level: str) -> tuple[int, ...]:
    return tuple(int(part) for part in level.split("."))

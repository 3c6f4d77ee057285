"""What the key repositories and key stores of a client would mean for a channel."""

from collections.abc import Callable, Iterator, Sequence

from mqtrace.keys.check import CheckRequest, check
from mqtrace.keys.reading import read_store
from mqtrace.model import Evidence
from mqtrace.model.key_store import KeyStore
from mqtrace.model.preflight import ChannelAhead, Check
from mqtrace.model.text import joined, text
from mqtrace.preflight.ahead import Ahead, step
from mqtrace.preflight.ciphers import is_older
from mqtrace.preflight.files import File, is_file, read_file

Password = Callable[[], str | None]
# Problems of a store that end the call at this end; the others depend on what the other end asks for.
_ENDS_HERE = {
    "tls.key-repository-missing", "tls.key-repository-unusable", "tls.certificate-label-not-found",
    "tls.trust-store-empty",
}  # fmt: skip
_STEM_SUFFIXES = (".kdb",)
_INI_PASSWORD = "ini.ssl.sslkeyrepositorypassword"
_TRUST_PASSWORD = "javax.net.ssl.trustStorePassword"


def open_stores(ahead: Ahead, password: Password) -> list[KeyStore]:
    """The stores that the settings name and that are at hand."""
    return [
        read_store(file.source(), password)
        for name in ahead.wanted.family.stores
        if (file := store_file(ahead, ahead.value(name))) and not file.error
    ]


def store_file(ahead: Ahead, named: str) -> File | None:
    """The file of a store, whose name may lack its suffix; None where it is a store of the system, or none is named."""
    if not named or named in ahead.wanted.family.system_stores:
        return None
    family = ahead.wanted.family
    # Before that level a key repository was named by its stem alone.
    by_stem = is_older(ahead.wanted.level, family.stem_before)
    names = [named + suffix for suffix in (_STEM_SUFFIXES if by_stem else family.store_suffixes)]
    there = next((name for name in names if is_file(ahead.around.file(name))), names[0])
    return read_file(there, ahead.around.file(there))


def store_checks(ahead: Ahead, channel: ChannelAhead, stores: Sequence[KeyStore]) -> Iterator[Check]:
    """The steps of each store that the client would open for the channel."""
    family = ahead.wanted.family
    for name in family.stores:
        named, words = ahead.value(name), name.replace("_", " ")
        evidence = ahead.evidence(name)
        if named in family.system_stores:
            yield Check(
                words,
                "open",
                text("{named} is a store of the system, which was not looked into.", named=named),
                evidence=evidence,
            )
        elif not named:
            yield from _no_store(ahead, name, words, channel)
        else:
            yield _store(ahead, channel, name, stores)


def _no_store(ahead: Ahead, name: str, words: str, channel: ChannelAhead) -> Iterator[Check]:
    if ahead.wanted.client == "c":
        said = text(
            "{cipher_spec} asks for TLS, and nothing names a {words}.", cipher_spec=channel.cipher_spec, words=words
        )
        yield step(ahead, words, said, "tls.no-key-repository", evidence=ahead.evidence("cipher_spec"))
    elif name == "trust_store":
        yield Check(words, "open", "Nothing names one, so the JDK's own decides (cacerts), which was not looked into.")


def _store(ahead: Ahead, channel: ChannelAhead, name: str, stores: Sequence[KeyStore]) -> Check:
    named, words, evidence = ahead.value(name), name.replace("_", " "), ahead.evidence(name)
    if ahead.wanted.family.system_stores:
        known = " and ".join(ahead.wanted.family.system_stores)
        said = text(
            "The {words} {named} is not one that this client takes; it takes {known}.",
            words=words,
            named=named,
            known=known,
        )
        return step(ahead, words, said, "tls.key-repository-unusable", evidence=evidence)
    file = store_file(ahead, named)
    if file is None or file.error:
        said = text(
            "The {words} {named} cannot be read: {error}", words=words, named=named, error=file.error if file else ""
        )
        if not ahead.around.is_here:
            return Check(
                words,
                "open",
                text("The {words} {named} is not on this machine.", words=words, named=named),
                evidence=evidence,
            )
        reason = ahead.wanted.family.missing.get(name)
        return step(ahead, words, said, "tls.key-repository-missing", reason=reason, evidence=evidence)
    store = next(each for each in stores if each.source == file.name)
    return _opened(ahead, channel, store, words, evidence)


def _opened(ahead: Ahead, channel: ChannelAhead, store: KeyStore, words: str, evidence: tuple[Evidence, ...]) -> Check:
    """What the store that was opened means for the channel."""
    if ahead.wanted.client == "java" and words == "trust store":
        empty = _empty_for_java(ahead, store, evidence)
        if empty:
            return empty
    if store.state in ("locked", "wrong-password"):
        how = "MQTRACE_STORE_PASSWORD lets mqtrace look into it"
        return Check(
            words, "open", text("{store} has a password, and {how}.", store=store.source, how=how), evidence=evidence
        )
    label = channel.certificate_label if ahead.source("certificate_label") != "default" else ""
    label = "" if words == "trust store" else label
    if ahead.wanted.client == "c" and store.kind in ("cms", "pkcs12") and not _is_password_at_hand(ahead, store):
        how = "nothing gives its password: no stash file (.sth) beside it, no MQKEYRPWD, none in mqclient.ini"
        said = text("{store} was opened here, and {how}.", store=store.source, how=how)
        return Check(words, "open", said, "tls.key-repository-password", evidence=evidence)
    problems = check(store, CheckRequest(ahead.wanted.at, label=label, cipher=_spec(ahead, channel)))
    here = next((each for each in problems if each.id in _ENDS_HERE), None)
    if here:
        return step(ahead, words, f"{store.source}: {here.text}", here.id, evidence=evidence)
    if problems:
        return Check(words, "open", f"{store.source}: {problems[0].text}", problems[0].id, evidence=evidence)
    return Check(words, "ok", _store_words(ahead, channel, store), evidence=evidence)


def _is_password_at_hand(ahead: Ahead, store: KeyStore) -> bool:
    """Whether the client finds the password of the store, as far as files and variables tell."""
    given = (fact.value for fact in ahead.configuration.facts if fact.name == _INI_PASSWORD)
    return bool(store.stash or ahead.around.variable("MQKEYRPWD") or any(given))


def _empty_for_java(ahead: Ahead, store: KeyStore, evidence: tuple[Evidence, ...]) -> Check | None:
    """Whether the JDK gets nothing out of a trust store: one in PEM, or one of PKCS#12 without its password."""
    words, reason = "trust store", ahead.wanted.family.missing.get("trust_store")
    if store.kind in ("pem", "der"):
        said = text(
            "{store} is no store that the JDK reads: it is {kind}.", store=store.source, kind=store.kind.upper()
        )
        return step(ahead, words, said, "tls.key-repository-unusable", reason=reason, evidence=evidence)
    if store.kind == "pkcs12" and store.state == "locked" and _TRUST_PASSWORD not in ahead.around.properties:
        said = text(
            "{store} has a password, and no -D{TRUST_PASSWORD} gives it: the JDK then reads nothing of it.",
            store=store.source,
            TRUST_PASSWORD=_TRUST_PASSWORD,
        )
        return step(ahead, words, said, "tls.trust-store-empty", reason=reason, evidence=evidence)
    return None


def _spec(ahead: Ahead, channel: ChannelAhead) -> str:
    return "" if ahead.wanted.client == "java" else channel.cipher_spec


def _store_words(ahead: Ahead, channel: ChannelAhead, store: KeyStore) -> str:
    label = channel.certificate_label
    held = {each.label for each in store.certificates if each.private_key is not False}
    told: list[str] = [text("{store} was opened.", store=store.source)]
    if ahead.wanted.client == "c" and label not in held:
        told.append(
            text(
                "It has no personal certificate {label}, so none is sent: a channel with SSLCAUTH(REQUIRED) "
                "refuses that.",
                label=label or "of the default label",
            )
        )
    elif label and label in held:
        told.append(text("The certificate {label} is in it.", label=label))
    return joined(told)

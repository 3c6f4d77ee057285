"""`explain WORD`: everything the catalogue knows by a word, as the object of the contract."""

from collections.abc import Callable, Iterable

from mqtrace.catalog.alerts import KnownAlert, alert, alert_names
from mqtrace.catalog.causes import CauseInfo, all_causes, cause
from mqtrace.catalog.ciphers import CipherSpec, cipher_specs, cipher_words
from mqtrace.catalog.entries import entry_texts
from mqtrace.catalog.explain_settings import explained_settings, setting_names
from mqtrace.catalog.explanation import Explained, explanation
from mqtrace.catalog.gskit import GskitCode, gskit_code, gskit_names
from mqtrace.catalog.messages import MessageInfo, message, message_id, message_inserts, short_meaning, writer_of
from mqtrace.catalog.reasons import ReasonInfo, reason, reason_names
from mqtrace.catalog.words import nearest

LONGEST_WORD = 200
LONGEST_NUMBER = 9
WRITERS = {
    "client": "a client program",
    "queue manager": "the queue manager",
    "command": "a command of MQ",
    "either": "either end of a channel",
}


def _fixes_of(*ids: str) -> list[str]:
    """The steps of the causes, for entries that have none of their own."""
    infos = [info for id in dict.fromkeys(ids) if id and (info := cause(id))]
    return list(dict.fromkeys(step for info in infos for step in info.fix))


def _titles_of(*ids: str) -> list[str]:
    return [info.title for id in dict.fromkeys(ids) if id and (info := cause(id))]


def _number(word: str) -> int | None:
    """A decimal number without leading zeros (those are hex numbers of suites)."""
    if word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER and (word == "0" or word[0] != "0"):
        return int(word)
    return None


def _message(info: MessageInfo) -> Explained:
    return explanation(
        "message",
        info.id,
        info.title,
        info.meaning,
        causes=info.causes,
        fixes=info.fixes or _fixes_of(info.cause_client, info.cause_server),
        severity=info.severity,
        written_by=writer_of(info.id),
        inserts={str(number): role for number, role in info.inserts.items()},
        reason_codes=list(info.reason_codes),
        cause_ids=[id for id in dict.fromkeys((info.cause_client, info.cause_server)) if id],
        basis=info.basis,
        source=info.source,
    )


def _message_without_entry(id: str) -> Explained | None:
    inserts = message_inserts(id)
    if inserts is None:
        return None
    known = short_meaning(id)
    if known:
        title = f"A message of {WRITERS[known['writer']]}."
        more = {"causes": [], "fixes": [known["todo"]], "written_by": known["writer"], "basis": "reported"}
        return explanation("message", id, title, known["meaning"], **more)
    count = f"{len(inserts) or 'no'} insert{'' if len(inserts) == 1 else 's'}"
    unknown = "mqtrace has no entry for it: it is not among those known to tell why a connection failed."
    meaning = f"MQ's message catalogue has this id, with {count}; {unknown}"
    fixes = [f"See IBM's text on a host with MQ:   mqrc {id}", f"Or search the IBM MQ documentation for {id}."]
    title = "A message of IBM MQ that mqtrace has no entry for."
    return explanation("message", id, title, meaning, causes=[], fixes=fixes, basis="documented")


def _messages(word: str) -> list[Explained]:
    id = message_id(word)
    if not id:
        return []
    info = message(id)
    found = _message(info) if info else _message_without_entry(id)
    return [found] if found else []


def _cause(info: CauseInfo) -> Explained:
    comes_of = _titles_of(*(id for id in info.consequences_of if not id.endswith("*")))
    more = {"causes": comes_of, "fixes": info.fix, "basis": info.basis, "source": info.source}
    return explanation("cause", info.id, info.title, info.explanation, **more)


def _causes(word: str) -> list[Explained]:
    info = cause(word.lower())
    return [_cause(info)] if info else []


def _reason(info: ReasonInfo) -> Explained:
    meaning = (
        info.meaning
        or "A reason code of IBM MQ that mqtrace has no entry for: it is not among those known to tell why a "
        "connection failed."
    )
    fixes = info.fixes or (
        f"See IBM's text on a host with MQ:   mqrc {info.id}",
        f"Or search the IBM MQ documentation for {info.name}.",
    )
    more = {"name": info.name, "hex": f"0x{info.code:08x}", "cause_ids": [info.cause] if info.cause else []}
    return explanation(
        "reason",
        info.id,
        f"{info.name}: {info.title}",
        meaning,
        causes=info.causes,
        fixes=fixes,
        **more,
        basis=info.basis,
        source=info.source,
    )


def _reasons(word: str) -> list[Explained]:
    if word[:2].lower() == "0x" and len(word) <= 10 and all(digit in "0123456789abcdefABCDEF" for digit in word[2:]):
        info = reason(int(word, 16)) if word[2:] else None
    else:
        info = reason(word) if len(word) == 4 or not word.isdigit() else None
    return [_reason(info)] if info and info.code >= 1000 else []


def _gskit(code: GskitCode) -> Explained:
    zos = f"On z/OS (System SSL) the number means: {code.meaning_zos}." if code.meaning_zos else ""
    own = f"{code.meaning[0].upper()}{code.meaning[1:]}." if code.meaning else ""
    return explanation(
        "gskit",
        str(code.code),
        f"GSKit {code.code}: {code.name}" if code.name else f"GSKit {code.code}",
        " ".join(text for text in (own, zos) if text),
        causes=[words.strip() for words in code.usual_cause.split(";")] if code.usual_cause else _titles_of(code.cause),
        fixes=_fixes_of(code.cause),
        name=code.name,
        cause_ids=[code.cause] if code.cause else [],
        source=code.confidence,
    )


def _gskits(word: str) -> list[Explained]:
    number = _number(word)
    code = gskit_code(word if number is None else number)
    return [_gskit(code)] if code else []


def _alert(info: KnownAlert) -> Explained:
    server, client = info.cause_from_server, info.cause_from_client
    if server == client:
        causes = _titles_of(server)
    else:
        causes = [f"Sent by the server: {title}" for title in _titles_of(server)]
        causes += [f"Sent by the client: {title}" for title in _titles_of(client)]
    title = f"TLS alert {info.code}: {info.name}"
    meaning = info.meaning or "The sender ends the handshake or the connection."
    ids = [id for id in dict.fromkeys((server, client)) if id]
    more = {"name": info.name, "cause_ids": ids}
    return explanation("alert", str(info.code), title, meaning, causes=causes, fixes=_fixes_of(*ids), **more)


def _alerts(word: str) -> list[Explained]:
    number = _number(word)
    info = alert(word if number is None else number)
    return [_alert(info)] if info else []


def _cipher_meaning(spec: CipherSpec) -> str:
    if spec.kind == "alias":
        stands_for = (
            f"any of {len(spec.members)} CipherSpecs" if spec.members else "the newest protocol that .NET allows"
        )
        protocols = " and ".join(spec.protocols) or spec.note
        told = f"An alias that stands for {stands_for} ({protocols}); the two ends agree on one of them."
        return f"{told} Since {spec.since}." if spec.since else told
    parts = [
        f"{spec.protocols[0]} suite {spec.hex.lower()}, {spec.iana} in the IANA registry.",
        f"The queue manager's certificate must have this kind of key: {spec.certificate}." if spec.certificate else "",
        f"Allowed by FIPS: {spec.fips.lower().replace('?', ' (not verified)')}." if spec.fips else "",
        f"Since {spec.since}." if spec.since else "",
        f"Deprecated or off by default: {spec.deprecated}." if spec.deprecated else "",
    ]
    return " ".join(part for part in parts if part)


def _cipher_fixes(spec: CipherSpec) -> list[str]:
    fixes = [f"Java knows it as {' or '.join(spec.java)}."] if spec.java else []
    if spec.deprecated:
        fixes.append("Use a current CipherSpec, for example ANY_TLS12_OR_HIGHER, at both ends.")
    return [*fixes, f"See whether it fits the channel's value:   mqtrace decode cipher {spec.name} CHANNEL_VALUE"]


def _cipher(spec: CipherSpec) -> Explained:
    alias = spec.kind == "alias"
    title = f"{spec.name}, an alias for CipherSpecs" if alias else f"{spec.name}, a CipherSpec of {spec.protocols[0]}"
    return explanation(
        "cipher_spec",
        spec.name,
        title,
        _cipher_meaning(spec),
        causes=[],
        fixes=_cipher_fixes(spec),
        protocols=list(spec.protocols),
        hex=spec.hex.lower(),
        iana=spec.iana,
        java=list(spec.java),
        key_exchange=spec.key_exchange,
        key_type=spec.certificate,
        encryption=spec.encryption,
        bits=spec.bits,
        mac=spec.mac,
        members=list(spec.members),
        fips=spec.fips,
        suite_b=spec.suite_b,
        since=spec.since,
        deprecated=spec.deprecated,
        note=spec.note,
        source=spec.source,
    )


def _ciphers(word: str) -> list[Explained]:
    return [_cipher(spec) for spec in cipher_specs(word)]


# In the order in which a word of several meanings is read.
LOOK_UPS: dict[str, Callable[[str], list[Explained]]] = {
    "message": _messages,
    "cause": _causes,
    "reason": _reasons,
    "gskit": _gskits,
    "alert": _alerts,
    "cipher": _ciphers,
    "setting": lambda word: list(explained_settings(word)),
}


def _split(word: str) -> tuple[list[str], str]:
    """The kinds to look in, and the word without its prefix ("alert:40")."""
    prefix, colon, rest = word.partition(":")
    kind = prefix.strip().lower().removesuffix("_spec")
    return ([kind], rest.strip()) if colon and kind in LOOK_UPS else (list(LOOK_UPS), word)


def explain(word: str) -> Explained | None:
    """The contract's object for a word, None when nothing is known by it.

    A word is a message id, a reason code or its name, a cause id, a CipherSpec (also its IANA or Java name, or its hex
    number), a GSKit code or symbol, a TLS alert, a variable, a setting or an attribute of mqclient.ini;
    "alert:40", "gskit:40", "reason:2393", "message:", "cause:", "cipher:" and "setting:" choose one kind. "also" lists
    the other meanings of the word: kind, id and title of each.
    """
    kinds, word = _split(word.strip()[:LONGEST_WORD])
    if not word:
        return None
    found = [explained for kind in kinds for explained in LOOK_UPS[kind](word)]
    if not found:
        return None
    return {**found[0], "also": [{name: other[name] for name in ("kind", "id", "title")} for other in found[1:]]}


WORDS: dict[str, Callable[[], Iterable[str]]] = {
    "message": lambda: entry_texts("message"),
    "cause": lambda: (info.id for info in all_causes()),
    "reason": reason_names,
    "gskit": gskit_names,
    "alert": alert_names,
    "cipher": cipher_words,
    "setting": setting_names,
}


def suggestions(word: str) -> list[str]:
    """Up to three words that `explain` knows and that `word` may be meant to be, nearest first."""
    kinds, word = _split(word.strip()[:LONGEST_WORD])
    return nearest(word, (each for kind in kinds for each in WORDS[kind]()))

"""Causes that one line proves, as patterns/signs lists them."""

from collections.abc import Iterator

from msgspec.structs import replace

from mqtrace.catalog.signs import Sign, signs
from mqtrace.kept import compiled
from mqtrace.model import Alternative, Fact, Finding
from mqtrace.model.text import Named, text
from mqtrace.rules.case import Case, rule

SOCKET_ERROR = "socket.errno"
PLACEHOLDER = compiled(r"\{(\w+)\}")


def _has(case: Case, wanted: str) -> bool:
    name, _, value = wanted.partition("=")
    return case.find(name, value=value or None) is not None


def _applies(sign: Sign, fact: Fact, case: Case) -> bool:
    connection = case.connection
    return (
        (not sign.values or fact.value in sign.values)
        and sign.contains in fact.value
        and (not sign.phases or connection.phase in sign.phases)
        and (not sign.reasons or connection.reason_code is None or connection.reason_code in sign.reasons)
        and (not sign.channel_from or case.source("channel") in sign.channel_from)
        and (not sign.clients or connection.client in sign.clients)
        and sign.inputs in ("", "trace" if connection.facts else "log")
        and all(_has(case, wanted) for wanted in sign.requires)
        and not any(_has(case, unwanted) for unwanted in sign.unless)
        and (not sign.plain or case.plain)
        and (not sign.secured or not case.plain)
    )


@rule
def lines_that_name_a_cause(case: Case) -> Iterator[Finding]:
    """Every sign that a deciding fact gives. Only where something failed: in a connection
    that works it means nothing."""
    if case.connection.reason_code == 0:
        return
    known = signs()
    causes: set[str] = set()
    errors: dict[str, Finding] = {}
    for fact in case.facts:
        for sign in known.get(fact.name, ()):
            if not _applies(sign, fact, case):
                continue
            finding = _finding(sign, fact, case)
            if fact.name == SOCKET_ERROR:
                errors.pop(sign.cause, None)
                errors[sign.cause] = finding
            elif sign.cause not in causes:
                causes.add(sign.cause)
                yield finding
    yield from _last_of(list(errors.values()))


def _finding(sign: Sign, fact: Fact, case: Case) -> Finding:
    """What a sign tells. Where its sentence names what only a file given beside the trace
    says, it is no more than likely."""
    sentence, confidence = _text(sign, fact, case), sign.confidence
    named = PLACEHOLDER.findall(sign.text) if sentence else ()
    if confidence == "certain" and any(_is_assumed(case, setting) for setting in named):
        confidence = "likely"
    return Finding(sign.cause, "fail", sentence, confidence, (fact.evidence,), sign.alternatives)


def _is_assumed(case: Case, setting: str) -> bool:
    row = case.rows.get(setting)
    if row is None or row.value_proof == "traced" or not case.connection.facts:
        return False
    return any(line.location.source != case.connection.source for line in row.evidence)


def _last_of(errors: list[Finding]) -> Iterator[Finding]:
    """Of several errors of the socket in one attempt, as where a host has several
    addresses, the last; the others are its alternatives."""
    if not errors:
        return
    *before, last = errors
    if not before:
        yield last
        return
    how = "The trace shows this error as well: see which address each one is of."
    others = tuple(Alternative(error.id, how) for error in before)
    yield replace(
        last,
        confidence="likely" if last.confidence == "certain" else last.confidence,
        alternatives=(*last.alternatives, *others),
    )


def _text(sign: Sign, fact: Fact, case: Case) -> str:
    """The sign's sentence with the values of this case; "" where one of them is not known."""
    if not sign.text:
        return ""
    connection = case.connection
    address = connection.attempts[-1].address if connection.attempts else ""
    names = {name: Named(name, row.value) for name, row in case.rows.items()}
    names["value"] = Named(fact.name, fact.value)
    own = {
        "address": address or case.value("address"),
        "queue_manager": connection.queue_manager or case.value("queue_manager"),
        "server_name": _last(case, "tls.server_name"),
        "peer_dn": _last(case, "tls.dn_compared"),
    }
    names |= {name: Named(name, value) for name, value in own.items()}
    wanted = PLACEHOLDER.findall(sign.text)
    return text(sign.text, **names) if all(name in names and names[name].value for name in wanted) else ""


def _last(case: Case, name: str) -> str:
    last = case.find(name)
    return last.value if last else ""

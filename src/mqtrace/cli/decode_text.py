"""What the `decode` commands print for people."""

from collections.abc import Iterable
from typing import Any

from mqtrace.model import Structure
from mqtrace.report.layout import shorten, wrap
from mqtrace.report.shown import clean, clean_value

_LABEL = 13
_WIDEST = 100
_MOST_SUITES = 6


def hello_text(found: dict[str, Any], width: int) -> str:
    """A ClientHello, one line a thing, the suites one below the other."""
    return _block([*_hello_rows(found), *_suite_rows(found["cipher_suites"])], width)


def handshake_text(found: dict[str, Any], width: int) -> str:
    """One handshake; the cause first."""
    cause = found["cause"]
    rows = [
        ("cause", f"{cause['title']}  ({cause['id']}, {cause['confidence']})") if cause else ("result", found["text"])
    ]
    rows += [("or", f"{each['id']}: {each['how_to_tell']}") for each in (cause["alternatives"] if cause else ())]
    rows += [("messages", ", ".join(found["messages"]))] if found["messages"] else []
    if found["offered"]:
        rows += [*_hello_rows(found["offered"])[:2], ("suites", _suites(found["offered"]["cipher_suites"]))]
    if found["chosen"]:
        rows.append(("chosen", f"{found['chosen']['protocol']}  {_suite(found['chosen']['cipher_suite'])}"))
    rows += [row for each in found["certificates"] for row in _certificate_rows("certificate", each)]
    rows += [row for each in found["client_certificates"] for row in _certificate_rows("client's", each)]
    if found["client_certificate_sent"] is False:
        rows.append(("client's", "the client sent no certificate"))
    rows += [("alert", _alert(each)) for each in found["alerts"]]
    rows += [("GSKit", _gskit(found[name])) for name in ("gskit", "validation") if found[name]]
    rows += [("said", _said(each)) for each in found["failures"]]
    rows += [("incomplete", "bytes of the connection are missing in the capture")] if found["incomplete"] else []
    rows += [("MQ", each["text"]) for each in found["mq"]]
    return f"{clean(_heading(found))}\n{_block(rows, width)}"


def alert_text(found: dict[str, Any], width: int) -> str:
    """An alert and what it proves by the end that sent it."""
    rows = [(f"{found['code']}", found["name"]), ("means", found["meaning"] or "nothing more is known")]
    rows += [
        (f"from {end}", found[f"cause_from_{end}"]) for end in ("server", "client") if found.get(f"cause_from_{end}")
    ]
    return _block(rows, width)


def agreement_text(found: dict[str, Any], width: int) -> str:
    """Whether two settings agree."""
    rows = [("outcome", found["outcome"])]
    rows += [("negotiated", f"{found['protocol']}  {found['negotiated']}")] if found["negotiated"] else []
    rows += [("why", found["why"])]
    rows += [(each["protocol"], each["negotiated"] or "no suite in common") for each in found["versions"]]
    return _block(rows, width)


def structure_text(found: Structure, width: int) -> str:
    """A structure: the fields in force, empty ones left out."""
    size = f"version {found.version}, {found.bits} bit, {found.byte_order} endian"
    head = f"{found.name}  {size}" + (
        f", the dump ends at offset {found.cut_at:#06x}" if found.cut_at is not None else ""
    )
    names = max([len(each.name) for each in (*found.fields, *found.not_in_force)] or [0])
    room = min(width, _WIDEST) - names - 10
    lines = [
        f"  {each.offset:#06x} {each.name:{names}} {shorten(clean_value(each.name, each.value), room)}"
        for each in found.fields
        if each.value and each.value.strip("0x, ")
    ]
    if found.not_in_force:
        lines += ["  Filled in, but beyond the version and so not in force:"]
        lines += [
            f"  {each.offset:#06x} {each.name:{names}} {shorten(clean_value(each.name, each.value), room)}"
            for each in found.not_in_force
        ]
    return "\n".join([head, *lines]) + "\n"


def _heading(found: dict[str, Any]) -> str:
    place = f"{found['file']}:{found['line']}" if found["line"] else found["file"]
    ends = f"{found['client']} -> {found['server']}" if found["client"] else ""
    return "  ".join(part for part in (place, ends, found["started"]) if part)


def _hello_rows(hello: dict[str, Any]) -> list[tuple[str, str]]:
    versions = hello["versions"]
    channel = f"  (channel {hello['channel']})" if hello["channel"] else "  (no channel: a host name)"
    return [
        ("versions", f"highest {versions[0]}, lowest {versions[-1]}" if len(versions) > 1 else "".join(versions)),
        ("server name", f"{hello['server_name']}{channel}" if hello["server_name"] else "none sent"),
        *([("groups", ", ".join(hello["groups"]))] if hello["groups"] else []),
        *([("signatures", ", ".join(hello["signature_algorithms"]))] if hello["signature_algorithms"] else []),
    ]


def _suite_rows(suites: list[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    return (("suites" if number == 0 else "", f"{each['hex']} {_suite(each)}") for number, each in enumerate(suites))


def _suites(suites: list[dict[str, Any]]) -> str:
    """The first suites that MQ has a CipherSpec for, and how many there are."""
    specs = [each["cipher_spec"] for each in suites if each["cipher_spec"]][:_MOST_SUITES]
    return ", ".join(specs) + (f" ... ({len(suites)} offered in all)" if len(suites) > len(specs) else "")


def _suite(suite: dict[str, Any]) -> str:
    iana, spec = suite["iana"] or "not in IANA's registry", suite["cipher_spec"]
    if not spec:
        return f"{iana}  (no CipherSpec)"
    return spec if spec == iana else f"{spec}  ({iana})"


def _certificate_rows(label: str, certificate: dict[str, str]) -> list[tuple[str, str]]:
    dates = f"{certificate['not_before']} to {certificate['not_after']}" if certificate["not_before"] else ""
    issuer = "itself (self-signed)" if certificate["issuer"] == certificate["subject"] else certificate["issuer"]
    return [(label, certificate["subject"]), ("  issued by", issuer), *([("  valid", dates)] if dates else [])]


def _said(failure: str) -> str:
    from mqtrace.handshakes.cause import openssl_verify
    from mqtrace.handshakes.handshake import VERIFY

    return openssl_verify(failure) if failure.startswith(VERIFY) else failure


def _alert(each: dict[str, Any]) -> str:
    from mqtrace.catalog.alerts import alert

    known = alert(each["code"])
    sender = f", from the {each['from']}" if each["from"] != "unknown" else ""
    return f"{each['code']} {each['name']}{sender}. {known.meaning if known else ''}".strip()


def _gskit(code: int) -> str:
    from mqtrace.catalog.gskit import gskit_code

    known = gskit_code(code)
    return f"{code} {known.name}: {known.meaning}" if known else str(code)


def _block(rows: Iterable[tuple[str, str]], width: int) -> str:
    room = min(width, _WIDEST) - _LABEL - 2
    lines = []
    for label, text in rows:
        for number, line in enumerate(wrap(clean(text), room)):
            lines.append(f"  {label if number == 0 else '':<{_LABEL}}{line}".rstrip())
    return "\n".join(lines) + "\n"

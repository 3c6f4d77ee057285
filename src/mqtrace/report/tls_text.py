"""Handshakes, hellos, alerts, structures and agreements as the `decode` commands print them for people."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mqtrace.catalog.alerts import KnownAlert, alert, alert_name
from mqtrace.catalog.gskit import gskit_code
from mqtrace.catalog.tables import table
from mqtrace.model import Cause, Structure, StructureField
from mqtrace.model.tls import VERIFY, Agreement, Alert, Certificate, CipherSuite, ClientHello, Handshake
from mqtrace.pages.layout import shorten, wrap
from mqtrace.report.shown import clean, clean_value

_LABEL = 13
_WIDEST = 100
_MOST_SUITES = 6
UNKNOWN_ALERT = "No alert has this number: the sender made it up."
Rows = list[tuple[str, str]]


def hello_text(hello: ClientHello, width: int) -> str:
    """A ClientHello, one line a thing, the suites one below the other."""
    suites = [f"{suite.hex} {_suite(suite)}" for suite in hello.cipher_suites]
    return _block([*_hello_rows(hello), *zip(["suites", *[""] * len(suites)], suites, strict=False)], width)


def handshake_text(handshake: Handshake, cause: Cause | None, width: int) -> str:
    """One handshake; the cause first."""
    rows = [*_result_rows(handshake, cause), *_said_rows(handshake), *_ending_rows(handshake)]
    return f"{clean(_heading(handshake))}\n{_block(rows, width)}"


def alert_text(code: int, known: KnownAlert | None, width: int) -> str:
    """An alert and what it proves by the end that sent it."""
    if known is None:
        return _block([(str(code), alert_name(code)), ("means", UNKNOWN_ALERT)], width)
    causes = (("from server", known.cause_from_server), ("from client", known.cause_from_client))
    meaning = known.meaning or "nothing more is known"
    return _block([(str(code), known.name), ("means", meaning), *(row for row in causes if row[1])], width)


def agreement_text(agreement: Agreement, width: int) -> str:
    """Whether two settings agree."""
    rows = [("outcome", str(agreement.outcome))]
    if agreement.negotiated:
        rows.append(("negotiated", f"{agreement.protocol}  {agreement.negotiated}"))
    rows.append(("why", agreement.why))
    rows += [(protocol, name or "no suite in common") for protocol, name in agreement.versions]
    return _block(rows, width)


def structure_text(structure: Structure, width: int) -> str:
    """A structure: the fields in force, empty ones left out."""
    head = f"{structure.name}  version {structure.version}, {structure.bits} bit, {structure.byte_order} endian"
    if structure.cut_at is not None:
        head += f", the dump ends at offset {structure.cut_at:#06x}"
    names = max([len(field.name) for field in (*structure.fields, *structure.not_in_force)] or [0])
    filled = [_named(structure.name, field) for field in structure.fields if field.value.strip("0x, ")]
    lines = [head, *_field_lines(filled, names, width)]
    if structure.not_in_force:
        lines.append("  Filled in, but beyond the version and so not in force:")
        lines += _field_lines(structure.not_in_force, names, width)
    return "\n".join(lines) + "\n"


def _named(structure: str, field: StructureField) -> StructureField:
    """The field with the name of its number behind it, where MQ has one."""
    names = {(row["struct"], row["field"], row["value"]): row["name"] for row in table("mq_field_values")}
    name = names.get((structure, field.name, field.value), "")
    return replace(field, value=f"{field.value} ({name})") if name else field


def summary(handshake: Handshake) -> str:
    """What is known of a handshake that proves no cause, in one or two sentences."""
    if handshake.complete:
        return _of_complete(handshake)
    if handshake.incomplete:
        return (
            "Bytes of this connection are missing in the capture, so it does not tell how the handshake ended. "
            "Capture whole packets from the beginning on (tcpdump -s 0)."
        )
    if handshake.messages:
        return _of_failed(handshake)
    closed = " The other end closed the connection." if handshake.closed_by == "server" else ""
    return f"There is no TLS message in it.{closed}"


def _of_failed(handshake: Handshake) -> str:
    if handshake.origin == "capture" and handshake.chosen and handshake.chosen.protocol == "TLSv1.3":
        return (
            "After the ServerHello everything is encrypted with TLS 1.3, alerts too: "
            "the logs of the two ends say how it went on."
        )
    if set(handshake.messages) == {"client_hello"}:
        return "Only the ClientHello is there: the other end refused it, closed the connection or does not speak TLS."
    if handshake.alerts:
        name = handshake.alerts[-1].name
        return f"The alert {name} alone has more than one cause: the log of the end that sent it names one."
    return f"It shows nothing that failed; the last message is {handshake.messages[-1]}."


def _of_complete(handshake: Handshake) -> str:
    unverified = "; ".join(_failure(each) for each in handshake.failures if each.startswith(VERIFY))
    if not unverified:
        return "The handshake is complete; what failed, if anything, came after it."
    return (
        f"The handshake is complete, but openssl could not verify the server's certificate: {unverified}. "
        "Without -CAfile it knows only the system's certificate authorities; "
        "a client of MQ knows those of its own key repository."
    )


def _heading(handshake: Handshake) -> str:
    place = handshake.location
    ends = f"{handshake.client} -> {handshake.server}" if handshake.client else ""
    where = f"{place.source}:{place.line}" if place.line else place.source
    return "  ".join(text for text in (where, ends, handshake.started) if text)


def _result_rows(handshake: Handshake, cause: Cause | None) -> Rows:
    if cause is None:
        return [("result", summary(handshake))]
    others = [("or", f"{other.id}: {other.how_to_tell}") for other in cause.alternatives]
    return [("cause", f"{cause.title}  ({cause.id}, {cause.confidence})"), *others]


def _said_rows(handshake: Handshake) -> Rows:
    rows: Rows = []
    if handshake.messages:
        rows.append(("messages", ", ".join(handshake.messages)))
    if handshake.offered:
        rows += [*_hello_rows(handshake.offered)[:2], ("suites", _suites(handshake.offered.cipher_suites))]
    if handshake.chosen:
        rows.append(("chosen", f"{handshake.chosen.protocol}  {_suite(handshake.chosen.cipher_suite)}"))
    for label, held in (("certificate", handshake.certificates), ("client's", handshake.client_certificates)):
        rows += [row for certificate in held for row in _certificate_rows(label, certificate)]
    if handshake.client_certificate_sent is False:
        rows.append(("client's", "the client sent no certificate"))
    return rows


def _ending_rows(handshake: Handshake) -> Rows:
    rows = [("alert", _alert(alert)) for alert in handshake.alerts]
    rows += [("GSKit", _gskit(code)) for code in (handshake.gskit, handshake.validation) if code]
    rows += [("said", _failure(failure)) for failure in handshake.failures]
    if handshake.incomplete:
        rows.append(("incomplete", "bytes of the connection are missing in the capture"))
    return rows + [("MQ", str(segment)) for segment in handshake.segments]


def _hello_rows(hello: ClientHello) -> Rows:
    versions = hello.versions
    channel = f"  (channel {hello.channel})" if hello.channel else "  (no channel: a host name)"
    span = f"highest {versions[0]}, lowest {versions[-1]}" if len(versions) > 1 else "".join(versions)
    rows = [("versions", span), ("server name", f"{hello.server_name}{channel}" if hello.server_name else "none sent")]
    lists = (("groups", hello.groups), ("signatures", hello.signature_algorithms))
    return rows + [(label, ", ".join(names)) for label, names in lists if names]


def _suites(suites: Sequence[CipherSuite]) -> str:
    """The first suites that MQ has a CipherSpec for, and how many there are."""
    specs = [suite.cipher_spec for suite in suites if suite.cipher_spec][:_MOST_SUITES]
    return ", ".join(specs) + (f" ... ({len(suites)} offered in all)" if len(suites) > len(specs) else "")


def _suite(suite: CipherSuite) -> str:
    iana, spec = suite.iana or "not in IANA's registry", suite.cipher_spec
    if not spec:
        return f"{iana}  (no CipherSpec)"
    return spec if spec == iana else f"{spec}  ({iana})"


def _certificate_rows(label: str, certificate: Certificate) -> Rows:
    issuer = "itself (self-signed)" if certificate.issuer == certificate.subject else certificate.issuer
    rows = [(label, certificate.subject), ("  issued by", issuer)]
    if certificate.not_before:
        rows.append(("  valid", f"{certificate.not_before} to {certificate.not_after}"))
    return rows


def _failure(failure: str) -> str:
    """What the recorder says of a failure; a verdict of openssl s_client ("verify 18") with its meaning."""
    code = failure.removeprefix(VERIFY)
    meaning = next((row["meaning"] for row in table("openssl_verify") if row["code"] == code), "")
    return f"{failure}, {meaning}" if meaning and code != failure else failure


def _alert(told: Alert) -> str:
    known = alert(told.code)
    sender = f", from the {told.sender}" if told.sender != "unknown" else ""
    return f"{told.code} {told.name}{sender}. {known.meaning if known else ''}".strip()


def _gskit(code: int) -> str:
    known = gskit_code(code)
    return f"{code} {known.name}: {known.meaning}" if known else str(code)


def _field_lines(fields: Iterable[StructureField], names: int, width: int) -> list[str]:
    room = min(width, _WIDEST) - names - 10
    return [
        f"  {field.offset:#06x} {field.name:{names}} {shorten(clean_value(field.name, field.value), room)}"
        for field in fields
    ]


def _block(rows: Iterable[tuple[str, str]], width: int) -> str:
    room = min(width, _WIDEST) - _LABEL - 2
    lines = []
    for label, text in rows:
        for number, line in enumerate(wrap(clean(text), room)):
            lines.append(f"  {label if number == 0 else '':<{_LABEL}}{line}".rstrip())
    return "\n".join(lines) + "\n"

"""A checked key store as `keys check` prints it: the contract's JSON object, and text for people."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from mqtrace.model.key_store import KeyProblem, KeyStore, StoredCertificate
from mqtrace.report.layout import wrap
from mqtrace.report.shown import clean, sentence
from mqtrace.report.words import counted

_WIDEST = 120


def store_as_dict(store: KeyStore, problems: Sequence[KeyProblem], remarks: Sequence[str] = ()) -> dict[str, Any]:
    """Kind, certificates and problems by the names of the contract; dates in UTC, what is not known is ""."""
    return {
        "kind": store.kind,
        "source": store.source,
        "stash": store.stash,
        "certificates": [certificate_as_dict(each) for each in store.certificates],
        "problems": [{"id": each.id, "text": each.text, "fix": list(each.fix)} for each in problems],
        "remarks": list(remarks),
    }


def certificate_as_dict(certificate: StoredCertificate) -> dict[str, Any]:
    """A certificate by the names of the contract."""
    return {
        "label": certificate.label,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "not_before": _date(certificate.not_before),
        "not_after": _date(certificate.not_after),
        "key": certificate.key,
        "private_key": certificate.private_key or None,
        "signature_algorithm": certificate.signature_algorithm,
        "usages": list(certificate.usages),
        "alternative_names": list(certificate.alternative_names),
        "trusted": certificate.trusted,
    }


def _date(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def store_text(store: KeyStore, problems: Sequence[KeyProblem], remarks: Sequence[str], width: int) -> str:
    """Whether it will do, what is wrong with it, what is worth knowing, and what it holds."""
    width = min(width, _WIDEST)
    verdict = f"FAIL  {counted(len(problems), 'problem')}" if problems else "OK    Nothing is wrong with it"
    about = f"{store.source}: {store.kind}, {counted(len(store.certificates), 'certificate')}"
    lines = _wrapped(f"{verdict}. {about}", 6, width)
    for problem in problems:
        lines += ["", *_wrapped(f"{sentence(problem.text)} ({problem.id})", 2, width)]
        lines += [line for fix in problem.fix for line in _fix(sentence(fix), width)]
    for remark in remarks:
        lines += ["", *_wrapped(f"Note: {sentence(remark)}", 6, width)]
    for certificate in store.certificates:
        lines += ["", *_certificate_lines(certificate, width)]
    return "\n".join(lines) + "\n"


def _fix(text: str, width: int) -> list[str]:
    """One step; a command, which stands behind three blanks, on a line of its own that can be copied."""
    first, *commands = text.split("   ")
    return [
        *_wrapped(f"      - {first}", 8, width),
        *(f"          {command.strip()}" for command in commands if command.strip()),
    ]


def _wrapped(text: str, hanging: int, width: int) -> list[str]:
    first, *rest = wrap(text, width, hanging)
    return [first, *(" " * hanging + line for line in rest)]


def _certificate_lines(certificate: StoredCertificate, width: int) -> list[str]:
    key = {True: "with private key", False: "no private key", None: "private key not known"}[certificate.private_key]
    lines = _wrapped(
        f"  {clean(certificate.label) or '(no label)'}   {certificate.key or 'key not known'}, {key}", 4, width
    )
    if certificate.subject:
        lines += _wrapped(f"    subject  {clean(certificate.subject)}", 13, width)
        lines += _wrapped(f"    issuer   {clean(certificate.issuer)}", 13, width)
    if certificate.not_before or certificate.not_after:
        lines += _wrapped(f"    valid    {_day(certificate.not_before)} to {_day(certificate.not_after)}", 13, width)
    return lines


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M UTC}" if moment else "?"

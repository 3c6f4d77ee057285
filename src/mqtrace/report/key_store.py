"""A checked key store as `keys check` prints it: the contract's JSON object, and text for people."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from mqtrace.model.key_store import KeyProblem, KeyStore, StoredCertificate
from mqtrace.pages.layout import indented
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
    lines = indented(f"{verdict}. {about}", width, 6)
    for problem in problems:
        lines += ["", *indented(f"{sentence(problem.text)} ({problem.id})", width, 2)]
        lines += [line for fix in problem.fix for line in _fix(sentence(fix), width)]
    for remark in remarks:
        lines += ["", *indented(f"Note: {sentence(remark)}", width, 6)]
    for certificate in store.certificates:
        lines += ["", *_certificate_lines(certificate, width)]
    return "\n".join(lines) + "\n"


def _fix(text: str, width: int) -> list[str]:
    """One step; a command, which stands behind three blanks, on a line of its own that can be copied."""
    first, *commands = text.split("   ")
    return [
        *indented(f"      - {first}", width, 8),
        *(f"          {command.strip()}" for command in commands if command.strip()),
    ]


def _certificate_lines(certificate: StoredCertificate, width: int) -> list[str]:
    key = {True: "with private key", False: "no private key", None: "private key not known"}[certificate.private_key]
    lines = indented(
        f"  {clean(certificate.label) or '(no label)'}   {certificate.key or 'key not known'}, {key}", width, 4
    )
    if certificate.subject:
        lines += indented(f"    subject  {clean(certificate.subject)}", width, 13)
        lines += indented(f"    issuer   {clean(certificate.issuer)}", width, 13)
    if certificate.not_before or certificate.not_after:
        lines += indented(f"    valid    {_day(certificate.not_before)} to {_day(certificate.not_after)}", width, 13)
    return lines


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M UTC}" if moment else "?"

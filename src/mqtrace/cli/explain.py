"""mqtrace explain: what a word of MQ means."""

from typing import Any

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORM
from mqtrace.cli.console import output, say, width
from mqtrace.mark import marked, marked_json

NAME = "explain"
OF_SETTINGS = ("variable", "setting", "attribute")
HELP = """Says what a message, reason code, cause, setting, CipherSpec, GSKit code or TLS alert means, and what to do.

\b
Examples:
  mqtrace explain AMQ9633
  mqtrace explain 2393
  mqtrace explain MQRC_NOT_AUTHORIZED
  mqtrace explain ANY_TLS12_OR_HIGHER
  mqtrace explain MQSERVER
  mqtrace explain gskit:414
  mqtrace explain alert:40
"""


def command(
    word: str = typer.Argument(
        ..., metavar="WORD", help="AMQ9633, 2393, a cause id, MQSERVER, SSLPEER, a CipherSpec, gskit:414, alert:40 ..."
    ),
    form: str = FORM,
) -> None:
    """Prints the explanation, or the nearest known words."""
    from mqtrace.catalog.explain import explain, suggestions

    found = explain(word)
    if found is None:
        near = suggestions(word)
        say(
            f"'{word}' is not known."
            + (f" Did you mean {', '.join(near)}?" if near else " Try a message id, a reason code or a CipherSpec.")
        )
        raise typer.Exit(exits.USAGE)
    if form == "json":
        output(marked_json(found))
    else:
        output(marked(_text(found)))


def _text(found: dict[str, Any]) -> str:
    from mqtrace.catalog.explain import WRITERS
    from mqtrace.pages.layout import wrap

    room = min(width(), 100)
    lines = [f"{found['id']}  {found['title']}", "", *wrap(found["meaning"], room)]
    lines += ["", f"Written by {WRITERS[found['written_by']]}."] if "written_by" in found else []
    lines += _members(found.get("members", []))
    causes = "What goes wrong" if found["kind"] in OF_SETTINGS else "Likely causes"
    for heading, texts in ((causes, found["causes"]), ("What to do", found["fixes"])):
        if texts:
            lines += ["", heading]
        for number, text in enumerate(texts, 1):
            lines += _numbered(number, text, room)
    if found["also"]:
        lines += ["", "The word also means"]
        lines += [f"  {other['kind']}:{other['id']}  {other['title']}" for other in found["also"]]
    return "\n".join(lines) + "\n"


def _members(names: list[str]) -> list[str]:
    """The CipherSpecs that an alias stands for, one a line."""
    from mqtrace.catalog.ciphers import cipher_spec
    from mqtrace.pages.layout import columns, wrap

    specs = [spec for name in names if (spec := cipher_spec(name))]
    if not specs:
        return []
    rows = [("CipherSpec", "hex", "IANA name", "key", "FIPS")]
    rows += [
        (
            spec.name,
            spec.hex.lower(),
            "same" if spec.iana == spec.name else spec.iana,
            spec.certificate.partition(" ")[0],
            spec.fips.lower(),
        )
        for spec in specs
    ]
    head = "It stands for these by default, the one that a queue manager of 9.2 prefers first (? is not verified)"
    return [
        "",
        *wrap(head, min(width(), 100)),
        *(f"  {line}" for row in columns(rows, width() - 2, 12) for line in row),
    ]


def _numbered(number: int, text: str, room: int) -> list[str]:
    """One item, its lines indented; a command, which stands behind three blanks, on lines that can be copied."""
    from mqtrace.pages.layout import wrap

    first, *commands = text.split("   ")
    lines = [f"{'' if position else number:>3}  {line}" for position, line in enumerate(wrap(first, room - 5))]
    return lines + ["       " + command.strip() for command in commands if command.strip()]

"""mqtrace ccdt: client channel definition tables shown, matched and checked."""

from typing import Any

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import one_input, one_of
from mqtrace.cli.console import output, width
from mqtrace.mark import marked, marked_json
from mqtrace.readers.tables.ccdt_table import ChannelEntry, ChannelTable
from mqtrace.settings.channel_choice import Choice

NAME = "ccdt"
HELP = """Shows a client channel definition table, says which of its channels a client would try and why, and what is wrong with it.

\b
Examples:
  mqtrace ccdt show AMQCLCHL.TAB
  mqtrace ccdt match ccdt.json QM1
  mqtrace ccdt lint ccdt.json
"""
CLIENTS = ("c", "dotnet", "java")
_MOST_NAMES = 8

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
FILE = typer.Argument(..., metavar="FILE", help="A table, JSON or binary (AMQCLCHL.TAB); - is standard input.")
FORM = typer.Option(
    "text", "--format", metavar="text|json", help="Form of the output.", callback=one_of(("text", "json"))
)


@app.command(
    name="show",
    help="""Lists the channels of a table with what they say of the connection.

\b
Examples:
  mqtrace ccdt show AMQCLCHL.TAB
  mqtrace ccdt show ccdt.json --format json
""",
)
def show(file: str = FILE, form: str = FORM) -> None:
    """Prints every channel."""
    table = _table(file)
    if form == "json":
        _print(
            {
                "kind": table.kind,
                "byte_order": table.byte_order,
                "channels": [_channel(each) for each in table.channels],
                "problems": _problems(table),
            }
        )
        return
    rows: list[tuple[str, ...]] = [("channel", "queue manager", "addresses", "CipherSpec", "label", "weight")]
    rows += [
        (
            each.name,
            each.queue_manager,
            ", ".join(each.addresses),
            each.cipher_spec,
            each.certificate_label,
            str(each.weight or ""),
        )
        for each in table.channels
    ]
    count = len(table.channels)
    heading = f"{count} channel{'' if count == 1 else 's'}, {table.kind} table\n"
    output(marked(heading + _columns(rows) + _told(_problems(table))))


@app.command(
    name="match",
    help="""Says which channels a client would try for a queue manager name, in which order, and why.

\b
Examples:
  mqtrace ccdt match AMQCLCHL.TAB QM1
  mqtrace ccdt match ccdt.json '*GROUP' --client java
  mqtrace ccdt match ccdt.json '' --client dotnet

The queue manager name is the one that the application asks for: NAME, *NAME for any member of a group, '' or '*' for blank.
""",
)
def match(
    file: str = FILE,
    queue_manager: str = typer.Argument(
        ..., metavar="QMNAME", help="The queue manager name that the application asks for."
    ),
    client: str = typer.Option(
        "c",
        "--client",
        metavar="c|dotnet|java",
        help="Client family; c is the documented rule.",
        callback=one_of(CLIENTS),
    ),
    form: str = FORM,
) -> None:
    """Prints the channels in the order tried."""
    from mqtrace.settings.channel_choice import choose

    table = _table(file)
    choice = choose(table, queue_manager, client)
    others = {each: choose(table, queue_manager, each) for each in CLIENTS if each != client}
    if form == "json":
        _print(_choice(choice))
    else:
        output(marked(_choice_text(choice, queue_manager) + _others_text(choice, others) + _told(choice.problems)))


@app.command(
    name="lint",
    help="""Checks a table. Exit code 1 when something is wrong with it.

\b
Examples:
  mqtrace ccdt lint ccdt.json
  mqtrace ccdt lint AMQCLCHL.TAB --format json
""",
)
def lint(file: str = FILE, form: str = FORM) -> None:
    """Prints each problem with its place and with the clients that refuse the table for it."""
    from mqtrace.report.words import counted
    from mqtrace.settings.channel_choice import problem_text

    table = _table(file)
    if form == "json":
        problems = [
            {
                "kind": each.kind,
                "line": each.line,
                "column": each.column,
                "text": _clean(problem_text(each)),
                "refused_by": sorted(each.refused_by),
            }
            for each in table.problems
        ]
        _print({"kind": table.kind, "channels": len(table.channels), "problems": problems})
    else:
        output(marked(_told(_problems(table)) or f"{counted(len(table.channels), 'channel')}, no problem found\n"))
    raise typer.Exit(exits.PROBLEM if table.problems else exits.OK)


def _table(file: str) -> ChannelTable:
    from mqtrace.readers.configuration.config_lines import read_limited
    from mqtrace.readers.tables.ccdt_load import load_table
    from mqtrace.readers.tally import Tally

    with one_input(file) as source:
        return load_table(read_limited(source, Tally()))


def _print(whole: dict[str, Any]) -> None:
    output(marked_json(whole))


def _clean(text: str) -> str:
    from mqtrace.report.safe import clean

    return clean(text)


def _problems(table: ChannelTable) -> list[str]:
    from mqtrace.settings.channel_choice import problem_text

    return [_clean(problem_text(each)) for each in table.problems]


def _channel(each: ChannelEntry) -> dict[str, Any]:
    return {
        "channel": each.name,
        "type": each.type,
        "queue_manager": each.queue_manager,
        "addresses": list(each.addresses),
        "cipher_spec": each.cipher_spec,
        "certificate_label": each.certificate_label,
        "peer_name": each.peer_name,
        "weight": each.weight,
        "affinity": each.affinity,
        "line": each.line,
        "attributes": {attribute.path: attribute.value for attribute in each.attributes},
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "accepted": choice.accepted,
        "candidates": [
            {
                "channel": each.channel.name,
                "addresses": list(each.addresses),
                "cipher_spec": each.channel.cipher_spec,
                "certificate_label": each.channel.certificate_label,
                "why": each.why,
                **({"weight": each.channel.weight} if choice.order == "random" else {}),
            }
            for each in choice.candidates
        ],
        "order": choice.order,
        "reason_code": choice.reason_code,
        "problems": [_clean(each) for each in choice.problems],
    }


def _choice_text(choice: Choice, queue_manager: str) -> str:
    from mqtrace.report.layout import wrap

    room = min(width(), 100)
    lines = []
    for number, each in enumerate(choice.candidates, 1):
        spec = each.channel.cipher_spec or "no TLS"
        lines += _hanging(f"{number}  {each.channel.name}  {', '.join(each.addresses)}  {spec}", 3)
        lines += ["   " + line for line in wrap(_clean(each.why), room - 3)]
    if choice.order == "random":
        lines += ["", "Chance decides the order of the weighted channels; the likeliest stands first."]
    if not choice.accepted:
        lines += [f"This client refuses the whole table: the application gets {_reason(choice.reason_code)}."]
    elif not choice.candidates:
        lines += wrap(
            f"No channel is tried for '{_clean(queue_manager)}': the application gets {_reason(choice.reason_code)}.",
            room,
        )
    return "\n".join(lines) + "\n"


def _others_text(choice: Choice, others: dict[str, Choice]) -> str:
    """What client families do otherwise with the same table and name."""
    from mqtrace.readers.configuration.config_patterns import settings_pattern
    from mqtrace.report.layout import wrap

    habits = settings_pattern("channel_choice")
    told = {client: _done(other) for client, other in others.items() if _done(other) != _done(choice)}
    lines = [
        line
        for client, done in told.items()
        for line in wrap(_clean(f"Otherwise the {habits[client]['title']}: {done}."), min(width(), 100))
    ]
    return "\n".join(["", *lines]) + "\n" if lines else ""


def _done(choice: Choice) -> str:
    if not choice.accepted:
        return f"refuses the whole table with {_reason(choice.reason_code)}"
    if not choice.candidates:
        return f"tries no channel and gives {_reason(choice.reason_code)}"
    names = [each.channel.name for each in choice.candidates]
    first = f"tries {names[0]} first"
    return (
        f"{first}, then {', '.join(names[1:_MOST_NAMES])}{' ...' if len(names) > _MOST_NAMES else ''}"
        if len(names) > 1
        else first
    )


def _reason(code: int) -> str:
    from mqtrace.catalog.reasons import reason

    found = reason(code)
    return f"{code} {found.name}" if found else str(code)


def _told(problems: tuple[str, ...] | list[str]) -> str:
    lines = [line for each in problems for line in _hanging(f"  - {each}", 4)]
    return "\n".join(["", "Problems", *lines]) + "\n" if lines else ""


def _hanging(text: str, indent: int) -> list[str]:
    from mqtrace.report.layout import wrap

    first, *rest = wrap(_clean(text), min(width(), 100), hanging=indent)
    return [first, *(" " * indent + line for line in rest)]


def _columns(rows: list[tuple[str, ...]]) -> str:
    from mqtrace.report.layout import columns

    cleaned = [[_clean(cell) for cell in row] for row in rows]
    lines = [line for row in columns(cleaned, width(), 12) for line in row] if len(rows) > 1 else []
    return "".join(f"{line}\n" for line in lines)

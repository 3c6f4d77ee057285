"""mqtrace ccdt: client channel definition tables shown, matched and checked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from mqtrace.cli.choices import FORM, one_input, one_of
from mqtrace.cli.console import output, width
from mqtrace.cli.linting import FILES_HELP, LintedFile, LintedProblem, lint_files
from mqtrace.mark import marked, marked_json

if TYPE_CHECKING:
    from mqtrace.readers.tables.ccdt_table import ChannelEntry, ChannelTable
    from mqtrace.settings.channel_choice import Choice

NAME = "ccdt"
HELP = """Shows a channel table (CCDT), says which of its channels a client tries and why, and what is wrong with it.

\b
Examples:
  mqtrace ccdt show AMQCLCHL.TAB
  mqtrace ccdt match ccdt.json QM1
  mqtrace ccdt lint ccdt.json
"""
CLIENTS = ("c", "dotnet", "java")
_MOST_NAMES = 8
_WIDEST = 100
_COLUMNS = ("channel", "queue manager", "addresses", "CipherSpec", "label", "weight")

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
FILE = typer.Argument(..., metavar="FILE", help="A table, JSON or binary (AMQCLCHL.TAB); - is standard input.")


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
    from mqtrace.report.words import counted

    table = _table(file)
    if form == "json":
        channels = [_channel(channel) for channel in table.channels]
        about = {"kind": table.kind, "byte_order": table.byte_order}
        _print({**about, "channels": channels, "problems": _problems(table)})
        return
    heading = f"{counted(len(table.channels), 'channel')}, {table.kind} table\n\n"
    rows = _columns([_COLUMNS, *(_cells(channel) for channel in table.channels)])
    output(marked(heading + rows + _listed("Problems", _problems(table))))


@app.command(
    name="match",
    help="""Says which channels a client tries for a queue manager name, in which order, and why.

\b
Examples:
  mqtrace ccdt match AMQCLCHL.TAB QM1
  mqtrace ccdt match ccdt.json '*GROUP' --client java
  mqtrace ccdt match ccdt.json '' --client dotnet

The queue manager name is what the application asks for: NAME, *NAME for any member of a group, '' or '*' for blank.
""",
)
def match(
    file: str = FILE,
    queue_manager: str = typer.Argument(
        ..., metavar="QMNAME", help="The queue manager name that the application asks for."
    ),
    client: str = typer.Option(
        "c", "--client", metavar="c|dotnet|java", help="Client family.", callback=one_of(CLIENTS)
    ),
    form: str = FORM,
) -> None:
    """Prints the channels in the order tried."""
    from mqtrace.settings.channel_choice import choose

    table = _table(file)
    choice = choose(table, queue_manager, client)
    if form == "json":
        _print(_choice(choice))
        return
    others = {other: choose(table, queue_manager, other) for other in CLIENTS if other != client}
    told = (
        _choice_text(choice, queue_manager),
        _listed("Notes", choice.notes),
        _others_text(choice, others),
        _listed("Problems", choice.problems),
    )
    output(marked("".join(told)))


@app.command(
    name="lint",
    help="""Checks tables. Exit code 1 when something is wrong with one.

\b
Examples:
  mqtrace ccdt lint ccdt.json
  mqtrace ccdt lint *.json AMQCLCHL.TAB --format json
""",
)
def lint(
    files: list[str] = typer.Argument(
        ..., metavar="FILE...", help=f"A table, JSON or binary (AMQCLCHL.TAB){FILES_HELP}"
    ),
    form: str = FORM,
) -> None:
    """Prints each problem with its place and with the clients that refuse the table for it."""
    lint_files(files, _checked, form)


def _checked(file: str) -> LintedFile:
    from mqtrace.report.words import counted
    from mqtrace.settings.channel_choice import problem_sentence

    table = _table(file)
    problems = [
        LintedProblem(
            problem.kind,
            problem.line,
            problem.column,
            problem_sentence(problem),
            {"refused_by": sorted(problem.refused_by), "endless_for": sorted(problem.endless_for)},
        )
        for problem in table.problems
    ]
    about = {"kind": table.kind, "channels": len(table.channels)}
    return LintedFile(problems, about, counted(len(table.channels), "channel"))


def _table(file: str) -> "ChannelTable":
    from mqtrace.readers.configuration.config_lines import read_limited
    from mqtrace.readers.tables.ccdt_load import load_table
    from mqtrace.readers.tally import Tally

    with one_input(file) as source:
        return load_table(read_limited(source, Tally()))


def _print(whole: dict[str, Any]) -> None:
    output(marked_json(whole))


def _clean(text: str) -> str:
    from mqtrace.report.shown import clean

    return clean(text)


def _problems(table: "ChannelTable") -> list[str]:
    from mqtrace.settings.channel_choice import problem_text

    return [_clean(problem_text(problem)) for problem in table.problems]


def _channel(channel: "ChannelEntry") -> dict[str, Any]:
    return {
        "channel": channel.name,
        "type": channel.type,
        "queue_manager": channel.queue_manager,
        "addresses": list(channel.addresses),
        "cipher_spec": channel.cipher_spec,
        "certificate_label": channel.certificate_label,
        "peer_name": channel.peer_name,
        "weight": channel.weight,
        "affinity": channel.affinity,
        "line": channel.line,
        "attributes": {attribute.path: attribute.value for attribute in channel.attributes},
    }


def _cells(channel: "ChannelEntry") -> tuple[str, ...]:
    addresses = ", ".join(channel.addresses)
    weight = str(channel.weight or "")
    return channel.name, channel.queue_manager, addresses, channel.cipher_spec, channel.certificate_label, weight


def _choice(choice: "Choice") -> dict[str, Any]:
    candidates = []
    for candidate in choice.candidates:
        whole: dict[str, Any] = {
            "channel": candidate.channel.name,
            "addresses": list(candidate.addresses),
            "cipher_spec": candidate.channel.cipher_spec,
            "certificate_label": candidate.channel.certificate_label,
            "why": candidate.why,
        }
        if choice.order == "random":
            whole["weight"] = candidate.channel.weight
        candidates.append(whole)
    return {
        "accepted": choice.accepted,
        "returns": choice.returns,
        "candidates": candidates,
        "order": choice.order,
        "reason_code": choice.reason_code,
        "problems": [_clean(problem) for problem in choice.problems],
        "notes": list(choice.notes),
    }


def _choice_text(choice: "Choice", queue_manager: str) -> str:
    from mqtrace.pages.layout import wrap

    room = min(width(), _WIDEST)
    lines = []
    for number, candidate in enumerate(choice.candidates, 1):
        addresses = ", ".join(candidate.addresses) or "no address"
        spec = candidate.channel.cipher_spec or "no TLS"
        lines += _hanging(f"{number}  {candidate.channel.name}  {addresses}  {spec}", 3)
        lines += ["   " + line for line in wrap(_clean(candidate.why), room - 3)]
    if choice.order == "random":
        lines += ["", "Chance decides the order of the weighted channels; the likeliest stands first."]
    ending = _ending(choice, _clean(queue_manager))
    return "\n".join(lines + (wrap(ending, room) if ending else [])) + "\n"


def _ending(choice: "Choice", queue_manager: str) -> str:
    from mqtrace.report.words import reason_words

    if not choice.returns:
        return "This client never comes back from such a table."
    gets = f"the application gets {reason_words(choice.reason_code)}."
    if not choice.accepted:
        return f"This client refuses the whole table: {gets}"
    if not choice.candidates:
        return f"No channel is tried for '{queue_manager}': {gets}"
    return f"No address can be tried: {gets}" if choice.reason_code else ""


def _others_text(choice: "Choice", others: "dict[str, Choice]") -> str:
    """What client families do otherwise with the same table and name."""
    from mqtrace.catalog.settings_files import settings_pattern
    from mqtrace.pages.layout import wrap

    habits = settings_pattern("channel_choice")
    lines = []
    for client, other in others.items():
        if _done(other) != _done(choice):
            text = _clean(f"Otherwise the {habits[client]['title']}: {_done(other)}.")
            lines += wrap(text, min(width(), _WIDEST))
    return "\n".join(["", *lines]) + "\n" if lines else ""


def _done(choice: "Choice") -> str:
    from mqtrace.report.words import reason_words

    if not choice.returns:
        return "never comes back"
    if not choice.accepted:
        return f"refuses the whole table with {reason_words(choice.reason_code)}"
    if not choice.candidates:
        return f"tries no channel and gives {reason_words(choice.reason_code)}"
    first, *names = [candidate.channel.name for candidate in choice.candidates]
    if not names:
        return f"tries {first} first"
    cut = names[: _MOST_NAMES - 1]
    return f"tries {first} first, then {', '.join(cut)}{' ...' if len(names) > len(cut) else ''}"


def _listed(title: str, sentences: Sequence[str]) -> str:
    lines = [line for sentence in sentences for line in _hanging(f"  - {sentence}", 4)]
    return "\n".join(["", title, *lines]) + "\n" if lines else ""


def _hanging(text: str, indent: int) -> list[str]:
    from mqtrace.pages.layout import indented

    return indented(_clean(text), min(width(), _WIDEST), indent)


def _columns(rows: Sequence[tuple[str, ...]]) -> str:
    from mqtrace.pages.layout import table_lines

    cleaned = [[_clean(cell) for cell in row] for row in rows]
    return "".join(f"{line}\n" for line in table_lines(cleaned, width(), 12))

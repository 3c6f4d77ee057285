"""The commands, for typer."""

from collections.abc import Sequence
from importlib import import_module
from typing import cast

import click
import typer

from mqtrace.cli import exits
from mqtrace.cli.console import output, say
from mqtrace.cli.words import COMMANDS, COMPLETING, COMPLETION, ROOT_OPTIONS
from mqtrace.version import __version__

HELP = """Says which setting won and why an IBM MQ client could not connect, from the traces and logs it left.

\b
Examples:
  mqtrace /var/mqm/trace                   diagnose a folder of traces
  mqtrace AMQ7253.0.FMT AMQERR01.LOG       a trace and the queue manager's log
  cat AMQERR01.LOG | mqtrace               what comes through a pipe
  mqtrace trace.zip -o report.html         a page to look at and pass on
  mqtrace ticket trace.zip -o case.md      a report for a support ticket
  mqtrace settings AMQ7253.0.FMT           only which setting won over which
  mqtrace preflight QM1                    what would come of a connection
  mqtrace capture -- ./orders QM1          a command under trace, and why
  mqtrace watch /var/mqm/trace             each failure as soon as it happens
  mqtrace compare good.FMT bad.FMT         it worked yesterday: what differs
  mqtrace explain AMQ9633                  what a message or a code means
  mqtrace triage /logs --by message        what goes wrong in many error logs
  mqtrace ccdt match ccdt.json QM1         which channels a client would try
  mqtrace tls-readiness chs.txt            who keeps channels from TLS 1.3
  mqtrace keys check key.kdb --label app1  whether a key store fits its use
  mqtrace bundle trace.zip -o case.zip     for a ticket, with nobody named
  mqtrace demo                             a sample, to see a report

A path as the first word is 'diagnose'. Exit codes: 0 done, 1 a check failed, 2 usage, 3 nothing to read,
4 some inputs unreadable, 70 mqtrace itself failed, 130 interrupted.
"""
SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def root(
    context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True)
) -> None:
    """Prints the version, or the help where no command is given."""
    if version:
        output(f"mqtrace {__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        output(context.get_help() + "\n")
        raise typer.Exit


def build(names: Sequence[str] = COMMANDS) -> click.Group:
    """The program with these commands. Only their modules are imported: a run of one command needs no other."""
    app = typer.Typer(
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=False,
        suggest_commands=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(root)
    for name in names:
        module = import_module(f"mqtrace.cli.{name.replace('-', '_')}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=module.NAME, help=module.HELP)
        else:
            app.command(name=module.NAME, help=module.HELP)(module.command)
    program = cast(click.Group, typer.main.get_command(app))
    # typer puts all groups behind all single commands.
    program.commands = {name: program.commands[name] for name in names}
    _complete_help(program)
    return program


def _complete_help(group: click.Group) -> None:
    """Lists every command with its whole first sentence, which click would cut."""
    for command in group.commands.values():
        command.short_help = (command.help or "").strip().partition("\n")[0]
        if isinstance(command, click.Group):
            _complete_help(command)


def run_command(arguments: Sequence[str], words: list[str] | None) -> int:
    """Runs the command of these words, and returns the exit code; None are words that begin with no command."""
    try:
        return _run(arguments, words)
    except click.ClickException as error:
        say(_wrong(error, arguments))
        return exits.USAGE
    except typer.Abort:
        return exits.INTERRUPTED


def _wrong(error: click.ClickException, arguments: Sequence[str]) -> str:
    if not isinstance(error, click.UsageError):
        return error.format_message()
    from mqtrace.cli.usage import usage_line

    # What begins with an option is a run of `diagnose`, but may have been meant for the program itself.
    return usage_line(error, ROOT_OPTIONS if arguments and arguments[0].startswith("-") else ())


def _run(arguments: Sequence[str], words: list[str] | None) -> int:
    if len(arguments) == 2 and arguments[0] in COMPLETION:
        _complete(*arguments)
        return exits.OK
    if words is None:
        from mqtrace.cli.usage import commands_of, unknown_word

        raise click.UsageError(unknown_word(arguments[0], commands_of(build()), ROOT_OPTIONS))
    program = build(words[:1] if words and words[0] in COMMANDS else COMMANDS)
    try:
        result = program.main(words, prog_name="mqtrace", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        output(error.message + "\n")
        return exits.OK
    return result if isinstance(result, int) else exits.OK


def _complete(option: str, shell: str) -> None:
    """Prints the completion script of a shell, or installs it for the user, which typer
    does only for the shell that runs.

    Raises click.UsageError for a shell that is not known.
    """
    from typer.completion import get_completion_script, install  # type: ignore[attr-defined]  # typer exports neither by name

    if shell not in SHELLS:
        raise click.UsageError(f"'{shell}' is no shell that has completion; known are {', '.join(SHELLS)}")
    if option == "--show-completion":
        output(get_completion_script(prog_name="mqtrace", complete_var=COMPLETING, shell=shell) + "\n")
    else:
        _, path = install(shell, "mqtrace", COMPLETING)
        output(f"{shell} completion is installed in {path}; a new terminal has it\n")

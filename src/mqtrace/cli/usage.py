"""What to type instead of a mistyped command line: one line."""

import re
from collections.abc import Mapping, Sequence

import click

from mqtrace.catalog.words import nearest
from mqtrace.kept import compiled

_NO_COMMAND = compiled(r"No such command '(?P<word>.*?)'\.", re.DOTALL)
_NO_OPTION = compiled(r"No such option '?(?P<word>.*?)'?(?:\.|$)", re.DOTALL)
_EXTRA_ARGUMENTS = compiled(
    r"(?<=^Got unexpected extra argument) \(.*|(?<=^Got unexpected extra arguments) \(.*", re.DOTALL
)


def commands_of(group: click.Group) -> dict[str, str]:
    """Each command by what is typed behind "mqtrace".

    Also those of groups, by their last word where that is no command itself.
    """
    found = {name: name for name in group.commands}
    for name, command in group.commands.items():
        for inside in getattr(command, "commands", {}):
            found.setdefault(inside, f"{name} {inside}")
    return found


def unknown_word(word: str, commands: Mapping[str, str], options: Sequence[str]) -> str:
    """The line on a first word that is neither a command nor a path. `commands` is as `commands_of` gives it."""
    near = nearest(word, [*commands, *options], limit=1)
    hint = (
        f"Did you mean 'mqtrace {commands.get(near[0], near[0])}'?" if near else "'mqtrace --help' lists the commands."
    )
    return f"'{word}' is neither a command nor a file or folder that exists. {hint}"


def usage_line(error: click.UsageError, options: Sequence[str]) -> str:
    """The line on what click found wrong. `options` are those that may stand without a command."""
    context = error.ctx
    if context is None:
        return error.format_message()
    no_command, no_option = _NO_COMMAND.match(error.message), _NO_OPTION.match(error.message)
    if no_command and isinstance(context.command, click.Group):
        return _no_command(no_command["word"], context, context.command)
    if no_option:
        return _no_option(no_option["word"], context, options)
    if isinstance(error, click.MissingParameter) or error.message.startswith("Got unexpected extra argument"):
        # The arguments that are too many are not repeated: one of them may be a password.
        words = _EXTRA_ARGUMENTS.sub("", error.format_message().rstrip("."))
        return f"{words}; type   {_usage(context)}"
    return error.format_message()


def _no_command(word: str, context: click.Context, group: click.Group) -> str:
    near = nearest(word, group.commands, limit=1)
    hint = f"Did you mean '{context.command_path} {near[0]}'?" if near else f"Known are {', '.join(group.commands)}."
    return f"'{word}' is no command of '{context.command_path}'. {hint}"


def _no_option(word: str, context: click.Context, options: Sequence[str]) -> str:
    names = [name for parameter in context.command.get_params(context) for name in parameter.opts]
    near = nearest(word, [name for name in (*names, *options) if name.startswith("-")], limit=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"'{context.command_path} --help' lists the options."
    return f"'{context.command_path}' has no option '{word}'. {hint}"


def _usage(context: click.Context) -> str:
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])

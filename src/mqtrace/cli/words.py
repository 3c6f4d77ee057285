"""What the words of the command line mean, as far as that is known without typer."""

import os
from collections.abc import Sequence

from mqtrace.cli.console import is_piped

COMPLETION = ("--install-completion", "--show-completion")
# The variable by which a shell asks what can follow.
COMPLETING = "_MQTRACE_COMPLETE"
ROOT_OPTIONS = ("--help", "-h", "--version", *COMPLETION)

# In the order in which the help lists them. The module of a command has its name, with _ for -; one with an `app` is a
# group of commands.
COMMANDS = (
    *("diagnose", "settings", "compare", "ticket", "preflight", "capture", "watch", "explain"),
    *("triage", "coverage", "decode", "ccdt", "ini", "keys"),
    *("tls-readiness", "redact", "bundle", "demo", "patterns", "schema"),
)
FORMATS = ("text", "md", "json", "html", "sarif", "junit", "perfetto")


def with_command(arguments: Sequence[str]) -> list[str] | None:
    """The arguments with the command that the first word stands for; None where it is neither."""
    if os.environ.get(COMPLETING):
        return list(arguments)
    if not arguments:
        return ["diagnose", "-"] if is_piped() else []
    first = arguments[0]
    if first in COMMANDS or first in ROOT_OPTIONS:
        return list(arguments)
    if first.startswith("-") or os.path.lexists(first):
        return ["diagnose", *arguments]
    return None


def only_paths(words: Sequence[str]) -> tuple[list[str], str] | None:
    """The paths and the form of a run of `diagnose` that says nothing else; None for every other one, and where
    anything is wrong with it.
    """
    if words[:1] != ["diagnose"] or os.environ.get(COMPLETING):
        return None
    paths, form = [], FORMATS[0]
    following = iter(words[1:])
    for word in following:
        if word == "--format":
            form = next(following, "")
        elif word.startswith("-") and word != "-":
            return None
        else:
            paths.append(word)
    return (paths, form) if paths and form in FORMATS else None

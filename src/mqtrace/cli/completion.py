"""--show-completion SHELL and --install-completion SHELL; without a shell typer does it for the one that runs."""

import click
from typer.completion import get_completion_script, install  # type: ignore[attr-defined]  # typer exports neither by name

from mqtrace.cli.console import output

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def completion(option: str, shell: str) -> None:
    """Prints the script of a shell, or installs it for the user. Raises click.UsageError for a shell that is not known."""
    if shell not in SHELLS:
        raise click.UsageError(f"'{shell}' is no shell that has completion; known are {', '.join(SHELLS)}")
    if option == "--show-completion":
        output(get_completion_script(prog_name="mqtrace", complete_var="_MQTRACE_COMPLETE", shell=shell) + "\n")
    else:
        _, path = install(shell, "mqtrace", "_MQTRACE_COMPLETE")
        output(f"{shell} completion is installed in {path}; a new terminal has it\n")

"""mqtrace preflight: what would come of a connection, before it is made."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import one_of
from mqtrace.cli.console import say
from mqtrace.cli.diagnosing import show
from mqtrace.cli.keys import store_password
from mqtrace.cli.words import FORMATS

if TYPE_CHECKING:
    from mqtrace.model import Client
    from mqtrace.preflight.ahead import Wanted
    from mqtrace.preflight.files import File
    from mqtrace.preflight.surroundings import Surroundings
    from mqtrace.preflight.verdict import Reach

NAME = "preflight"
HELP = """Says what would come of a connection before it is made, and which settings would win.

\b
Examples:
  mqtrace preflight QM1
  mqtrace preflight QM1 --pid 4711
  mqtrace preflight QM1 --env app.env --root /var/lib/containers/app
  mqtrace preflight QM1 --program 'channel=APP.TLS,conn=mq1(1414)'
  mqtrace preflight QM1 --connect --fail-on unclear

\b
The environment is that of this shell, unless another one is named. Nothing
is contacted without --connect, which goes as far as the first flow of MQ: no
user id and no password is ever sent. A store's password is asked for, or
taken from --password-file or MQTRACE_STORE_PASSWORD.
"""
FAIL_ON = ("failure", "unclear", "warning")
CLIENTS = ("c", "dotnet", "java")


def command(
    queue_manager: str = typer.Argument("", metavar="[QMNAME]", help="The name that the program asks for."),
    client: str = typer.Option(
        "", "--client", metavar="c|dotnet|java", help="Client family; guessed where left out.", callback=one_of(CLIENTS)
    ),
    pid: int = typer.Option(0, "--pid", metavar="N", help="Take the environment of this process.", show_default=False),
    env: str = typer.Option(
        "", "--env", metavar="FILE", help="Take the variables of a listing, a unit, a container, a script; or -."
    ),
    root: Path | None = typer.Option(
        None, "--root", metavar="DIR", help="With --env: the folder that the program sees as / ."
    ),
    directory: str = typer.Option("", "--directory", metavar="DIR", help="The program's working directory."),
    ini: str = typer.Option("", "--ini", metavar="FILE", help="The mqclient.ini, in place of the one looked for."),
    ccdt: str = typer.Option("", "--ccdt", metavar="FILE", help="The channel table, in place of the one named."),
    program: str = typer.Option(
        "", "--program", metavar="KEY=VALUE,...", help="What the program gives: channel, conn, cipher, keyr, label, ..."
    ),
    level: str = typer.Option("", "--level", metavar="V.R.M.F", help="Level of the client, as 9.3.0.0."),
    connect: bool = typer.Option(False, "--connect", help="Ask the other end too, as far as MQ's first flow."),
    password_file: Path | None = typer.Option(
        None, "--password-file", metavar="FILE", help="A file whose first line is the password of the stores."
    ),
    form: str = typer.Option(
        "text", "--format", metavar="text|md|json", help="Form of the report.", callback=one_of(FORMATS)
    ),
    files: list[Path] = typer.Option(
        [], "-o", "--output", metavar="FILE", help="Write the report to FILE (.txt, .md, .json) instead."
    ),
    fail_on: str = typer.Option(
        "failure",
        "--fail-on",
        metavar="failure|unclear|warning",
        help="Exit with 1 when it would fail (or that cannot be told; or anything is odd).",
        callback=one_of(FAIL_ON),
    ),
    verbose: bool = typer.Option(False, "-v", "--verbose", help="Show all rows."),
    quiet: bool = typer.Option(False, "-q", "--quiet", help="One line."),
) -> None:
    """Prints or writes the report on a connection that has not been made."""
    from mqtrace.preflight.verdict import preflight
    from mqtrace.report.write import form_of

    for file in files:
        form_of(file)
    around = _surroundings(pid, env, root, directory)
    wanted = _wanted(queue_manager, client, level, program, around, ini, ccdt)
    report = preflight(wanted, around, store_password(password_file), _reach() if connect else None)
    show(report, form, files, -1 if quiet else int(verbose))
    told = report.preflight
    bad = told is None or told.verdict == "would-fail"
    unclear = told is not None and told.verdict == "cannot-tell" and fail_on in ("unclear", "warning")
    odd = fail_on == "warning" and any(finding.status in ("fail", "warn") for finding in report.findings)
    raise typer.Exit(exits.PROBLEM if bad or unclear or odd else exits.OK)


def _reach() -> "Reach":
    from mqtrace.preflight.reaching import reach

    return reach


def _surroundings(pid: int, env: str, root: Path | None, directory: str) -> "Surroundings":
    from mqtrace.model import UsageError
    from mqtrace.preflight.surroundings import of_listing, of_process, of_shell

    if pid and env:
        raise UsageError("--pid and --env each name an environment; give one of them")
    if pid:
        return of_process(pid)
    if env:
        file = _file(env)
        return of_listing(file.name, file.data, directory, root)
    return of_shell(directory)


def _wanted(
    queue_manager: str, client: str, level: str, program: str, around: "Surroundings", ini: str, ccdt: str
) -> "Wanted":
    from mqtrace.catalog.settings_files import client_beforehand
    from mqtrace.preflight.ahead import Wanted

    family = _family(client, around)
    beforehand = client_beforehand(family)
    return Wanted(
        queue_manager,
        family,
        beforehand,
        datetime.now(UTC),
        level,
        _program(program, tuple(beforehand.program)),
        _file(ini) if ini else None,
        _file(ccdt) if ccdt else None,
    )


def _family(client: str, around: "Surroundings") -> "Client":
    """The family that is named, else the one that the running program tells, else the C client; a guess is said."""
    from mqtrace.capture.family import family_of_command

    if client in CLIENTS:
        return client  # type: ignore[return-value]
    guess, why = family_of_command(around.arguments) if around.arguments else ("c", "")
    say(f"client family {guess}{f' ({why})' if why else ''}; --client names another")
    return guess


def _program(text: str, keys: tuple[str, ...]) -> dict[str, str]:
    """What the program gives. A comma within brackets, or one that no KEY= follows, belongs to the value."""
    from mqtrace.model import UsageError

    given: dict[str, str] = {}
    last = ""
    for part in filter(None, text.split(",")):
        key, equals, value = part.partition("=")
        if equals and key.strip() in keys:
            last = key.strip()
            given[last] = value.strip()
        elif last and (not equals or last == "peer"):
            given[last] += f",{part}"
        else:
            raise UsageError(f"--program does not know '{key.strip()}'; it knows {', '.join(keys)}")
    return given


def _file(path: str) -> "File":
    """A file of the command line, which may be a pipe. Raises UsageError where it cannot be read."""
    from mqtrace.cli.console import standard_input
    from mqtrace.inputs.failures import sentence_of
    from mqtrace.model import UsageError
    from mqtrace.preflight.files import LARGEST, File

    if path == "-":
        stream = standard_input()
        return File("-", stream.read(LARGEST) if stream else b"")
    try:
        with Path(path).expanduser().open("rb") as file:
            return File(path, file.read(LARGEST))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {sentence_of(error)}") from None

"""mqtrace keys: what is in a key store, and whether it fits its use."""

import getpass
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORM
from mqtrace.cli.console import output, say, standard_input, width
from mqtrace.mark import marked, marked_json

if TYPE_CHECKING:
    from mqtrace.inputs import Source

NAME = "keys"
HELP = """Reads key repositories, key stores and listings of them, and checks whether they fit.

\b
Examples:
  mqtrace keys check key.kdb --label ibmwebspheremqapp
"""
PASSWORD_VARIABLE = "MQTRACE_STORE_PASSWORD"

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.callback()
def root() -> None:
    """Keeps `check` a command of its own while it is the only one."""


@app.command(
    name="check",
    help="""Says what a store holds and what is wrong with it. Exit code 1 when something is.

\b
Examples:
  mqtrace keys check key.kdb --label ibmwebspheremqapp
  mqtrace keys check app.p12 --label app --cipher ECDHE_RSA_AES_256_GCM_SHA384
  mqtrace keys check app.p12 --label app --peer "CN=app*,O=Lab"
  mqtrace keys check mqweb.p12 --server --host mq.example.com --at 2026-12-31
  runmqakm -cert -list -db key.kdb -stashed | mqtrace keys check -

A .kdb or .pem needs no password. That of a PKCS#12 or Java store is asked for, or taken from --password-file or the
environment variable MQTRACE_STORE_PASSWORD; a Java store is read without one too. Stash files are never decoded.
""",
)
def check_store(
    store: str = typer.Argument(
        ..., metavar="STORE", help="A .kdb, .p12, .jks, .pem, .der, a listing of one, or - for standard input."
    ),
    label: str = typer.Option("", "--label", metavar="LABEL", help="Label of the certificate to use."),
    cipher: str = typer.Option("", "--cipher", metavar="NAME", help="CipherSpec of the channel."),
    peer: str = typer.Option("", "--peer", metavar="DN", help="SSLPEER that the other end demands."),
    at: str = typer.Option(
        "", "--at", metavar="TIME", help="Moment of use, as 2026-12-31 or 2026-12-31T08:00:00Z; without a zone UTC."
    ),
    host: str = typer.Option("", "--host", metavar="NAME", help="Host name that clients of mqweb or REST connect to."),
    server: bool = typer.Option(False, "--server", help="It is the queue manager's end."),
    minimum_rsa: int = typer.Option(2048, "--minimum-rsa", metavar="BITS", min=0, help="MinimumRSAKeySize."),
    password_file: Path | None = typer.Option(
        None, "--password-file", metavar="FILE", help="A file whose first line is the password."
    ),
    form: str = FORM,
) -> None:
    """Prints the certificates and the problems."""
    from mqtrace.keys.check import CheckRequest, check
    from mqtrace.keys.reading import read_store
    from mqtrace.keys.remarks import remarks
    from mqtrace.report.key_store import store_as_dict, store_text

    request = CheckRequest(_moment(at), label, cipher, peer, host, server, minimum_rsa)
    found = read_store(_source(store), store_password(password_file))
    problems = check(found, request)
    said = remarks(found, request)
    if form == "json":
        output(marked_json(store_as_dict(found, problems, said)))
    else:
        output(marked(store_text(found, problems, said, width())))
    raise typer.Exit(exits.PROBLEM if problems else exits.OK)


def _moment(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is no time; write it as 2026-12-31 or 2026-12-31T08:00:00Z", param_hint="--at"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _source(name: str) -> "Source":
    """The one input; MQ names a key repository by its stem, so that is taken too."""
    from mqtrace.inputs import open_sources
    from mqtrace.inputs.source import Source
    from mqtrace.model import UsageError

    path = Path(name)
    if name != "-" and os.path.lexists(path) and path.is_dir():
        raise UsageError(f"{name} is a folder; give the key store in it, as   mqtrace keys check {path / 'key.kdb'}")
    # os.path, unlike Path, takes what may not be looked at for not there.
    if name != "-" and not os.path.lexists(path) and os.path.lexists(f"{path}.kdb"):
        path = Path(f"{path}.kdb")
    # The generator closes its source when it is dropped, so what it gives is read at once.
    for source in open_sources([name if name == "-" else path], stdin=standard_input()):
        if source.skipped:
            say(f"{source.name}: {source.skipped}")
            raise typer.Exit(exits.NOTHING)
        return _whole(source)
    return Source.failed(name, "There is nothing in it.")


def _whole(source: "Source") -> "Source":
    from io import BytesIO

    from mqtrace.inputs.source import Source
    from mqtrace.keys.reading import LARGEST
    from mqtrace.masking import mask

    data = source.stream.read(LARGEST + 1)
    return Source(mask(source.name), BytesIO(data), len(data), error=source.error, siblings=source.siblings)


def store_password(file: Path | None) -> Callable[[], str | None]:
    """Where the password comes from when a store asks for one; it is shown nowhere."""

    def ask() -> str | None:
        if file is not None:
            return _first_line(file)
        if PASSWORD_VARIABLE in os.environ:
            return os.environ[PASSWORD_VARIABLE]
        return getpass.getpass("Password of the store (Enter where there is none): ") if sys.stdin.isatty() else None

    return ask


def _first_line(file: Path) -> str:
    from mqtrace.model import UsageError

    try:
        with file.open(encoding="utf-8") as lines:
            return lines.readline(4096).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the password file {file} cannot be read ({type(error).__name__}); give a text file whose first line is it"
        ) from None

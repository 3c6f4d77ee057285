"""mqtrace decode: structures, TLS handshakes, alerts, server names and CipherSpecs read for people."""

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORM, one_input
from mqtrace.cli.console import output, say, width
from mqtrace.mark import marked, marked_json

Result = TypeVar("Result")
NAME = "decode"
HELP = """Decodes MQI structures, TLS handshakes, alerts, server names (SNI); says whether CipherSpec settings agree.

\b
Examples:
  mqtrace decode handshake client.pcap
  mqtrace decode hello 16030100a50100...
  mqtrace decode cipher ANY_TLS12_OR_HIGHER ECDHE_RSA_AES_256_GCM_SHA384
  mqtrace decode sni app2e-svrconn.chl.mq.ibm.com
  mqtrace decode alert 40
  mqtrace decode mqcd AMQ7253.0.FMT
"""

_LIMIT = 16 << 20

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
BYTES = typer.Argument(
    ..., metavar="FILE|HEX...", help="A file, - for standard input, or hexadecimal; offsets and blanks are allowed."
)


@app.command(
    name="hello",
    help="""Decodes a TLS ClientHello: versions, suites as IANA and MQ name them, groups, server name, channel.

\b
Examples:
  mqtrace decode hello 16030100a50100...
  mqtrace decode hello dump.txt --channel APP.SVRCONN
  xxd -p hello.bin | mqtrace decode hello -

With --channel the exit code is 1 when the server name does not stand for that channel.
""",
)
def hello(
    words: list[str] = BYTES,
    channel: str = typer.Option(
        "", "--channel", metavar="NAME", help="The channel that the server name must stand for."
    ),
    form: str = FORM,
) -> None:
    """Prints the ClientHello."""
    from mqtrace.decode.tls import parse_client_hello
    from mqtrace.report.tls_json import hello_as_dict
    from mqtrace.report.tls_text import hello_text

    found = _decoded(words, lambda data, _: parse_client_hello(data))
    matches = {"channel_matches": found.channel == channel} if channel else {}
    _show({**hello_as_dict(found), **matches}, form, hello_text(found, width()))
    if channel and found.channel != channel:
        say(f"the server name stands for {found.channel or 'no channel'}, not for {channel}")
        raise typer.Exit(exits.PROBLEM)


@app.command(
    name="handshake",
    help="""Decodes the TLS handshakes in a file, and says why they failed as far as they tell.

\b
Examples:
  mqtrace decode handshake client.pcap    pcap or pcapng, MQ's first flows too
  mqtrace decode handshake AMQ7253.0.FMT  GSKit's transcript in a C trace
  mqtrace decode handshake AMQ.SSL.TRC    GSKit's own trace
  mqtrace decode handshake jsse.log       -Djavax.net.debug=ssl,handshake
  openssl s_client -connect host:1414 2>&1 </dev/null |
    mqtrace decode handshake -
""",
)
def handshake(
    file: str = typer.Argument(..., metavar="FILE", help="The file; - is standard input."), form: str = FORM
) -> None:
    """Prints one handshake a connection."""

    from mqtrace.handshakes.reading import read_handshakes
    from mqtrace.report.tls_json import handshakes_as_dict
    from mqtrace.report.tls_text import handshake_text
    from mqtrace.rules.outcome import handshake_cause

    with one_input(file) as source:
        judged = [(handshake, handshake_cause(handshake)) for handshake in read_handshakes(source)]
    if not judged:
        say(
            f"{file}: no TLS handshake in it; expected are a pcap, a GSKit trace or transcript, a C trace, "
            "javax.net.debug or openssl s_client output"
        )
        raise typer.Exit(exits.NOTHING)
    text = "\n".join(handshake_text(handshake, cause, width()) for handshake, cause in judged)
    _show(handshakes_as_dict(judged), form, text)


@app.command(
    name="alert",
    help="""Says what a TLS alert means for MQ.

\b
Examples:
  mqtrace decode alert 40
  mqtrace decode alert bad_certificate
""",
)
def alert(
    word: str = typer.Argument(..., metavar="N|NAME", help="Number or name of the alert."), form: str = FORM
) -> None:
    """Prints number, name and meaning."""
    from mqtrace.catalog.alerts import alert as known_alert
    from mqtrace.report.tls_json import alert_as_dict
    from mqtrace.report.tls_text import alert_text

    code = _alert_code(word)
    known = known_alert(code)
    _show(alert_as_dict(code, known), form, alert_text(code, known, width()))


def _alert_code(word: str) -> int:
    from mqtrace.catalog.alerts import alert as known_alert
    from mqtrace.catalog.alerts import alert_names
    from mqtrace.catalog.words import nearest
    from mqtrace.model import UsageError

    digits = word.strip()
    if digits.isascii() and digits.isdecimal() and len(digits) <= 3 and int(digits) <= 255:
        return int(digits)
    known = known_alert(digits)
    if known:
        return known.code
    near = nearest(word, alert_names(), limit=1)
    hint = f"; did you mean '{near[0]}'?" if near else ": give a number from 0 to 255."
    raise UsageError(f"'{word}' is no TLS alert{hint}")


@app.command(
    name="sni",
    help="""Says which channel a server name (SNI) stands for, or which name is sent for a channel.

\b
Examples:
  mqtrace decode sni app2e-svrconn.chl.mq.ibm.com
  mqtrace decode sni --encode APP.SVRCONN
""",
)
def sni(
    name: str = typer.Argument(..., metavar="NAME", help="A server name, or with --encode a channel."),
    encode: bool = typer.Option(False, "--encode", help="NAME is a channel: print the server name."),
    form: str = FORM,
) -> None:
    """Prints channel and server name."""
    from mqtrace.decode.sni import channel_of, server_name_of
    from mqtrace.report.shown import clean

    channel = name if encode else channel_of(name)
    server_name = server_name_of(name) if encode else name
    told = server_name if encode else channel or f"{clean(name)} stands for no channel: it is a host name"
    _show({"channel": channel, "server_name": server_name}, form, f"{told}\n")


@app.command(
    name="cipher",
    help="""Says whether the CipherSpecs of a client and a channel can agree, and what each TLS version would negotiate.

\b
Examples:
  mqtrace decode cipher ANY_TLS12_OR_HIGHER ECDHE_RSA_AES_256_GCM_SHA384
  mqtrace decode cipher ANY_TLS12 ANY_TLS12 --certificate ec256
  mqtrace decode cipher ANY ANY_TLS12 --no-tls13
""",
)
def cipher(
    client: str = typer.Argument(..., metavar="CLIENT", help="CipherSpec or alias of the client."),
    server: str = typer.Argument(..., metavar="SERVER", help="SSLCIPH of the channel on the queue manager."),
    certificate: str = typer.Option(
        "", "--certificate", metavar="rsa2048|ec256...", help="Key of the queue manager's certificate."
    ),
    no_tls13: bool = typer.Option(False, "--no-tls13", help="TLS 1.3 is not enabled at both ends."),
    form: str = FORM,
) -> None:
    """Prints the outcome."""
    from mqtrace.decode.cipher_agreement import agreement
    from mqtrace.report.tls_json import agreement_as_dict
    from mqtrace.report.tls_text import agreement_text

    _known_cipher(client)
    _known_cipher(server)
    found = agreement(client, server, certificate, not no_tls13)
    _show(agreement_as_dict(found), form, agreement_text(found, width()))


def _known_cipher(name: str) -> None:
    from mqtrace.catalog.ciphers import cipher_specs, cipher_words
    from mqtrace.catalog.words import nearest
    from mqtrace.model import UsageError

    if name.strip() and not cipher_specs(name):
        near = nearest(name, cipher_words(), limit=2)
        raise UsageError(f"'{name}' is no CipherSpec" + (f"; did you mean {' or '.join(near)}?" if near else "."))


def _structure(name: str, words: list[str], form: str) -> None:
    from mqtrace.decode.structures import decode_structure
    from mqtrace.report.tls_json import structure_as_dict
    from mqtrace.report.tls_text import structure_text

    found = _decoded(words, lambda data, base: decode_structure(data, name, base))
    _show(structure_as_dict(found), form, structure_text(found, width()))


def _decoded(words: Sequence[str], decode: Callable[[bytes, int], Result]) -> Result:
    """What `decode` makes of a file, standard input, or hexadecimal itself. Raises DecodeError when it takes none."""
    from mqtrace.decode.hexdump import dumps_of, first_decoded, parse_dump
    from mqtrace.model import DecodeError

    if len(words) == 1 and (words[0] == "-" or os.path.lexists(words[0])):
        with one_input(words[0]) as source:
            return first_decoded(dumps_of(source.stream.read(_LIMIT)), decode)
    try:
        dump = parse_dump(" ".join(words))
    except DecodeError:
        if len(words) == 1 and not any(character.isspace() for character in words[0]):
            raise DecodeError(f"'{words[0]}' is neither a file that exists nor hexadecimal digits in pairs.") from None
        raise
    return first_decoded([dump], decode)


def _add_structure(name: str) -> None:
    """Registers the command of one structure."""

    def command(words: list[str] = BYTES, form: str = FORM) -> None:
        _structure(name, words, form)

    word = name.lower()
    text = f"""Decodes an {name} from a dump: version, size of pointers, the fields in force.

\b
Examples:
  mqtrace decode {word} dump.txt
  mqtrace decode {word} AMQ7253.0.FMT         the first {name} in a trace
  mqtrace decode {word} '0x0000:  ........ ........  |....|'
"""
    app.command(name=word, help=text)(command)


for _name in ("MQCD", "MQSCO", "MQCNO", "MQCSP", "MQBNO", "MQAIR"):
    _add_structure(_name)


def _show(found: dict[str, Any], form: str, text: str) -> None:
    output(marked_json(found) if form == "json" else marked(text))

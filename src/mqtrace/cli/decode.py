"""mqtrace decode: structures, TLS handshakes, alerts, server names and CipherSpecs read for people."""

from typing import Any

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import one_of
from mqtrace.cli.console import output, say, width
from mqtrace.mark import marked, marked_json

NAME = "decode"
HELP = """Decodes MQI structures, TLS handshakes, alerts, server names (SNI), and says whether two CipherSpec settings agree.

\b
Examples:
  mqtrace decode handshake client.pcap
  mqtrace decode hello 16030100a50100...
  mqtrace decode cipher ANY_TLS12_OR_HIGHER ECDHE_RSA_AES_256_GCM_SHA384
  mqtrace decode sni app2e-svrconn.chl.mq.ibm.com
  mqtrace decode alert 40
  mqtrace decode mqcd AMQ7253.0.FMT
"""

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
FORM = typer.Option(
    "text", "--format", metavar="text|json", help="Form of the output.", callback=one_of(("text", "json"))
)
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
    from mqtrace.cli.decode_input import decoded
    from mqtrace.cli.decode_text import hello_text
    from mqtrace.decode.client_hello import hello_as_dict, parse_client_hello

    found = hello_as_dict(decoded(words, lambda data, _: parse_client_hello(data)))
    if channel:
        found["channel_matches"] = found["channel"] == channel
    _show(found, form, hello_text(found, width()))
    if channel and not found["channel_matches"]:
        say(f"the server name stands for {found['channel'] or 'no channel'}, not for {channel}")
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
    from mqtrace.cli.choices import one_input
    from mqtrace.cli.decode_text import handshake_text
    from mqtrace.handshakes.as_dict import handshakes_as_dict
    from mqtrace.handshakes.reading import read_handshakes

    with one_input(file) as source:
        found = handshakes_as_dict(read_handshakes(source))
    if not found["handshakes"]:
        say(
            f"{file}: no TLS handshake in it; expected are a pcap, a GSKit trace or transcript, a C trace, "
            "javax.net.debug or openssl s_client output"
        )
        raise typer.Exit(exits.NOTHING)
    _show(found, form, "\n".join(handshake_text(each, width()) for each in found["handshakes"]))


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
    from mqtrace.catalog.alerts import alert_names
    from mqtrace.catalog.words import nearest
    from mqtrace.model import UsageError

    digits = word.strip()
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 3 else None
    known = known_alert(digits if number is None else number)
    if known is None and (number is None or number > 255):
        near = nearest(word, alert_names(), limit=1)
        raise UsageError(
            f"'{word}' is no TLS alert" + (f"; did you mean '{near[0]}'?" if near else ": give a number from 0 to 255.")
        )
    if known is None:
        found: dict[str, Any] = {
            "code": number,
            "name": f"alert_{number}",
            "meaning": "No alert has this number: the sender made it up.",
        }
    else:
        found = {"code": known.code, "name": known.name, "meaning": known.meaning}
        found |= {
            "cause_from_server": known.cause_from_server or None,
            "cause_from_client": known.cause_from_client or None,
        }
    from mqtrace.cli.decode_text import alert_text

    _show(found, form, alert_text(found, width()))


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
    from mqtrace.report.safe import clean

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
    from mqtrace.cli.decode_text import agreement_text
    from mqtrace.decode.cipher_agreement import agreement

    _known_cipher(client)
    _known_cipher(server)
    found = agreement(client, server, certificate, not no_tls13)
    whole = {
        "outcome": found.outcome,
        "protocol": found.protocol,
        "negotiated": found.negotiated,
        "why": found.why,
        "versions": [{"protocol": protocol, "negotiated": name or None} for protocol, name in found.versions],
    }
    _show(whole, form, agreement_text(whole, width()))


def _known_cipher(name: str) -> None:
    from mqtrace.catalog.ciphers import cipher_specs, cipher_words
    from mqtrace.catalog.words import nearest
    from mqtrace.model import UsageError

    if name.strip() and not cipher_specs(name):
        near = nearest(name, cipher_words(), limit=2)
        raise UsageError(f"'{name}' is no CipherSpec" + (f"; did you mean {' or '.join(near)}?" if near else "."))


def _structure(name: str, words: list[str], form: str) -> None:
    from mqtrace.cli.decode_input import decoded
    from mqtrace.cli.decode_text import structure_text
    from mqtrace.decode.structures import decode_structure

    found = decoded(words, lambda data, base: decode_structure(data, name, base))
    whole = {
        "version": found.version,
        "bits": found.bits,
        "byte_order": found.byte_order,
        "fields": {each.name: each.value for each in found.fields},
        "not_in_force": [each.name for each in found.not_in_force],
        "cut_at": found.cut_at,
    }
    _show(whole, form, structure_text(found, width()))


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

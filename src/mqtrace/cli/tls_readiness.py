"""mqtrace tls-readiness: who runs with which protocol, and who blocks TLS 1.3 only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import one_of
from mqtrace.cli.console import output, say, standard_input, width
from mqtrace.mark import marked, marked_json

if TYPE_CHECKING:
    from mqtrace.readers.configuration.mqsc_objects import MqscObject

NAME = "tls-readiness"
HELP = """Says which clients negotiated which TLS, who blocks raising a channel to TLS 1.3 only, and who runs without TLS.

\b
Examples:
  mqtrace tls-readiness chs.txt
  mqtrace tls-readiness QM1.txt QM2.txt
  mqtrace tls-readiness /listings --format json

\b
The input is output of DISPLAY CHSTATUS(*) ALL, and of DISPLAY CHANNEL(*) ALL
where there is some. Make it with:
  (echo "DISPLAY CHANNEL(*) ALL"; echo "DISPLAY CHSTATUS(*) ALL") |
    runmqsc QM1 > QM1.txt
"""
PLAIN, BLOCKS, READY, UNKNOWN = "plain", "blocks TLS 1.3 only", "ready", "not known"
VERDICTS = (PLAIN, BLOCKS, READY, UNKNOWN)
# Values of SECPROT, and the protocols of the table of CipherSpecs.
PROTOCOLS = {
    "NONE": "none", "SSLV30": "SSLv3", "TLSV1": "TLSv1", "TLSV10": "TLSv1", "TLSV12": "TLSv1.2", "TLSV13": "TLSv1.3",
    "SSL 3.0": "SSLv3", "TLS 1.0": "TLSv1", "TLS 1.2": "TLSv1.2", "TLS 1.3": "TLSv1.3",
}  # fmt: skip
NEWEST = "TLSv1.3"


@dataclass(frozen=True, slots=True)
class Row:
    """One client of one channel: `count` equal instances; `told_by`: "status", or "definition" where the status does not tell."""

    queue_manager: str
    channel: str
    type: str
    client: str
    application: str
    user: str
    peer: str
    protocol: str
    cipher_spec: str
    verdict: str
    told_by: str
    count: int = 0


def command(
    files: list[str] = typer.Argument(
        ..., metavar="FILE...", help="Output of runmqsc; files, folders, archives, or - for standard input."
    ),
    form: str = typer.Option(
        "text", "--format", metavar="text|json", help="Form of the output.", callback=one_of(("text", "json"))
    ),
) -> None:
    """Prints the table, its sums, and what could not be told."""
    shown, failed = _read(files)
    if not any(each.kind in ("channel", "status") for each in shown):
        say(
            "No channel in the input: expected is output of DISPLAY CHSTATUS(*) ALL or DISPLAY CHANNEL(*) ALL of runmqsc"
        )
        raise typer.Exit(exits.NOTHING)
    rows = readiness(shown)
    idle = idle_channels(shown)
    note = _note(rows)
    if form == "json":
        output(marked_json(_as_dict(rows, idle, note)))
    else:
        output(marked(_text(rows, idle, note)))
    raise typer.Exit(exits.PARTIAL if failed else exits.OK)


def _read(files: Sequence[str]) -> tuple[list["MqscObject"], bool]:
    """All objects of the inputs that are output of runmqsc, and whether an input could not be read."""
    from mqtrace.inputs import open_sources
    from mqtrace.model.errors import fault_words
    from mqtrace.readers.configuration import mqsc
    from mqtrace.readers.configuration.mqsc_objects import objects
    from mqtrace.readers.tally import Tally
    from mqtrace.report.words import counted

    shown: list[MqscObject] = []
    failed = False
    for source in open_sources(files, stdin=standard_input()):
        tally = Tally()
        error = None
        try:
            known = mqsc.sniff(source.head())
            if known:
                shown.extend(objects(mqsc.read(source, tally)))
        except Exception as fault:  # noqa: BLE001  (a fault of the reader costs its input, never the others)
            error = fault_words(fault)
        error = error or source.error
        if error:
            failed = True
            say(f"{source.name}: {error}")
        elif not known:
            say(f"{source.name}: no output of runmqsc, passed over")
        if tally.unparsed:
            say(f"{source.name}: {counted(tally.unparsed, 'line')} not understood")
    return shown, failed


def readiness(shown: Sequence["MqscObject"]) -> list[Row]:
    """One row for each client of each channel, those without TLS first, then those that block, each by queue manager and channel."""
    definitions = {
        (each.queue_manager, each.name): each
        for each in shown
        if each.kind == "channel" and each.attributes.get("CHLTYPE") != "CLNTCONN"
    }
    counts = Counter(_row(each, _definition(definitions, each)) for each in shown if each.kind == "status")
    rows = [Row(**{**asdict(row), "count": count}) for row, count in counts.items()]
    return sorted(
        rows, key=lambda row: (VERDICTS.index(row.verdict), row.queue_manager, row.channel, row.client, row.application)
    )


def idle_channels(shown: Sequence["MqscObject"]) -> list[dict[str, str]]:
    """Server-connection channels without a running instance: what they allow is all that can be told, and not even that without SSLCIPH."""
    running = {(each.queue_manager, each.name) for each in shown if each.kind == "status"}
    found = {
        (each.queue_manager, each.name): each.attributes.get("SSLCIPH")
        for each in shown
        if each.kind == "channel" and each.attributes.get("CHLTYPE") == "SVRCONN"
    }
    return [
        {
            "queue_manager": manager,
            "channel": name,
            "cipher_spec": cipher or "",
            "verdict": _verdict(protocol_of(cipher)),
        }
        for (manager, name), cipher in sorted(found.items())
        if (manager, name) not in running
    ]


def _definition(definitions: Mapping[tuple[str, str], "MqscObject"], status: "MqscObject") -> "MqscObject | None":
    """The channel's definition of the same queue manager, or the one that stands in output without a name."""
    return definitions.get((status.queue_manager, status.name)) or definitions.get(("", status.name))


def _row(status: "MqscObject", definition: "MqscObject | None") -> Row:
    told = status.attributes
    defined = definition.attributes if definition else {}
    cipher = told.get("SSLCIPH", "")
    if "SECPROT" in told:
        protocol, told_by = PROTOCOLS.get(told["SECPROT"], told["SECPROT"]), "status"
    elif "SSLCIPH" in told:
        protocol, told_by = protocol_of(cipher), "status"
    else:
        protocol, told_by = protocol_of(defined.get("SSLCIPH")), "definition"
    return Row(
        status.queue_manager,
        status.name,
        told.get("CHLTYPE", defined.get("CHLTYPE", "")),
        told.get("CONNAME", ""),
        told.get("RAPPLTAG", ""),
        told.get("MCAUSER", ""),
        told.get("SSLPEER", ""),
        protocol,
        cipher or defined.get("SSLCIPH", ""),
        _verdict(protocol),
        told_by,
    )


def protocol_of(cipher_spec: str | None) -> str:
    """The protocol that a CipherSpec means: "none" for a blank one, "" where it leaves the protocol open or is not known."""
    if cipher_spec is None:
        return ""
    if not cipher_spec:
        return "none"
    from mqtrace.catalog.ciphers import cipher_spec as find

    found = find(cipher_spec)
    return PROTOCOLS.get(found.protocols[0], "") if found and len(found.protocols) == 1 else ""


def _verdict(protocol: str) -> str:
    if not protocol:
        return UNKNOWN
    return {"none": PLAIN, NEWEST: READY}.get(protocol, BLOCKS)


def _sums(rows: Sequence[Row]) -> dict[str, int]:
    return {verdict: sum(row.count for row in rows if row.verdict == verdict) for verdict in VERDICTS}


def _note(rows: Sequence[Row]) -> str:
    from mqtrace.report.words import counted

    without = sum(row.count for row in rows if row.told_by == "definition")
    if not without:
        return ""
    return (
        f"{counted(without, 'instance')} without SECPROT and SSLCIPH (older levels have neither in CHSTATUS, or ALL was not given): "
        "the protocol is what the channel's definition allows, where it allows one only."
    )


def _as_dict(rows: Sequence[Row], idle: Sequence[Mapping[str, str]], note: str) -> dict[str, object]:
    from mqtrace.report.shown import clean

    table = [
        {name: clean(value) if isinstance(value, str) else value for name, value in asdict(row).items()} for row in rows
    ]
    without = [{name: clean(value) for name, value in each.items()} for each in idle]
    return {"rows": table, "verdicts": _sums(rows), "channels_without_clients": without, "note": note}


def _text(rows: Sequence[Row], idle: Sequence[Mapping[str, str]], note: str) -> str:
    from mqtrace.report.layout import wrap
    from mqtrace.report.shown import clean
    from mqtrace.report.words import counted

    room = width()
    sums = ", ".join(f"{count} {verdict}" for verdict, count in _sums(rows).items() if count)
    lines = [f"{counted(sum(row.count for row in rows), 'instance')}: {sums or 'none is running'}"]
    for (verdict, protocol, cipher), alike in groupby(
        sorted(rows, key=_group), key=lambda row: (row.verdict, row.protocol, row.cipher_spec)
    ):
        held = list(alike)
        instances = counted(sum(row.count for row in held), "instance")
        lines += ["", *wrap(clean(f"{verdict}: {_negotiated(protocol, cipher)}, {instances}"), room)]
        lines += _table(
            ("count", "queue manager", "channel", "client", "application", "user"), [_cells(row) for row in held], room
        )
    if rows:
        lines += ["", "Which channels can be raised to TLS 1.3 only"]
        header = ("queue manager", "channel", "plain", "blocks", "ready", "not known")
        lines += _table(header, _by_channel(rows), room)
    if idle:
        lines += ["", "Channels without a running client, by their definition"]
        short = ("verdict", "queue_manager", "channel", "cipher_spec")
        lines += _table(
            ("verdict", "queue manager", "channel", "CipherSpec"),
            [[each[name] for name in short] for each in idle],
            room,
        )
    if note:
        lines += ["", *wrap(clean(note), room)]
    return "\n".join(lines) + "\n"


def _group(row: Row) -> tuple[int, str, str]:
    return VERDICTS.index(row.verdict), row.protocol, row.cipher_spec


def _negotiated(protocol: str, cipher: str) -> str:
    if protocol == "none":
        return "no TLS"
    return " ".join(each for each in (protocol, cipher) if each) or "protocol not told"


def _by_channel(rows: Sequence[Row]) -> list[list[str]]:
    """Instances of each channel by verdict, those channels first that cannot be raised."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        sums.setdefault((row.queue_manager, _channel(row)), Counter())[row.verdict] += row.count
    ordered = sorted(sums.items(), key=lambda each: (not (each[1][PLAIN] or each[1][BLOCKS]), each[0]))
    return [[*names, *(str(counts[verdict]) for verdict in VERDICTS)] for names, counts in ordered]


def _channel(row: Row) -> str:
    """The channel, with its type when it is none of clients."""
    return row.channel if row.type in ("", "SVRCONN") else f"{row.channel} ({row.type})"


def _cells(row: Row) -> list[str]:
    """The cells of one row; a client that gives no application name is told by its certificate."""
    return [str(row.count), row.queue_manager, _channel(row), row.client, row.application or row.peer, row.user]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[str]:
    from mqtrace.report.layout import columns
    from mqtrace.report.shown import clean

    if not rows:
        return []
    return [
        *(line for row in columns([header, *[[clean(cell) for cell in row] for row in rows]], room, 4) for line in row)
    ]

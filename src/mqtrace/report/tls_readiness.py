"""What `mqtrace tls-readiness` prints: tables for people, JSON for programs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any, get_args

from msgspec.structs import asdict

from mqtrace.catalog.tables import table
from mqtrace.model.tls_readiness import ChannelClients, IdleChannel, TlsReadiness, Verdict
from mqtrace.pages.layout import indented, table_lines, wrap
from mqtrace.report.words import counted

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CELL_LINES = 4
CLIENTS = ("count", "queue manager", "channel", "client", "application", "user", "product")
_STEPS: dict[Verdict, str] = {
    "plain": "Give the clients without TLS a CipherSpec and a key repository; the channel takes one only, so move them "
    "to a channel of their own, or change both ends at once.",
    "blocks TLS 1.3 only": "Set the clients that block it to ANY_TLS12_OR_HIGHER first; C and .NET need a client of "
    "9.2 or later for TLS 1.3, Java and JMS a Java runtime that has it. Then list CHSTATUS again.",
    "not known": "Of those not known list DISPLAY CHSTATUS(*) ALL with a queue manager of 9.1.1 or later, or ask the "
    "clients for their CipherSpec.",
    "ready": "Channels whose clients are all ready can be raised: "
    "ALTER CHANNEL(NAME) CHLTYPE(SVRCONN) SSLCIPH(ANY_TLS13_OR_HIGHER); it is in force with the next connection.",
}
CHANNELS = ("queue manager", "channel", "plain", "blocks", "ready", "not known")
IDLE = ("verdict", "queue manager", "channel", "CipherSpec")


def readiness_as_dict(readiness: TlsReadiness) -> dict[str, Any]:
    """The rows, their sums by verdict, and the channels without clients."""
    return {
        "rows": [asdict(clients) for clients in readiness.clients],
        "verdicts": _sums(readiness.clients),
        "channels_without_clients": [asdict(channel) for channel in readiness.idle],
        "note": _note(readiness),
    }


def readiness_text(readiness: TlsReadiness, width: int) -> str:
    """One table for each verdict and CipherSpec, the channels by verdict, and those that nobody uses."""
    blocks = [
        wrap(_headline(readiness.clients), width),
        *_clients(readiness.clients, width),
        _titled("Which channels can be raised to TLS 1.3 only", CHANNELS, _by_channel(readiness.clients), width),
        _titled("Channels without a running client, by their definition", IDLE, _idle(readiness.idle), width),
        wrap(note, width) if (note := _note(readiness)) else [],
        _next(readiness, width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _headline(clients: Sequence[ChannelClients]) -> str:
    sums = [f"{count} {verdict}" for verdict, count in _sums(clients).items() if count]
    return f"{_instances(clients)}: {', '.join(sums) or 'none is running'}"


def _clients(clients: Sequence[ChannelClients], width: int) -> Iterator[list[str]]:
    for (_, protocol, spec), group in groupby(sorted(clients, key=_negotiation), key=_negotiation):
        alike = list(group)
        title = f"{alike[0].verdict}: {_negotiated(protocol, spec)}, {_instances(alike)}"
        yield [*wrap(title, width), *_table(CLIENTS, [_cells(equal) for equal in alike], width)]


def _negotiation(equal: ChannelClients) -> tuple[int, str, str]:
    return VERDICTS.index(equal.verdict), equal.protocol, equal.cipher_spec


def _negotiated(protocol: str, spec: str) -> str:
    if protocol == "none":
        return "no TLS"
    return f"{protocol} {spec}".strip() or "protocol not told"


def _cells(equal: ChannelClients) -> list[str]:
    """The cells of one row; a client that gives no application name is told by its certificate."""
    application = equal.application or equal.peer
    names = [equal.queue_manager, _channel(equal), equal.client, application, equal.user]
    return [str(equal.count), *names, f"{_products().get(equal.product, equal.product)} {equal.version}".strip()]


@cache
def _products() -> dict[str, str]:
    """What RPRODUCT says of a client library."""
    return {row["product"]: row["client"] for row in table("client_products")}


def _channel(equal: ChannelClients) -> str:
    """The channel, with its type when it is none of clients."""
    return equal.channel if equal.type in ("", "SVRCONN") else f"{equal.channel} ({equal.type})"


def _by_channel(clients: Iterable[ChannelClients]) -> list[list[str]]:
    """Instances of each channel by verdict, those channels first that cannot be raised."""
    sums: dict[tuple[str, str], Counter[Verdict]] = {}
    for equal in clients:
        sums.setdefault((equal.queue_manager, _channel(equal)), Counter())[equal.verdict] += equal.count
    rows = [[*name, *(str(verdicts[verdict]) for verdict in VERDICTS)] for name, verdicts in sorted(sums.items())]
    return sorted(rows, key=lambda cells: cells[2:4] == ["0", "0"])


def _idle(channels: Iterable[IdleChannel]) -> list[list[str]]:
    return [[channel.verdict, channel.queue_manager, channel.channel, channel.cipher_spec] for channel in channels]


def _sums(clients: Sequence[ChannelClients]) -> dict[str, int]:
    sums: dict[str, int] = dict.fromkeys(VERDICTS, 0)
    for equal in clients:
        sums[equal.verdict] += equal.count
    return sums


def _instances(clients: Iterable[ChannelClients]) -> str:
    return counted(sum(equal.count for equal in clients), "instance")


def _next(readiness: TlsReadiness, width: int) -> list[str]:
    """What to do with whom, the worst first."""
    told = {verdict for verdict, count in _sums(readiness.clients).items() if count}
    steps = [words for verdict, words in _STEPS.items() if verdict in told]
    lines = [line for number, step in enumerate(steps, 1) for line in indented(f"{number}  {step}", width, 3)]
    return ["What to do next", *lines] if lines else []


def _note(readiness: TlsReadiness) -> str:
    if not readiness.without_status:
        return ""
    return (
        f"{counted(readiness.without_status, 'instance')} without SECPROT and SSLCIPH (older levels have neither in "
        "CHSTATUS, or ALL was not given): the protocol is what the channel's definition allows, where it allows one "
        "only."
    )


def _titled(title: str, header: Sequence[str], rows: list[list[str]], width: int) -> list[str]:
    return [*wrap(title, width), *_table(header, rows, width)] if rows else []


def _table(header: Sequence[str], rows: list[list[str]], width: int) -> list[str]:
    return table_lines([header, *rows], width, CELL_LINES)

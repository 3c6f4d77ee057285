"""What `mqtrace tls-readiness` prints: tables for people, JSON for programs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any, get_args

from mqtrace.model.tls_readiness import ChannelClients, IdleChannel, TlsReadiness, Verdict
from mqtrace.report.layout import columns, wrap
from mqtrace.report.words import counted

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CELL_LINES = 4
CLIENTS = ("count", "queue manager", "channel", "client", "application", "user")
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
        [_headline(readiness.clients)],
        *_clients(readiness.clients, width),
        _titled("Which channels can be raised to TLS 1.3 only", CHANNELS, _by_channel(readiness.clients), width),
        _titled("Channels without a running client, by their definition", IDLE, _idle(readiness.idle), width),
        wrap(note, width) if (note := _note(readiness)) else [],
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
    return [str(equal.count), equal.queue_manager, _channel(equal), equal.client, application, equal.user]


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


def _note(readiness: TlsReadiness) -> str:
    if not readiness.without_status:
        return ""
    return (
        f"{counted(readiness.without_status, 'instance')} without SECPROT and SSLCIPH (older levels have neither in "
        "CHSTATUS, or ALL was not given): the protocol is what the channel's definition allows, where it allows one "
        "only."
    )


def _titled(title: str, header: Sequence[str], rows: list[list[str]], width: int) -> list[str]:
    return [title, *_table(header, rows, width)] if rows else []


def _table(header: Sequence[str], rows: list[list[str]], width: int) -> list[str]:
    return [line for row in columns([header, *rows], width, CELL_LINES) for line in row]

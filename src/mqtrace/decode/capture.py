"""What the two ends of each TCP connection in a capture said to each other, in order."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import BinaryIO, Literal

from msgspec import Struct, field

from mqtrace.decode.capture_packets import is_capture, packets
from mqtrace.decode.capture_segments import TcpSegment, end_text, reads_link, segment_of
from mqtrace.model.errors import DecodeError

__all__ = ["End", "TcpConversation", "Turn", "conversations", "is_capture"]

End = Literal["client", "server"]
# A handshake, with the certificates of both ends, is shorter; what follows is not kept.
_MOST_BYTES = 1 << 15
_MOST_TURNS = 64
_MOST_WAITING = 16
# More at a time than a handshake lasts is a server's day: the connection that was silent longest is told and forgotten.
_MOST_OPEN = 1000
_WRAP = 1 << 32


class Turn(Struct):
    """What one end said before the other one answered."""

    sender: End
    data: bytearray


class TcpConversation(Struct):
    """One TCP connection.

    Attributes:
        client, server: addresses; the client is the end that opened it, else the one that spoke first.
        started: seconds since 1970 of its first packet, 0.0 when not told.
        turns: what was said, as far as a handshake can reach (32 KiB an end).
        refused: whether the server answered the opening with a reset.
        closed_by: the end that closed or reset it first, None while it was open.
        incomplete: whether bytes are missing in the capture.
    """

    client: str
    server: str
    started: float
    turns: list[Turn] = field(default_factory=list)
    refused: bool = False
    closed_by: End | None = None
    incomplete: bool = False

    def said(self, sender: End) -> bytes:
        """All that one end said."""
        return b"".join(turn.data for turn in self.turns if turn.sender == sender)


class _Direction(Struct):
    """One end's bytes: the number of the next one, how many are kept, and segments that came before their turn."""

    following: int | None = None
    kept: int = 0
    waiting: dict[int, bytes] = field(default_factory=dict)


class _Open(Struct):
    conversation: TcpConversation
    client: bytes
    directions: dict[End, _Direction] = field(default_factory=lambda: {"client": _Direction(), "server": _Direction()})

    def take(self, segment: TcpSegment) -> None:
        talk = self.conversation
        end: End = "client" if segment.source == self.client else "server"
        direction = self.directions[end]
        if segment.starts or direction.following is None:
            direction.following = segment.sequence + segment.starts
        if segment.data and not segment.starts:
            self._place(end, direction, segment)
        talk.incomplete = talk.incomplete or (segment.cut and direction.kept < _MOST_BYTES)
        if (
            segment.resets
            and end == "server"
            and self.directions["server"].kept == 0
            and self.directions["client"].kept == 0
        ):
            talk.refused = True
        if (segment.ends or segment.resets) and talk.closed_by is None:
            talk.closed_by = end

    def _place(self, end: End, direction: _Direction, segment: TcpSegment) -> None:
        """Appends what continues the bytes so far, and then what waited for it."""
        number, data = segment.sequence, segment.data
        while data:
            ahead = _distance(number, direction.following or 0)
            if ahead > 0:
                if len(direction.waiting) < _MOST_WAITING and direction.kept < _MOST_BYTES:
                    direction.waiting[number] = data[:_MOST_BYTES]
                return
            self._append(end, direction, data[-ahead:])
            number, data = self._next_waiting(direction)

    def _append(self, end: End, direction: _Direction, data: bytes) -> None:
        direction.following = ((direction.following or 0) + len(data)) % _WRAP
        data = data[: _MOST_BYTES - direction.kept]
        direction.kept += len(data)
        turns = self.conversation.turns
        if data and turns and turns[-1].sender == end:
            turns[-1].data += data
        elif data and len(turns) < _MOST_TURNS:
            turns.append(Turn(end, bytearray(data)))

    def _next_waiting(self, direction: _Direction) -> tuple[int, bytes]:
        for number in direction.waiting:
            if _distance(number, direction.following or 0) <= 0:
                return number, direction.waiting.pop(number)
        return 0, b""

    def finished(self) -> TcpConversation:
        self.conversation.incomplete |= any(direction.waiting for direction in self.directions.values())
        return self.conversation


def conversations(stream: BinaryIO) -> Iterator[TcpConversation]:
    """Every TCP connection in a pcap or pcapng that opened or in which something was said.

    They come in the order in which they end or, at the end of the file, began. Raises DecodeError when the bytes are no
    capture, or damaged in the middle, after the connections so far, and when it has only packets of links that are not
    read.
    """
    talks: OrderedDict[bytes, _Open] = OrderedDict()
    damage, links = None, set[int]()
    try:
        for packet in packets(stream):
            links.add(packet.link_type)
            segment = segment_of(packet)
            if segment is not None:
                yield from _take(segment, talks)
    except DecodeError as error:
        damage = error
    yield from sorted(filter(_is_telling, (each.finished() for each in talks.values())), key=lambda each: each.started)
    if damage:
        raise damage
    if links and not any(map(reads_link, links)):
        raise DecodeError(
            f"The capture's packets are of a link that is not read (LINKTYPE_ {', '.join(map(str, sorted(links)))})."
        )


def _take(segment: TcpSegment, talks: OrderedDict[bytes, _Open]) -> Iterator[TcpConversation]:
    key = min(segment.source, segment.target) + max(segment.source, segment.target)
    opens = segment.starts and not segment.acknowledges
    if key in talks and opens and talks[key].conversation.turns:
        # The same ports again: another connection.
        yield talks.pop(key).finished()
    if key not in talks:
        client, server = _ends(segment)
        talks[key] = _Open(TcpConversation(end_text(client), end_text(server), segment.time), client)
    talks[key].take(segment)
    talks.move_to_end(key)
    if len(talks) > _MOST_OPEN:
        oldest = talks.popitem(last=False)[1].finished()
        if _is_telling(oldest):
            yield oldest


def _is_telling(talk: TcpConversation) -> bool:
    return bool(talk.turns) or talk.refused


def _ends(segment: TcpSegment) -> tuple[bytes, bytes]:
    """Client and server. The answer to an opening comes from the server; so does a ServerHello where the opening was
    not captured.
    """
    answers = (segment.starts and segment.acknowledges) or segment.data[5:6] == b"\x02"
    return (segment.target, segment.source) if answers else (segment.source, segment.target)


def _distance(number: int, other: int) -> int:
    """How far the sequence number `number` is ahead of `other`; negative when it is behind."""
    ahead = (number - other) % _WRAP
    return ahead - _WRAP if ahead >= _WRAP // 2 else ahead

"""GSKit's transcripts wherever they stand: alone, in a C trace (a line a record, or many lines in one record), in a
GSKit trace.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.gskit import gskit_code
from mqtrace.catalog.tables import table
from mqtrace.decode.gskit_trace import GskitRecord, gskit_records
from mqtrace.decode.gskit_transcript import parse_transcript
from mqtrace.handshakes.text_lines import text_lines
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import DecodeError, Location
from mqtrace.model.tls import Handshake, Origin, Sender
from mqtrace.readers.traces import trace_c

HELLO = compiled(r"^[ \t]*(?:<client_hello>|V3 Client Hello Sent)", re.MULTILINE)
_ANY_HEADING = compiled(
    r"^[ \t]*(<[a-z_]{1,40}>|V3 (?:Client|Server) Hello\b|SSLV3ASN1Cert\b|"
    r"RcvServerKeyExchange\b|SendClientKeyExchange\b)",
    re.MULTILINE,
)
_ALERT = "Alert Level:Description"
_RECEIVED = compiled(r"Received ?Alert")
_CODE = compiled(r"converted to new error : (\d{1,6})\b|(?<![\w.])(GSK_ERROR_\w+|GSK_KEYRING_\w+)")
_VALIDATION = compiled(r"CMS exception code: (57\d{4})\b|GSKVAL_ERR(?:OR)?_(?P<name>[A-Z_]+)")
_END = "End of GSKit"
_PLACE = compiled(r"^(?P<source>\w+\.cpp):(?P<line>\d{1,6}): ")
# A line of a C trace begins with a time, in some layouts after a mark or a counter.
_DATED = compiled(r"[^\d]{0,3}(?:[0-9A-Fa-f]{8} {1,3})?\d\d:\d\d:\d\d\.\d{6} ")
# Lines after a heading that may still belong to its message; a certificate chain takes some hundred.
_WINDOW = 4000
_MOST_CHARACTERS = 4 << 20
_MOST_OPEN = 200
_SHORT = 200


class _Growing(Struct):
    """A handshake of which more may come."""

    location: Location
    started: str
    process: int | None = None
    lines: list[str] = field(default_factory=list)
    characters: int = 0
    window: int = _WINDOW
    last_heading: str = ""
    senders: list[Sender] = field(default_factory=list)
    gskit: int | None = None
    validation: int | None = None

    def add(self, text: str) -> None:
        if self.characters < _MOST_CHARACTERS:
            self.lines.append(text)
            self.characters += len(text)

    def note(self, text: str, sender: Sender) -> None:
        """Takes what a text says beside the messages: the code, the validation code, who sent the last alert."""
        if _ALERT in text:
            self.senders.append(sender)
        elif _RECEIVED.search(text) and self.senders and self.senders[-1] == "unknown":
            self.senders[-1] = "server"
        elif "GSK" in text or "CMS" in text:
            self.gskit = self.gskit or _code(text)
            self.validation = self.validation or _validation(text)

    def finished(self, origin: Origin) -> Handshake | None:
        """The handshake; None when its text shows none after all."""
        try:
            shown = _shown("\n".join(self.lines))
        except DecodeError:
            return None
        unknown: list[Sender] = ["unknown"] * len(shown.alerts)
        alerts = tuple(
            replace(alert, sender=sender) if sender != "unknown" else alert
            for alert, sender in zip(shown.alerts, self.senders + unknown, strict=False)
        )
        return Handshake(
            origin=origin,
            location=self.location,
            messages=shown.messages,
            offered=shown.offered,
            chosen=shown.chosen,
            alerts=alerts,
            certificates=shown.certificates,
            client_certificates=shown.client_certificates,
            client_certificate_sent=shown.client_certificate_sent,
            server_name=shown.server_name,
            gskit=self.gskit,
            validation=self.validation,
            started=self.started,
            process=self.process,
        )


def _shown(text: str) -> Handshake:
    """What a transcript shows. Raises DecodeError."""
    return parse_transcript(text) if len(text) > _SHORT else _shown_by_short(text)


# A heading and no more, which something that is no client writes a thousand times.
_shown_by_short = lru_cache(parse_transcript)


class Collector:
    """Puts handshakes together from texts that come thread by thread."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._growing: OrderedDict[str, _Growing] = OrderedDict()

    def feed(
        self, thread: str, text: str, location: Location, started: str = "", sender: Sender = "unknown"
    ) -> Iterator[Handshake]:
        """Takes one more text (a line, or a record of many); gives the handshake that it ends, if it begins another."""
        growing = self._growing.get(thread)
        if HELLO.search(text) and (growing is None or growing.last_heading != "<hello_retry_request>"):
            yield from self._end(thread)
            while len(self._growing) >= _MOST_OPEN:
                yield from self._end(next(iter(self._growing)))
            growing = self._growing[thread] = _Growing(location, started, _process(thread))
        if growing is None:
            return
        headings = _ANY_HEADING.findall(text)
        if headings:
            growing.window, growing.last_heading = _WINDOW, headings[-1]
        # In a GSKit trace a record holds whole messages; in a text what follows a heading belongs to its message.
        follows = growing.window > 0 and self._origin == "transcript"
        if headings or follows or _ALERT in text:
            growing.add(text)
            growing.window -= 1
        if _END in text:
            growing.window = 0
        growing.note(text, sender)

    def rest(self) -> Iterator[Handshake]:
        """The handshakes that nothing ended."""
        for thread in list(self._growing):
            yield from self._end(thread)

    @property
    def open(self) -> bool:
        """Whether any handshake has begun."""
        return bool(self._growing)

    @property
    def within(self) -> bool:
        """Whether the next lines of any thread may still belong to a message."""
        return any(each.window > 0 for each in self._growing.values())

    def _end(self, thread: str) -> Iterator[Handshake]:
        growing = self._growing.pop(thread, None)
        if growing and (handshake := growing.finished(self._origin)):
            yield handshake


def _process(thread: str) -> int | None:
    """The process of a thread ("7253.1"); None where the text does not tell it."""
    number = thread.partition(".")[0]
    return int(number) if number.isdecimal() else None


def of_text(source: Source) -> Iterator[Handshake]:
    """The handshakes of a text: a transcript, or a C trace, whose prefixes tell the threads apart."""
    collector = Collector("transcript")
    owner = _Owner()
    for number, line in enumerate(text_lines(source), 1):
        dated = ":" in line[:18] and owner.see(line)
        heading = "client_hello>" in line or "V3 Client Hello" in line
        if not heading and not (collector.open and ("GSK" in line or "lert" in line or collector.within)):
            continue
        thread, clock, end = owner.prefix_read()
        text = line[end:].strip() if dated else line
        place = _PLACE.match(text)
        sender = _sender(place["source"], int(place["line"])) if place else "unknown"
        told = text[place.end() :] if place else text
        yield from collector.feed(thread, told, Location(source.name, number), clock, sender)
    yield from collector.rest()


class _Owner(Struct):
    """Whose record a line of a C trace belongs to. A record may be of many lines, of which the first has the prefix."""

    line: str = ""
    read: str | None = None
    prefix: tuple[str, str, int] = ("", "", 0)

    def see(self, line: str) -> bool:
        """Whether the line begins a record."""
        dated = _DATED.match(line) is not None
        if dated:
            self.line = line
        return dated

    def prefix_read(self) -> tuple[str, str, int]:
        """Thread and time of the record, and how long its prefix is; "", "" and 0 outside a C trace."""
        if self.line != self.read:
            self.read = self.line
            data = self.line.encode("utf-8", "replace")
            found = trace_c.PREFIX.match(data)
            if found:
                thread, clock = (found[name].decode("ascii", "replace") for name in ("thread", "clock"))
                self.prefix = (thread, clock, len(data[: found.end()].decode("utf-8", "replace")))
        return self.prefix


def of_gskit_trace(source: Source) -> Iterator[Handshake]:
    """The handshakes of a GSKit trace, thread by thread. A damaged trace ends them."""
    collector = Collector("gskit-trace")
    try:
        for record in gskit_records(source.stream):
            # Hexadecimal of what was read and sent is a record of its own, and a handshake is mostly that.
            if _tells(record.text):
                place = Location(source.name, 0, record.offset)
                sender = _sender(record.source, record.line)
                yield from collector.feed(_thread(record), record.text, place, _iso(record.time), sender)
    except DecodeError as error:
        source.error = source.error or str(error)
    yield from collector.rest()


def _tells(text: str) -> bool:
    return "GSK" in text or "lert" in text or "CMS" in text or bool(_ANY_HEADING.search(text))


def _thread(record: GskitRecord) -> str:
    return f"{record.process}.{record.thread}"


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _code(text: str) -> int | None:
    found = _CODE.search(text)
    if found is None:
        return None
    if found[1]:
        return int(found[1])
    known = gskit_code(found[2])
    return known.code if known else None


def _validation(text: str) -> int | None:
    found = _VALIDATION.search(text)
    if found is None:
        return None
    return int(found[1]) if found[1] else _validation_codes().get(found["name"])


@cache
def _validation_codes() -> dict[str, int]:
    """Name without its prefix -> code: the texts write GSKVAL_ERR_, the symbols GSKVAL_ERROR_."""
    return {re.sub(r"^GSKVAL_ERR(?:OR)?_", "", row["name"]): int(row["code"]) for row in table("gskit_validation")}


@cache
def _alert_places() -> dict[tuple[str, int], Sender]:
    senders: dict[str, Sender] = {"client": "client", "server": "server"}
    return {(row["source"], int(row["line"])): senders[row["sender"]] for row in table("gskit_alert_places")}


def _sender(source: str, line: int) -> Sender:
    return _alert_places().get((source, line), "unknown")

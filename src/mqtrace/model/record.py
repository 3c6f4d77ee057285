"""What readers yield."""

from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from mqtrace.model.location import Evidence, Location

RecordKind = Literal["text", "hexdump", "transcript"]
Tie = Literal["same", "possible"]
Client = Literal["c", "dotnet", "java", "unknown"]


# Not frozen: one is made for each selected line of a trace, and freezing doubles the cost of making it. Only what reads
# the trace changes one.
# Without the names of its fields where one process sends it to another.
class Record(Struct, array_like=True):
    """One record of a trace that the prefilter selected.

    Attributes:
        kind: text, hexdump (rows joined to one record), transcript (a block of lines).
        raw: the body without the line's prefix; of a block all lines, joined by newlines.
        source, line, offset, length: where the line that was hit stands (of a dump its first row), as in Location.
        thread: "pid.tid" as written, "" where the line has none.
        clock: time of day as written ("17:10:46.376186"), "" where the line has none.
        data: the bytes of a hexdump up to its first gap.
        base: offset of the first byte of `data` in what was dumped (0 unless the dump lacks its begin).
    """

    kind: RecordKind
    raw: bytes
    source: str
    line: int
    offset: int
    length: int
    thread: str = ""
    clock: str = ""
    data: bytes = b""
    base: int = 0

    @property
    def location(self) -> Location:
        """Where it stands."""
        return Location(self.source, self.line, self.offset, self.length)

    @property
    def process(self) -> int | None:
        """Process id of the thread that wrote it, None where the line has none."""
        number = self.thread.partition(".")[0]
        return int(number) if number.isdigit() else None

    @property
    def text(self) -> str:
        """The body as text: UTF-8, else the Windows code page that most other files are in."""
        try:
            return self.raw.decode("utf-8")
        except UnicodeDecodeError:
            return self.raw.decode("cp1252", errors="replace")


class LogEntry(Struct, frozen=True):
    """One entry of an error log (AMQERR text or JSON, console, z/OS) or of what an application printed.

    Attributes:
        message: message id with prefix, without severity letter ("AMQ9633"); "" where the entry was cut before it.
        severity: letter I W E S T, "" where the id has none.
        text: the message's own text in one line.
        location: first line of the entry.
        when: local time of the header, without zone; None when absent or ambiguous.
        utc: UTC time where the entry tells it.
        process: process id; None where the entry does not tell.
        thread: "pid.tid", "" where the entry does not tell.
        user, program, host, installation, level, queue_manager, remote_host: header fields, "" when absent.
        inserts: insert number (1, 2 arithmetic; 3, 4, 5 comment) -> value as text, where the entry prints them.
        quoted: texts in quotes of the message, in order: stand-ins for inserts in entries of 8.0 and older.
        module: "amqccisa.c:6575" of the footer, "" when absent.
        reason_code: MQRC that the entry states for its own failure, None when it states none.
        complete: False for an entry that was cut or damaged.
        said: the line that says it, as it stands; None where that is the first one.
        tie: how surely it is of the connection that has it: "same", or "possible" (which proves nothing).
        client: the client family whose words it has, where a program printed it.
    """

    message: str
    text: str
    location: Location
    severity: str = ""
    when: datetime | None = None
    utc: datetime | None = None
    process: int | None = None
    thread: str = ""
    user: str = ""
    program: str = ""
    host: str = ""
    installation: str = ""
    level: str = ""
    queue_manager: str = ""
    remote_host: str = ""
    inserts: dict[int, str] = field(default_factory=dict)
    quoted: tuple[str, ...] = ()
    module: str = ""
    reason_code: int | None = None
    complete: bool = True
    said: Evidence | None = None
    tie: Tie = "same"
    client: Client = "unknown"


class ConfigValue(Struct, frozen=True):
    """One setting of a configuration input: an ini attribute, a variable of a listing, an attribute of a channel.

    Attributes:
        group: ini stanza as written, "" for a listing of variables, the channel's name for a channel table.
        name: attribute or variable as written.
        value: value without quotes and blanks around it; secrets are masked by the reader ("***").
        location: where it stands.
    """

    group: str
    name: str
    value: str
    location: Location

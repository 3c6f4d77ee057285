"""One call of an application that connects."""

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from mqtrace.model.fact import Fact
from mqtrace.model.location import Evidence
from mqtrace.model.record import Client, LogEntry

# Few runs need it, and the start pays for every class.
if TYPE_CHECKING:
    from mqtrace.model.tls import Handshake

Phase = Literal["settings", "name-resolution", "tcp", "tls", "negotiation", "mqconn", "connected"]


class Attempt(Struct, frozen=True):
    """One channel and address tried within a connection.

    Attributes:
        channel: name of the channel, "" when not known.
        address: "host(port)", "" when not known.
        facts: what the trace says between this attempt's begin and the next one's.
        phase: how far it came.
        start, end: times of its first and last record, as in Connection.
    """

    channel: str
    address: str
    facts: tuple[Fact, ...] = ()
    phase: Phase = "settings"
    start: str = ""
    end: str = ""


class Connection(Struct, frozen=True):
    """One call of the application that connects (MQCONN, MQCONNX, a connect of a class library).

    Attributes:
        client: client family.
        source: display name of the input that shows it.
        process: process id, None when unknown.
        thread: "pid.tid" of the connecting thread, "" when unknown.
        program, user, host, level, platform: of the process, "" when unknown.
        start, end: local times in ISO 8601 with microseconds, or the time of day alone where no input tells the date.
        answered: when the application got the codes, in the same form; "" where only `end` is known.
        utc_offset: seconds that local time is ahead of UTC; None when unknown.
        queue_manager: name given by the application, "" when unknown or blank.
        channel, address: of the last attempt, "" when unknown.
        completion_code, reason_code: what the application got; None when no input tells it.
        phase: how far it came.
        facts: all facts that belong to it up to the return of its call, in file order.
        later: what its thread said after that: it tells of a later failure, never of a setting or of the reason of this
            call.
        failed_later: the call went well, and the reason code is of a later call.
        hole: the line behind lines that are missing inside the call; None where none are seen to be missing.
        attempts: the channels and addresses tried, in order.
        log_entries: entries of logs that belong to it.
        count: how many equal connections this one stands for.
        structures: the MQI structures that dumps of it show, in file order.
        tls: its TLS handshake, as far as the inputs show it; None where they show nothing of it.
        read_in_part: what stands before or behind it in its trace was not read, as it was not asked for.
        calls_out: a queue manager's own channel to another one, which no client made.
        perhaps_tls: handshakes that something else recorded and that may be of this connection: nothing contradicts
            it, and no time tells.
    """

    client: Client
    source: str
    process: int | None = None
    thread: str = ""
    program: str = ""
    user: str = ""
    host: str = ""
    level: str = ""
    platform: str = ""
    start: str = ""
    end: str = ""
    utc_offset: int | None = None
    queue_manager: str = ""
    channel: str = ""
    address: str = ""
    completion_code: int | None = None
    reason_code: int | None = None
    phase: Phase = "settings"
    facts: tuple[Fact, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    log_entries: tuple[LogEntry, ...] = ()
    count: int = 1
    structures: tuple["Structure", ...] = ()
    tls: "Handshake | None" = None
    perhaps_tls: "tuple[Handshake, ...]" = ()
    later: tuple[Fact, ...] = ()
    failed_later: bool = False
    hole: Evidence | None = None
    calls_out: bool = False
    read_in_part: bool = False
    answered: str = ""


class StructureField(Struct, frozen=True):
    """One field of a decoded structure: name as in the MQI, offset in bytes, value as text (secrets "***")."""

    name: str
    offset: int
    value: str


class Structure(Struct, frozen=True):
    """A decoded MQI structure.

    Attributes:
        name: "MQCD", "MQSCO", "MQCNO", "MQCSP", "MQBNO", "MQAIR".
        version: its Version field.
        bits: 32 or 64, the size of its pointers.
        byte_order: "little" or "big".
        fields: the fields that are in force, in order.
        not_in_force: names of fields that hold a value but lie beyond the stated version.
        cut_at: number of bytes at hand when the dump ends early, else None.
        evidence: the first row of the dump.
    """

    name: str
    version: int
    bits: int
    byte_order: Literal["little", "big"]
    fields: tuple[StructureField, ...]
    not_in_force: tuple[StructureField, ...] = ()
    cut_at: int | None = None
    evidence: tuple[Evidence, ...] = ()

    def value(self, name: str) -> str:
        """Value of the field in force of that name, "" when it is not there."""
        return next((each.value for each in self.fields if each.name == name), "")

"""Builds connections from the bodies of a trace's lines, by the readers and patterns that ship with mqtrace."""

from datetime import date
from io import BytesIO
from typing import Any

from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.evidence.connections import ConnectionBuilder
from mqtrace.evidence.facts import FactFinder
from mqtrace.inputs import Source
from mqtrace.model import Client, Connection
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import trace_c, trace_dotnet, trace_java
from mqtrace.readers.traces.trace_header import TraceHeader

PID = 7253
HEADER = TraceHeader(
    program="C:\\app\\orders.exe", host="apphost", level="9.3.0.5", day=date(2026, 11, 24), began=9 * 3600
)


READERS: dict[Client, Any] = {"c": trace_c, "dotnet": trace_dotnet, "java": trace_java}


def line(body: str, thread: int, clock: str, client: Client = "c") -> str:
    """A line as the C and .NET clients write it (a prefix without counter, flag and ident), or as the Java client does.

    The first line of a trace of the Java client names the process.
    """
    if client == "java":
        return f"[24/11/26 {clock[:9]}{clock[-3:]}.00]  {thread:08x} {body}"
    return f"{clock}   {PID}.{thread}     {body}"


def written(*bodies: str, client: Client = "c") -> str:
    """The trace: each line "BODY", "THREAD| BODY" or "HH:MM:SS.ffffff THREAD| BODY".

    Without a clock it is 09:00:00 and as many microseconds as the line's number.
    """
    found = [f"Process ID: {PID}"] if client == "java" else []
    for number, text in enumerate(bodies):
        before, mark, body = text.partition("| ")
        words = before.split() if mark and before.split()[-1:] and before.split()[-1].isdigit() else []
        thread = int(words[-1]) if words else 1
        clock = words[0] if len(words) > 1 else f"09:00:00.{number + 1:06d}"
        found.append(line(body if words else text, thread, clock, client))
    return "\n".join(found) + "\n"


def connections(client: Client, *bodies: str, header: TraceHeader = HEADER) -> list[Connection]:
    """The connections of a trace of these lines."""
    return builder(client, *bodies, header=header).connections()


def builder(client: Client, *bodies: str, header: TraceHeader = HEADER) -> ConnectionBuilder:
    """What builds the connections of a trace of these lines, with all of them read."""
    finder = FactFinder(trace_patterns(client))
    made = ConnectionBuilder(client, "trace", header)
    source = Source("trace", BytesIO(written(*bodies, client=client).encode()))
    for record, literals in READERS[client].read(source, Tally(), finder.selection):
        made.feed(finder.observe(record, literals))
    return made


def values(connection: Connection, name: str) -> list[str]:
    """The values of all facts of that name."""
    return [fact.value for fact in connection.facts if fact.name == name]

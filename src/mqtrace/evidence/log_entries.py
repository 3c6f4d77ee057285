"""What an entry of an error log tells: who wrote it, of which channel and other end, whether it is of a failure."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal

from mqtrace.catalog.messages import cause_of_message, message
from mqtrace.catalog.programs import server_programs
from mqtrace.decode.addresses import is_number
from mqtrace.kept import compiled
from mqtrace.model import Evidence, Fact, LogEntry

UNKNOWN_CHANNEL = "????"
# Beginning of the names of facts that a log tells of the definition in force.
LOGGED = "logged."
# Beginning of the ids of causes that lie in the channel table.
OF_TABLE = "settings.ccdt"
TELLING = ("errno", "user", "object", "label")
# The agents, which act for programs: the second for those that are bound in another way.
AGENTS = ("amqzlaa0", "amqzlsa0")
ZOS = "CSQX"
# Liberty's messages on its own ports, to which no client of MQ connects.
OWN_PORTS = "CWWKO"
# What stands for the program in its logs, see readers.logs.liberty_log.
LIBERTY = "liberty"
# "host (192.0.2.1)(1414)": the client prints the address that it reached behind the name that it was given.
_QUOTED_ADDRESS = compiled(r"(?!MQ[A-Z]{2}_)[^\s()]{1,255}(?:\s?\([0-9a-fA-F.:%]{1,60}\)){1,3}(?:,.{0,2000})?")
_NAMED_ADDRESS = compiled(r"(?P<host>[^\s()]{1,255})(?: ?\([0-9a-fA-F.:%]{3,60}\))? ?\((?P<port>\d{1,5})\)")


def written_by(entry: LogEntry) -> Literal["client", "server"]:
    """The end that wrote an entry, see `end_of`."""
    return end_of(entry.message, entry.severity, entry.program, entry.queue_manager)


def end_of(message: str, severity: str, program: str, queue_manager: str) -> Literal["client", "server"]:
    """The end that wrote such an entry: a queue manager's process or command, or a client program.

    What names no program stands on the console of a queue manager, where messages have a severity letter, or a Java
    program printed it. Liberty is the server at its own ports and else a client.
    """
    name = program.replace("\\", "/").rpartition("/")[2].lower()
    if not name:
        return "server" if severity else "client"
    if name == LIBERTY:
        return "server" if message.startswith(OWN_PORTS) else "client"
    is_server = queue_manager or message.startswith(OWN_PORTS) or name.startswith(server_programs())
    return "server" if is_server else "client"


def is_failure(entry: LogEntry) -> bool:
    """Whether an entry belongs to a failure: its message is a cause or consequence, or it states a reason code."""
    info = message(entry.message) if entry.message else None
    return bool(entry.reason_code) or (info is not None and info.role != "information")


def evidence_of(entry: LogEntry) -> Evidence:
    """The entry as a line of proof, in its own words."""
    if entry.said:
        return entry.said
    if not entry.message or entry.text.startswith(entry.message):
        return Evidence(entry.location, entry.text)
    if not entry.text:
        inserts = (f" [{number}={value}]" for number, value in sorted(entry.inserts.items()) if number <= 2)
        return Evidence(entry.location, entry.message + "".join(inserts))
    colon = "" if entry.message.startswith(ZOS) else ":"
    return Evidence(entry.location, f"{entry.message}{entry.severity}{colon} {entry.text}")


def channel_of(entry: LogEntry) -> str:
    """Name of the channel that an entry speaks of, "" when it does not tell."""
    name = insert_of(entry, "channel") or (_quoted_channel(entry) if _speaks_of(entry, "channel") else "")
    if not name and entry.message.startswith(ZOS) and not _knows_inserts(entry):
        name = entry.inserts.get(3, "")
    return "" if name.startswith(UNKNOWN_CHANNEL) else name.strip()


def address_of(entry: LogEntry) -> str:
    """The other end's host or address as the entry writes it, "" when it does not tell."""
    named = entry.remote_host or insert_of(entry, "host") or insert_of(entry, "address")
    return named or next((text for text in entry.quoted if _QUOTED_ADDRESS.fullmatch(text.strip())), "")


def other_end_of(entry: LogEntry) -> str:
    """The other end as `address_of` has it, else the IP number that the message quotes; "" where it tells neither."""
    return address_of(entry) or next((text for text in entry.quoted if is_number(text)), "")


def insert_of(entry: LogEntry, role: str) -> str:
    """The insert of an entry that holds this, as the catalogue of messages calls it; "" where it has none."""
    info = message(entry.message) if entry.message else None
    numbers = [number for number, text in info.inserts.items() if text.startswith(role)] if info else []
    return next((entry.inserts[number] for number in numbers if entry.inserts.get(number)), "")


def logged_facts(entries: Iterable[LogEntry]) -> Iterator[Fact]:
    """What the client itself says in its log of what it used: channel, address, CipherSpec, channel table."""
    for entry in entries:
        if written_by(entry) != "client":
            continue
        address = _NAMED_ADDRESS.fullmatch(address_of(entry).strip())
        told = {
            "channel": channel_of(entry),
            "address": f"{address['host']}({address['port']})" if address else "",
            "cipher_spec": insert_of(entry, "CipherSpec"),
            "ccdt": _table_of(entry),
        }
        for name, value in told.items():
            if value:
                said = evidence_of(entry)
                yield Fact(f"{LOGGED}{name}", value, said.location, said.text, "read", pattern="log", basis="observed")


@cache
def telling_inserts(identity: str) -> tuple[int, ...]:
    """The numbers of the inserts that tell one failure from another of the same message: error number, user, label."""
    info = message(identity) if identity else None
    return tuple(number for number, text in info.inserts.items() if text.startswith(TELLING)) if info else ()


def _table_of(entry: LogEntry) -> str:
    """The channel table that a message of the client is about, "" where it is about none."""
    info = message(entry.message)
    inserts = entry.inserts or dict(enumerate(entry.quoted[:1], 3))
    if info is None or not cause_of_message(info, "client", inserts).startswith(OF_TABLE):
        return ""
    return next((inserts[number] for number, text in info.inserts.items() if text == "file" and number in inserts), "")


def _speaks_of(entry: LogEntry, role: str) -> bool:
    info = message(entry.message) if entry.message else None
    return info is not None and any(text.startswith(role) for text in info.inserts.values())


def _knows_inserts(entry: LogEntry) -> bool:
    info = message(entry.message)
    return info is not None and bool(info.inserts)


def _quoted_channel(entry: LogEntry) -> str:
    """Stand-in for the insert in logs of 8.0 and older, which print no inserts: the
    quoted text that has the form of a name."""
    return next((text for text in entry.quoted if _looks_like_channel(text)), "")


def _looks_like_channel(text: str) -> bool:
    return (
        0 < len(text) <= 20
        and "." in text
        and not text[0].isdigit()
        and all(part.isupper() or part.isdigit() for part in text if part.isalnum())
    )


def is_agent(entry: LogEntry) -> bool:
    """Whether an agent wrote it, which acts for a program."""
    return entry.program.lower().startswith(AGENTS)

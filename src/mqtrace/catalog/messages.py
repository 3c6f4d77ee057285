"""Messages of MQ's error logs, of z/OS and of Liberty: what each means, and which cause it proves by the end that
wrote it.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.entries import EntryText, entry_texts, parse
from mqtrace.catalog.errnos import errno
from mqtrace.catalog.gskit import WrittenBy, gskit_code, system_ssl_cause, validation_cause
from mqtrace.catalog.java_exceptions import java_tls_cause, property_cause
from mqtrace.catalog.tables import table
from mqtrace.catalog.typed import CauseId, Line, Size, Spelling, Text, Texts, read
from mqtrace.kept import compiled
from mqtrace.model import Alternative, Basis, Confidence

Role = Literal["cause", "consequence", "information", "unspecific"]
MESSAGE_ID = compiled(
    r"(?:(AMQ)(\d{4,5})|(CSQX|MQJE)(\d{3})|(CW[A-Z]{3}|FFDC|JMS[A-Z]{2,3}|MQJCA|MQJMS)(\d{4}))[A-Z]?:?", re.IGNORECASE
)
RETURN_CODE = compiled(r"(?:0x)?2000(9\d{3})", re.IGNORECASE)
TWINS_OF_ZOS = "2567"
OF_REPOSITORY = "tls.key-repository-"
# Beginnings of the ids that only programs print, and that only a queue manager writes.
OF_CLIENTS = ("JMS", "MQJ", "CWSMQ", "AMQ4")
OF_QUEUE_MANAGERS = ("AMQ5", "AMQ8", "CSQX")
# A number as entries print it; Java prints -1(ffffffff).
NUMBER = compiled(r"-?[0-9]{1,9}(?![0-9A-Za-z.])")


InsertNumber = Annotated[int, Size(1, 5)]


class SharpenedBy(Struct, frozen=True):
    """The insert of a message, and the table that makes a cause of it: of a number, of the text of a Java exception, or
    of the name of a property.

    Where `call` is given, only if the insert of that number is such a call (the regex `calls`).
    """

    insert: InsertNumber
    table: Literal["errno", "gskit", "gskit_validation", "system_ssl", "java_tls", "java_properties"]
    call: InsertNumber | None = None
    calls: str = ""


class OnlyIf(Struct, frozen=True):
    """The insert that tells whether a message is of its cause at all, what it holds then (a regex), and of which other
    cause it is where it holds something else; "" for none.
    """

    insert: InsertNumber
    regex: str
    otherwise: CauseId = ""


class MessageInfo(Struct, frozen=True):
    """What is known of one message.

    Attributes:
        id: with prefix, without severity letter ("AMQ9633", "CSQX620").
        severity: letter I W E S.
        title, meaning: in our own words.
        causes, fixes: what mostly lies behind it, and what to do; fixes may be empty where the cause has them.
        role: cause (names one), consequence (the cause stands in another entry), unspecific (names none), information.
        inserts: insert number (1, 2 arithmetic; 3, 4, 5 comment) -> what it holds; only those known.
        cause_client, cause_server: id of the cause that it proves when a client, or the queue manager, wrote it; ""
            when none.
        confidence: how surely, None where it proves no cause.
        alternatives: other causes that fit, and how to tell.
        sharpened_by: an insert that names the cause more exactly, None where there is none.
        only_if: the insert that tells whether the message is of its cause at all, None where each one is.
        reason_codes: what the application may get.
        calls_out: a queue manager that writes it was calling another one: no client is at the other end.
        connects: a program prints it of a connection that it could not make.
        routine: what happened, where it is no failed connection in the log of a queue manager that was called; "" else.
        basis, source: how that is known.
    """

    id: Annotated[
        str,
        Spelling(
            r"AMQ\d{4,5}|(CSQX|MQJE)\d{3}|(CW[A-Z]{3}|FFDC|JMS[A-Z]{2,3}|MQJCA|MQJMS)\d{4}",
            "an id as AMQ9633, CSQX620, JMSWMQ0018",
        ),
    ]
    severity: Literal["I", "W", "E", "S", "T"]
    title: Line
    meaning: Text
    causes: Texts
    role: Role
    basis: Basis
    source: Text
    fixes: tuple[Text, ...] = ()
    inserts: Mapping[InsertNumber, Text] = field(default_factory=dict)
    cause_client: CauseId = ""
    cause_server: CauseId = ""
    confidence: Confidence | None = None
    alternatives: tuple[Alternative, ...] = ()
    sharpened_by: SharpenedBy | None = None
    only_if: OnlyIf | None = None
    reason_codes: tuple[int, ...] = ()
    calls_out: bool = False
    connects: bool = False
    routine: str = ""

    @property
    def deciding_inserts(self) -> tuple[int, ...]:
        """The numbers of the inserts that the cause depends on."""
        sharper = (self.sharpened_by.insert, self.sharpened_by.call or 0) if self.sharpened_by else ()
        return tuple(number for number in (*sharper, self.only_if.insert if self.only_if else 0) if number)


def message_id(word: str) -> str:
    """The id that `word` is, without severity letter: "AMQ9633" for "amq9633e:" and the return code 0x20009633; "" for
    anything else.
    """
    word = word.strip()
    if code := RETURN_CODE.fullmatch(word):
        return f"AMQ{code[1]}"
    found = MESSAGE_ID.fullmatch(word)
    return "".join(part for part in found.groups() if part).upper() if found else ""


def read_message(entry: EntryText) -> MessageInfo:
    """The message of an entry of patterns/messages; its `cause` is that of both ends. Raises PatternError."""
    content = parse(entry)
    if "cause" in content:
        cause = content.pop("cause")
        content = {"cause_client": cause, "cause_server": cause, **content}
    return read(MessageInfo, content, entry.where)


def _twin_of_zos(id: str) -> MessageInfo | None:
    """CSQXnnn as the twin of AMQ9nnn: IBM numbers most of them alike, so this is a lead and no proof."""
    digits = id.removeprefix("CSQX")
    twin = message(f"AMQ9{digits}") if digits != id and digits[0] in TWINS_OF_ZOS else None
    if twin is None or twin.cause_server.split(".")[0] in ("", "settings"):
        return None
    return replace(
        twin,
        id=id,
        meaning=f"{twin.meaning} (Assumed from {twin.id}: most z/OS messages have the digits of their twin.)",
        inserts={},
        sharpened_by=None,
        confidence=twin.confidence and "possible",
        basis="reported",
        source=f"the digits of {twin.id}",
    )


@cache
def message(id: str) -> MessageInfo | None:
    """The message of that id (in any case, with or without severity letter), None when mqtrace has no entry for it."""
    normal = message_id(id)
    entry = entry_texts("message").get(normal)
    return read_message(entry) if entry else _twin_of_zos(normal)


@cache
def all_messages() -> tuple[MessageInfo, ...]:
    """All messages that have an entry of their own, file by file."""
    return tuple(info for id in entry_texts("message") if (info := message(id)))


@cache
def _inserts() -> Mapping[str, tuple[int, ...]]:
    rows = table("message_inserts")
    return {
        row["id"]: tuple(int(number) for number in f"{row['arith_inserts']} {row['comment_inserts']}".split())
        for row in rows
    }


def message_inserts(id: str) -> tuple[int, ...] | None:
    """Numbers of the inserts that MQ's catalogue has for the id, None when the catalogue does not have the id."""
    return _inserts().get(message_id(id))


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    return {row["id"]: row for row in table("message_meanings")}


def short_meaning(id: str) -> Mapping[str, str] | None:
    """Writer, meaning and todo of a message that is only explained; None where nothing is known of it."""
    return _meanings().get(message_id(id))


def writer_of(id: str) -> str:
    """Who mostly writes a message: client, queue manager, command, or either (of the two ends of a channel)."""
    known = short_meaning(id)
    if known:
        return known["writer"]
    if id.startswith(OF_CLIENTS):
        return "client"
    return "queue manager" if id.startswith(OF_QUEUE_MANAGERS) else "either"


def _sharper(kind: str, number: int, written_by: WrittenBy) -> str:
    if kind == "gskit_validation":
        return validation_cause(number, written_by)
    if kind == "system_ssl":
        return system_ssl_cause(number)
    known = errno(number) if kind == "errno" else gskit_code(number)
    return known.cause if known else ""


def _matches(inserts: Mapping[int, str], number: int, regex: str) -> bool:
    """Whether the insert of that number, if there is one, holds what `regex` asks for."""
    value = inserts.get(number, "").strip()
    return not value or re.search(regex, value) is not None


def cause_of_message(info: MessageInfo, written_by: WrittenBy, inserts: Mapping[int, str]) -> str:
    """Id of the cause that an entry proves: the message's, or a more exact one that its inserts name; "" when none."""
    general = info.cause_client if written_by == "client" else info.cause_server
    if info.only_if and not _matches(inserts, info.only_if.insert, info.only_if.regex):
        return info.only_if.otherwise
    sharper = info.sharpened_by
    if sharper is None or (sharper.call and not _matches(inserts, sharper.call, sharper.calls)):
        return general
    kind = sharper.table
    value = inserts.get(sharper.insert, "").strip()
    if kind == "java_tls":
        return java_tls_cause(value, written_by) or general
    if kind == "java_properties":
        return property_cause(value) or general
    number = NUMBER.match(value)
    named = _sharper(kind, int(number[0]), written_by) if number else ""
    # What failed is the repository: a code that GSKit has for certificates too does not make it one of a certificate.
    is_other = general.startswith(OF_REPOSITORY) and not named.startswith(OF_REPOSITORY)
    return general if is_other or not named else named

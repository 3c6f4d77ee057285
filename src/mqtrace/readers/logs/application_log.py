"""What an application printed about its failure: reason codes and messages, alone or in chains of exceptions."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from msgspec import Struct, field

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Client, Evidence, Location, LogEntry
from mqtrace.readers.logs.failure_forms import denies, is_about_mq, loudness, printed_by
from mqtrace.readers.logs.log_chunks import Line, chunks, decoded, is_json_document, lines, unified_head
from mqtrace.readers.logs.log_dates import utc_time
from mqtrace.readers.logs.log_exceptions import Level, levels
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.tally import Tally

# Lines between the words about MQ and a bare "Reason: 2035" that still belong together.
_NEAR = 3
# Lines of prose inside a chain of exceptions; stack frames do not count.
_PATIENCE = 8
_PARTS = 24
# The message of old classes for Java that has only the codes.
_GENERAL = "MQJE001"
_TEXT_CAP = 2000
# What ties an exception to those above it, printed the innermost first; and what says that only its place does.
_WRAPPER = "Wrapped by: "
_ABOVE = "right above: "


@cache
def _candidate() -> re.Pattern[bytes]:
    return compiled(rb"MQ|[Rr]eason|REASON|[Rr]C[ =:]|rc[ =:]|com\.ibm\.m|[Qq]ueue [Mm]anager|mqi\b|mqrc")


@cache
def _cause() -> re.Pattern[str]:
    """A line that carries on with a chain: the cause of what stands above it.

    People write "Cause: the firewall" too: behind that word stands an exception, or an id of MQ.
    """
    named = (
        r"(?-i:(?:[\w$]{1,60}\.){1,12}[A-Z][\w$]{0,60}\b|\w{0,60}(?:Exception|Error)\b"
        r"|MQRC_|(?:AMQ|JMS[A-Z]{2,3}|MQJE)\d)"
    )
    return compiled(
        rf"\s*(?:(?:(?:Caused|Wrapped) by: |Suppressed: |\.\.\. caused by |cause: )(?={named})"
        r"|Linked exception|nested exception is |-+> ?)",
        re.I,
    )


@cache
def _frame() -> re.Pattern[str]:
    return compiled(r"\s*(?:at [\w$.<>/@]|\.\.\. \d+ |File \"|--- End of )")


@cache
def _exception() -> re.Pattern[str]:
    """A line that begins with the class of an exception."""
    return compiled(r"(?:Exception in thread \"[^\"]{0,80}\" )?[\w$]{1,60}(?:\.[\w$]{1,60}){1,12}(?::|$)")


@cache
def _clock() -> re.Pattern[str]:
    return compiled(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?")


@cache
def _nested_exception() -> re.Pattern[str]:
    """An exception in an insert: java.net.ConnectException[Connection refused]."""
    return compiled(r"((?:[\w$]{1,60}\.){1,12}[\w$]{1,60})\[((?!CC=).*)\]")


@cache
def _host() -> re.Pattern[str]:
    """host(port), host/address:port, and the like."""
    return compiled(r"[^\s'\"]{0,250}(?:\(\d{1,5}\)|:\d{1,5})(?: \([^()]*\))?")


@cache
def _queue_manager() -> re.Pattern[str]:
    return compiled(r"(?i:queue manager) '([^']{1,48})'")


class _Chain(Struct):
    """A failure whose lines are still being read."""

    line: Line
    when: str
    is_exception: bool
    levels: list[Level]
    words: list[str] = field(default_factory=list)
    said: Line | None = None
    prose: int = 0
    client: Client = "unknown"
    denied: bool = False

    @property
    def reason_code(self) -> int | None:
        """What the application got: the outermost code."""
        return next((level.reason_code for level in self.levels if level.reason_code), None)


@cache
def _own_log() -> re.Pattern[bytes]:
    """The header of mqjms.log, in which IBM's classes for Java and JMS write what their programs do not print."""
    return compiled(rb"\s*Date: [^\r\n]{5,80}\r?\nMQ Build Level=[^\r\n]{1,80}\r?\nJava version:")


def sniff(head: bytes) -> bool:
    """Whether a line of `head` names a failure of MQ in one of the known forms, or it is the classes' own log."""
    head = unified_head(head)
    if is_json_document(head):
        return False
    return _own_log().match(head) is not None or next(_chains(lines([head])), None) is not None


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """Every failure that `source` tells, in its order; a chain of exceptions is one.

    `message` is the id of the innermost level (of the outermost JMS message where no AMQ id is there), `inserts` are
    that level's, the ids of the other levels stand in `quoted`, outermost first; without others `quoted` holds the
    texts in quotes. `reason_code` is the outermost: what the application got. `text` begins with the deepest cause.
    `remote_host` is the address of the outermost level that names one; `said` the line of the deepest cause.
    """
    for entry in failures(lines(chunks(source.stream, tally)), source.name):
        tally.records += 1
        yield entry


def failures(read_lines: Iterable[Line], source: str) -> Iterator[LogEntry]:
    """Every failure that the lines tell, of the input named `source`."""
    return (_entry(chain, source) for chain in _chains(read_lines))


# One loop over lines and what is inside them, with one chain open at a time.
def _chains(read_lines: Iterable[Line]) -> Iterator[_Chain]:  # noqa: C901
    chain: _Chain | None = None
    about_mq = -_NEAR - 1
    above = _Above()
    for line in read_lines:
        if chain is not None and chain.prose > _PATIENCE:
            yield chain
            chain = None
        if _candidate().search(line.data) is None:
            words = decoded(line.data)
            if chain is not None:
                _carry_on(chain, words, [], line)
            above.take(words)
            continue
        level = loudness(decoded(line.data))
        for words in _pieces(line):
            found = levels(words, level=level, near_mq=line.number - about_mq <= _NEAR)
            about_mq = line.number if level != "quiet" and is_about_mq(words) else about_mq
            if chain is not None and (not found or _belongs(chain, words, found, line)):
                _carry_on(chain, words, found, line)
            elif found:
                if chain is not None:
                    yield chain
                chain = _begun(line, words, found, above)
            above.take(words)
    if chain is not None:
        yield chain


def _pieces(line: Line) -> list[str]:
    """The line; of a record in JSON the lines of the stack trace inside it."""
    words = decoded(line.data).rstrip("\r")
    return words.replace("\\r\\n", "\\n").replace("\\t", " ").split("\\n") if "\\n" in words else [words]


class _Above:
    """The exceptions right above a line whose stacks end there: printed the innermost first, they are its causes."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._framed = False
        # The line of a log that all exceptions below it are of.
        self.header = ""

    def take(self, words: str) -> None:
        """Takes the next line: an exception, a frame of the stack below it, or what ends both."""
        if _frame().match(words):
            self._framed = bool(self._words)
        elif _exception().match(words) or _cause().match(words):
            self._words = (
                [*self._words, words.strip()][-_PARTS:] if self._framed or not self._words else [words.strip()]
            )
            self._framed = False
        else:
            self._words, self._framed, self.header = [], False, words

    def causes_of(self, words: str) -> list[str]:
        """The exceptions that a line sums up, the innermost last; [] where it does not go on with a stack."""
        goes_on = self._framed and (_exception().match(words) or words.lstrip().startswith(_WRAPPER))
        if not goes_on:
            return []
        words_of = [_cause().sub("", each, count=1) for each in reversed(self._words)]
        return words_of if words.lstrip().startswith(_WRAPPER) else [*words_of[:-1], _ABOVE + words_of[-1]]


def _begun(line: Line, words: str, found: list[Level], above: _Above) -> _Chain:
    is_exception = _exception().match(words) is not None
    when = _time_in(words)
    if not when and (is_exception or _cause().match(words)):
        when = _time_in(above.header)
    chain = _Chain(line, when, is_exception, [])
    chain.denied = denies(above.header)
    _add(chain, words, found)
    chain.words += above.causes_of(words)
    return chain


def _time_in(words: str) -> str:
    clock = _clock().search(words, 0, 160)
    return clock[0] if clock else ""


def _belongs(chain: _Chain, words: str, found: list[Level], line: Line) -> bool:
    """Whether a line that names a failure goes on with `chain`: a cause of it, or the
    exception that the line before summed up."""
    if _cause().match(words):
        return True
    code = next((level.reason_code for level in found if level.reason_code), None)
    if code is None and line.number - chain.line.number == 1 and not any(level.message for level in chain.levels):
        return True  # the message that the client printed for the reason code of the line before
    agrees = code is None or chain.reason_code is None or code == chain.reason_code
    return (
        agrees
        and not chain.is_exception
        and line.number - chain.line.number <= 1
        and _exception().match(words) is not None
    )


def _carry_on(chain: _Chain, words: str, found: list[Level], line: Line) -> None:
    """Takes a line into `chain`: the name of a failure, a cause that is not MQ's, a stack frame, or prose."""
    if chain.client == "unknown" and (found or _frame().match(words) or _cause().match(words)):
        chain.client = printed_by(words)
    if found or _cause().match(words):
        chain.is_exception = True
        chain.prose = 0
        chain.said = line
        _add(chain, words, found)
    elif _frame().match(words):
        chain.prose = 0
    else:
        chain.denied = chain.denied or (chain.prose == 0 and denies(words))
        chain.prose += 1


def _add(chain: _Chain, words: str, found: list[Level]) -> None:
    if len(chain.words) >= _PARTS:
        return
    if chain.client == "unknown":
        chain.client = printed_by(words)
    chain.levels += found
    if not found:
        chain.words.append(_cause().sub("", words, count=1).strip())
    for level in found:
        chain.words.append(level.text if level.message in level.text else f"{level.message}: {level.text}")
        inner = _nested_exception().fullmatch(level.inserts.get(1, ""))
        if inner:
            chain.words.append(f"{inner[1]}: {inner[2]}")


def _entry(chain: _Chain, source: str) -> LogEntry:
    own = _innermost(chain.levels)
    others = dict.fromkeys(level.message for level in chain.levels if level.message not in ("", own.message))
    parts = [part for part in dict.fromkeys(chain.words) if part]
    text = mask((" < ".join(reversed(parts)) if len(parts) > 1 else own.text)[: 2 * _TEXT_CAP])[:_TEXT_CAP]
    local = (
        chain.when
        and not chain.when.endswith("Z")
        and len(chain.when) < 30
        and not re.search(r"[+-]\d\d:?\d\d$", chain.when[10:])
    )
    manager = next((match[1] for level in chain.levels if (match := _queue_manager().search(level.text))), "")
    return LogEntry(
        message=own.message,
        text=text,
        location=Location(source, chain.line.number, chain.line.offset, len(chain.line.data)),
        severity=own.severity,
        when=_local(chain.when) if local else None,
        utc=utc_time(chain.when.replace(",", ".")) if chain.when and not local else None,
        queue_manager=manager,
        remote_host=_address(chain.levels),
        inserts=_inserts(own),
        quoted=tuple(others) or quoted(mask(own.text)),
        reason_code=chain.reason_code,
        complete=not chain.line.cut,
        said=_said(chain.said or chain.line, source),
        client=chain.client,
        tie="possible" if chain.denied else "same",
    )


def _said(line: Line, source: str) -> Evidence:
    """The line that names the deepest cause."""
    return Evidence(Location(source, line.number, line.offset, len(line.data)), mask(decoded(line.data).strip()))


def _inserts(own: Level) -> dict[int, str]:
    """The inserts that a level prints; of a message of JMS the texts that it quotes, which are its inserts in order."""
    if own.inserts or not own.message.startswith("JMS"):
        return {number: mask(value) for number, value in own.inserts.items()}
    return {number: text for number, text in enumerate(quoted(mask(own.text)), 3) if number <= 5}


def _innermost(found: list[Level]) -> Level:
    """The last level with an AMQ id, else the last message of old classes, else the first with an id or at all."""
    inner = [level for level in found if level.message.startswith("AMQ")]
    old = [level for level in found if level.message.startswith("MQJE") and level.message != _GENERAL]
    last = inner[-1:] or old[-1:]
    return last[0] if last else next((level for level in found if level.message), found[0])


def _address(found: list[Level]) -> str:
    named = next((value for level in found if _host().fullmatch(value := level.inserts.get(3, ""))), "")
    quotes = (text for level in found for text in quoted(level.text))
    return named or next((text for text in quotes if _host().fullmatch(text)), "")


def _local(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None

"""Makes mentions: the words of every message, reason code and form of a failure that
mqtrace knows, in texts that state no failure.

All texts are synthetic, and made from what is in patterns/ when the tests run: a new message, sign or form is attacked
without a new test.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mqtrace.catalog.failure_forms import failure_forms
from mqtrace.catalog.messages import all_messages, message
from mqtrace.catalog.reasons import reason_name
from mqtrace.catalog.signs import signs

# `make attack` gives a number, which draws other mixtures and more of them.
SEED = int(os.environ.get("MQTRACE_ATTACK", "0"))
ROUNDS = 4000 if SEED else 150
DATE = "2026-05-04 10:00:00,123"


@dataclass(frozen=True)
class Subject:
    """What is mentioned.

    Attributes:
        name: a message id, a reason code, or a form.
        statement: a line that would state a failure by it.
        is_named: whether texts name it so.
    """

    name: str
    statement: str
    is_named: bool = True


def messages() -> Iterator[Subject]:
    """Every message of MQ's error logs and of z/OS that proves a cause or what failed, with a sentence of its own."""
    for info in all_messages():
        if info.role != "information" and info.id.startswith(("AMQ", "CSQX")):
            yield Subject(info.id, f"{info.id}{info.severity}: {info.title.rstrip('.')}.")


def reason_codes() -> tuple[int, ...]:
    """Every reason code that decides: of signs and of messages."""
    codes = {int(value) for sign in signs().get("application.reason", ()) for value in sign.values}
    codes |= {int(value) for sign in signs().get("inner.reason", ()) for value in sign.values}
    return tuple(sorted(codes.union(*(info.reason_codes for info in all_messages()))))


def reasons() -> Iterator[Subject]:
    """Every reason code in the sentences of a C program and of the classes for JMS."""
    for code in reason_codes():
        name = reason_name(code)
        yield Subject(f"reason code {code}", f"MQCONNX ended with reason code {code}")
        words = f"IBM MQ call failed with compcode '2' ('MQCC_FAILED') reason '{code}' ('{name}')."
        yield Subject(f"{code} ({name})", f"JMSCMQ0001: {words}")


def forms() -> Iterator[Subject]:
    """Every sample of patterns/failures.toml."""
    for form in failure_forms().form:
        for number, sample in enumerate(form.samples):
            if not sample.startswith(("2026", "{", "[")):
                yield Subject(f"{form.id} {number}", sample, is_named=False)


def subjects() -> list[Subject]:
    """Everything that can be mentioned."""
    return [*messages(), *reasons(), *forms()]


# Where a statement is told of: it has its form, and something beside it says that it is no failure of this program now.
TOLD = {
    "level DEBUG": f"{DATE} DEBUG [main] c.e.Gateway - {{statement}}",
    "level INFO": f"{DATE} INFO  [main] c.e.Gateway - {{statement}}",
    "level trace in JSON": '{{"level":"trace","msg":"{statement}"}}',
    "level of a logfmt line": 'time="2026-05-04T10:00:00Z" level=info msg="{statement}"',
    "comment in C": "// {statement}",
    "comment in a script": "# {statement}",
    "comment in SQL": "-- {statement}",
    "bullet": "- {statement}",
    "numbered list": "3. {statement}",
    "row of a table": "| {statement} | ask the administrators |",
    "past": "Last week we had it again: {statement}",
    "example": "For example: {statement}",
    "frequent questions": "FAQ: {statement}",
    "subject of a mail": "Subject: Re: {statement}",
    "unit test": "Unit test passed, as expected: {statement}",
    "assertion": 'assert str(error) == "{statement}"',
    "log call": '    log.error("{statement}");',
    "throw": '    throw new JMSException("{statement}");',
    "query": "INSERT INTO known_errors VALUES ('{statement}')",
    "search": 'grep -c "{statement}" app.log',
    "condition": "if it says {statement}",
    "question": 'Who can tell what this means: "{statement}"?',
}
# Where only the name of the subject stands.
NAMED = {
    "prose": "The administrators told me that {token} is a matter of certificates or authority of MQ.",
    "negation": f"{DATE} WARN MQ connected, no {{token}} this time",
    "negation of an error": "MQ failed before, but without {token} now",
    "count": "{token}: 17",
    "zero": "0 occurrences of {token}",
    "changelog": "4.2.1: MQ bridge: fixed {token} by another cipher",
    "statistics": "{token},12,0.4%,2026-05-04",
    "list of codes": "{token}",
    "configuration": "mq.retry.on={token}",
    "invoice": f"{DATE} ERROR shop: invoice cancelled, see {{token}} (customer changed their mind)",
    "source": "if (mqrc == {token}) retry();",
    "plan": "If {token} comes back, the MQ certificate expires in 20 days.",
    "grep": "$ grep -c {token} AMQERR01.LOG\n0",
}


def mentions(subject: Subject) -> Iterator[tuple[str, str]]:
    """Name and text of every mention of a subject."""
    for name, template in TOLD.items():
        yield name, template.format(statement=subject.statement.replace('"', "'"))
    for name, template in NAMED.items():
        if subject.is_named:
            yield name, template.format(token=subject.name)


NOISE = (
    f"{DATE} INFO  [main] c.e.Gateway - connected to queue manager QM1 by channel A.B",
    f"{DATE} WARN  [main] c.e.Gateway - MQ message 17 took 2035 ms",
    f"{DATE} ERROR [main] c.e.Shop - order 2538 rejected",
    "\tat c.e.Gateway.run(Gateway.java:2035)",
    "",
    "some other program said nothing of interest",
)


def mixtures() -> Iterator[str]:
    """Texts of several mentions of several subjects with other lines between, drawn by SEED."""
    draw = random.Random(SEED)
    known_subjects = subjects()
    for _ in range(ROUNDS):
        lines = [draw.choice(NOISE) for _ in range(draw.randint(0, 4))]
        for subject in draw.sample(known_subjects, draw.randint(1, 5)):
            lines.append(draw.choice(list(mentions(subject)))[1])
            lines.extend(draw.choice(NOISE) for _ in range(draw.randint(0, 2)))
        yield "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Stranger:
    """What of an entry in an error log is not that of a traced connection."""

    host: str = "apphost"
    process: int = 7300
    thread: int = 1
    apart: timedelta = timedelta()


STRANGERS = {
    "other host": Stranger(host="otherhost"),
    "other process": Stranger(process=7301),
    "other thread": Stranger(thread=2),
    "a year before": Stranger(apart=timedelta(days=-365)),
    "an hour before": Stranger(apart=timedelta(hours=-1)),
    "a day after": Stranger(apart=timedelta(days=1)),
}


def entry(id: str, stranger: Stranger, when: datetime) -> str:
    """An entry of a client's AMQERR01.LOG with that message, whose header tells what `stranger` says."""
    info = message(id)
    assert info is not None
    moment = when + stranger.apart
    inserts = "".join(f" CommentInsert{number - 2}(X{number})" for number in info.inserts if number > 2)
    return (
        f"{moment:%m/%d/%Y %I:%M:%S %p} - Process({stranger.process}.{stranger.thread}) User(app) Program(orders)\n"
        f"                    Host({stranger.host}) Installation(Installation1)\n"
        f"                    VRMF(9.3.0.10)\n"
        f"                    Time({moment:%Y-%m-%dT%H:%M:%S}.200Z)\n"
        f"                   {inserts}\n\n"
        f"{id}{info.severity}: {info.title}\n\n"
        "EXPLANATION:\nSynthetic.\nACTION:\nNone.\n"
        "----- amqrmxxx.c : 100 -----------------------------------------------------------\n"
    )

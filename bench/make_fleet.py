"""Makes the error logs of a fleet: SYNTHETIC entries in the shapes of 7.5 to 9.4, of many hosts, one in a thousand
damaged.

    python bench/make_fleet.py FOLDER MEGABYTES [FILES]

The shapes are those of public logs; the sentences are made up. The same arguments give the same bytes.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2026, 3, 16, tzinfo=UTC)
HOSTS = 400
DAMAGE = 1000
FILLER = (
    "This text stands where a log explains the message. It is made up, and about as\nlong "
    "as such explanations are; it names the channel"
    " '{channel}' again,\nand the other end {address} as well. Where nothing else is known, "
    "the entries\nbefore this one may tell more.\n"
)
EXPLANATION = (
    "EXPLANATION:\n" + FILLER + "ACTION:\nLook at the other end, and at the entries of the same moment on this host.\n"
)
# Message, severity, title, program, how often, and what its comment inserts hold.
KINDS = (
    (
        "AMQ9999",
        "E",
        "The channel '{channel}' to '{address}' came to an end that was not\nplanned.",
        "amqrmppa",
        30,
        "channel process address",
    ),
    (
        "AMQ9209",
        "E",
        "The other end '{address}' of channel '{channel}' went away.",
        "amqrmppa",
        25,
        "address protocol channel",
    ),
    ("AMQ9001", "I", "The channel '{channel}' ended.", "amqrmppa", 20, "channel"),
    ("AMQ9002", "I", "The channel '{channel}' is beginning.", "amqrmppa", 10, "channel"),
    ("AMQ5051", "I", "A task named '{task}' began.", "amqzmuc0", 5, "task"),
    ("AMQ9776", "E", "The channel was not opened for that user.", "amqrmppa", 3, "channel address user"),
    ("AMQ9639", "E", "The other end of '{channel}' gave no CipherSpec.", "amqrmppa", 3, "channel address"),
    ("AMQ8077", "W", "The user '{user}' may not do that.", "amqzlaa0", 2, "user channel task"),
    ("AMQ9202", "E", "The other end '{address}' cannot be reached now.", "runmqchl", 2, "address protocol channel"),
)
Kind = tuple[str, str, str, str, int, str]


def entries(seed: int) -> Iterator[str]:
    """The entries of one host, in order."""
    choice = random.Random(seed)
    host, manager = f"host{seed % HOSTS:03}.example", f"QM{seed % HOSTS:03}"
    when = BEGIN + timedelta(seconds=choice.randrange(600))
    weights = [kind[4] for kind in KINDS]
    old = seed % 4 == 0
    while True:
        when += timedelta(milliseconds=choice.randrange(4000))
        yield entry(choice, choice.choices(KINDS, weights)[0], host, manager, when, old=old)


def entry(choice: random.Random, kind: Kind, host: str, manager: str, when: datetime, *, old: bool) -> str:
    """One entry, in the shape of 8.0 where `old`, else of 9.x."""
    message, severity, title, program, _, inserts = kind
    # Queue managers have some hundred clients; a port is printed for the other end of an outbound connection alone.
    address = f"10.{int(manager[2:]) % 250}.{choice.randrange(2)}.{choice.randrange(250)}"
    values = {
        "channel": f"APP{choice.randrange(120):03}.SVRCONN",
        "address": f"{address}({1414 + choice.randrange(3)})",
        "process": f"{2000 + choice.randrange(40)}",
        "protocol": "TCP/IP",
        "task": choice.choice(("CHECKPOINT", "LOGGER-IO", "DUR-SUBS-MGR")),
        "user": f"user{choice.randrange(300)}",
    }
    thread = choice.randrange(1, 60)
    indent = " " * 20
    lines = [f"{when:%m/%d/%Y %I:%M:%S %p} - Process({values['process']}.{thread}) User(mqm) Program({program})"]
    lines += [
        f"{indent}Host({host}) Installation(Installation1)",
        f"{indent}VRMF({'8.0.0.9' if old else '9.3.0.15'}) QMgr({manager})",
    ]
    if not old:
        milliseconds = when.microsecond // 1000
        lines += [f"{indent}Time({when:%Y-%m-%dT%H:%M:%S}.{milliseconds:03}Z)", f"{indent}RemoteHost({address})"]
        lines += [f"{indent}ArithInsert1({choice.randrange(1, 20000)})"] if message == "AMQ9202" else []
        lines += [f"{indent}CommentInsert{number}({values[name]})" for number, name in enumerate(inserts.split(), 1)]
    letter = "" if old else severity
    text = title.format(**values)
    footer = f"----- amqrmrsa.c : {choice.randrange(400, 1400)} "
    return "\n".join(
        (*lines, " " * 19, f"{message}{letter}: {text}", "", EXPLANATION.format(**values) + footer.ljust(79, "-"), "")
    )


def damaged(text: str, choice: random.Random) -> str:
    """An entry as a full disk leaves it: cut anywhere, the next one glued to it."""
    return text[: choice.randrange(1, len(text))]


def write_log(path: Path, size: int, seed: int) -> dict[str, int]:
    """Writes a log of about `size` bytes; gives how many entries of each message stand whole in it."""
    choice = random.Random(f"damage {seed}")
    counts: dict[str, int] = {}
    written = 0
    with path.open("w", encoding="ascii", newline="\n") as stream:
        for text in entries(seed):
            whole = choice.randrange(DAMAGE) > 0
            written += stream.write(text if whole else damaged(text, choice))
            if whole:
                message = text[text.index("\nAMQ") + 1 :][:7]
                counts[message] = counts.get(message, 0) + 1
            if written >= size:
                return counts
    return counts


def main(folder: str, megabytes: str, files: str = "32") -> None:
    """Writes the fleet."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for number in range(int(files)):
        write_log(target / f"host{number:04}-AMQERR01.LOG", int(megabytes) * 1_000_000 // int(files), number + 1)


if __name__ == "__main__":
    main(*sys.argv[1:])

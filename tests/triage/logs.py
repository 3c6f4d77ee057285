"""SYNTHETIC logs for the tests of triage; the sentences are not IBM's."""

from pathlib import Path

HEADER = "{date} - Process({process}) User({user}) Program({program})"


def entry(
    message: str,
    title: str = "Something happened.",
    *,
    date: str = "03/17/26 01:12:25",
    time: str = "",
    process: str = "100.1",
    user: str = "mqm",
    program: str = "amqrmppa",
    host: str = "host1",
    inserts: tuple[str, ...] = (),
    explanation: str = "A made-up text.",
) -> str:
    """One entry: of 9.x where a UTC time is given, else of 8.0."""
    fields = [
        f"Host({host}) Installation(Installation1)",
        "VRMF(9.3.0.0) QMgr(QM1)",
        *([f"Time({time})"] if time else ()),
        *inserts,
    ]
    header = "".join(f"{'':20}{field}\n" for field in fields)
    first = HEADER.format(date=date, process=process, user=user, program=program)
    return (
        f"{first}\n{header}{'':19}\n{message}: {title}\n\nEXPLANATION:\n{explanation}\n"
        f"ACTION:\nNone.\n----- made.c : 12 {'-' * 61}\n"
    )


def hour(number: int, minute: int = 0) -> str:
    """A UTC time of 17 March 2026."""
    return f"2026-03-17T{number:02}:{minute:02}:00.000Z"


def fleet(entries: int = 3000) -> str:
    """A log with many messages, channels and hours, a cut entry, a glued one, and text that speaks of messages."""
    parts = []
    for number in range(entries):
        moment = f"2026-03-{17 + number // 1500:02}T{number // 100 % 24:02}:{number % 60:02}:01.{number % 1000:03}Z"
        process = f"{number % 7}.{number % 3}"
        inserts = (f"RemoteHost(10.0.0.{number % 250})", f"CommentInsert1(APP{number % 11}.SVRCONN)")
        text = entry(("AMQ9999E", "AMQ9776E", "AMQ9001I")[number % 3], time=moment, process=process, inserts=inserts)
        if number % 500 == 250:
            text = text[:40]
        if number % 700 == 350:
            text = entry(
                "AMQ9492E", explanation="See AMQ9637E: above.\nAMQ9001 and Process (1) are only words.", time=moment
            )
        parts.append(text)
    return "".join(parts)


def write(folder: Path, text: str | bytes, name: str = "AMQERR01.LOG") -> str:
    """Writes a log; gives its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)

"""Writes docs/causes.md from patterns/causes, patterns/signs and patterns/messages; with
--check only says whether it is up to date."""

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from msgspec.structs import replace

from mqtrace.catalog.causes import CauseInfo, all_causes
from mqtrace.catalog.messages import MessageInfo, all_messages
from mqtrace.catalog.signs import Sign, signs
from mqtrace.report.answer import COMMAND
from mqtrace.report.markdown import code, inert

PAGE = Path(__file__).with_name("causes.md")
RULES = Path(__file__).parents[1] / "src" / "mqtrace" / "rules"
TITLES = {
    "network": "The network",
    "settings": "Settings",
    "channel": "The channel",
    "tls": "TLS",
    "auth": "Who may connect",
    "object": "Objects, after connecting",
    "qmgr": "The queue manager",
}
INTRODUCTION = """# Causes

What mqtrace can name as the reason for a failed connection; `mqtrace explain ID` shows the same. `make docs` writes
this page from `patterns/causes`, `patterns/signs` and `patterns/messages`: change those, not this page.

Words in upper case stand for your values. *Proved by* lists the facts of a trace (`patterns/trace` says which lines
give them), the messages of an error log, and the rules in `src/mqtrace/rules` that lead to the cause, with how sure it
is then: **certain** (the line names this cause and nothing else fits), **likely** (one alternative remains) or
**possible**. An error number in a message can name a cause more exactly (`patterns/tables`). A cause without that list
is known to `mqtrace explain` alone so far. Of several causes the most specific one that is proved becomes the answer.
"""


def page() -> str:
    """The whole page."""
    lines = [INTRODUCTION]
    for family, causes in groupby(all_causes(), key=lambda info: info.id.partition(".")[0]):
        lines += [f"## {TITLES[family]}", ""]
        for info in causes:
            lines += [*_cause(info), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _cause(info: CauseInfo) -> Iterator[str]:
    yield f"### {info.id}"
    yield ""
    yield f"**{inert(info.title)}** {inert(info.explanation)}"
    yield ""
    yield from (f"{number}. {_step(step)}" for number, step in enumerate(info.fix, 1))
    if info.server:
        yield from (
            "",
            f"In a queue manager's log: **{inert(info.server.title)}** {inert(info.server.explanation)}",
            "",
        )
        yield from (f"{number}. {_step(step)}" for number, step in enumerate(info.server.fix, 1))
    proofs = [*_facts(info.id), *_messages(info.id), *_rules(info.id)]
    if proofs:
        yield from ("", "Proved by:", "")
        yield from (f"- {proof}" for proof in proofs)
    yield ""
    yield f"Specificity {info.specificity}; {info.basis}: {inert(info.source)}."


def _step(text: str) -> str:
    """Words and commands alternate."""
    return " ".join(code(part) if number % 2 else inert(part) for number, part in enumerate(text.split(COMMAND)))


def _facts(cause: str) -> Iterator[str]:
    """One line for all signs of the cause that differ only in the value."""
    merged: dict[Sign, list[str]] = {}
    for sign in (sign for each in signs().values() for sign in each if sign.cause == cause):
        merged.setdefault(replace(sign, values=(), text="", alternatives=()), []).extend(sign.values)
    for sign, values in merged.items():
        yield f"fact {code(sign.fact)}{_value(values, sign)}{_conditions(sign)}: {sign.confidence}"


def _value(values: list[str], sign: Sign) -> str:
    if values:
        return f" {_or(map(code, dict.fromkeys(values)))}"
    return f" that contains {code(sign.contains)}" if sign.contains else ""


def _conditions(sign: Sign) -> str:
    told = [
        f"in phase {_or(sign.phases)}" if sign.phases else "",
        f"of the client {_or(sign.clients)}" if sign.clients else "",
        f"together with {' and '.join(map(code, sign.requires))}" if sign.requires else "",
        f"without {_or(map(code, sign.unless))}" if sign.unless else "",
        "where no CipherSpec is in force" if sign.plain else "",
        "where a CipherSpec is in force" if sign.secured else "",
    ]
    return "".join(f", {text}" for text in told if text)


def _or(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _messages(cause: str) -> Iterator[str]:
    for info in all_messages():
        if cause in (info.cause_client, info.cause_server) and info.role != "consequence":
            yield f"message {info.id}{_writer(info, cause)}: {info.confidence or 'possible'}"


def _writer(info: MessageInfo, cause: str) -> str:
    if info.cause_client == info.cause_server:
        return ""
    return f" of the {'client' if info.cause_client == cause else 'queue manager'}"


def _rules(cause: str) -> Iterator[str]:
    for path in sorted(RULES.glob("*.py")):
        if f'"{cause}"' in path.read_text(encoding="utf-8"):
            yield f"a rule in `rules/{path.name}`"


def main() -> int:
    """Writes the page, or with --check says whether it is up to date."""
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        print("docs/causes.md is out of date; run   make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

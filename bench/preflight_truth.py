"""Tells how `mqtrace preflight` answers where a real client's answer is known: its winners, and what came of the call.

    python bench/preflight_truth.py ../shared/corpus [-v]

Only the environment, the arguments, the ini file and the tables of a case are given, never its trace. A failure that
the other end decided cannot be seen beforehand; one that this end decided must never be called "would connect".
"""

import json
import shutil
import ssl
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from mqtrace.catalog.precedence import precedence
from mqtrace.catalog.settings_files import client_beforehand
from mqtrace.model import Client, Report
from mqtrace.preflight.ahead import Wanted
from mqtrace.preflight.surroundings import of_listing
from mqtrace.preflight.verdict import preflight

# Causes that this end decides before it asks the other one.
THIS_END = (
    "settings.", "tls.no-key-repository", "tls.key-repository", "tls.certificate-label", "tls.cipherspec-unknown",
    "tls.sni-name-not-encodable", "tls.cipher-mapping", "tls.disabled-by-jdk", "tls.trust-store-empty",
)  # fmt: skip
# A program's arguments in truth.json, by the keys of --program.
KEYS = {
    "chl": "channel", "conn": "conn", "cipher": "cipher", "store": "keyr", "label": "label", "peer": "peer",
    "sni": "sni", "suite": "suite", "ccdturl": "ccdt",
}  # fmt: skip
STORE = Path(__file__).parents[1] / "tests" / "data" / "keys" / "kdb" / "gskit_trust.p12"
PEM = ssl.DER_cert_to_PEM_cert(b"stands for a certificate").encode()
FOLDERS = {"home": "home/app", "var-mqm": "var/mqm"}


@dataclass(frozen=True, slots=True)
class Case:
    """One case: where it stands, what is known of it, and what is given to preflight."""

    folder: Path
    truth: dict[str, Any]
    client: Client
    queue_manager: str
    variables: dict[str, str]
    program: dict[str, str]


def cases(corpus: Path) -> Iterator[Case]:
    """All cases of the corpus in which a real client answered."""
    # A family whose precedence is not known has no ledger.
    for room, client in (("trace-dotnet", "dotnet"), ("trace-java", "java")):
        for path in sorted((corpus / room).glob("*/truth.json")) if precedence(client) else ():
            yield _traced(path, cast("Client", client))
    for client in ("c", "dotnet", "java"):
        for path in sorted((corpus / f"ccdt-oracle-{client}").glob("*/truth.json")) if precedence(client) else ():
            yield _oracle(path, cast("Client", client))


def _traced(path: Path, client: Client) -> Case:
    truth = json.loads(path.read_text())
    given = dict(word.split("=", 1) for word in truth["arguments"][1:] if "=" in word)
    host, port = given.get("host", ""), given.get("port", "")
    program = {KEYS[key]: value for key, value in given.items() if key in KEYS}
    # A list in the property of a single host is nothing that a connection name could say.
    if host and "(" not in host:
        program["conn"] = f"{host}({port})" if port else host
    if "env.host" in given:
        program["env.conn"] = f"{given['env.host']}({given['env.port']})"
    program |= {f"env.{KEYS[key]}": given[f"env.{key}"] for key in ("chl", "suite", "peer") if f"env.{key}" in given}
    variables = dict(truth["environment"])
    options = " ".join(f"-D{name}={value}" for name, value in truth.get("system_properties", {}).items())
    if options:
        variables["JAVA_TOOL_OPTIONS"] = options
    return Case(path.parent, truth, client, truth["arguments"][0], variables, program)


def _oracle(path: Path, client: Client) -> Case:
    truth = json.loads(path.read_text())
    table = next(each.name for each in sorted(path.parent.iterdir()) if each.name != "truth.json")
    given = {"ccdt": f"file:///srv/app/{table}"} if client == "java" else {}
    variables = {} if given else {"MQCHLLIB": ".", "MQCHLTAB": table}
    return Case(path.parent, truth, client, truth["queue_manager"], variables, given)


def answer(case: Case) -> Report:
    """What preflight says of a case, whose files stand where the program ran."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(case.folder, root / "srv/app", ignore=shutil.ignore_patterns("trace.*"))
        _stand_ins(case, root)
        for name, place in FOLDERS.items():
            if (case.folder / name).exists():
                (root / place).parent.mkdir(parents=True, exist_ok=True)
                (root / place).symlink_to((case.folder / name).resolve())
        variables = {"HOME": "/home/app", "LOGNAME": "root"} | case.variables
        listing = "".join(f"{name}={value}\n" for name, value in variables.items()).encode()
        around = of_listing("environment", listing, "/srv/app", root)
        family = client_beforehand(case.client)
        level = case.truth.get("client_level", family.level)
        wanted = Wanted(case.queue_manager, case.client, family, datetime.now(UTC), level, case.program)
        return preflight(wanted, around, lambda: None)


def _stand_ins(case: Case, root: Path) -> None:
    """Other stores in place of those that the program had, which are not in the corpus: they cannot be looked into."""
    for name, value in case.truth.get("system_properties", {}).items():
        path = root / value.lstrip("/")
        if name.endswith("Store") and "gone" not in value:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(PEM if value.endswith(".pem") else STORE.read_bytes())


def _same(found: str, true: str) -> bool:
    return found == true or (bool(true) and found.endswith("/" + true))


def winners(case: Case, report: Report) -> Iterator[tuple[str, bool, str]]:
    """(setting, whether the winner is the true one, what was found) of each setting whose winner is known."""
    rows = {row.name: row for row in report.outcomes[0].settings}
    for name, true in case.truth.get("settings", {}).items():
        row = rows.get(name)
        sources = {each.lower() for each in true["source"].split("|")}
        found = (row.value, row.source) if row else ("", "")
        right = bool(row) and _same(found[0], true["value"]) and found[1].lower() in sources
        yield name, right, f"{found} and not {(true['value'], true['source'])}"


def first_tried(case: Case, report: Report) -> Iterator[tuple[str, bool, str]]:
    """The same of the first port that the client tried, of a table given to it; where chance decides there is none."""
    tried, told = case.truth.get("ports_tried"), report.preflight
    if not tried or isinstance(tried[0], list) or told is None:
        return
    # A channel with a CipherSpec fails before its port is tried: there is no key repository.
    plain = [each for each in told.channels if not (each.cipher_spec and case.client == "c")]
    port = next((each.rpartition("(")[2].rstrip(")") for channel in plain for each in channel.addresses), "")
    if not told.by_chance:
        yield "first port tried", port == str(tried[0]), f"{port} and not {tried[0]}"


def reason(case: Case) -> int | None:
    """What the application got; None where it got nothing."""
    codes = case.truth.get("reason_codes")
    if codes is not None:
        return codes[-1] if codes else None
    said = " ".join(map(str, case.truth["client_output"]))
    return int(said.rpartition("rc=")[2].split()[0].strip("'],")) if "rc=" in said else None


def decided_here(case: Case) -> bool:
    """Whether this end failed before it asked the other one."""
    if "cause_ids" in case.truth:
        return any(each.startswith(THIS_END) for each in case.truth["cause_ids"])
    tried = case.truth["ports_tried"]
    return not (any(tried) if isinstance(tried, list) else tried)


def judged(case: Case, report: Report) -> str:
    """What the verdict is worth."""
    told, code = report.preflight, reason(case)
    assert told is not None
    if told.verdict == "cannot-tell":
        return "cannot tell"
    if told.verdict == "would-fail":
        if code != told.reason_code and code != 0 and case.truth.get("ports_tried"):
            return "would fail; nothing listened before that"
        if code == 0 or (code != told.reason_code and not decided_here(case)):
            return "FALSE ALARM"
        return "would fail, same reason" if told.reason_code == code else "would fail, OTHER REASON"
    if code == 0:
        return "would connect, and did"
    return "FALSE WOULD CONNECT" if decided_here(case) else "would connect; the other end failed it"


def main() -> None:
    """Prints the figures; with -v every case that is not as it was."""
    corpus, verbose = Path(sys.argv[1]), "-v" in sys.argv
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    verdicts: dict[str, Counter[str]] = {}
    for case in cases(corpus):
        room = case.folder.parent.name
        report = answer(case)
        for name, is_right, found in (*winners(case, report), *first_tried(case, report)):
            total[room] += 1
            right[room] += is_right
            if verbose and not is_right:
                print(f"  {room}/{case.folder.name}: {name}: {found}")
        verdict = judged(case, report)
        verdicts.setdefault(room, Counter())[verdict] += 1
        if verbose and any(word.isupper() and len(word) > 2 for word in verdict.split()):
            print(f"  {room}/{case.folder.name}: {verdict}: {reason(case)}: {report.preflight.because}")
    for room, counted in verdicts.items():
        won = f"{right[room]} of {total[room]} winners ({right[room] / total[room]:.1%}); " if total[room] else ""
        print(f"{room}: {won}{', '.join(f'{count} {word}' for word, count in counted.most_common())}")
    print(
        f"all winners: {sum(right.values())} of {sum(total.values())} ({sum(right.values()) / sum(total.values()):.1%})"
    )


if __name__ == "__main__":
    main()

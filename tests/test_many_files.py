"""Files of several hosts at once: what lies beside what, which is newest, and what is asked for. All are made up."""

from pathlib import Path

import pytest

import mqtrace
from mqtrace.diagnosis import diagnose
from mqtrace.model import Report
from mqtrace.report.write import rendered

SCREENS = Path(__file__).parent / "data" / "screens"
FAILURE = "2026-11-2{day} 09:00:00 MQCONNX ended with reason code {code}\n"
KINDS = {
    "env.txt": "MQSERVER=ONLY.OF.B/TCP/b.example.com(1414)\nMQSSLKEYR=/srv/b/key\n",
    "mqclient.ini": "CHANNELS:\n  ServerConnectionParms=ONLY.OF.B/TCP/b.example.com(1414)\n",
    "ccdt.json": '{ "channel": [ { "name": "ONLY.OF.B", "type": "clientConnection", "clientConnection": '
    '{ "connection": [ { "host": "b.example.com", "port": 1414 } ], "queueManager": "QM1" } } ] }\n',
}
# Where host A's and host B's log, and host B's configuration lie.
LAYOUTS = [
    ("a/app.log", "b/app.log", "b/{name}"),
    ("a/logs/app.log", "b/logs/app.log", "b/etc/{name}"),
    ("app.log", "b/app.log", "b/{name}"),
    ("a/app.log", "b/logs/app.log", "b/{name}"),
]


def written(folder: Path, files: dict[str, str]) -> Report:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return mqtrace.diagnose(folder)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=" ".join)
def test_what_one_host_has_is_in_no_other_ledger(tmp_path: Path, layout: tuple[str, str, str], name: str) -> None:
    own, other, place = layout
    report = written(
        tmp_path,
        {
            own: FAILURE.format(day=1, code=2538),
            other: FAILURE.format(day=2, code=2393),
            place.format(name=name): KINDS[name],
        },
    )
    ledgers = {
        Path(outcome.connection.source).relative_to(tmp_path).as_posix(): repr(outcome.settings)
        for outcome in report.outcomes
    }
    assert set(ledgers) == {own, other}
    assert name not in ledgers[own]
    assert "ONLY.OF.B" not in ledgers[own]


@pytest.mark.parametrize("place", ["env.txt", "b/env.txt", "config/env.txt", "b/etc/env.txt"])
def test_what_lies_beside_the_only_log_or_above_it_is_its_own(tmp_path: Path, place: str) -> None:
    report = written(tmp_path, {"b/app.log": FAILURE.format(day=1, code=2538), place: KINDS["env.txt"]})
    (outcome,) = report.outcomes
    assert "ONLY.OF.B" in repr(outcome.settings)


def test_a_failure_that_two_hosts_had_is_two_and_each_has_its_own_log(tmp_path: Path) -> None:
    log = (SCREENS / "bare-2035" / "AMQERR01.LOG").read_text(encoding="utf-8")
    printed = (SCREENS / "bare-2035" / "app.log").read_text(encoding="utf-8")
    files = {f"{host}/{name}": text for host in "ab" for name, text in (("AMQERR01.LOG", log), ("app.log", printed))}
    report = written(tmp_path, files)
    assert [(each.connection.reason_code, each.connection.count) for each in report.outcomes] == [(2035, 1)] * 2


def test_of_equal_events_the_newest_speaks_and_the_times_are_those_of_all() -> None:
    blocked = next(
        each.connection
        for each in mqtrace.diagnose(SCREENS / "queue-manager").outcomes
        if each.connection.channel == "APP.SVRCONN"
    )
    assert (blocked.count, blocked.start[:16], blocked.end[:16]) == (5, "2026-11-23T00:15", "2026-11-24T09:00")
    assert blocked.thread == "812.7"


@pytest.mark.parametrize(
    ("since", "until", "last", "counts"),
    [
        ("", "", 0, {"APP.SRVCONN": 9, "APP.SVRCONN": 5, "QM1.TO.QM2": 1}),
        ("2026-11-23", "", 0, {"APP.SVRCONN": 5, "QM1.TO.QM2": 1}),
        ("2026-11-24", "", 0, {"APP.SVRCONN": 1, "QM1.TO.QM2": 1}),
        ("2026-11-24T09:00", "", 0, {"APP.SVRCONN": 1}),
        ("2026-11-25", "", 0, {}),
        ("", "2026-11-22", 0, {"APP.SRVCONN": 9}),
        ("", "2026-11-24T08:59", 0, {"APP.SRVCONN": 9, "APP.SVRCONN": 4, "QM1.TO.QM2": 1}),
        ("2026-11-23", "2026-11-23", 0, {"APP.SVRCONN": 4}),
        ("", "2026-11-08", 0, {"APP.SRVCONN": 8}),
        ("", "2026-10", 0, {}),
        ("", "", 1, {"APP.SVRCONN": 5}),
        ("", "", 2, {"APP.SVRCONN": 5, "QM1.TO.QM2": 1}),
    ],
)
def test_the_time_asked_for_and_the_newest(since: str, until: str, last: int, counts: dict[str, int]) -> None:
    report = diagnose(SCREENS / "queue-manager", since=since, until=until, last=last)
    assert {each.connection.channel: each.connection.count for each in report.outcomes} == counts


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("name", ["queue-manager", "bare-2035", "ticket.txt", "hosts"])
def test_screens_keep_to_their_width_and_repeat_no_line(name: str, width: int) -> None:
    report = mqtrace.diagnose(SCREENS / name)
    lines = rendered(report, "text", width=width).splitlines()
    assert max(map(len, lines)) <= width
    answer = rendered(report, "text", width=1000).split(" OF ")[:2][-1].splitlines()
    told = [line for line in map(str.strip, answer) if len(line.split()) > 5]
    assert len(told) == len(set(told))


def test_names_that_inputs_share_are_told_with_their_folders() -> None:
    text = rendered(mqtrace.diagnose(SCREENS / "hosts"), "text", width=100)
    assert "app01/app.log and 5 more files" in text
    assert " app10/app.log:1 " in text


def test_of_equal_connections_of_a_trace_only_those_of_the_time_asked_for_are_counted(tmp_path: Path) -> None:
    # Synthetic: the same failure at 09:00, 20:00 and, behind midnight, 01:00.
    def call(clock: str) -> str:
        bodies = (
            "{  MQCONNX",
            "-{  cciTcpConnect",
            "-}! cciTcpConnect rc=rrcE_HOST_NOT_AVAILABLE",
            "}! MQCONNX rc=2538",
        )
        return "".join(f" {clock}.00000{at}   7253.1     {body}\n" for at, body in enumerate(bodies))

    header = "Process : C:\\app\\orders.exe (64-bit)\nDate : 11/24/26  Time : 08:59:59.000000\n\n"
    trace = tmp_path / "trace.FMT"
    trace.write_text(header + "".join(call(f"{hour:02}:00:00") for hour in (9, 20, 1)), encoding="utf-8")
    shown = {
        (since, until): [
            (outcome.connection.count, outcome.connection.start[:16])
            for outcome in diagnose(trace, since=since, until=until).outcomes
        ]
        for since, until in [("", ""), ("2026-11-24T20", ""), ("", "2026-11-24T09"), ("2026-11-25", "2026-11-25T00")]
    }
    assert shown == {
        ("", ""): [(3, "2026-11-24T09:00")],
        ("2026-11-24T20", ""): [(2, "2026-11-24T20:00")],
        ("", "2026-11-24T09"): [(1, "2026-11-24T09:00")],
        ("2026-11-25", "2026-11-25T00"): [],
    }
    assert diagnose(trace, since="2026-11-25").notes == ("2 other connections not shown: --since, --until, --last.",)

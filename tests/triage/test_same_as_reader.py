"""The fast paths see exactly the entries that the readers see."""

import random
from collections import Counter
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.triage.logs import entry, fleet, hour

from mqtrace.evidence.conversations import conversations
from mqtrace.evidence.log_entries import address_of, channel_of
from mqtrace.inputs import Source
from mqtrace.readers.logs import errorlog_json, errorlog_text, zos_log
from mqtrace.readers.tally import Tally
from mqtrace.triage.failures import FailureMaker, address_named, channel_named
from mqtrace.triage.incidents import Incidents
from mqtrace.triage.json_scan import json_entries
from mqtrace.triage.reading import entries_of
from mqtrace.triage.text_scan import TextScan, texts

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "amqerr"
JSON_RECORD = (
    '{"ibm_messageId":"AMQ9999E","ibm_arithInsert1":0,"ibm_commentInsert1":"A.B","ibm_datetime":"2026-03-17T01:12:25.000Z","host":"h",'
    '"ibm_processId":"7","ibm_threadId":"2","ibm_processName":"amqrmppa","ibm_userName":"mqm","message":"AMQ9999E: It ended."}\n'
)
TEXT_SAMPLES = {
    "whole": entry("AMQ9999E", time=hour(1)) * 3,
    "old": entry("AMQ9999", "The host 'a (10.0.0.1)(1414)' of 'A.B' failed (rc 111 (X'6F')).") * 3,
    "many": fleet(),
    "windows line ends": (entry("AMQ9999E", time=hour(1)) * 3).replace("\n", "\r\n"),
    "cut in mid-header": entry("AMQ9999E")[:60] + entry("AMQ9001I") * 2,
    "cut in mid-text": entry("AMQ9999E")[:-120] + entry("AMQ9001I") * 2,
    "two messages in one": entry("AMQ9999E", explanation="\nAMQ9001I: a second one.\n") + entry("AMQ9001I") * 2,
    "reason in a sentence": entry("AMQ7999E", explanation="The call failed with reason code 2035 here.") * 3,
    "reason in an insert": entry(
        "AMQ9557E", time=hour(1), inserts=("ArithInsert1(2) ArithInsert2(2035)", "CommentInsert1(joe)")
    )
    * 3,
    "parentheses in a value": entry(
        "AMQ9776E", time=hour(1), inserts=("CommentInsert1(A.B) ", "CommentInsert3(CLNTUSER(a) (b))")
    )
    * 3,
    "secret": entry("AMQ9999E", "It has password=hunter2 in it.", time=hour(1), inserts=("CommentInsert1(pwd=abc)",))
    * 3,
    "no time": entry("AMQ9999E", date="2026年3月17日 1:12:25") * 3,
    "byte order mark": "\ufeff" + entry("AMQ9999E") * 2,
    "nul bytes": entry("AMQ9999E", "It\0 ended.") * 3,
}


def _columns(seen: Any) -> tuple[Any, ...]:
    return (
        seen.message,
        seen.kind.severity,
        seen.process_thread,
        *seen.kind.front,
        seen.inserts,
        seen.remote_host,
        seen.words,
        tuple(seen.quoted),
        seen.reason_code,
        seen.line,
        channel_named(seen),
        address_named(seen),
    )


def _read_columns(entry: Any) -> tuple[Any, ...]:
    front = (entry.user, entry.program, entry.host, entry.installation, entry.level, entry.queue_manager)
    return (
        *(entry.message, entry.severity, entry.thread, *front),
        *(entry.inserts, entry.remote_host, entry.text, entry.quoted, entry.reason_code, entry.location.line),
        *(channel_of(entry), address_of(entry)),
    )


def _reader(module: Any, data: bytes) -> list[tuple[Any, ...]]:
    return [
        _read_columns(each) for each in module.read(Source("sample", BufferedReader(BytesIO(data), 65536)), Tally())
    ]


@pytest.mark.parametrize("name", TEXT_SAMPLES)
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_text_entries_are_those_of_the_reader(name: str, encoding: str) -> None:
    data = TEXT_SAMPLES[name].encode(encoding, "replace")
    assert [_columns(seen) for seen in TextScan().entries(texts([data]))] == _reader(errorlog_text, data)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="'\"ab .\n()1=é", min_size=1, max_size=60))
def test_quoted_texts_are_those_of_the_reader(title: str) -> None:
    data = (entry("AMQ9999", "'A.B' x" + title.replace("\n\n", "\n") + ".") * 2).encode()
    assert [_columns(seen) for seen in TextScan().entries(texts([data]))] == _reader(errorlog_text, data)


@pytest.mark.parametrize("size", [100, 1000, 4096])
def test_where_the_chunks_end_does_not_matter(size: int) -> None:
    data = fleet(400).encode()
    pieces = [data[begin : begin + size] for begin in range(0, len(data), size)]
    assert [_columns(seen) for seen in TextScan().entries(texts(pieces))] == [
        _columns(seen) for seen in TextScan().entries(texts([data]))
    ]


def test_a_text_in_another_code_page_is_decoded_as_the_reader_does() -> None:
    data = entry("AMQ9999E", "Der Kanal für 'Müller' endete.", user="Jörg").encode("cp1252") * 3
    found = list(TextScan().entries(texts([data])))
    assert [(seen.kind.front.user, seen.words) for seen in found] == [("Jörg", "Der Kanal für 'Müller' endete.")] * 3


@pytest.mark.parametrize(
    "text",
    [
        JSON_RECORD * 3,
        JSON_RECORD[:80] + JSON_RECORD * 2,
        JSON_RECORD.replace('"ibm_datetime":"2026', '"ibm_datetime":"x2026'),
        '{"log":' + JSON_RECORD.strip() + "}\n" + JSON_RECORD,
        JSON_RECORD.replace('"7"', "7").replace('"2"', "2"),
        JSON_RECORD.replace('"7"', '"007"'),
        JSON_RECORD.replace('"host":"h"', '"host":["h"]'),
        JSON_RECORD.replace('"host":"h"', '"host":1') + JSON_RECORD.replace('"host":"h"', '"host":true'),
        JSON_RECORD.replace('"host":"h"', '"host":null,"loglevel":"WARNING"').replace("AMQ9999E", "AMQ9999"),
        JSON_RECORD.replace("It ended.", "It ended.\\nÄ 'A.B' \\ud83d password=secret, failed with reason code 2035."),
        JSON_RECORD.replace("A.B", "pwd=hunter2").replace(
            '"host"', '"ibm_remoteHost":"10.0.0.1","ibm_commentInsert3":"0","host"'
        ),
        JSON_RECORD.replace("AMQ9999E", "AMQ99E"),
        JSON_RECORD.strip() + " trailing\n" + JSON_RECORD,
        JSON_RECORD.strip() + "  \n" + "[" * 5000 + "\n" + JSON_RECORD,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_json_entries_are_those_of_the_reader(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert [_columns(seen) for seen in json_entries([data])] == _reader(errorlog_json, data)


def _chains(module: Any, data: bytes) -> Counter[str]:
    """Chains of messages that the evidence finds, which `mqtrace diagnose` shows."""
    entries = module.read(Source("sample", BufferedReader(BytesIO(data), 65536)), Tally())
    events = [event.entries for event in conversations(entries) if event.entries]
    return Counter(" > ".join([each.message or str(each.reason_code) for each in event[:6]]) for event in events)


def _incident_chains(module: Any, data: bytes) -> Counter[str]:
    maker, incidents = FailureMaker(), Incidents()
    name = module.__name__.removeprefix("mqtrace.readers.")
    for seen in entries_of(name, Source("sample", BufferedReader(BytesIO(data), 65536)), Tally()):
        failure = maker.of(seen)
        if failure:
            incidents.take(failure)
    counts: Counter[str] = Counter()
    for group in incidents.finish().values():
        counts.update(group.chains)
    return counts


CHAINS = (
    *(
        ("AMQ9780E", "AMQ9519E", "AMQ9999E"),
        ("AMQ9616E", "AMQ9492E"),
        ("AMQ5534E", "AMQ9557E", "AMQ9999E"),
        ("AMQ9001I",),
    ),
    *(
        ("AMQ9002I", "AMQ9209E", "AMQ9999E"),
        ("AMQ9776E", "AMQ9776E", "AMQ9999E"),
        ("AMQ9999E",),
        ("AMQ7777E", "AMQ9999E"),
    ),
    *(("AMQ9620E", "AMQ9999E", "AMQ9999E"), ("AMQ9503E", "AMQ9999E"), ("AMQ9771E",)),
)


def test_incidents_are_the_conversations_of_the_evidence() -> None:
    choice = random.Random(7)
    text = ""
    for number in range(2000):
        thread, channel = f"{choice.randrange(4)}.{choice.randrange(5)}", f"C{choice.randrange(3)}.SVRCONN"
        for message in choice.choice(CHAINS):
            agent = message == "AMQ5534E"
            text += entry(
                message,
                time=f"2026-03-17T{number // 600:02}:{number // 10 % 60:02}:{number % 60:02}.000Z",
                process=f"9.{thread}" if agent else thread,
                program="amqzlaa0" if agent else "amqrmppa",
                inserts=(f"CommentInsert1({channel})",) if choice.random() < 0.7 else (),
            )
    assert _incident_chains(errorlog_text, text.encode()) == _chains(errorlog_text, text.encode())


def test_incidents_of_zos_are_the_conversations_of_the_evidence() -> None:
    text = "".join(
        f"2024-02-13 09:36:{number:02} +{message} %CSQ9 CSQXRESP Something failed, channel {channel}, connection 192.0.2.7\n"
        for number in range(0, 60, 3)
        for message, channel in (
            ("CSQX620E", "A.B"),
            ("CSQX620E", "C.D"),
            ("CSQX599E", "A.B"),
            ("CSQX599E", "C.D"),
            ("CSQX500I", "A.B"),
        )
    )
    assert _incident_chains(zos_log, text.encode()) == _chains(zos_log, text.encode())


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real logs is not part of the project")
    return CORPUS


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["linux-7.5-8.0-AMQERR01.LOG", "container-9.2.4-AMQERR01.LOG"])
def test_real_logs_give_what_the_reader_gives(corpus: Path, name: str) -> None:
    data = (corpus / name).read_bytes()
    found = [_columns(seen) for seen in TextScan().entries(texts([data]))]
    assert found == _reader(errorlog_text, data)
    assert _incident_chains(errorlog_text, data) == _chains(errorlog_text, data)
    assert Counter(each[0] for each in found)["AMQ6206"] == {"l": 0, "c": 18}[name[0]]

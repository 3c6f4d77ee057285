"""The scanner of text logs sees exactly the entries that are cut and read one by one, of SYNTHETIC and of real logs."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.triage.logs import entry, fleet, hour

from mqtrace.evidence.failures import address_named, channel_named
from mqtrace.evidence.log_entries import address_of, channel_of
from mqtrace.model import LogEntry
from mqtrace.readers.logs.log_blocks import blocks
from mqtrace.readers.logs.log_fields import draft
from mqtrace.readers.logs.scanned import Scanned
from mqtrace.readers.logs.text_scan import TextScan, texts
from mqtrace.readers.tally import Tally

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "amqerr"
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
    "letters of one language": entry("AMQ9999E", "Le canal 'A.B' s'est arrêté: «fin».", time=hour(1), user="Zoë") * 3,
    "byte order mark": "\ufeff" + entry("AMQ9999E") * 2,
    "nul bytes": entry("AMQ9999E", "It\0 ended.") * 3,
}


def scan(data: bytes, size: int = 1 << 20) -> list[Scanned]:
    pieces = (data[begin : begin + size] for begin in range(0, len(data), size))
    return list(TextScan("sample", Tally()).entries(texts(pieces)))


def one_by_one(data: bytes) -> list[LogEntry]:
    return [draft(block, "sample").entry for block in blocks([data])]


@pytest.mark.parametrize("name", TEXT_SAMPLES)
@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "cp1252"])
def test_entries_are_those_that_are_read_one_by_one(name: str, encoding: str) -> None:
    data = TEXT_SAMPLES[name].encode(encoding, "replace")
    assert [scanned.full() for scanned in scan(data)] == one_by_one(data)


@pytest.mark.parametrize("name", TEXT_SAMPLES)
def test_fields_that_are_asked_for_are_those_of_the_full_entry(name: str) -> None:
    for scanned in scan(TEXT_SAMPLES[name].encode()):
        full, kind = scanned.full(), scanned.kind
        assert (*kind.front, kind.severity) == (
            *(full.user, full.program, full.host, full.installation, full.level, full.queue_manager, full.severity),
        )
        assert (scanned.line, scanned.when, scanned.remote_host) == (full.location.line, full.when, full.remote_host)
        assert (channel_named(scanned), address_named(scanned)) == (channel_of(full), address_of(full))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="'\"ab .\n()1=é", min_size=1, max_size=60))
def test_quoted_texts_are_those_that_are_read_one_by_one(title: str) -> None:
    data = (entry("AMQ9999", "'A.B' x" + title.replace("\n\n", "\n") + ".") * 2).encode()
    assert [scanned.full() for scanned in scan(data)] == one_by_one(data)


@pytest.mark.parametrize("size", [100, 1000, 4096])
@pytest.mark.parametrize("letter", ["e", "é"])
def test_where_the_chunks_end_does_not_matter(size: int, letter: str) -> None:
    data = fleet(400).replace("e happened", f"{letter} happened").encode()
    assert [scanned.full() for scanned in scan(data, size)] == one_by_one(data)


def test_places_do_not_depend_on_the_order_in_which_they_are_asked() -> None:
    data = (entry("AMQ9999E", "Ende für 'A.B'.") * 3).encode()
    scanned = scan(data)
    last, first = scanned[1].full().location.offset, scanned[0].full().location.offset
    assert (first, last) == (0, data.index(b"03/17", 9))


def test_a_text_in_another_code_page_is_decoded_by_itself() -> None:
    data = entry("AMQ9999E", "Der Kanal für 'Müller' endete.", user="Jörg").encode("cp1252") * 3
    assert [(scanned.kind.front.user, scanned.text) for scanned in scan(data)] == [
        ("Jörg", "Der Kanal für 'Müller' endete.")
    ] * 3
    assert [scanned.full() for scanned in scan(data)] == one_by_one(data)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["linux-7.5-8.0-AMQERR01.LOG", "container-9.2.4-AMQERR01.LOG"])
def test_real_logs_give_the_entries_that_are_read_one_by_one(name: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real logs is not part of the project")
    data = (CORPUS / name).read_bytes()
    assert [scanned.full() for scanned in scan(data)] == one_by_one(data)

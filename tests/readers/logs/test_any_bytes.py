"""What every reader of logs must stand: any bytes, any encoding, and lines made to be slow."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import entry, read

from mqtrace.formats import LOGS
from mqtrace.readers.logs import errorlog_text
from mqtrace.readers.tally import Tally

READERS = [known.reader for known in LOGS]
NAMES = [known.home.rpartition(".")[2] for known in LOGS]
PIECES = [
    *(
        "03/17/21 01:12:25 - Process(1.2) User(mqm) Program(x)\n",
        "AMQ9999E: ",
        "CommentInsert1((",
        "----- a.c : 1 ---\n",
        "EXPLANATION:\n",
    ),
    *(
        '{"ibm_messageId":"',
        '"message":"',
        "\\n",
        "\\",
        "[",
        "{",
        "(",
        "'",
        '"',
        ",3=",
        "CC=2;RC=2397;AMQ9204: x [1=",
        "Caused by: ",
    ),
    *(
        "2021-09-21T11:15:36.159Z ",
        " [ArithInsert1(",
        "CSQX620E %CSQ9 CSQXRESP ",
        "09.36.21 ",
        "CWPKI0823E: ",
        "[ERROR   ] ",
        "1:1:1:1 ",
    ),
    *(
        "[11/28/26 19:00:01:123 UTC] 0000002a a.B E ",
        "| IBM MQ First Failure Symptom Report |\n",
        "| Probe Id :- ",
        "+----------------",
        " ",
    ),
    *(
        "password=",
        "pass(",
        "Reason: ",
        "MQRC_",
        "MQ reason ",
        "host [",
        "a.",
        "- Process(",
        "Process(",
        "\t",
        "> ",
        "9",
    ),
]


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([each.encode() for each in PIECES])), max_size=30)
)
def test_no_bytes_make_a_reader_fail_and_all_that_it_yields_is_counted(reader, pieces):
    data = b"".join(pieces)
    reader.sniff(data)
    tally = Tally()
    found = read(reader, data, tally)
    assert (len(found), tally.size) == (tally.records, len(data))
    assert all(each.location.line >= 1 for each in found)


@pytest.mark.load
@pytest.mark.parametrize("reader", READERS, ids=NAMES)
@pytest.mark.parametrize("breaks", [True, False], ids=["lines", "one line"])
def test_no_line_made_to_be_slow_is(reader, breaks):
    """A line counts up to 64 KiB, so a second for two of them is what a few seconds are for a megabyte."""
    for piece in PIECES:
        part = piece if breaks else piece.replace("\n", " ")
        data = (part * (60_000 // len(part)) + ("\n" if breaks else "")).encode() * 2
        begin = process_time()
        reader.sniff(data[:65536])
        read(reader, data)
        assert process_time() - begin < 1.5, piece


JAPANESE = "AMQ9999E: チャネル「A.B」が異常終了しました。"
ENCODINGS = [
    ("utf-8", "チャネル「A.B」が異常終了しました。"),
    ("utf-8-sig", "チャネル「A.B」が異常終了しました。"),
    ("utf-16", "チャネル「A.B」が異常終了しました。"),
    ("utf-16-le", "チャネル「A.B」が異常終了しました。"),
    ("utf-16-be", "チャネル「A.B」が異常終了しました。"),
    ("cp932", "チャネル「A.B」が異常終了しました。"),
]


@pytest.mark.parametrize(("encoding", "text"), ENCODINGS)
def test_a_japanese_entry_in_any_encoding(encoding, text):
    data = entry("2014年09月03日 16時56分03秒", message=JAPANESE).encode(encoding)
    assert errorlog_text.sniff(data)
    (found,) = read(errorlog_text, data)
    assert (found.message, found.text, found.complete, found.user) == ("AMQ9999", text, True, "mqm")


@pytest.mark.parametrize("encoding", ["cp1252", "cp1251", "cp949", "gb18030", "big5", "euc_jp", "koi8_r", "cp850"])
def test_a_code_page_that_cannot_be_told_garbles_words_and_loses_no_entry(encoding):
    words = {"cp1252": "Kanal für", "cp850": "Kanal für", "cp1251": "Канал", "koi8_r": "Канал", "cp949": "채널이"}.get(
        encoding, "通道"
    )
    data = "".join(entry(message=f"AMQ9999E: {words} 'A.B'.", process=f"1.{number}") for number in range(3)).encode(
        encoding
    )
    found = read(errorlog_text, data)
    assert [(each.message, each.thread, each.quoted, each.complete) for each in found] == [
        ("AMQ9999", f"1.{number}", ("A.B",), True) for number in range(3)
    ]


def test_western_words_are_never_taken_for_japanese():
    words = "für Ä Ö Ü ß é è ñ © ½ «ÀÉ» ‚ƒ„…†‡ˆ‰Š‹Œ"
    (found,) = read(errorlog_text, entry(message=f"AMQ9999E: {words}").encode("cp1252"))
    assert found.text == words

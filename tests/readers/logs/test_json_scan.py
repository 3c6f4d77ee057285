"""Records in JSON (SYNTHETIC) give the same whether their fields are asked for or all read at once."""

from io import BufferedReader, BytesIO

import pytest

from mqtrace.evidence.failures import address_named, channel_named
from mqtrace.evidence.log_entries import address_of, channel_of
from mqtrace.inputs import Source
from mqtrace.model import LogEntry
from mqtrace.readers.logs import errorlog_json
from mqtrace.readers.logs.errorlog_json import line_entries
from mqtrace.readers.logs.log_chunks import lines
from mqtrace.readers.logs.log_wrapped import WrappedText
from mqtrace.readers.tally import Tally

JSON_RECORD = (
    '{"ibm_messageId":"AMQ9999E","ibm_arithInsert1":0,"ibm_commentInsert1":"A.B",'
    '"ibm_datetime":"2026-03-17T01:12:25.000Z","host":"h",'
    '"ibm_processId":"7","ibm_threadId":"2","ibm_processName":"amqrmppa",'
    '"ibm_userName":"mqm","message":"AMQ9999E: It ended."}\n'
)


def one_by_one(data: bytes) -> list[LogEntry]:
    text = WrappedText("sample")
    return [entry for line in lines([data]) for entry in line_entries(line, "sample", text)]


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
def test_records_that_are_asked_for_fields_tell_what_the_full_entry_tells(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    scanned = list(errorlog_json.scan(Source("sample", BufferedReader(BytesIO(data), 65536)), Tally()))
    entries = one_by_one(data)
    assert [each.full() for each in scanned] == entries
    for each, entry in zip(scanned, entries, strict=True):
        front = (entry.user, entry.program, entry.host, entry.installation, entry.level, entry.queue_manager)
        assert (*each.kind.front, each.message, each.kind.severity) == (*front, entry.message, entry.severity)
        assert (each.thread, each.inserts, each.text, each.quoted, each.reason_code, each.line) == (
            *(entry.thread, entry.inserts, entry.text, entry.quoted, entry.reason_code, entry.location.line),
        )
        assert (channel_named(each), address_named(each)) == (channel_of(entry), address_of(entry))

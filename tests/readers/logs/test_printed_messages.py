"""A message that a client printed below the reason code of its call (SYNTHETIC text)."""

import pytest

from mqtrace.formats import format_of
from mqtrace.readers.logs.application_log import failures
from mqtrace.readers.logs.log_chunks import lines

CALL = b"MQCONN cc=2 rc=2058\n"
MESSAGE = b"AMQ9695E: JSON file format error for 'ccdt.json'.\n"


def test_a_call_with_its_reason_makes_it_the_output_of_a_program_and_no_error_log() -> None:
    kinds = [known.kind for head in (CALL + MESSAGE, MESSAGE) if (known := format_of(head))]
    assert kinds == ["application-log", "errorlog-text"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [(CALL + MESSAGE, [2058]), (CALL + b"\n" + MESSAGE, [2058, None]), (CALL + CALL, [2058, 2058])],
    ids=["right below", "a line between", "two calls"],
)
def test_the_message_right_below_the_reason_code_is_of_the_same_failure(text: bytes, codes: list[int | None]) -> None:
    assert [entry.reason_code for entry in failures(lines([text]), "program.out")] == codes

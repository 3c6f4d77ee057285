"""Inputs that are known but cannot be read as they are: what they are, and what to do with them."""

import re

JAVA_RECORD = re.compile(rb"^\[\d\d/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\.\w\w\] +[0-9A-Fa-f]{4,8} ", re.MULTILINE)
# The header of such a trace. The client's log, mqjms.log, begins alike, and its failure reports list the same properties.
JAVA_HEADER = re.compile(rb"^System properties \(list may be incomplete|^\|\s+sun\.java\.command\s+:-", re.MULTILINE)
FAILURE_REPORT = b"First Failure Symptom Report"
# What a report of mqtrace has of each cause, as text and as Markdown.
OWN_REPORT = re.compile(
    rb"^ +(?:More: mqtrace explain |NO (?:EVIDENCE|FAILURE) of a client that connects)"
    rb"|^\*\*Why\*\* \((?:certain|likely|possible)\): ",
    re.MULTILINE,
)
# A binary trace of the C client holds the names of functions between bytes that are no text.
TRACE_NAME = re.compile(r"(?:^|[/\\!])AMQ\d+\.\d+\.TR[CS]$", re.IGNORECASE)
TRACE_WORDS = (b"xcsGet", b"MQCONN", b"amqzlaa", b"rriInit", b"IBM MQ", b"WebSphere MQ", b"zstMQ", b"xtr")


def recognise(head: bytes, name: str = "") -> tuple[str, str] | None:
    """Kind (of the contract) and one sentence that says what to do, for an input that no reader has taken; None where it is nothing known.

    `name` is the input's name: a binary file that is called as the product calls its traces is taken for one.
    """
    known = other_format(head)
    if known or not _is_binary_trace(head, name):
        return known
    return (
        "not-formatted",
        "a trace that is not formatted; run   dspmqtrc FILE   where MQ is installed, and give the .FMT file",
    )


def other_format(head: bytes) -> tuple[str, str] | None:
    """The same for a format that its first bytes or lines name: no reader need be asked."""
    if JAVA_RECORD.search(head) or (FAILURE_REPORT not in head and JAVA_HEADER.search(head)):
        return "trace-java", "a trace of the Java client, which this version of mqtrace does not read yet"
    if OWN_REPORT.search(head):
        return "unknown", "a report of mqtrace, which is no evidence"
    return None


def _is_binary_trace(head: bytes, name: str) -> bool:
    sample = head[:16384]
    if b"\x00" not in sample or head.startswith(b"AMQR"):
        return False
    return TRACE_NAME.search(name) is not None or any(word in sample for word in TRACE_WORDS)

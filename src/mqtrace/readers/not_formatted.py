"""Inputs that are known but cannot be read as they are: what they are, and what to do with them."""

import re

# A GSKit trace begins with a record whose text stands at byte 36 (AMQ.SSL.TRC of GSKit 8.0.60).
GSKIT_BEGIN = b">>>>> GSKTrace turned on"
JAVA_RECORD = re.compile(rb"^\[\d\d/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\.\w\w\] +[0-9A-Fa-f]{4,8} ", re.MULTILINE)
JAVA_HEADER = re.compile(rb"^MQ Build Level=|^\|\s+sun\.java\.command\s+:-", re.MULTILINE)
FDC = re.compile(rb"First Failure Symptom Report")
KEY_STORE = (b"7H\x00\x00\x03", b"7H\x00\x00\x04", b"7H\x03", b"7H\x04", b"\xfe\xed\xfe\xed")
CAPTURES = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")
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
    return "not-formatted", "a trace that is not formatted; run   dspmqtrc FILE   where MQ is installed, and give the .FMT file"


def other_format(head: bytes) -> tuple[str, str] | None:
    """The same for a format that its first bytes or lines name: no reader need be asked."""
    if GSKIT_BEGIN in head[:128]:
        return "gskit-trace", "a trace of GSKit (binary); dspmqtrc cannot format it, and this version of mqtrace only names it"
    if JAVA_RECORD.search(head) or JAVA_HEADER.search(head):
        return "trace-java", "a trace of the Java client, which this version of mqtrace does not read yet"
    if FDC.search(head[:4096]):
        return "unknown", "a failure report (FDC); send it to IBM support, its body can hold passwords"
    if head.startswith(KEY_STORE) or _is_pkcs12(head):
        return "key-store", "a key repository or key store; list it with runmqakm -cert -list -db FILE or keytool -list"
    if head.startswith(CAPTURES):
        return "capture", "a network capture, which this version of mqtrace does not read yet"
    return None


def _is_pkcs12(head: bytes) -> bool:
    return head[:1] == b"\x30" and b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" in head[:64]


def _is_binary_trace(head: bytes, name: str) -> bool:
    sample = head[:16384]
    if b"\x00" not in sample or head.startswith(b"AMQR"):
        return False
    return TRACE_NAME.search(name) is not None or any(word in sample for word in TRACE_WORDS)

"""Whatever the bytes or the text: an answer or a DecodeError, soon."""

import contextlib
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict

from mqtrace.decode.capture import conversations
from mqtrace.decode.certificate import decode_certificate
from mqtrace.decode.certificate_der import element, elements, integer, object_identifier
from mqtrace.decode.channel_protocol import first_bytes_kind, parse_segment
from mqtrace.decode.cms_key_database import decode_key_database
from mqtrace.decode.distinguished_name import name_of_openssl, parse_distinguished_name
from mqtrace.decode.gskit_trace import gskit_records
from mqtrace.decode.gskit_transcript import parse_transcripts
from mqtrace.decode.hexdump import dumps_of, parse_hex
from mqtrace.decode.jks import decode_java_key_store
from mqtrace.decode.jsse_debug import jsse_events
from mqtrace.decode.jsse_debug_messages import certificates_of, choice_of, hello_of
from mqtrace.decode.s_client import parse_s_client
from mqtrace.decode.sni import channel_of, server_name_of
from mqtrace.decode.structures import decode_structure, recognise_structure
from mqtrace.decode.tls import parse_client_hello, parse_records, parse_server_hello
from mqtrace.model.errors import DecodeError
from mqtrace.report.tls_json import hello_as_dict

MEGABYTE = 1 << 20
BEGINS = [
    b"SCO \x05\0\0\0",
    b"CNO \0\0\0\x05",
    b"AIR \x02\0\0\0",
    b"A.B" + bytes(17) + b"\x0b\0\0\0\x06\0\0\0\x02\0\0\0",
    b"TSH \0\0\1\x0c\x02\x01",
]
BEGINS += [
    b"\x30\xff",
    b"\x30\x80",
    b"\x30\x82\x01\0\x30",
    b"\x06\x7f",
    b"\x02\x81",
    b"\xfe\xed\xfe\xed\0\0\0\2",
    b"7H\x04\0\0\0\0\0X509KEY\0",
    b"\xd4\xc3\xb2\xa1" + bytes(20),
    b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a",
    b"TSHM\0\0\0\x2c\0\0\0\1\0\0\0\0\1\x05",
    b"\x16\x03\x01\0\x40\x01\0\0\x3c\x03\x03",
    b"\x01\0\0\x40\x03\x03",
    b"\x02\0\0\x40\x03\x03",
    b"\x15\x03",
]
BYTE_DECODERS: list[Callable[[bytes], object]] = [
    decode_structure,
    recognise_structure,
    lambda data: decode_structure(data, "MQCD"),
    lambda data: decode_structure(data, "MQCD", base=7),
    parse_records,
    parse_server_hello,
    lambda data: hello_as_dict(parse_client_hello(data)),
    parse_segment,
    first_bytes_kind,
    decode_certificate,
    decode_key_database,
    decode_java_key_store,
    lambda data: list(elements(data)),
    lambda data: object_identifier(element(data, "number")),
    lambda data: integer(element(data, "number")),
    lambda data: list(gskit_records(BytesIO(data))),
    lambda data: list(conversations(BytesIO(data))) and None,
    lambda data: list(dumps_of(data)) and None,
]
TEXT_DECODERS: list[Callable[[str], object]] = [
    parse_hex,
    parse_transcripts,
    channel_of,
    server_name_of,
    parse_s_client,
    parse_distinguished_name,
    name_of_openssl,
    lambda text: [certificates_of(event.body) for event in jsse_events([text.encode()])],
    lambda text: [hello_of(event.body, event.text) for event in jsse_events([text.encode()])],
    lambda text: [choice_of(event.body, event.text) for event in jsse_events([text.encode()])],
]
LINES = [
    "<client_hello>",
    "V3 Client Hello Sent:",
    "-----BEGIN HEX-----",
    "cipher_suites",
    "Length: 9999999",
    "01 00 00 75 03   ..",
    "0x0000: 00",
]
LINES += [
    "<server_hello>",
    "cipher_suite",
    "C030",
    "SSLV3ASN1Cert",
    "Subject[",
    "NotAfter 1 00:00:00 00-00-0000",
    "Length: 02",
    "*",
    "Extensions",
]
LINES += [
    "Alert Level:Description (hex)  2:28",
    "supported_versions 43",
    "CONNECTED(00000003)",
    "Certificate chain",
    " 0 s:/C=XX/CN=a",
    "<<< TLS 1.2, Alert [length 0002], fatal handshake_failure",
    "javax.net.ssl|DEBUG|10|main|2026|X.java:1|Consuming ServerHello handshake message (",
    '  "cipher suite" : "TLS_AES_256_GCM_SHA384(0x1302)",',
    '  "subject" : "CN=a, O=b",',
    "*** ClientHello, TLSv1.2",
    "CN=a,OU=b\\,c+UID=#1301",
    "TLSV13,",
    "1 duplicate line(s)",
    "0x7fffffff: 00",
]

any_bytes = st.binary(max_size=600) | st.builds(
    lambda begin, rest: begin + rest, st.sampled_from(BEGINS), st.binary(max_size=2100)
)
any_text = st.text(max_size=400) | st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=30).map("\n".join)


@settings(deadline=None, max_examples=300)
@given(any_bytes)
def test_bytes_are_decoded_or_refused(data: bytes) -> None:
    for decode in BYTE_DECODERS:
        assert [each for each in texts(decode, data) if not each.isprintable()] == []


@settings(deadline=None, max_examples=300)
@given(any_text)
def test_text_is_decoded_or_refused(text: str) -> None:
    for decode in TEXT_DECODERS:
        assert [each for each in texts(decode, text) if not each.isprintable()] == []


@settings(deadline=None, max_examples=100)
@given(st.binary(min_size=32, max_size=2100))
def test_random_bytes_are_no_structure(data: bytes) -> None:
    assert recognise_structure(data) is None


HUGE_BYTES = {
    "zeros": bytes(MEGABYTE),
    "a structure and zeros": BEGINS[3] + bytes(MEGABYTE),
    "empty records": b"\x16\x03\x03\0\0" * (MEGABYTE // 5),
    "alerts": b"\x15\x03\x03\0\2\2\x28" * (MEGABYTE // 7),
    "records of one byte": b"\x16\x03\x03\0\1\x0e" * (MEGABYTE // 6),
    "empty messages": (b"\x16\x03\x03\x40\0" + b"\x0e\0\0\0" * 4096) * (MEGABYTE // 16389),
}
HUGE_TEXT = {
    "hexadecimal": "16" * (MEGABYTE // 2),
    "pairs": "16 " * (MEGABYTE // 3),
    "pairs and a word": "16 " * (MEGABYTE // 3) + "zz",
    "one word": "a" * MEGABYTE,
    "blanks": " " * MEGABYTE + "z",
    "line ends": "\n" * MEGABYTE + "z",
    "rows": "0x0000:  00000000 00000000 00000000 00000000  |................|\n" * (MEGABYTE // 66),
    "offsets": "0x00000000 " * (MEGABYTE // 11),
    "suites": "<client_hello>\ncipher_suites\n" + "tls_x," * (MEGABYTE // 6),
    "headings": "<client_hello>\n" + "cipher_suites\n" * (MEGABYTE // 14),
    "certificates": "SSLV3ASN1Cert\nSubject[CN=a]\n" * (MEGABYTE // 28),
    "brackets": "<certificate>\nSubject[" + "[" * MEGABYTE,
    "encoded": "2e-" * (MEGABYTE // 3) + ".chl.mq.ibm.com",
}


def texts(decode: Callable[..., object], given_input: bytes | str) -> list[str]:
    """Every text in what the decoder gave, or the error's text."""
    try:
        return list(texts_in(decode(given_input)))
    except DecodeError as refused:
        return [str(refused)]


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        yield from texts_in(asdict(value))
    elif isinstance(value, dict):
        yield from texts_in(list(value.values()))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from texts_in(each)


def seconds(decode: Callable[..., object], given_input: bytes | str) -> float:
    begin = time.process_time()
    with contextlib.suppress(DecodeError):
        decode(given_input)
    return time.process_time() - begin


@pytest.mark.parametrize("name", HUGE_BYTES)
def test_a_megabyte_is_decoded_within_a_second(name: str) -> None:
    assert [each for decode in BYTE_DECODERS if (each := seconds(decode, HUGE_BYTES[name])) > 1] == []


@pytest.mark.parametrize("name", HUGE_TEXT)
def test_a_megabyte_of_text_is_decoded_within_a_second(name: str) -> None:
    assert [each for decode in TEXT_DECODERS if (each := seconds(decode, HUGE_TEXT[name])) > 1] == []

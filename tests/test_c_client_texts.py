"""Every text that is known from the C client's libraries is read by a pattern, or is noise by name."""

import pytest

from make_c_texts import printed, rows
from mqtrace.catalog.noise import noise
from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.evidence.facts import FactFinder
from mqtrace.model import Record

FINDER = FactFinder(trace_patterns("c"))
TEXTS = [row["text"] for row in rows("c_client_texts.csv")]
VALUES = ("QM1", "APP.TLS", "/home/app/ssl/key", "192.0.2.10", "ECDHE_RSA_AES_256_GCM_SHA384", "TRUE", "MQSERVER")
NUMBERS = (0, 1, 201, 407, 1414, 575010)
# They tell nothing: captions of dumps, and what stands for a secret.
NOISE = {
    " Certificate validation log:",
    "Certificate validation log:",
    "Channel definition on disk",
    "ChannelDef after conversion from disk version. pChannelDef(%p), ChannelDefLength(%d)",
    "Configuration Block",
    "End of GSKit TLS Handshake Transcript",
    "MQCD @ %p",
    "Output MQSCO @ %p",
    "Start of GSKit TLS Handshake Transcript (%d bytes)",
    "Transport Parameter Block",
    "< Data suppressed >",
    "pGSKitSSLCERTI (CNOffset %d)",
    "pMQSSLCERTI",
    "pMQSSLPEER",
    "soclose(%X) RC(%d)",
}


def values(line: str) -> dict[str, str]:
    """The facts of a line, by the pattern."""
    raw = line.encode()
    hits = [index for index, literal in enumerate(FINDER.selection.literals) if literal in raw]
    seen = FINDER.observe(Record("text", raw, "trace", 1, 0, len(raw)), hits)
    return {each.pattern.id: each.value for each in seen}


def lines(form: str) -> list[str]:
    strings = [*((value,) for value in (*VALUES, "")), ("mq1.example.com", "1414")]
    return [printed(form.strip(), *texts, number=number) for texts in strings for number in NUMBERS]


@pytest.mark.corpus
@pytest.mark.parametrize("form", TEXTS)
def test_a_text_is_read_by_a_pattern_or_is_noise_by_name(form: str) -> None:
    read = [line for line in lines(form) if values(line)]
    assert bool(read) is (form not in NOISE)
    assert [line for line in lines(form) if not values(line) and not noise("c").match(line.encode())] == []


@pytest.mark.corpus
def test_there_are_texts_to_read() -> None:
    if TEXTS:
        assert len(TEXTS) > 200


@pytest.mark.corpus
@pytest.mark.parametrize("form", [form for form in TEXTS if "%" in form])
def test_a_value_is_told_without_what_pads_it(form: str) -> None:
    for line in lines(form):
        for pattern, value in values(line).items():
            assert value == value.strip(), (pattern, line)


@pytest.mark.parametrize(
    ("form", "value", "pattern", "told"),
    [
        ("SELECT CHANNEL <%.20s>", "APP.TLS", "c.channel-selected", "APP.TLS"),
        ("SELECT CHANNEL <%.20s>", "A" * 20, "c.channel-selected", "A" * 20),
        ("QMGR is <%0.48s>", "QM1", "c.queue-manager", "QM1"),
        ("CipherSpec (%32.32s) is considered WEAK and is not allowed", "RC4_SHA_US", "c.cipherspec-weak", "RC4_SHA_US"),
        ("Address of remote system (outgoing): '%.20s'", "192.0.2.10", "c.address-tried", "192.0.2.10"),
    ],
)
def test_the_width_of_a_form_is_no_part_of_the_value(form: str, value: str, pattern: str, told: str) -> None:
    assert values(printed(form, value))[pattern] == told


@pytest.mark.parametrize("form", ["Address of remote system (outgoing): '%.20s'"])
def test_a_value_that_was_cut_is_not_taken(form: str) -> None:
    assert "c.address-tried" not in values(printed(form, "2001:db8:1111:2222:3333::1"))

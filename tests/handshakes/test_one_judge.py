"""One judge: what `decode handshake` says of a handshake is what the report says of it, whatever recorded it."""

from pathlib import Path

import pytest
from judging import cause_id

from mqtrace.diagnosis import diagnose
from mqtrace.evidence.decoding import decode_record
from mqtrace.handshakes.facts import facts_of
from mqtrace.handshakes.reading import read_handshakes
from mqtrace.inputs import open_sources
from mqtrace.model import Record
from mqtrace.model.tls import Alert, Handshake, Origin

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[2] / ".." / "shared"
OWN = [DATA / "handshakes", DATA / "decode" / "transcripts"]
CORPUS = [
    SHARED / "corpus" / "gskit" / "transcripts",
    SHARED / "corpus" / "gskit" / "gsktrace",
    SHARED / "lab" / "tls" / "pcap",
    SHARED / "corpus" / "trace-java",
]
FORMS = (".pcap", ".trc", ".log", ".txt")
# Read with the others, and nobody's handshake.
NOT_ALONE = ("trace_lines.txt", "program.log")


def files() -> list[object]:
    own = [pytest.param(path, id=str(path.relative_to(DATA))) for folder in OWN for path in inputs(folder)]
    shared = [pytest.param(path, marks=pytest.mark.corpus) for folder in CORPUS for path in inputs(folder)]
    return [*own, *shared]


def inputs(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.suffix in FORMS and path.name not in NOT_ALONE]


def handshakes(path: Path) -> list[Handshake]:
    return [handshake for source in open_sources([path]) for handshake in read_handshakes(source)]


@pytest.mark.parametrize("path", files())
def test_the_report_and_decode_handshake_name_the_same_cause(path: Path) -> None:
    decoded = [cause_id(handshake) for handshake in handshakes(path)]
    told = [outcome.cause for outcome in diagnose([path]).outcomes if outcome.connection.tls]
    if told:
        assert [cause.id if cause and cause.confidence != "possible" else None for cause in told] == decoded


@pytest.mark.parametrize("folder", [pytest.param(path, id=path.name) for path in sorted(OWN[1].iterdir())])
def test_a_transcript_gives_the_same_facts_alone_and_in_a_trace(folder: Path) -> None:
    raw = (folder / "transcript.txt").read_bytes()
    (alone,) = handshakes(folder / "transcript.txt")
    in_trace = decode_record("gskit-transcript", Record("transcript", raw, "trace", 1, 0, len(raw)))
    told = [fact for decoded in in_trace for fact in decoded.facts]
    # Where a trace goes on after its transcript, the transcript's end is not the handshake's.
    assert told == [(fact.name, fact.value) for fact in facts_of(alone) if fact.name != "handshake.ended_after"]


@pytest.mark.parametrize("origin", ["trace", "transcript", "gskit-trace", "capture", "java-debug", "s_client"])
def test_who_recorded_it_does_not_change_what_an_alert_means(origin: Origin) -> None:
    told = {
        sender: [
            fact.name
            for fact in facts_of(Handshake(origin, alerts=(Alert("fatal", 42, "bad_certificate", sender),)))
            if fact.name.startswith("tls.alert")
        ]
        for sender in ("client", "server", "unknown")
    }
    assert told == {"client": ["tls.alert_sent"], "server": ["tls.alert"], "unknown": ["tls.alert_of_either"]}

"""mqtrace capture with IBM's own client for Java, against a listener of the test.

It needs a JDK, and the client's classes where Maven keeps them: `make test-java` fetches them. Where either is not
here it is skipped, as nothing is downloaded by a test.
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from mqtrace.cli.entry import run
from preflight.listeners import answers, listening, refusal

READER = "mqtrace.readers.traces.trace_java"
PROGRAM = Path(__file__).parents[1] / "data" / "java" / "Connect.java"
MAVEN = Path(os.environ.get("MAVEN_REPOSITORY", Path.home() / ".m2" / "repository"))


def newest(pattern: str) -> Path | None:
    found = sorted(MAVEN.glob(pattern))
    return found[-1] if found else None


@pytest.fixture
def classes() -> str:
    jars = [newest("com/ibm/mq/com.ibm.mq.allclient/9.4.*/*.allclient-*.jar"), newest("org/json/json/*/json-*.jar")]
    if shutil.which("javac") is None or None in jars:
        pytest.skip("no JDK, or no com.ibm.mq.allclient in Maven's repository: make test-java")
    return os.pathsep.join(map(str, jars))


def test_classes_for_java(classes: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept"
    with listening(answers(refusal(1))) as port:
        words = ["-cp", classes, str(PROGRAM), "QM1", "127.0.0.1", str(port), "APP.SVRCONN"]
        code = run(["capture", "--keep", str(kept), "--", "java", *words])
    shown = capfd.readouterr()
    assert code == 4
    assert "reason 2540" in shown.out
    (trace,) = kept.glob("mqjava_*.trc")
    assert b"RemoteTCPConnection" in trace.read_bytes()
    assert "taken for a java client" in shown.err
    # The report is on standard error, where this version reads traces of the Java client.
    report = " ".join(shown.err.split())
    assert ("could not connect to QM1: 2540" in report) == (find_spec(READER) is not None)

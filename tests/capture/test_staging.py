"""--bundle: what a ticket needs, and no secret. All inputs are SYNTHETIC."""

import json
import zipfile
from pathlib import Path

import pytest

from mqtrace.capture.staging import masked_line
from mqtrace.cli.entry import run

from .installation import Installation

SECRET = "hunter2secret"
HEX = SECRET.encode().hex()
# The programs of MQ do their work, and leave secrets wherever they can.
_LEAVES = """
cat > "${MQTRACEPATH}/AMQ7253.1.FMT" <<END
17:10:46.376186   7253.1      RSESS:000001  password={secret}
17:10:46.376187   7253.1      RSESS:000001  0x0000:  43535020 {words} 00000000 00000000  |CSP {secret}|
17:10:46.376188   7253.1      RSESS:000001  0x0010:  {words}  |{secret}|
END
cat > "{errors}/AMQ1.0.FDC" <<END
| Program Name      :- orders |
 Environment Variables
MQSERVER=APP/TCP/mq1(1414)
MQKEYRPWD={secret}
APP_THING={secret}
END
cat > "{errors}/AMQERR01.LOG" <<END
11/24/26 09:00:00 - Process(7253.1) User(app) Program(orders)
                    Host(apphost) Installation(Installation1)
                    VRMF(9.3.0.10)
                    Time(2026-11-24T09:00:00.000Z)

AMQ9999E: Channel 'APP.CH' to host 'mq1' ended abnormally.

EXPLANATION:
The password for app is {secret}
----- amqrccca.c : 1114 -------------------------------------------------------
END
"""


@pytest.fixture
def bundled(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The files of a bundle, by their names."""
    words = " ".join(HEX[at : at + 8].ljust(8, "0") for at in range(0, len(HEX), 8))
    text = _LEAVES
    for name, value in {"secret": SECRET, "words": words, "errors": str(installation.data / "errors")}.items():
        text = text.replace(f"{{{name}}}", value)
    installation.client.write_text(installation.client.read_text().replace('echo "out"', text + 'echo "out"'))
    (installation.root / "mqclient.ini").write_text(f"SSL:\n  SSLKeyRepositoryPassword={SECRET}\n")
    table = {
        "channel": [
            {
                "name": "APP.CH",
                "type": "clientConnection",
                "clientConnection": {"connection": [{"host": "mq1", "port": 1414}], "queueManager": ""},
                "transmissionSecurity": {"password": SECRET},
            }
        ]
    }
    (installation.root / "ccdt.json").write_text(json.dumps(table, indent=1))
    monkeypatch.setenv("MQCCDTURL", "ccdt.json")
    monkeypatch.setenv("MQKEYRPWD", SECRET)
    case = installation.root / "case.zip"
    assert run(["capture", "--client", "c", "--bundle", str(case), "--", str(installation.client)]) == 0
    with zipfile.ZipFile(case) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_what_is_in_it(bundled: dict[str, str]) -> None:
    assert set(bundled) == {
        "inputs/trace/AMQ7253.0.FMT",
        "inputs/trace/AMQ7253.1.FMT",
        "inputs/errors/AMQ1.0.FDC",
        "inputs/errors/AMQERR01.LOG",
        "inputs/settings/environment.txt",
        "inputs/settings/mqclient.ini",
        "inputs/settings/ccdt.json",
        "report.html",
        "report.md",
        "report.json",
        "report.txt",
        "manifest.json",
    }
    assert "gsk_secure_soc_init rc=407" in bundled["inputs/trace/AMQ7253.0.FMT"]
    # Hosts have pseudonyms, as in every bundle.
    assert "MQSERVER=APP/TCP/" in bundled["inputs/errors/AMQ1.0.FDC"]
    assert "MQCCDTURL=ccdt.json" in bundled["inputs/settings/environment.txt"]
    assert '"name": "APP.CH"' in bundled["inputs/settings/ccdt.json"]
    (connection,) = json.loads(bundled["report.json"])["connections"]
    assert connection["cause"]["id"] == "tls.certificate-label-not-found"


def test_no_secret_is_in_it(bundled: dict[str, str]) -> None:
    for name, text in bundled.items():
        assert SECRET not in text, name
        assert HEX[:8] not in text, name
    assert "APP_THING=***" in bundled["inputs/errors/AMQ1.0.FDC"]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("  0x0010:  68756e74 65723273  |hunter2s|", "  0x0010:***"),
        ("0x00000000 68 75 6E 74 65 72 32 73 : hunter2s", "0x00000000 ***"),
        ("0x00000000 (       0) : 68756e7465723273 : hunter2s", "0x00000000 (***"),
        ("0000 68 75 6e 74 65 72 32  hunter2", "0000 ***"),
    ],
)
def test_rows_of_dumps_stay_out(row: str, shown: str) -> None:
    assert masked_line(row).rstrip() == shown.rstrip()


@pytest.mark.parametrize(
    "line",
    [
        "17:10:46.376186   7253.1      RSESS:000001  ---{  xcsGetEnvironmentString",
        "Data: 0x000001dd 0x32ab1b30",
        "[24/11/26 09:00:00.123.01]  00000001  @1a2b3c4d   c.i.m.j.remote.impl.RemoteTCPConnection   d  connectSocket",
        "00000A2B 17:10:46.376186  7253.1  --}! ConnectSocket rc=(Unknown(2538))",
    ],
)
def test_other_lines_stay(line: str) -> None:
    assert masked_line(line) == line


def test_a_bundle_that_cannot_be_written(installation: Installation, capfd: pytest.CaptureFixture[str]) -> None:
    case = installation.root / "gone" / "case.zip"
    assert run(["capture", "--client", "c", "--bundle", str(case), "--", str(installation.client)]) == 2
    assert "Cannot write" in capfd.readouterr().err
    assert not Path(case).exists()
    assert installation.left_behind == []

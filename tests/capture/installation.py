"""An installation of MQ that stands for the real one: its programs record how they were called."""

import shutil
from pathlib import Path

from command_line import SAMPLES

FORMATTED = SAMPLES / "c-label-not-in-key-repository" / "AMQ7253.0.FMT"
_TOOL = """#!/bin/sh
echo "{name} $*" >> "{root}/calls"
[ -e "{root}/fail-{name}" ] && { echo "AMQ7077: You are not authorized." >&2; exit 36; }
{body}
"""
_BODIES = {
    "strmqtrc": 'touch "{root}/on"',
    "endmqtrc": 'rm -f "{root}/on"',
    "dspmqtrc": 'for each; do case "$each" in *.TRC) cp "{formatted}" "${{each%.TRC}}.FMT";; esac; done',
}
# Writes a trace as the client does that is traced: only while one is on, where MQTRACEPATH says.
_CLIENT = """#!/bin/sh
[ -e "{root}/on" ] && printf 'trace\\000of this' > "${{WRITES_TO:-$MQTRACEPATH}}/AMQ7253.0.TRC"
echo "out"
echo "err" >&2
[ -n "$WAITS" ] && {{ trap 'exit 5' TERM; touch "{root}/waiting"; while :; do sleep 0.02; done; }}
exit "${{EXIT:-0}}"
"""


class Installation:
    """Programs of MQ, and one that connects, in a folder of the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = root / "data"
        (root / "bin").mkdir()
        for name in ("trace", "errors"):
            (self.data / name).mkdir(parents=True)
        for name, body in _BODIES.items():
            text = _TOOL.replace("{name}", name).replace("{root}", str(root))
            filled = body.replace("{root}", str(root)).replace("{formatted}", str(FORMATTED)).replace("{{", "{")
            self._write(root / "bin" / name, text.replace("{body}", filled.replace("}}", "}")))
        self.client = self._write(root / "orders", _CLIENT.format(root=root))

    @staticmethod
    def _write(path: Path, text: str) -> Path:
        path.write_text(text)
        path.chmod(0o755)
        return path

    @property
    def variables(self) -> dict[str, str]:
        """The environment that leads to it, and to nothing else of this machine."""
        temporary = self.root / "tmp"
        temporary.mkdir(exist_ok=True)
        found = {
            "MQ_INSTALLATION_PATH": self.root,
            "MQ_DATA_PATH": self.data,
            "HOME": self.root / "home",
            "TMPDIR": temporary,
        }
        return {name: str(value) for name, value in found.items()}

    @property
    def calls(self) -> list[str]:
        """How the programs were called, in order."""
        path = self.root / "calls"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def called(self) -> list[str]:
        """The names of the programs that were called, in order."""
        return [each.split()[0] for each in self.calls]

    @property
    def is_on(self) -> bool:
        """Whether a trace is on."""
        return (self.root / "on").exists()

    def fails(self, name: str) -> None:
        """From now on that program fails."""
        (self.root / f"fail-{name}").touch()

    def works(self, name: str) -> None:
        """From now on it does its work again."""
        (self.root / f"fail-{name}").unlink()

    @property
    def left_behind(self) -> list[str]:
        """Files in the folder for temporary ones, and in that of all traces."""
        folders = (self.root / "tmp", self.data / "trace")
        return sorted(each.name for folder in folders for each in folder.iterdir())

    def remove(self, name: str) -> None:
        """Takes a program away."""
        (self.root / "bin" / name).unlink()


def has_shell() -> bool:
    """Whether the programs can run here."""
    return shutil.which("sh") is not None

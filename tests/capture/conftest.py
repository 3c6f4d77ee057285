"""The installation, and the program in this process: quick, as nothing but shell scripts is started."""

import os
import tempfile
from pathlib import Path

import pytest

from .installation import Installation, has_shell


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    if not has_shell():
        pytest.skip("there is no shell here")
    found = Installation(tmp_path)
    for name in [each for each in os.environ if each.startswith("MQ")]:
        monkeypatch.delenv(name)
    for name, value in found.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", found.variables["TMPDIR"])
    monkeypatch.chdir(tmp_path)
    return found

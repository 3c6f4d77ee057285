"""Places and authorities that several tests use."""

from pathlib import Path

import pytest

from .authorities import Authority
from .places import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority("Lab CA")

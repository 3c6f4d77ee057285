"""Where the samples of the decode tests are."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.fixture
def samples() -> Path:
    return TESTS / "data" / "decode"


@pytest.fixture
def shared_corpus() -> Path:
    folder = TESTS.parent / ".." / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the shared corpus is not here")
    return folder

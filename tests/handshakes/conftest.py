"""Where the samples are, and how a sample becomes handshakes."""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from mqtrace.handshakes.reading import read_handshakes
from mqtrace.inputs import Source
from mqtrace.model.tls import Handshake

TESTS = Path(__file__).parents[1]
# make_capture is shared with the tests of the decoders.
sys.path.append(str(TESTS / "decode"))


@pytest.fixture
def samples() -> Path:
    return TESTS / "data" / "handshakes"


@pytest.fixture
def read(samples: Path) -> Callable[[str], list[Handshake]]:
    """The handshakes of a sample."""
    return lambda name: read_handshakes(Source(name, BytesIO((samples / name).read_bytes())))


@pytest.fixture
def shared_corpus() -> Path:
    folder = TESTS.parent / ".." / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the shared corpus is not here")
    return folder

"""Reads all that `open_sources` yields, as a command does."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from mqtrace.inputs import open_sources


@dataclass(frozen=True)
class Read:
    """One source, read to its end; names begin below the test's own folder."""

    name: str
    content: bytes
    error: str | None


ReadAll = Callable[..., list[Read]]


@pytest.fixture
def read_all(tmp_path: Path) -> ReadAll:
    def read(*paths: Path | str, stdin: bytes | None = None) -> list[Read]:
        sources = []
        for source in open_sources(paths, stdin=None if stdin is None else BytesIO(stdin)):
            content = b""
            while chunk := source.stream.read(100_000):
                content += chunk
            sources.append(Read(source.name.removeprefix(f"{tmp_path}/"), content, source.error))
        return sources

    return read

"""The program within the test's own process: quick, and open to monkeypatch."""

from collections.abc import Callable

import pytest

from command_line import Ran
from mqtrace.cli.entry import run

Run = Callable[..., Ran]


@pytest.fixture
def mqtrace(capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    def go(*words: object) -> Ran:
        code = run([str(word) for word in words])
        return Ran(code, *capsysbinary.readouterr())

    return go


@pytest.fixture(autouse=True)
def wide_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of 100 columns, on which the texts that the tests expect are not broken."""
    monkeypatch.setenv("COLUMNS", "100")

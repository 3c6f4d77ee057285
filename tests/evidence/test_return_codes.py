"""Which of the codes that functions returned says why the call failed. Synthetic histories in the form of genuine ones."""

import pytest

from mqtrace.evidence.return_codes import decisive
from mqtrace.model import Evidence, Location
from mqtrace.model.failure_report import FunctionExit


def exits(*told: tuple[int, str, str]) -> list[FunctionExit]:
    return [FunctionExit(depth, name, code, Evidence(Location("x", 1), "")) for depth, name, code in told]


REFUSED = ((5, "cciBindAndConnect", "rrcE_CONNECTION_REFUSED"), (4, "cciBindAndConnectList", "rrcE_HOST_NOT_AVAILABLE"))


@pytest.mark.parametrize(
    ("told", "first"),
    [
        pytest.param(REFUSED, "cciBindAndConnect", id="the innermost of a run that unwinds"),
        pytest.param(
            (*REFUSED, (2, "ccxSend", "rrcE_SEND_FAILED"), (1, "rriInitSess", "rrcE_SEND_FAILED")),
            "ccxSend",
            id="a code that a caller replaced by success did not fail the call",
        ),
        pytest.param(
            (*REFUSED, (5, "cciBindAndConnect", "rrcE_CONNECTION_TIMED_OUT"), (4, "cciList", "rrcE_X")),
            "cciBindAndConnect",
            id="of two addresses the last",
        ),
        pytest.param(((3, "a", "rrcE_X"), (3, "rrxError", "rrcE_X"), (2, "b", "rrcE_X")), "a", id="a keeper beside it"),
    ],
)
def test_the_decisive_run_begins_where_the_failure_arose(told: tuple[tuple[int, str, str], ...], first: str) -> None:
    assert decisive(exits(*told))[0].name == first


def test_of_two_addresses_the_code_is_that_of_the_last() -> None:
    run = decisive(exits(*REFUSED, (5, "cciBindAndConnect", "rrcE_CONNECTION_TIMED_OUT"), (4, "cciList", "rrcE_X")))
    assert [function.code for function in run] == ["rrcE_CONNECTION_TIMED_OUT", "rrcE_X"]


def test_nothing_failed() -> None:
    assert decisive([]) == ()

"""A failure report (FDC) that a program of MQ wrote."""

from msgspec import Struct

from mqtrace.model.location import Evidence
from mqtrace.model.record import ConfigValue, LogEntry


class FunctionExit(Struct, frozen=True):
    """The return of a function.

    Attributes:
        depth: how deep it was nested, relative to the outermost that is shown.
        name: of the function.
        code: "rrcE_HOST_NOT_AVAILABLE", "MQRC_HOST_NOT_AVAILABLE", "Unknown(274D)"; never a code of success.
        evidence: its line.
    """

    depth: int
    name: str
    code: str
    evidence: Evidence


class FailureReport(Struct, frozen=True):
    """One failure report.

    Attributes:
        entry: its header as the entry of a log.
        major: the major error code ("rrcE_CONNECTION_CLOSED"), "" when absent.
        inserts: what the header prints as Arith1, Arith2, Comment1 ... Comment3.
        platform: operating system as written, "" when absent.
        stack: the functions that were running, the outermost first.
        calls: names of all functions in the history of calls.
        exits: the failing ones of the history, in order.
        labels: the labelled values of control blocks that patterns/tables/failure_report_blocks.csv names; group is the
            block.
        variables: the MQ variables of the environment.
    """

    entry: LogEntry
    major: str = ""
    inserts: tuple[ConfigValue, ...] = ()
    platform: str = ""
    stack: tuple[str, ...] = ()
    calls: frozenset[str] = frozenset()
    exits: tuple[FunctionExit, ...] = ()
    labels: tuple[ConfigValue, ...] = ()
    variables: tuple[ConfigValue, ...] = ()

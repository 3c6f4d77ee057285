"""The nouns: frozen structs that every other room speaks in. Imports nothing of mqtrace.

They are msgspec's: a dataclass takes fifty times as long to define, and ten times as long to make.

Each module is loaded when one of its names is used first.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mqtrace.model.connection import Attempt, Connection, Phase, Structure, StructureField
    from mqtrace.model.errors import DecodeError, InputError, MqtraceError, PatternError, UsageError
    from mqtrace.model.fact import Basis, Fact, Proves
    from mqtrace.model.finding import Alternative, Confidence, Finding, Status
    from mqtrace.model.location import Evidence, Location
    from mqtrace.model.period import Period
    from mqtrace.model.record import Client, ConfigValue, LogEntry, Record, RecordKind, Tie
    from mqtrace.model.report import Cause, ClockOffset, Excerpt, Gap, InputRead, Outcome, Report, Unread
    from mqtrace.model.setting import Candidate, CandidateState, Proof, Setting

# Those that the others build on come first.
_MODULES = ("errors", "location", "fact", "period", "record", "setting", "finding", "connection", "report")
__all__ = [
    "Alternative",
    "Attempt",
    "Basis",
    "Candidate",
    "CandidateState",
    "Cause",
    "Client",
    "ClockOffset",
    "Confidence",
    "ConfigValue",
    "Connection",
    "DecodeError",
    "Evidence",
    "Excerpt",
    "Fact",
    "Finding",
    "Gap",
    "InputError",
    "InputRead",
    "Location",
    "LogEntry",
    "MqtraceError",
    "Outcome",
    "PatternError",
    "Period",
    "Phase",
    "Proof",
    "Proves",
    "Record",
    "RecordKind",
    "Report",
    "Setting",
    "Status",
    "Structure",
    "StructureField",
    "Tie",
    "Unread",
    "UsageError",
]


def __getattr__(name: str) -> Any:
    for module in _MODULES if name in __all__ else ():
        home = import_module(f"mqtrace.model.{module}")
        if hasattr(home, name):
            globals()[name] = getattr(home, name)
            return globals()[name]
    raise AttributeError(f"module 'mqtrace.model' has no attribute {name!r}")

"""The nouns: frozen dataclasses that every other room speaks in. Imports nothing of mqtrace."""

from mqtrace.model.connection import Attempt, Connection, Phase, Structure, StructureField
from mqtrace.model.errors import DecodeError, InputError, MqtraceError, PatternError, UsageError
from mqtrace.model.fact import Basis, Fact, Proves
from mqtrace.model.finding import Alternative, Confidence, Finding, Status
from mqtrace.model.location import Evidence, Location
from mqtrace.model.record import Client, ConfigValue, LogEntry, Record, RecordKind, Tie
from mqtrace.model.report import Cause, ClockOffset, Gap, InputRead, Outcome, Report
from mqtrace.model.setting import Candidate, CandidateState, Proof, Setting

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
    "UsageError",
]

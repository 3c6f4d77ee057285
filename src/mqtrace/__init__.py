"""mqtrace: which setting won, and why the connection failed.

    import mqtrace
    report = mqtrace.diagnose("/var/mqm/trace")
    for outcome in report.outcomes:
        print(outcome.connection.channel, outcome.cause.id if outcome.cause else "connected")

Importing the package costs nothing: each name is loaded when it is used first.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mqtrace.version import __version__

if TYPE_CHECKING:
    from mqtrace.diagnosis import diagnose
    from mqtrace.model import (
        Cause,
        Connection,
        Evidence,
        Fact,
        Finding,
        InputError,
        Location,
        MqtraceError,
        Outcome,
        PatternError,
        Report,
        Setting,
    )  # fmt: skip
    from mqtrace.triage.frame import read_logs

_HOMES = {"diagnose": "mqtrace.diagnosis", "read_logs": "mqtrace.triage.frame"}
__all__ = [
    "Cause", "Connection", "Evidence", "Fact", "Finding", "InputError", "Location", "MqtraceError", "Outcome",
    "PatternError", "Report",
    "Setting", "__version__", "diagnose", "read_logs",
]  # fmt: skip


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'mqtrace' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "mqtrace.model")), name)

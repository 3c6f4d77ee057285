"""A report in which pseudonyms stand for hosts, users and organisations."""

from dataclasses import dataclass

from mqtrace.model import MqtraceError, Report
from mqtrace.redaction.identities import Identities
from mqtrace.report.shown import Policy, shown

# Words of mqtrace itself: ids of causes and patterns, kinds, names of settings and fields.
_OWN_WORDS = frozenset({"id", "kind", "pattern", "name", "module"})


class RedactionError(MqtraceError):
    """Something that was to be hidden is still there, so nothing was written."""


@dataclass(frozen=True, slots=True)
class _Learning(Policy):
    """Shows everything, and learns from it whom it names."""

    identities: Identities

    def value(self, name: str, value: str) -> str:
        if name not in _OWN_WORDS:
            self.identities.learn(name, value)
        return value

    def line(self, line: str) -> str:
        self.identities.learn_line(line)
        return line

    def sentence(self, sentence: str) -> str:
        return sentence


@dataclass(frozen=True, slots=True)
class _Hiding(Policy):
    """Hides secrets, and whom the identities know."""

    identities: Identities

    def value(self, name: str, value: str) -> str:
        shown_value = Policy.value(self, name, value)
        return shown_value if name in _OWN_WORDS else self.identities.hidden_value(name, shown_value)

    def line(self, line: str) -> str:
        return self.identities.hidden(Policy.line(self, line))

    def sentence(self, sentence: str) -> str:
        return self.identities.hidden(Policy.sentence(self, sentence))


def redacted(report: Report, identities: Identities) -> Report:
    """The report with a pseudonym for each one whom it names; they are added to `identities`."""
    shown(report, _Learning(identities))
    return shown(report, _Hiding(identities))


def checked(text: str, identities: Identities) -> str:
    """The finished text of a redacted report. Raises RedactionError where it still names one that is hidden."""
    found = next(iter(identities.found_in(text)), None)
    if found is None:
        return text
    raise RedactionError(
        f"The redacted report still holds the {found.kind} that {found.pseudonym} stands for, so it is not given. "
        f"Please report this; without --redact the report is complete."
    )

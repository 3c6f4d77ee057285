"""A report in which pseudonyms stand for hosts, users and organisations."""

from mqtrace.model import Report
from mqtrace.redaction.identities import Identities
from mqtrace.report.shown import Policy, shown

# Words of mqtrace itself: ids of causes and patterns, kinds, names of settings and fields.
_OWN_WORDS = frozenset({"id", "kind", "pattern", "name", "module"})


class _Learning(Policy, frozen=True):
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


class _Hiding(Policy, frozen=True):
    """Hides secrets, and whom the identities know."""

    identities: Identities

    def value(self, name: str, value: str) -> str:
        shown_value = Policy.value(self, name, value)
        return shown_value if name in _OWN_WORDS else self.identities.hidden_value(name, shown_value)

    def line(self, line: str) -> str:
        return self.identities.hidden(Policy.line(self, line))

    def sentence(self, sentence: str) -> str:
        return self.identities.hidden(Policy.sentence(self, sentence))


def learn_from_report(report: Report, identities: Identities) -> None:
    """Learns whom the values and lines of a report name, and the names of its inputs."""
    for each in report.inputs:
        identities.learn_input(each.source)
    shown(report, _Learning(identities))


def redacted(report: Report, identities: Identities) -> Report:
    """The report with a pseudonym for each one whom it names; they are added to `identities`."""
    learn_from_report(report, identities)
    return shown(report, _Hiding(identities))

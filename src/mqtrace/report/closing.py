"""The end of the report: what stays open, what the inputs are, and how much was read."""

from mqtrace.model import InputRead, Report
from mqtrace.report.words import counted, size_words

LOGS = ("errorlog-text", "errorlog-json", "application-log")


def unknown(report: Report, verbosity: int) -> list[str]:
    """The questions that the inputs leave open, those with one way to find out together.

    With `verbosity` 1 also the rules that lacked evidence.
    """
    open_questions = [(gap.question, gap.how_to_find_out) for gap in report.gaps]
    if verbosity > 0:
        open_questions += [
            (each.text or each.id, each.how_to_find_out) for each in report.findings if each.status == "skip"
        ]
    asked: dict[str, list[str]] = {}
    for question, how in dict.fromkeys(open_questions):
        asked.setdefault(how, []).append(question)
    return [" ".join((*questions, how)).strip() for how, questions in asked.items()]


def nothing_told(report: Report) -> tuple[str, str]:
    """Label and words for a report without a connection: logs that tell of no failure, or no input about one at all."""
    entries = sum(each.records for each in report.inputs if each.kind in LOGS and not each.note)
    if entries:
        return "NO FAILURE", f"of a client that connects to a queue manager, among {counted(entries, 'log record')}."
    return "NO EVIDENCE", "of a client that connects to a queue manager, in any input."


def notes(report: Report) -> list[str]:
    """What the user should know of single inputs and of the run; inputs with the same note are told once."""
    files: dict[str, list[str]] = {}
    for each in report.inputs:
        if each.note:
            files.setdefault(each.note, []).append(each.source)
    told = [f"{_names(names)}: {note}" for note, names in files.items()]
    return list(dict.fromkeys([*told, *report.notes]))


def _names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1:,} more"


def inputs_line(report: Report) -> str:
    """ "Read 1 file, 24 kB, 289 lines; 14 selected lines not understood (mqtrace coverage shows them)." """
    read = [each for each in report.inputs if each.error is None]
    if not read and not report.inputs:
        return "Read nothing."
    size = size_words(sum(each.size for each in read))
    told = (
        f"Read {counted(len({each.source for each in read}), 'file')}, {size}, "
        f"{counted(sum(each.lines for each in read), 'line')}"
    )
    return f"{told}{_not_understood(read)}{_not_read(report)}."


def _not_understood(read: list[InputRead]) -> str:
    count = sum(each.unparsed_lines for each in read)
    return f"; {counted(count, 'selected line')} not understood (mqtrace coverage shows them)" if count else ""


def _not_read(report: Report) -> str:
    count = len({each.source for each in report.inputs if each.error is not None})
    return f"; {counted(count, 'file')} could not be read" if count else ""

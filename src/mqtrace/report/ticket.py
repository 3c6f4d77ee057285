"""The report for a ticket, a mail or a review: at most 60 lines, what matters first, each part under its heading."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Literal, get_args

from mqtrace.mark import GENERATOR, marked_markdown
from mqtrace.model import Attempt, Outcome, Report
from mqtrace.pages.layout import shorten
from mqtrace.report.answer import COMMAND, SENTENCE_END, Answer, answer_of
from mqtrace.report.closing import inputs_line, notes, nothing_told, unknown
from mqtrace.report.groups import OutcomeGroup, group_status, worst_first
from mqtrace.report.markup import LONGEST_VALUE, Markup, Parts
from mqtrace.report.names import with_short_names
from mqtrace.report.overview import result_of, table_of
from mqtrace.report.words import base_name, client_words, phase_words

Flavour = Literal["github", "jira", "mail"]
FLAVOURS: tuple[Flavour, ...] = get_args(Flavour)
# One more is the mark.
_LINES = 59
_LONGEST = 1200
# Rows of each list, and characters of a sentence where it takes several lines; from the fullest to what fits.
_ROOMY = ((12, _LONGEST), (12, 600), (8, 600), (8, 400), (6, 400), (5, 400), (4, 400), (4, 300))
_LIMITS = (
    *((answers, *limits) for answers in (3, 2, 1) for limits in _ROOMY),
    *((1, 3, 300), (1, 2, 300), (1, 1, 300), (1, 1, 120)),
)
Section = tuple[str, list[str]]


def to_ticket(report: Report, flavour: Flavour) -> str:
    """The ticket as it is written: with the mark behind its last line."""
    return marked_markdown(render_ticket(report, _markup(flavour)))


def to_markdown(report: Report) -> str:
    """The ticket in Markdown; of a connection that was not made yet, what would come of it."""
    if report.preflight:
        from mqtrace.report.preflight import preflight_markdown

        return marked_markdown(preflight_markdown(report, report.preflight))
    return to_ticket(report, "github")


def _markup(flavour: Flavour) -> Markup:
    from mqtrace.report.jira import Jira
    from mqtrace.report.mail import Mail
    from mqtrace.report.markdown import Markdown

    kinds: dict[Flavour, Callable[[], Markup]] = {"github": Markdown, "jira": Jira, "mail": Mail}
    return kinds[flavour]()


def render_ticket(report: Report, markup: Markup) -> str:
    """The ticket in at most 59 lines.

    A long one has shorter sentences and fewer rows of each list, then fewer answers.
    """
    told = _Told(with_short_names(report))
    for limits in _LIMITS:
        lines = _Ticket(told, markup, *limits).lines()
        if len(lines) <= _LINES:
            break
    # Words that take many lines of a mail, such as a table of long names: what is last is least.
    return "".join(f"{line}\n" for line in lines[:_LINES])


class _Told:
    """What is told whatever the limits are, worked out once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.groups = worst_first(report)
        self.failed = [group for group in self.groups if group_status(report, group) == "FAILED"]
        self.table = cache(partial(table_of, report))
        self.answer = cache(partial(answer_of, report))


class _Ticket:
    """One attempt at it, within limits: answers, rows of each list, characters of a sentence."""

    def __init__(self, told: _Told, markup: Markup, answers: int, rows: int, longest: int) -> None:
        self._told, self._report, self._markup = told, told.report, markup
        self._answers, self._rows = answers, rows
        # What is told beside the answer.
        self._few = max(rows // 2, 1)
        self._longest = longest if markup.wraps else _LONGEST

    def lines(self) -> list[str]:
        lines = list(self._answered() if self._report.outcomes else self._untold())
        for name, texts in (("Not known", unknown(self._report, 0)), ("Notes", notes(self._report))):
            lines += self._section(2, *self._listed(name, texts, self._few))
        return lines + self._text(inputs_line(self._report))

    def _untold(self) -> Iterator[str]:
        yield from self._heading(" ".join(nothing_told(self._report)).removesuffix("."), 1)
        yield ""

    def _answered(self) -> Iterator[str]:
        report = self._report
        groups, failed = self._told.groups, self._told.failed
        shown = (failed or groups)[: self._answers]
        if len(report.outcomes) == 1:
            yield from self._answer(shown[0], level=1, is_whole=True)
            return
        status, sentence = result_of(report, groups)
        worst = f" The newest {len(shown)} told below." if len(failed) > len(shown) else ""
        yield from (*self._heading(f"{status}: {sentence}{worst}", 1), "")
        yield from self._overview()
        for number, group in enumerate(shown):
            # A ticket has room for one answer in full.
            yield from self._answer(group, level=2, is_whole=number == 0)

    def _overview(self) -> Iterator[str]:
        header, rows, left_out = self._told.table(self._rows)
        yield from self._table(header, rows)
        yield ""
        if left_out:
            yield from (*self._text(f"... and {left_out:,} more rows"), "")

    def _answer(self, group: OutcomeGroup, *, level: int, is_whole: bool) -> Iterator[str]:
        answer, outcome = self._told.answer(group), self._report.outcomes[group.shown]
        rows = max(self._rows, 2) if is_whole else min(self._rows, 3)
        yield from (*self._heading(f"{answer.status}: {answer.headline}", level), "")
        yield from self._section(level + 1, "What happened", self._happened(answer))
        yield from self._section(level + 1, *self._why(answer))
        if is_whole:
            yield from self._section(level + 1, "What was tried", self._tried(answer, outcome))
            yield from self._section(level + 1, "Versions", self._table(("WHAT", "VERSION", "ON"), _versions(outcome)))
            yield from self._section(level + 1, *self._ledger(answer))
        longest = min(self._longest, LONGEST_VALUE)
        proof = [(shorten(place, longest), shorten(line, longest)) for place, line in answer.proof[:rows]]
        cut = self._cut("Proof", len(answer.proof), rows)
        yield from self._section(level + 1, cut, self._markup.proof(proof) if proof else [])
        yield from self._section(level + 1, "Next step", self._items(answer.fix[:rows], numbered=True))
        yield from self._section(level + 1, *self._listed("Also seen", answer.also, self._few))

    def _happened(self, answer: Answer) -> list[str]:
        return self._markup.names([shorten(each, self._longest) for each in answer.about])

    def _why(self, answer: Answer) -> Section:
        sure = f" ({answer.confidence})" if answer.confidence else ""
        told = self._first_sentences(answer)
        more = [told, f"mqtrace explain {answer.cause}"] if answer.cause else [told]
        others = [f"Or: {cause}: {how}" for cause, how in answer.alternatives[: self._rows]]
        return f"Why{sure}", [*(self._markup.text(more) if told else []), *self._items(others)]

    def _first_sentences(self, answer: Answer) -> str:
        """What the cause is, and as many of the sentences that explain it as there is room for."""
        told = shorten(answer.title, self._longest)
        for sentence in (each for text in answer.explanation for each in SENTENCE_END.split(text)):
            if len(told) + len(sentence) > self._longest:
                break
            told = f"{told} {sentence}".lstrip()
        return told

    def _tried(self, answer: Answer, outcome: Outcome) -> list[str]:
        if answer.tried:
            rows = answer.tried[: self._rows]
            left = len(answer.tried) - len(rows)
            more = self._text(f"... and {left:,} more") if left else []
            return [*self._table(("WHERE", "RESULT"), rows), *([""] if left else []), *more]
        return [line for text in _attempt(outcome) for line in self._text(text)]

    def _ledger(self, answer: Answer) -> Section:
        rows = [(row.name, row.value, row.source, row.instead) for row in answer.rows]
        kinds = (("Nobody gave", answer.not_given), ("Not in these files", answer.not_seen))
        missing = [f"{kind}: {', '.join(names)}." for kind, names in kinds if names]
        table = self._table(("SETTING", "VALUE", "FROM", "INSTEAD OF"), rows[: self._rows])
        last = self._text(" ".join(missing)) if missing else []
        return self._cut("Settings", len(rows), self._rows), [*table, *([""] if table and last else []), *last]

    def _listed(self, name: str, texts: Sequence[str], most: int) -> Section:
        return self._cut(name, len(texts), most), self._items(texts[:most])

    @staticmethod
    def _cut(name: str, count: int, most: int) -> str:
        return f"{name} (the first {most} of {count:,})" if count > most else name

    # ------------------------------------------------------------ within the limits

    def _section(self, level: int, name: str, lines: list[str]) -> list[str]:
        return [*self._heading(name, level), *lines, ""] if lines else []

    def _heading(self, text: str, level: int) -> list[str]:
        return self._markup.heading(shorten(text, self._longest), level)

    def _text(self, text: str) -> list[str]:
        return self._markup.text(self._parts(text))

    def _items(self, texts: Sequence[str], *, numbered: bool = False) -> list[str]:
        return self._markup.items([self._parts(text) for text in texts], numbered=numbered)

    def _parts(self, text: str) -> Parts:
        return shorten(text, self._longest).split(COMMAND)

    def _table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        return self._markup.table(header, rows) if rows else []


def _attempt(outcome: Outcome) -> Iterator[str]:
    """The one place that was tried, as far as it is known, and how far that came, which a log does not tell."""
    connection = outcome.connection
    tried = connection.attempts[:1] or (Attempt(connection.channel, connection.address),)
    where = " to ".join(filter(None, (tried[0].channel, tried[0].address)))
    came = f"the last that is seen of it is {phase_words(connection)}" if connection.facts else ""
    told = "; ".join(filter(None, (where, came)))
    if told:
        yield f"{told}." if where else f"{told[:1].upper()}{told[1:]}."


def _versions(outcome: Outcome) -> list[tuple[str, str, str]]:
    """What is known of the programs of both ends: name, version, platform and host."""
    connection = outcome.connection
    rows = [("mqtrace", GENERATOR.rpartition(" ")[2], "")]
    if connection.client != "unknown":
        on = ", ".join(filter(None, (connection.platform, connection.host)))
        rows.append((client_words(connection).replace(f" {connection.level})", ")"), connection.level, on))
    for entry in connection.log_entries:
        if entry.queue_manager:
            name = f"queue manager {entry.queue_manager} ({base_name(entry.program) or 'log'})"
            rows.append((name, entry.level, entry.host))
    return list(dict.fromkeys(row for row in rows if row[1] or row[2]))

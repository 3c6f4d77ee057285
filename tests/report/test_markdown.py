import re
from datetime import date
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from mqtrace.mark import GENERATOR, marked_markdown
from mqtrace.model import Alternative, Attempt, Finding, Gap, InputRead, Outcome, Report, Setting
from mqtrace.report.write import rendered

from .reports import ALL, HOSTILE, LABEL_NOT_FOUND, TLS_CONNECTION, line

GOLDEN = Path(__file__).parents[1] / "data" / "report"


@pytest.mark.parametrize("name", ALL)
def test_looks_as_agreed(name: str) -> None:
    assert rendered(ALL[name], "md") == marked_markdown((GOLDEN / f"{name}.md").read_text(encoding="utf-8"))


def longest(connections: int) -> Report:
    """A report that has more of everything than a ticket takes."""
    cause = replace(
        LABEL_NOT_FOUND,
        fix=tuple(f"Step {n}." for n in range(30)),
        alternatives=tuple(Alternative(f"tls.other-{n}", "Look.") for n in range(30)),
        evidence=tuple(line(n, f"line {n}") for n in range(30)),
    )
    settings = tuple(Setting(f"name_{n}", "value", "application", "traced") for n in range(40))
    attempts = tuple(Attempt("A", f"h({n})") for n in range(30))
    outcomes = tuple(
        Outcome(
            replace(TLS_CONNECTION, attempts=attempts, channel=f"C{n}"), settings, replace(cause, id=f"tls.cause-{n}")
        )
        for n in range(connections)
    )
    findings = tuple(Finding(f"settings.odd-{n}", "warn", f"Odd {n}.", connection=n % connections) for n in range(200))
    inputs = tuple(InputRead(f"f{n}", "unknown", note=f"Note {n}.") for n in range(30))
    return Report(outcomes, findings, inputs, tuple(Gap(f"Question {n}?", "Look.") for n in range(30)))


@pytest.mark.parametrize(
    "report", [*ALL.values(), longest(1), longest(2), longest(50)], ids=[*ALL, "long-1", "long-2", "long-50"]
)
def test_never_longer_than_sixty_lines(report: Report) -> None:
    assert rendered(report, "md").count("\n") <= 60


def test_rows_left_out_are_counted() -> None:
    text = rendered(longest(1), "md")
    assert re.search(r"^## Settings \(the first \d+ of 40\)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", ALL)
def test_a_ticket_system_that_renders_nothing_shows_no_markup_of_html(name: str) -> None:
    text = re.sub(r"`[^`]*`", "", rendered(ALL[name], "md"))
    assert re.search(r"(?<!\\)<[a-z!/]", text) is None


def test_the_last_line_names_version_and_date() -> None:
    assert rendered(ALL["tls-failure"], "md").endswith(f"\nWritten by {GENERATOR} on {date.today()}\n")


def test_nothing_of_an_input_is_active() -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(rendered(HOSTILE, "md"))
    for active in ("<a ", "<img", "<script", "<strong>x", "<b>"):
        assert active not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "[link](http://evil.example) **x**" in html


def test_bars_in_values_make_no_cells() -> None:
    setting = Setting("channel", r"a|b\|c`|`", "application", "traced")
    text = rendered(Report((Outcome(TLS_CONNECTION, (setting,), LABEL_NOT_FOUND),)), "md")
    html = MarkdownIt("commonmark").enable("table").render(text)
    row = html[html.index("<code>a|b") :].split("</tr>")[0]
    assert row.count("<td") == 2


def test_secrets_are_masked() -> None:
    assert "s3cret" not in "".join(rendered(each, "md") for each in ALL.values())

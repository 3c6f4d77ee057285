"""The ticket in its three flavours: what is in it, how long it is, and that nothing of an input is active."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from command_line import SAMPLES
from mqtrace.diagnosis import diagnose
from mqtrace.mark import MARK, marked_markdown
from mqtrace.model import InputRead, LogEntry, Outcome, Report, Setting
from mqtrace.report import jira
from mqtrace.report.shown import shown
from mqtrace.report.ticket import FLAVOURS, Flavour, to_ticket

from .reports import ALL, HOSTILE, LABEL_NOT_FOUND, TLS_CONNECTION, TLS_FAILURE, line
from .test_markdown import longest

GOLDEN = Path(__file__).parents[1] / "data" / "report"
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
HEADINGS = ["What happened", "Why (certain)", "What was tried", "Versions", "Settings", "Proof", "Next step"]
# Of every family of the corpus a few.
FAMILIES = ("trace-c-synthetic", "trace-c-worded", "trace-dotnet", "trace-java", "amqerr-c-genuine", "red-team")


def ticket(report: Report, flavour: Flavour) -> str:
    return to_ticket(shown(report), flavour)


@pytest.mark.parametrize("name", ["tls-failure", "hostile"])
@pytest.mark.parametrize("flavour", ["jira", "mail"])
def test_looks_as_agreed(flavour: Flavour, name: str) -> None:
    golden = (GOLDEN / f"{name}.{flavour}.txt").read_text(encoding="utf-8")
    assert ticket(ALL[name], flavour) == marked_markdown(golden)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_each_part_has_its_heading(flavour: Flavour) -> None:
    begin = {"github": "## ", "jira": "h2. ", "mail": ""}[flavour]
    lines = [re.sub(r" \(the first .+\)$", "", each) for each in ticket(TLS_FAILURE, flavour).splitlines()]
    assert [each.removeprefix(begin) for each in lines if each.removeprefix(begin) in HEADINGS] == HEADINGS


def test_versions_are_those_of_both_ends() -> None:
    (outcome,) = TLS_FAILURE.outcomes
    entry = LogEntry("AMQ9633", "x", line(1, "x").location, queue_manager="QM1", program="amqrmppa", level="9.4.0.1",
                     host="mq1")  # fmt: skip
    connection = replace(outcome.connection, platform="Linux", log_entries=(entry, replace(entry, message="AMQ9999")))
    text = ticket(Report((replace(outcome, connection=connection),)), "github")
    assert "| `amqsgetc (C client)` | `9.3.0.10` | `Linux` |" in text
    assert text.count("| `queue manager QM1 (amqrmppa)` | `9.4.0.1` | `mq1` |") == 1


def swollen() -> Report:
    """Texts that are longer than anything that is sensible, one without any blank."""
    word = "w" * 5000
    connection = replace(
        TLS_CONNECTION, program=word, queue_manager=word, channel=word, host=word, user=word, level=word, source=word
    )
    cause = replace(LABEL_NOT_FOUND, title=word, explanation=f"{word} {word}", fix=(word,) * 9)
    settings = tuple(Setting(f"n{number}", word, word, "traced") for number in range(20))
    return Report((Outcome(connection, settings, cause),) * 3, inputs=(InputRead(word, "unknown", note=word),) * 3)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(
    "report", [*ALL.values(), longest(1), longest(50), swollen()], ids=[*ALL, "long-1", "long-50", "swollen"]
)
def test_it_has_at_most_sixty_lines(report: Report, flavour: Flavour) -> None:
    lines = ticket(report, flavour).splitlines()
    assert len(lines) <= 60
    assert lines[-1].startswith(MARK)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_a_sample_has_room_in_it_with_all_its_parts(name: str) -> None:
    fits(diagnose(SAMPLES / name))


@pytest.mark.corpus
@pytest.mark.parametrize("family", FAMILIES)
def test_a_scenario_of_the_corpus_has_room_in_it(family: str) -> None:
    scenarios = sorted(path for path in (CORPUS / family).iterdir() if path.is_dir())[::9]
    assert scenarios
    for scenario in scenarios:
        fits(diagnose(scenario))


def fits(report: Report) -> None:
    """At most 60 lines in each flavour, and no answer without its proof and its next step."""
    for flavour in FLAVOURS:
        text = to_ticket(report, flavour)
        assert text.count("\n") <= 60
        causes = [outcome.cause for outcome in report.outcomes if outcome.cause]
        assert not causes or re.search(r"^(## |h2\. |### |h3\. )?Next step$", text, re.M)
        assert not any(cause.evidence for cause in causes) or re.search(r"^(#+ |h\d\. )?Proof\b", text, re.M)
        if flavour == "mail":
            assert all(map(is_plain, text.splitlines()))


# ---------------------------------------------------------------- plain lines


def is_plain(text: str) -> bool:
    return cell_len(text) <= 72 and text == text.rstrip() and not re.match(r">|--|From |begin |\.", text)


@pytest.mark.parametrize("report", [*ALL.values(), longest(50), swollen()], ids=[*ALL, "long-50", "swollen"])
def test_a_mail_has_lines_of_seventy_two_cells_and_none_that_a_mail_takes_for_its_own(report: Report) -> None:
    assert all(map(is_plain, ticket(report, "mail").splitlines()))


def test_what_a_mail_takes_for_a_quotation_or_a_signature_stays_text() -> None:
    attack = "> quoted\n-- \nFrom me  begin 644 x"
    (outcome,) = TLS_FAILURE.outcomes
    cause = replace(LABEL_NOT_FOUND, title=attack, explanation="", fix=(attack,), evidence=(line(1, attack),))
    text = ticket(Report((replace(outcome, cause=cause),)), "mail")
    assert text.count("> quoted -- From me") == 3
    assert all(map(is_plain, text.splitlines()))


# ---------------------------------------------------------------- Jira's wiki markup

# What Atlassian's renderer takes a backslash away from, and what is active in what is left. In the order of its own.
ESCAPED = re.compile(r"(?<!\\)\\([-#*_+?^~|%{}\[\]()!@])")
ENTITY = re.compile(r"&(?:#\d+|\w+);")
ACTIVE = re.compile(
    r"[*+^~\[\]{}|!@]|\\\\|\?\?|(?<!\w)[-_](?=\w)|(?<=\w)[-_](?!\w)|--|[A-Z]{2,}-\d|^(?:h[1-6]|bq)\.|^[#*-]"
    r"|(?<![^\W_])(?:(?:https?|ftps?|nntp|news|irc)://|(?:file|mailto):)|[:;]-?[()]|:[PD]\b|\((?:[yni/x!+?-]|on|off|flag)\)"
)
TOKENS = (
    *("*b*", "_i_", "-d-", "--", "+u+", "^s^", "~s~", "??c??", "{{m}}", "{noformat}", "{color:red}", "|", "||"),
    *(
        "[x|http://a.b]",
        "[~admin]",
        "!a.png!",
        "http://a.b/c",
        "file:///etc",
        "mailto:a@b",
        r"\\",
        "\\",
        r"\*",
        "&#92;",
    ),
    *("&#92;", "&lt;", ":)", ":-(", ";)", ":D", "(!)", "(y)", "(*r)", "h1. x", "bq. x", "# x", "* x", "----", "AB-12"),
    *("a_b-c", r"C:\mq\qm", r"\\host\share", "QM1", " ", "\u202e", "<b>", "'", '"', "x1b", "ü"),
)


@given(st.lists(st.sampled_from(TOKENS), max_size=6).map("".join))
def test_jira_shows_a_text_as_it_is(text: str) -> None:
    escaped = jira.inert(text)
    assert not ACTIVE.search(ENTITY.sub("x", ESCAPED.sub("x", escaped))), escaped
    assert html.unescape(ESCAPED.sub(r"\1", escaped)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("runmqakm -cert -list", r"runmqakm \-cert \-list"),
        ("ANY_TLS12 app-host-1 2026-11-24", "ANY_TLS12 app-host-1 2026-11-24"),
        ("host(1414)", "host(1414)"),
        (r"C:\mq\key.kdb", r"C:\mq\key.kdb"),
        ("file:///home/app", "file&#58;///home/app"),
        (r"\x1b[31m", r"\x1b\[31m"),
    ],
)
def test_jira_escapes_no_more_than_it_must(text: str, expected: str) -> None:
    assert jira.inert(text) == expected


def test_nothing_ends_a_block_of_jira_but_its_end() -> None:
    attack = "{noformat}h1. owned{NoFormat:title=x}"
    (outcome,) = TLS_FAILURE.outcomes
    proved = replace(LABEL_NOT_FOUND, evidence=(line(1, attack),))
    lines = ticket(Report((replace(outcome, cause=proved),)), "jira").splitlines()
    first, last = (number for number, each in enumerate(lines) if re.search(r"(?i)\{noformat", each))
    assert lines[first + 1 : last] == ["AMQ7253.0.FMT:1  { noformat}h1. owned{ NoFormat:title=x}"]


@pytest.mark.parametrize("name", ["hostile", "tls-failure"])
def test_a_row_of_a_table_of_jira_has_as_many_cells_as_its_header(name: str) -> None:
    rows = [each for each in ticket(ALL[name], "jira").splitlines() if each.startswith("|")]
    assert rows
    cells = 0
    for row in rows:
        bare = ESCAPED.sub("x", row)
        cells = bare.count("||") - 1 if row.startswith("||") else cells
        assert row.startswith("||") or bare.count("|") - 1 == cells


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_secrets_and_what_steers_a_reader_are_in_none(flavour: Flavour) -> None:
    text = ticket(HOSTILE, flavour)
    assert "s3cret" not in text
    assert not re.search(r"[\u200b\u202e\x1b\x9b]", text)

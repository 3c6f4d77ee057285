"""The pages in a real browser: offline, quiet, by keyboard, for everyone."""

from functools import cache
from importlib.resources import files
from itertools import cycle, pairwise
from typing import Any

import pytest
from msgspec.structs import replace
from tests.browser.conftest import Opener
from tests.triage.logs import fleet, write

from command_line import sample
from mqtrace.diagnosis import diagnose
from mqtrace.model import Report
from mqtrace.report.comparison import compared as compared_runs
from mqtrace.report.comparison_forms import render_html
from mqtrace.report.write import rendered
from mqtrace.triage.html_form import rendered_html
from mqtrace.triage.result import compared
from mqtrace.triage.running import triage
from report.reports import HOSTILE, TLS_FAILURE, UNKNOWN_CAUSE, folded
from report.test_red_team import ATTACKS, poisoned, rich

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SECOND = 1000


@cache
def label_page() -> str:
    return rendered(diagnose(sample("c-label-not-in-key-repository"), surroundings=True), "html")


def comparison_page() -> str:
    good, bad = (
        diagnose(sample(f"c-{name}")) for name in ("connected-with-label-of-ini", "label-not-in-key-repository")
    )
    found = compared_runs(good, bad)
    assert found
    return render_html(found)


def triage_page(folder: Any) -> str:
    found = triage([write(folder, fleet(90))], processes=1)
    return rendered_html(compared(found, frozenset(), frozenset({"channel.blocked"})))


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "label": label_page(),
        "folded": rendered(Report(folded().outcomes[:60]), "html"),
        "unknown": rendered(UNKNOWN_CAUSE, "html"),
        "hostile": rendered(HOSTILE, "html"),
        "comparison": comparison_page(),
        "triage": triage_page(tmp_path_factory.mktemp("logs")),
    }


def shown_rows(page: Any, table: str) -> int:
    return page.locator(f"#{table} [data-row]:visible").count()


def violations(page: Any, rules: str = "") -> list[tuple[str, str]]:
    """What axe finds that is serious or worse: its rule, and the first element."""
    # What is folded away is looked at too.
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run({{resultTypes: ['violations'] {rules}}})")["violations"]
    return [(each["id"], each["nodes"][0]["html"][:160]) for each in found if each["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("name", ["label", "folded", "unknown", "comparison", "triage"])
def test_axe_finds_nothing_serious(opened: Opener, pages: dict[str, str], name: str) -> None:
    assert violations(opened(pages[name])) == []


@pytest.mark.parametrize("name", ["label", "triage"])
def test_the_colours_of_the_dark_page_can_be_read(opened: Opener, pages: dict[str, str], name: str) -> None:
    assert violations(opened(pages[name], dark=True), ", runOnly: ['color-contrast']") == []


def test_axe_finds_what_is_wrong(opened: Opener) -> None:
    page = opened(label_page())
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert [rule for rule, _ in violations(page)] == ["html-has-lang"]


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", ["label", "folded", "hostile", "comparison", "triage"])
def test_no_page_is_wider_than_the_window(opened: Opener, pages: dict[str, str], name: str, width: int) -> None:
    page = opened(pages[name], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_of_an_input_runs_or_becomes_an_element(opened: Opener) -> None:
    attacks = ("<script>document.title='owned'</script>", '"><img src=x onerror=alert(1)>', "\u202eGPJ\u200b.CH")
    outcomes = [
        replace(
            TLS_FAILURE.outcomes[0],
            connection=replace(
                TLS_FAILURE.outcomes[0].connection, channel=attack, program=attack, queue_manager=attack
            ),
        )
        for attack in attacks
    ]
    page = opened(rendered(Report(tuple(outcomes)), "html"))
    assert page.title().startswith("FAILED: 3 of 3 connections")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    cells = page.locator("#lines td[data-name=Channel]").all_inner_texts()
    assert cells == [attacks[0], attacks[1], r"\u{202e}GPJ\u{200b}.CH"]


def test_attacks_in_every_field_stay_text(opened: Opener) -> None:
    page = opened(rendered(poisoned(rich(), cycle(ATTACKS)), "html"))
    # Opened, all of it is laid out.
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    counts = [page.locator(name).count() for name in ("script", "img", "svg[onload]", "[onerror], [onmouseover]")]
    assert counts == [1, 0, 0, 0]


def test_the_times_of_a_timeline_do_not_overlap(opened: Opener) -> None:
    (outcome,) = TLS_FAILURE.outcomes
    steps = (("tcp.host", "00.000"), ("tls.begins", "00.1253"))
    facts = [replace(outcome.connection.facts[0], name=name, when=f"2026-11-24T09:00:{at}") for name, at in steps]
    report = Report((replace(outcome, connection=replace(outcome.connection, facts=tuple(facts))),))
    page = opened(rendered(report, "html"))
    boxes = page.evaluate("""[...document.querySelectorAll("svg:not(.small) text[y='16']")].map(each => {
        const box = each.getBoundingClientRect();
        return [box.left, box.right];
    })""")
    assert len(boxes) == 7
    assert all(first[1] < second[0] for first, second in pairwise(boxes))


def test_a_setting_unfolds_by_keyboard(opened: Opener) -> None:
    page = opened(label_page())
    summary = page.locator(".ledger summary", has_text="mqclient.ini SSL.CertificateLabel")
    assert not page.get_by_text("app1_client").first.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".ledger code", has_text="app1_client").is_visible()


def test_a_claim_leads_to_its_evidence_though_that_is_folded_away(opened: Opener, pages: dict[str, str]) -> None:
    page = opened(pages["folded"])
    link = page.locator("nav a").nth(1)
    fold = page.locator(link.get_attribute("href"))
    assert fold.get_attribute("open") is None
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{link.get_attribute('href')}[open]")
    fold.locator(".card a.code").first.press("Enter")
    assert page.wait_for_selector("li:target").is_visible()


def test_connections_are_filtered_by_keyboard(opened: Opener, pages: dict[str, str]) -> None:
    page = opened(pages["folded"])
    words, told = page.locator("#connections ~ .filters input"), page.locator("#connections ~ .filters output")
    assert told.inner_text() == "60 of 60 shown"
    words.focus()
    page.keyboard.type("app.tls 9000.8")
    assert told.inner_text() == f"{shown_rows(page, 'lines')} of 60 shown"
    assert shown_rows(page, "lines") == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.locator("#connections ~ .filters button").press("Enter")
    assert shown_rows(page, "lines") == 60
    page.locator("#connections ~ .filters select[data-by=cause]").select_option("network.refused")
    assert shown_rows(page, "lines") == 59


def test_incidents_are_filtered_by_channel_time_and_what_is_new(opened: Opener, pages: dict[str, str]) -> None:
    page = opened(pages["triage"])
    every = shown_rows(page, "cards")
    filters = page.locator("#incidents ~ .filters")
    filters.locator("select[data-by=new]").select_option("new")
    assert 0 < shown_rows(page, "cards") < every
    filters.locator("button").click()
    filters.locator("input[data-by=last]").fill("2026-04-01T00:00")
    assert shown_rows(page, "cards") == 0
    filters.locator("input[data-by=last]").fill("2026-03-17T00:00")
    assert shown_rows(page, "cards") == every
    filters.locator("select[data-by=channels]").select_option("APP1.SVRCONN")
    assert 0 < shown_rows(page, "cards") <= every


def test_an_incident_unfolds_to_its_entries(opened: Opener, pages: dict[str, str]) -> None:
    page = opened(pages["triage"])
    page.locator("#cards summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#cards details").first.locator("tbody tr").first.is_visible()


def test_a_dump_among_the_evidence_leads_to_its_fields(opened: Opener) -> None:
    page = opened(label_page())
    page.get_by_role("link", name="all fields of it").first.press("Enter")
    assert page.wait_for_selector("details:target[open]").inner_text().startswith("MQCD, version")


def test_on_paper_of_many_answers_the_first_eight_are_unfolded(opened: Opener) -> None:
    (outcome,) = TLS_FAILURE.outcomes
    different = [replace(outcome.connection, channel=f"APP{number}.TLS") for number in range(12)]
    page = opened(rendered(Report(tuple(replace(outcome, connection=each) for each in different)), "html"))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("main > details[open]").count() == 8
    assert page.locator("main > details.later:not([open])").count() == 4
    wide = page.evaluate(
        "[...document.querySelectorAll('.ledger')].filter(each => each.scrollWidth > innerWidth).length"
    )
    assert wide == 0


def test_on_paper_everything_is_unfolded_and_the_filters_are_left_out(opened: Opener, pages: dict[str, str]) -> None:
    page = opened(pages["folded"])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator(".filters").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


def test_a_thousand_connections_are_painted_within_a_second(opened: Opener) -> None:
    (outcome,) = TLS_FAILURE.outcomes
    connections = [replace(outcome.connection, channel=f"APP{number}.TLS") for number in range(1000)]
    text = rendered(Report(tuple(replace(outcome, connection=each) for each in connections)), "html")
    assert len(text.encode()) < 3_000_000
    # Of two, as other programs may hold up one of them.
    assert min(first_paint(opened(text)) for _ in range(2)) < SECOND
    page = opened(text)
    assert page.locator("#connections ~ .filters output").inner_text() == "200 of 1000 shown"
    took = page.evaluate("""() => {
        const words = document.querySelector("#connections ~ .filters input"), begin = performance.now();
        words.value = "app77";
        words.dispatchEvent(new Event("input", {bubbles: true}));
        return performance.now() - begin;
    }""")
    told = page.locator("#connections ~ .filters output")
    assert told.inner_text() == "11 of 1000 shown"
    page.locator("#connections ~ .filters button").click()
    assert told.inner_text() == "1000 of 1000 shown"
    assert took < SECOND


def first_paint(page: Any) -> float:
    """Milliseconds from the begin of loading to the first text on the screen."""
    entry = "performance.getEntriesByName('first-contentful-paint')[0]"
    page.wait_for_function(f"{entry} !== undefined")
    return float(page.evaluate(f"{entry}.startTime"))

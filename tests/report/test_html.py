"""The report as a page: what it says, that every link leads somewhere, and that nothing of an input is active in it."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from command_line import sample
from mqtrace.diagnosis import diagnose
from mqtrace.model import Candidate, Excerpt, Report
from mqtrace.report.write import rendered

from .reports import ALL, CONNECTED, HOSTILE, NOTHING, TLS_FAILURE, TRACE, UNKNOWN_CAUSE, folded


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.source = rendered(report, "html")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[str] = []
        self.feed(self.source)
        self.text = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(name))]


@pytest.mark.parametrize("name", ALL)
def test_every_link_leads_to_one_element(name: str) -> None:
    page = Page(ALL[name])
    ids = Counter(page.values("id"))
    assert [each for each, count in ids.items() if count > 1] == []
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)
    assert {each for value in page.values("aria-labelledby") for each in value.split()} <= set(ids)


@pytest.mark.parametrize("name", ALL)
def test_nothing_of_an_input_is_active(name: str) -> None:
    page = Page(ALL[name])
    assert Counter(tag for tag, _ in page.elements if tag in ("script", "style", "link", "img", "iframe")) == {
        "script": 1,
        "style": 1,
    }
    assert [each for _, names in page.elements for each in names if each.startswith("on") or each == "style"] == []


def test_what_looks_like_html_and_what_steers_a_reader_is_shown_as_text() -> None:
    page = Page(HOSTILE)
    assert "<script>alert(1)</script> is unknown" in page.text
    assert r"Q`M\x0a1 | <img src=x onerror=alert(1)>" in page.text
    assert r"\x1b]0;owned\x07a\u{202e}gol.trc" in page.text
    assert not re.search(r"[\u200b\u202e\x1b]", page.source)
    assert "s3cret" not in page.source


def test_it_opens_with_the_answer_and_names_its_proof() -> None:
    page = Page(TLS_FAILURE)
    places = [
        page.text.index(words)
        for words in (
            "amqsgetc (C client 9.3.0.10) could not connect to QM1: 2393",
            "Why The certificate label 'rsaca256_clientx' is not in the key repository",
            "What to do See which labels exist:",
            "Which setting won",
            "Evidence",
        )
    ]
    assert places == sorted(places)
    assert '<a class="code" href="#c1e1">AMQ7253.0.FMT:283</a>' in page.source
    assert "<code>runmqakm -cert -list -db /home/app/ssl/key.kdb -stashed</code>" in page.source


def test_the_losers_of_a_setting_unfold_with_their_value_and_why() -> None:
    row = re.search(r'<th scope=row data-name="Setting".*?certificate label.*?</tr>', Page(TLS_FAILURE).source, re.S)
    assert row
    assert "<summary>mqclient.ini SSL.CertificateLabel</summary>" in row[0]
    assert "<code>app1_client</code>" in row[0]
    assert "Read, but the channel table beats it." in row[0]


def test_places_that_gave_nothing_are_told_together() -> None:
    (outcome,) = TLS_FAILURE.outcomes
    channel = outcome.settings[0]
    others = tuple(Candidate(source, "", "not-set", "no input shows it") for source in ("env:MQSERVER", "application"))
    settings = (replace(channel, candidates=(*channel.candidates, *others)), *outcome.settings[1:])
    page = Page(Report((replace(outcome, settings=settings),)))
    assert "not set: no input shows it: MQSERVER, the program" in page.text


def test_what_is_read_at_one_place_is_one_piece_of_evidence() -> None:
    page = Page(diagnose(sample("c-label-not-in-key-repository")))
    places = re.findall(r'<span class="code" title="[^"]+">([^<]+)</span>', page.source)
    assert len(places) == len(set(places)) > 8
    assert "MQCD ChannelName 'APP.TLS' at offset 0x0000 MQCD ConnectionName" in page.text


def test_a_step_of_the_course_that_proves_nothing_is_folded_away_and_still_linked() -> None:
    page = Page(diagnose(sample("c-label-not-in-key-repository")))
    fold = page.source.index("Lines that show a step of the course and nothing else")
    (step,) = re.findall(r'TLS handshake begins <a class="code" href="#(c1e\d+)"', page.source)
    assert page.source.index(f'<li id="{step}"') > fold


def test_attempts_and_the_handshake_lead_to_their_evidence() -> None:
    page = Page(diagnose(sample("dotnet-connection-refused-address-list")))
    rows = re.findall(r'data-name="Result"><span>(.*?)</span></td>', page.source)
    assert [len(re.findall('href="#c1e', row)) for row in rows] == [2, 2]
    page = Page(diagnose(sample("c-connected-with-label-of-ini")))
    assert re.search(r'in order, from <a class="code" href="#c1e\d+">AMQ7257.0.FMT:272</a> on', page.source)


def test_connections_of_one_answer_are_one_row_at_the_top() -> None:
    page = Page(folded())
    head = page.source[: page.source.index("All connections in one table")]
    assert re.findall(r'class="number"><span>(\d+)</span>', head) == ["594", "5", "1"]


def test_a_structure_shows_its_fields_at_their_offsets_and_what_is_not_in_force() -> None:
    page = Page(TLS_FAILURE)
    assert "MQCD, version 10, 64 bit, little endian" in page.text
    assert "0x0000 ChannelName APP.TLS" in page.text
    assert "0x076c CertificateLabel not in force rsaca256_clientx" in page.text


def test_lines_around_evidence_are_shown_and_bytes_of_a_dump_are_not() -> None:
    excerpt = Excerpt(TRACE, 282, ("before <b>", "gsk_secure_soc_init rc=407", None))
    page = Page(replace(TLS_FAILURE, excerpts=(excerpt,)))
    assert "282 before <b> 283 gsk_secure_soc_init rc=407 284 (bytes of a dump, not shown)" in page.text
    assert page.source.count('class="hit"') == 1


def test_many_connections_are_a_table_whose_rows_lead_to_their_answer() -> None:
    page = Page(folded())
    assert "599 of 600 connections, in 2 different ways" in page.text
    assert page.source.count("<tr data-row ") == 600
    assert page.source.count('<details class="fold" id="c') == 5
    assert {"#c1", "#c5"} <= set(page.values("href"))


def test_what_is_not_told_in_full_is_counted() -> None:
    (outcome,) = TLS_FAILURE.outcomes
    different = [
        replace(outcome, connection=replace(outcome.connection, channel=f"APP{number}.TLS")) for number in range(1000)
    ]
    page = Page(Report(tuple(different)))
    assert "960 more that differ are in the table alone" in page.text
    assert len(page.source.encode()) < 3_000_000


def test_reports_without_a_failure_say_so() -> None:
    assert "No evidence of a client that connects to a queue manager, in any input." in Page(NOTHING).text
    assert "Orders.exe (.NET client 9.3.0.0) connected to QM1" in Page(CONNECTED).text
    assert "channel.limit" in Page(UNKNOWN_CAUSE).text


@pytest.mark.parametrize("name", ["c-label-not-in-key-repository", "dotnet-peer-name-mismatch"])
def test_a_real_sample_has_its_course_its_context_and_a_small_page(name: str) -> None:
    page = Page(diagnose(sample(name), surroundings=True))
    assert len(page.source.encode()) < 100_000
    assert "Reads its settings" in page.text
    assert page.source.count("<svg") >= 1
    assert "Lines around it" in page.text

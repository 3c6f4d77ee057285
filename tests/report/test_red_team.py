"""What an input says stays text in every form: attacks in every field of a report, and in the files themselves."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from markdown_it import MarkdownIt
from msgspec import Struct
from msgspec.structs import replace

from command_line import sample
from mqtrace.diagnosis import diagnose
from mqtrace.model import Excerpt, Fact, LogEntry, Report, Setting
from mqtrace.model.tls import Alert, Certificate, Chosen, CipherSuite, ClientHello, Handshake
from mqtrace.report.comparison import compared
from mqtrace.report.comparison_forms import render_html, render_markdown, render_text, to_json
from mqtrace.report.shown import shown
from mqtrace.report.ticket import FLAVOURS, to_ticket
from mqtrace.report.write import FORMS, Form, rendered

from .reports import ADDRESS_LIST, TLS_FAILURE, UNKNOWN_CAUSE, line
from .test_other_forms import EVENTS, sarif, suite
from .test_ticket import is_plain

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "' onmouseover='alert(3)",
    "</style><svg/onload=alert(4)>",
    "]]><x>&lt;&#x3c;",
    "{{ 7*7 }}{% raw %}",
    "\u202egpj.exe\u2066\u200b\u200d\ufeff\u2028",
    "[a](http://evil.example) ![b](http://evil.example/b.png) **c** `d` | e",
    "{color:red}[x|http://evil.example]{color} !evil.png! {noformat} ||h||",
    "# h1\n\n---\n> quoted\n-- \nFrom me",
    '=1+1", "owned": true, "',
    "\x1b]0;owned\x07\x9b31m\x00",
)
# What is no text of an input: times, and what the catalogue looks up.
_KEPT = {"start", "end", "when", "id", "offset", "length"}
_HIDDEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")


def poisoned(noun: Any, attacks: Iterator[str]) -> Any:
    """The noun with an attack in each of its texts."""
    if isinstance(noun, str):
        return next(attacks)
    if isinstance(noun, tuple | list):
        return type(noun)(poisoned(each, attacks) for each in noun)
    if isinstance(noun, dict):
        return {key: poisoned(value, attacks) for key, value in noun.items()}
    if not isinstance(noun, Struct):
        return noun
    kinds = type(noun).__annotations__
    named = {name: getattr(noun, name) for name in kinds if name not in _KEPT and not _is_literal(kinds[name])}
    if isinstance(noun, Fact | Setting):
        # By its name a fact is a step of the course, and a setting has a row.
        named.pop("name", None)
    return replace(noun, **{name: poisoned(value, attacks) for name, value in named.items() if value})


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal or any(get_origin(each) is Literal for each in get_args(kind))


def rich() -> Report:
    """Something of everything that a report can hold."""
    suites = (CipherSuite("1301", "TLS_A", "TLS_A"),)
    certificate = Certificate("CN=a", "CN=ca", not_before="2025-01-01", not_after="2026-01-01")
    handshake = Handshake(
        location=line(5, "x").location,
        messages=("client_hello", "server_hello", "certificate", "odd"),
        offered=ClientHello(("TLSv1.3",), suites, server_name="a"),
        chosen=Chosen("TLSv1.3", suites[0]),
        alerts=(Alert("fatal", 40, "handshake_failure", "server"),),
        certificates=(certificate,),
        client_certificates=(certificate,),
        server_name="a.example",
        failures=("failed",),
    )
    (tls,), (tried,) = TLS_FAILURE.outcomes, ADDRESS_LIST.outcomes
    entry = LogEntry(
        "AMQ9999", "text", line(9, "x", "AMQERR01.LOG").location, when=datetime(2026, 11, 24, 9), program="amqrmppa",
        host="h", level="9.3", queue_manager="QM1", inserts={3: "insert"},
    )  # fmt: skip
    facts = tuple(replace(fact, name="tcp.host", when="2026-11-24T09:00:00.2") for fact in tls.connection.facts)
    connection = replace(tls.connection, facts=facts, log_entries=(entry,), host="h", platform="Linux", tls=handshake)
    outcomes = (replace(tls, connection=connection, tls=handshake), tried, *UNKNOWN_CAUSE.outcomes)
    excerpt = Excerpt(line(1, "x").location.source, 282, ("before", "hit", None))
    return replace(TLS_FAILURE, outcomes=outcomes, excerpts=(excerpt,), notes=("A note.",))


@pytest.fixture(scope="module")
def report() -> Report:
    return shown(poisoned(rich(), cycle(ATTACKS)))


class Elements(HTMLParser):
    """The names of the elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href", "action")]


def assert_inert_page(text: str, benign: str) -> None:
    """The page has no element and no attribute that a page of no attack does not have, and leads nowhere else."""
    page, other = Elements(text), Elements(benign)
    assert set(page.tags) <= set(other.tags)
    assert page.attributes <= other.attributes
    assert (page.tags.count("script"), page.tags.count("style")) == (1, 1)
    assert all(link.startswith("#") for link in page.links)


def assert_inert_markdown(text: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    tags = set(re.findall(r"<([a-z]\w*)", html))
    assert tags <= {
        "h1",
        "h2",
        "h3",
        "p",
        "code",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "ol",
        "li",
        "strong",
    }


def test_every_text_of_the_report_is_attacked(report: Report) -> None:
    told = rendered(report, "json")
    for attack in (
        "<script>alert(1)</script>",
        "onmouseover='alert(3)",
        "{color:red}",
        r"\\u{202e}gpj.exe",
        "{{ 7*7 }}",
    ):
        assert attack in told


@pytest.mark.parametrize("form", FORMS)
def test_what_hides_or_steers_is_in_no_form(report: Report, form: Form) -> None:
    text = rendered(report, form)
    # A page holds blanks and line ends of its own.
    assert _HIDDEN.findall(text) == []


def test_a_page_shows_attacks_as_text(report: Report) -> None:
    text = rendered(report, "html")
    assert_inert_page(text, rendered(rich(), "html"))
    assert "{{ 7*7 }}{% raw %}" in text


def test_a_ticket_shows_attacks_as_text(report: Report) -> None:
    assert_inert_markdown(rendered(report, "md"))
    for flavour in FLAVOURS:
        assert to_ticket(report, flavour).count("\n") <= 60
    assert all(map(is_plain, to_ticket(report, "mail").splitlines()))
    wiki = to_ticket(report, "jira")
    assert len(re.findall(r"(?m)^\{noformat\}$", wiki)) == len(re.findall(r"(?i)\{noformat", wiki)) > 0
    told = re.sub(r"(?ms)^\{noformat\}$.*?^\{noformat\}$", "", wiki)
    assert not re.search(r"(?<!\{)\{(?!\{)(?:color|noformat)|(?<!\\)[\[!]|https?://|\|\|h", told)


def test_programs_read_attacks_as_values(report: Report) -> None:
    import jsonschema

    assert sarif(report)["results"]
    assert {each.tag for each in suite(report).iter()} <= {"testsuite", "testcase", "failure", "skipped", "error"}
    jsonschema.validate(json.loads(rendered(report, "perfetto")), EVENTS)
    assert "owned" not in json.loads(rendered(report, "json"))


def test_a_comparison_shows_attacks_as_text(report: Report) -> None:
    other = shown(poisoned(rich(), cycle(ATTACKS[1:])))
    found, benign = compared(report, other), compared(rich(), rich())
    assert found
    assert benign
    assert len(found.differences) > 2
    assert_inert_page(render_html(found), render_html(compared(rich(), ADDRESS_LIST)))  # type: ignore[arg-type]
    assert_inert_markdown(render_markdown(found))
    for text in (render_text(found, width=80, color=False), render_markdown(found), render_html(found), to_json(found)):
        assert _HIDDEN.findall(text) == []


# ---------------------------------------------------------------- in the files themselves

CHANNEL, MANAGER, HOST = '"><img src=x>', "<b>Q</b>", "<i>h</i>"
NAME = "a'><script>alert(1)<\u202eC.TRC"


def attacked(folder: Path) -> Report:
    """SYNTHETIC: a sample with attacks for its names, in a file of such a name, and a log of both."""
    trace = (sample("dotnet-peer-name-mismatch") / "trace.TRC").read_bytes()
    for old, new in (("APP.SVRCONN", CHANNEL), ("QM1", MANAGER), ("CN=", "CN=<script>alert(1)</script>")):
        assert old.encode() in trace
        trace = trace.replace(old.encode(), new.encode())
    (folder / NAME.replace("/", "")).write_bytes(trace)
    (folder / "AMQERR01.LOG").write_text(
        f"11/24/26 09:00:00 - Process(812.7) User(mqm) Program(amqrmppa)\n{'':20}Host({HOST}) VRMF(9.3.0.10) "
        f"QMgr({MANAGER})\n{'':20}Time(2026-11-24T09:00:00.105Z)\n\nAMQ9519E: Channel '{CHANNEL}\u202e\u200b'"
        " not found.\n\nEXPLANATION:\nx\nACTION:\nx\n----- amqrccca.c : 1029 -----\n",
        encoding="utf-8",
    )
    return diagnose(folder, surroundings=True)


def test_attacks_in_files_stay_text(tmp_path: Path) -> None:
    report = attacked(tmp_path)
    for form in FORMS:
        assert _HIDDEN.findall(rendered(report, form)) == []
    page = rendered(report, "html")
    assert_inert_page(page, rendered(diagnose(sample("dotnet-peer-name-mismatch"), surroundings=True), "html"))
    assert "&lt;b&gt;Q&lt;/b&gt;" in page
    assert_inert_markdown(rendered(report, "md"))
    assert sarif(report)["results"]
    assert len(suite(report)) > 0

"""Two runs side by side: the first line names the difference, and nothing is called different that is not known."""

import json
import re
from pathlib import Path

import pytest
from markupsafe import escape
from msgspec.structs import replace

from command_line import sample
from mqtrace.diagnosis import diagnose
from mqtrace.model import Cause, Connection, Outcome, Report, Setting
from mqtrace.model.tls import Alert, Certificate, Chosen, CipherSuite, ClientHello, Handshake
from mqtrace.pages.markdown import inert
from mqtrace.report.comparison import Comparison, compared
from mqtrace.report.comparison_forms import render_html, render_markdown, render_text, to_json
from mqtrace.report.shown import shown

from .reports import HOSTILE, NOTHING

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
GOOD = Connection("c", "a.FMT", thread="1.1", program="app", queue_manager="QM1", completion_code=0, reason_code=0)
BAD = replace(GOOD, completion_code=2, reason_code=2538)
REFUSED = Cause("network.refused", "Nothing listens at the address that was tried.", "", (), "certain")


def row(name: str, value: str, source: str = "ccdt", proof: str = "traced") -> Setting:
    return Setting(name, value, source, proof, value_proof=proof, source_proof=proof)  # type: ignore[arg-type]


def run(connection: Connection, *settings: Setting, cause: Cause | None = None, tls: Handshake | None = None) -> Report:
    return Report((Outcome(connection, settings, cause, tls=tls),))


def of(good: Report, bad: Report) -> Comparison:
    found = compared(good, bad)
    assert found
    return found


def differing(found: Comparison) -> list[tuple[str, str, str]]:
    return [(each.words, each.good, each.bad) for each in found.differences]


def test_a_value_that_differs_is_named_with_both_values() -> None:
    found = of(run(GOOD, row("address", "a(1414)")), run(BAD, row("address", "a(1415)"), cause=REFUSED))
    assert found.headline == (
        "The address differs: a(1414) in the good run, a(1415) in the bad one. "
        "The bad run failed: nothing listens at the address that was tried."
    )


def test_the_same_value_from_another_place_differs_too() -> None:
    found = of(run(GOOD, row("channel", "A", "ccdt")), run(BAD, row("channel", "A", "env:MQSERVER")))
    assert differing(found) == [("channel", "A (from channel table)", "A (from MQSERVER)")]


@pytest.mark.parametrize("side", [0, 1])
def test_what_one_of_them_does_not_tell_is_no_difference(side: int) -> None:
    rows = [row("channel", "A"), row("channel", "", "unknown", "unknown")]
    found = of(run(GOOD, rows[side]), run(BAD, rows[1 - side]))
    assert (found.differences, found.same, found.not_seen) == ((), (), ("channel",))
    assert found.headline.startswith("No setting, version or certificate is seen to differ.")


def test_a_source_that_is_not_known_makes_no_difference_of_equal_values() -> None:
    unsure = replace(row("channel", "A", "unknown"), source_proof="unknown")
    assert of(run(GOOD, row("channel", "A")), run(BAD, unsure)).differences == ()


def test_what_the_cause_speaks_of_comes_before_where_the_channel_comes_from() -> None:
    good = run(GOOD, row("channel", "A"), row("user", "x"), row("address", "a(1)"))
    bad = run(BAD, row("channel", "B", "env:MQSERVER"), row("user", "y"), row("address", "a(2)"), cause=REFUSED)
    assert [words for words, *_ in differing(of(good, bad))] == ["address", "channel", "user"]
    unexplained = run(BAD, row("channel", "B", "env:MQSERVER"), row("user", "y"), row("address", "a(2)"))
    assert [words for words, *_ in differing(of(good, unexplained))] == ["channel", "user", "address"]


@pytest.mark.parametrize(
    ("cause", "first"),
    [
        ("tls.certificate-expired", "server's certificate"),
        ("tls.protocol-version", "CipherSpec"),
        ("network.refused", "address"),
        ("auth.not-authorized", "user"),
        ("qmgr.unavailable", "address"),
    ],
)
def test_of_several_differences_the_cause_s_kind_says_which_is_told_first(cause: str, first: str) -> None:
    told = Cause(cause, "It failed.", "", (), "certain")
    tls = [Handshake(certificates=(Certificate(f"CN={name}", "CN=ca"),)) for name in "ab"]
    rows = [(row("address", f"h({n})"), row("user", f"u{n}"), row("cipher_spec", f"C{n}")) for n in (1, 2)]
    found = of(run(GOOD, *rows[0], tls=tls[0]), run(BAD, *rows[1], cause=told, tls=tls[1]))
    assert found.differences[0].words == first
    assert len(found.differences) == 4


def test_an_alert_is_a_difference_where_the_other_run_agreed() -> None:
    agreed = Handshake(chosen=Chosen("TLSv1.2", CipherSuite("c030", "TLS_B", None)))
    refused = Handshake(alerts=(Alert("fatal", 70, "protocol_version", "server"),))
    assert differing(of(run(GOOD, tls=agreed), run(BAD, tls=refused))) == [
        ("TLS handshake", "agreed on TLSv1.2 TLS_B", "alert 70 protocol_version of the server")
    ]


def test_of_two_families_the_client_is_told_first_where_no_cause_says_otherwise() -> None:
    found = of(run(GOOD, row("address", "a(1)")), run(replace(GOOD, client="java"), row("address", "a(2)")))
    assert [words for words, *_ in differing(found)] == ["client", "address"]


def test_runs_that_ended_alike_are_said_to() -> None:
    assert of(run(GOOD), run(GOOD)).headline.endswith("Both runs connected.")


def test_versions_and_handshakes_are_compared_where_both_are_told() -> None:
    suites = (CipherSuite("1301", "TLS_A", "TLS_A"), CipherSuite("c030", "TLS_B", None))
    first = Handshake(
        offered=ClientHello(("TLSv1.3", "TLSv1.2"), suites),
        chosen=Chosen("TLSv1.3", suites[0]),
        certificates=(Certificate("CN=a", "CN=ca"),),
        server_name="x",
    )
    second = Handshake(offered=ClientHello(("TLSv1.2",), suites[1:]), certificates=(Certificate("CN=b", "CN=ca"),))
    good = run(replace(GOOD, level="9.3.0.0", platform="Linux"), tls=first)
    assert differing(of(good, run(replace(BAD, level="9.4.0.0"), tls=second))) == [
        ("client", "app (C client 9.3.0.0)", "app (C client 9.4.0.0)"),
        ("protocols offered", "TLSv1.3, TLSv1.2", "TLSv1.2"),
        ("suites offered", "2, only here: TLS_A", "1"),
        ("server's certificate", "CN=a, issued by CN=ca", "CN=b, issued by CN=ca"),
    ]


def test_of_several_connections_the_success_most_like_the_failure_is_taken() -> None:
    near = replace(GOOD, program="orders", channel="B", start="2026-01-01T00:00:02")
    good = Report((Outcome(GOOD), Outcome(near), Outcome(replace(BAD, program="orders"))))
    bad = Report((Outcome(replace(GOOD, program="other")), Outcome(replace(BAD, program="orders", channel="B"))))
    found = of(good, bad)
    assert (found.good.outcome.connection, found.bad.status) == (near, "FAILED")
    assert found.notes == (
        "The good run has 2 more connections, which are not compared.",
        "The bad run has 1 more connection, which is not compared.",
    )


def test_a_good_run_that_failed_and_a_bad_one_that_did_not_are_told() -> None:
    assert of(run(BAD), run(GOOD)).notes == (
        "The run given as the good one is not seen to connect either.",
        "The run given as the bad one connected.",
    )


def test_clients_of_two_families_have_no_common_course() -> None:
    found = of(run(GOOD), run(replace(BAD, client="dotnet")))
    assert found.parting is None
    assert found.notes[-1].startswith("The two are clients of different families")


def test_without_a_connection_there_is_nothing_to_compare() -> None:
    assert compared(NOTHING, run(BAD)) is None
    assert compared(run(GOOD), NOTHING) is None


@pytest.fixture(scope="module")
def labels() -> Comparison:
    return of(diagnose(sample("c-connected-with-label-of-ini")), diagnose(sample("c-label-not-in-key-repository")))


def test_the_courses_part_where_the_next_steps_differ(labels: Comparison) -> None:
    assert labels.parting
    steps = [labels.parting.last, labels.parting.good, labels.parting.bad]
    assert [step and step.words for step in steps] == [
        "The client sends the server name app2e-tls.chl.mq.ibm.com",
        "The server sends its certificate: CN=SERVER,O=EXAMPLE,C=GB",
        "GSKit answers 407",
    ]


def test_the_text_opens_with_the_difference(labels: Comparison) -> None:
    lines = render_text(labels, width=100, color=False).splitlines()
    assert lines[0].startswith(" DIFFERENT The certificate label differs: inilabel (from mqclient.ini SSL.Certi")
    assert max(map(len, lines)) <= 100
    assert " PARTING   Both: The client sends the server name app2e-tls.chl.mq.ibm.com" in lines
    assert lines[-1].startswith("Written by mqtrace")


def test_markdown_has_room_in_a_ticket(labels: Comparison) -> None:
    lines = render_markdown(labels).splitlines()
    assert lines[0].startswith("# The certificate label differs")
    assert len(lines) < 60
    assert "| `CipherSpec` | `ANY_TLS12` | `ANY_TLS12_OR_HIGHER` | `AMQ7257.0.FMT:105 / AMQ7253.0.FMT:100` |" in lines


def test_json_has_every_difference_with_its_proof(labels: Comparison) -> None:
    told = json.loads(to_json(labels))
    assert (told["schema"], told["bad"]["cause"]) == ("mqtrace-comparison/1", "tls.certificate-label-not-found")
    first = told["differences"][0]
    assert (first["kind"], first["name"], first["good_at"]["line"]) == ("setting", "certificate_label", 229)
    assert told["parting"]["bad"]["at"]["line"] == 324


def test_the_page_has_both_runs_in_full_and_every_link_leads_somewhere(labels: Comparison) -> None:
    text = render_html(labels)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert text.count('<section class="card worst"') == 1


def test_what_an_input_says_is_active_in_no_form() -> None:
    found = of(shown(HOSTILE), shown(HOSTILE))
    for text in (render_html(found), render_markdown(found)):
        assert not re.search(r"(?<!\\)<img", text)
        assert "s3cret" not in text


SUITE = "ECDHE_RSA_AES_256_GCM_SHA384"
NOTHING_DIFFERS = "No setting, version or certificate is seen to differ. Both runs failed: nothing listens at"


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("good", "bad", "headline"),
    [
        ("trace-dotnet/connected_plain", "trace-dotnet/refused", "The address differs: "),
        ("trace-java/connected_plain", "trace-java/refused", "The address differs: "),
        ("trace-dotnet/ccdt_chllib_json", "trace-dotnet/mqserver",
         "The channel differs: JSON.SVRCONN (from channel table) in the good run, ENV.SVRCONN (from MQSERVER)"),
        ("trace-c-worded/w_table_by_ini_default_name", "trace-c-worded/w_mqserver_hides_table",
         "The channel differs: APP.TLS (from channel table) in the good run, DEV.APP (from MQSERVER)"),
        ("trace-c-synthetic/tls_ok_server_certificate", "trace-c-synthetic/label_not_in_keystore",
         "The certificate label differs: inilabel"),
        ("trace-c-worded/w_table_by_ini_default_name", "trace-c-worded/w_label_from_config_missing",
         "The certificate label differs: ibmwebspheremqapp (from default) in the good run, app1x (from MQCERTLABL)"),
        ("trace-java/tls_ok", "trace-java/tls12_server_only_tls13",
         f"The TLS handshake differs: agreed on TLSv1.2 {SUITE} in the good run, alert 70 protocol_version"),
        ("trace-java/tls_ok", "trace-java/tls13_server_only_tls12",
         f"The CipherSpec differs: {SUITE} in the good run, TLS_AES_256_GCM_SHA384"),
        ("trace-java/tls_ok", "trace-java/tls_suite_misspelt", "The CipherSuite differs: TLS_ECDHE_RSA_WITH_AES_256_"),
        ("trace-dotnet/connected_tls", "trace-dotnet/tls_misspelt_cipherspec", f"The CipherSpec differs: {SUITE} in"),
        ("trace-java/tls_ok", "trace-java/tls_server_cert_expired", "The server's certificate differs: CN=QM1 RSA,"),
        ("trace-java/tls_ok", "trace-java/tls_wrong_truststore", "The trust store differs: /srv/app/keys/trust.p12 in"),
        ("trace-java/mtls_ok", "trace-java/mtls_expired_client", "The key store differs: /srv/app/keys/app_rsa.p12"),
        ("trace-java/connected_plain", "trace-dotnet/connected_plain",
         "The client differs: App (Java client 9.4.4.0) in the good run, c.dll (.NET client 9.3.0.0) in the bad one."),
        ("trace-java/refused", "trace-java/refused", NOTHING_DIFFERS),
        ("trace-dotnet/refused", "trace-dotnet/refused", NOTHING_DIFFERS),
        ("trace-c-synthetic/aix_old_layout_refused", "trace-c-synthetic/aix_old_layout_refused", NOTHING_DIFFERS[:54]),
    ],
)  # fmt: skip
def test_the_first_line_of_every_form_names_the_difference(good: str, bad: str, headline: str) -> None:
    found = of(diagnose(CORPUS / good), diagnose(CORPUS / bad))
    assert found.headline.startswith(headline)
    is_same = good == bad
    assert (found.differences == (), found.parting is None) == (is_same, is_same or good[:8] != bad[:8])
    first = " ".join(render_text(found, width=100, color=False).split("\n\n")[0].split())
    assert first == f"{'SAME' if is_same else 'DIFFERENT'} {found.headline}"
    assert render_markdown(found).splitlines()[0] == f"# {inert(found.headline)}"
    assert json.loads(to_json(found))["headline"] == found.headline
    assert f"<h1>{escape(found.headline)}</h1>" in render_html(found)

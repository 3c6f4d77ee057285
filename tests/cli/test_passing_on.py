"""`redact` and `bundle`: what they write names nobody, and where that fails they write nothing."""

import json
import re
import stat
from zipfile import ZipFile

import pandas
import pytest

from command_line import program
from mqtrace.redaction.identities import Identities

LOG = (
    "11/24/2026 09:00:00 AM - Process(4711.1) User(anna) Program(amqsputc)\n"
    "                    Host(mqprod) Installation(Installation1)\n"
    "                    VRMF(9.3.0.0)\n\n"
    "AMQ9202E: Remote host 'mq7.corp.example (10.20.30.40) (1414)' not available, retry later.\n\n"
    "EXPLANATION:\npassword=Zx81-geheim\nACTION:\nThe return code was 111.\n"
    "----- amqccita.c : 1400 -------------------------------------------------------\n"
)
NAMED = ("anna", "mqprod", "mq7.corp.example", "10.20.30.40", "Zx81-geheim")


@pytest.fixture
def folder(tmp_path):
    source = tmp_path / "errors"
    source.mkdir()
    (source / "AMQERR01.LOG").write_text(LOG)
    (source / "key.kdb").write_bytes(b"\x00KDB" * 40)
    return source


def test_redact_writes_files_that_name_nobody_and_says_what_was_hidden(mqtrace, folder, tmp_path):
    target = tmp_path / "out"
    result = mqtrace("redact", folder, "-o", target)
    written = (target / "AMQERR01.LOG").read_text()
    assert result.code == 0
    assert [name for name in NAMED if name in written] == []
    assert "Remote host 'host-2----------" in written
    assert "host-1       1 time" in result.out
    assert "Not hidden:" in result.out
    assert "left out: key.kdb" in result.err
    assert [path.name for path in target.iterdir()] == ["AMQERR01.LOG"]


def test_a_folder_that_holds_something_is_not_used(mqtrace, folder, tmp_path):
    result = mqtrace("redact", folder, "-o", folder)
    assert result.code == 2
    assert "is not empty" in result.err
    assert (folder / "AMQERR01.LOG").read_text() == LOG


def test_standard_input_cannot_be_redacted(tmp_path):
    result = program("redact", "-", "-o", tmp_path / "out", stdin=LOG.encode())
    assert result.code == 2
    assert "save it to a file" in result.err


def test_bundle_holds_inputs_report_and_a_manifest_and_the_key_is_apart(mqtrace, folder, tmp_path):
    archive, key = tmp_path / "case.zip", tmp_path / "names.json"
    result = mqtrace("bundle", folder, "-o", archive, "--redact-map", key)
    assert result.code == 0
    with ZipFile(archive) as packed:
        content = {name: packed.read(name).decode() for name in packed.namelist()}
    assert set(content) >= {
        "inputs/AMQERR01.LOG",
        "report.html",
        "report.md",
        "report.json",
        "report.txt",
        "manifest.json",
    }
    assert [(name, file) for name in NAMED for file, text in content.items() if name in text] == []
    manifest = json.loads(content["manifest.json"])
    assert manifest["left_out"][0]["file"] == "key.kdb"
    assert {who["pseudonym"] for who in manifest["hidden"]} >= {"host-1", "host-2", "ip-1", "user-1"}
    assert json.loads(key.read_text())["names"]["user-1"] == "anna"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_an_archive_that_exists_is_not_overwritten(mqtrace, folder, tmp_path):
    archive = tmp_path / "case.zip"
    archive.write_text("mine")
    result = mqtrace("bundle", folder, "-o", archive)
    assert result.code == 2
    assert archive.read_text() == "mine"


@pytest.mark.parametrize("command", ["redact", "bundle"])
def test_where_a_name_cannot_be_hidden_nothing_is_written(mqtrace, folder, tmp_path, monkeypatch, command):
    # Hides nothing, as a fault of the program would; the check of what was made has to see it.
    monkeypatch.setattr(Identities, "hidden_in_file", lambda self, text: text)
    monkeypatch.setattr(Identities, "hidden", lambda self, text: text)
    target = tmp_path / "out.zip"
    result = mqtrace(command, folder, "-o", target)
    assert result.code == 2
    assert "is not given" in result.err
    assert [name for name in NAMED if name in result.err + result.out] == []
    assert not target.exists() or not list(target.iterdir())


def test_names_of_objects_are_hidden_when_asked_for(mqtrace, tmp_path):
    trace = tmp_path / "AMQERR01.LOG"
    trace.write_text(LOG.replace("AMQ9202E: Remote", "AMQ9519E: Channel 'PAY.SVRCONN' not found.\nRemote"))
    mqtrace("redact", trace, "-o", tmp_path / "with", "--objects")
    mqtrace("redact", trace, "-o", tmp_path / "without")
    assert "PAY.SVRCONN" not in (tmp_path / "with" / "AMQERR01.LOG").read_text()
    assert "PAY.SVRCONN" in (tmp_path / "without" / "AMQERR01.LOG").read_text()


@pytest.mark.parametrize("form", ["text", "md", "json", "html", "sarif", "junit", "perfetto"])
def test_a_redacted_report_of_any_form_names_nobody(mqtrace, folder, form):
    result = mqtrace("diagnose", folder / "AMQERR01.LOG", "--redact", "--format", form)
    plain = mqtrace("diagnose", folder / "AMQERR01.LOG", "--format", form)
    assert (result.code, result.err) == (0, "")
    assert [name for name in NAMED if name in result.out] == []
    assert "10.20.30.40" in plain.out or form == "junit"


@pytest.mark.parametrize("suffix", ["txt", "md", "json", "html"])
def test_a_written_report_says_whether_it_names_anybody(mqtrace, folder, tmp_path, suffix):
    mqtrace("diagnose", folder / "AMQERR01.LOG", "-o", tmp_path / f"plain.{suffix}")
    mqtrace("diagnose", folder / "AMQERR01.LOG", "-o", tmp_path / f"hidden.{suffix}", "--redact")
    plain, hidden = ((tmp_path / f"{name}.{suffix}").read_text() for name in ("plain", "hidden"))
    assert "are named in this report" in plain
    assert "have pseudonyms in this report" in hidden
    assert "--redact" in plain
    assert "--redact" in hidden


def test_a_redacted_ticket_names_nobody_and_the_key_does(mqtrace, folder, tmp_path):
    key = tmp_path / "names.json"
    result = mqtrace("ticket", folder / "AMQERR01.LOG", "--redact", "--redact-map", key)
    assert [name for name in NAMED if name in result.out] == []
    assert "anna" in json.loads(key.read_text())["names"].values()


def test_a_report_that_still_names_somebody_is_not_printed(mqtrace, folder, monkeypatch):
    monkeypatch.setattr(Identities, "hidden", lambda self, text: text)
    result = mqtrace("diagnose", folder / "AMQERR01.LOG", "--redact")
    assert (result.code, result.out) == (2, "")
    assert "is not given" in result.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_redacted_ledger_names_nobody(mqtrace, folder, tmp_path, form):
    key = tmp_path / "names.json"
    result = mqtrace("settings", folder / "AMQERR01.LOG", "--format", form, "--redact-map", key)
    plain = mqtrace("settings", folder / "AMQERR01.LOG", "--format", form)
    assert [name for name in NAMED if name in result.out] == []
    assert "mq7.corp.example" in plain.out
    assert "mq7.corp.example" in json.loads(key.read_text())["names"].values()


@pytest.mark.parametrize("by", ["message", "host", "user"])
@pytest.mark.parametrize("form", ["text", "json", "csv", "md", "html"])
def test_redacted_triage_names_nobody(mqtrace, folder, form, by):
    result = mqtrace("triage", folder / "AMQERR01.LOG", "--redact", "--format", form, "--by", by)
    plain = mqtrace("triage", folder / "AMQERR01.LOG", "--format", form, "--by", by)
    assert result.code == 0
    assert [name for name in NAMED if name in result.out] == []
    assert any(name in plain.out for name in NAMED) or (form, by) in (("csv", "message"), ("md", "message"))


@pytest.mark.parametrize("suffix", ["html", "json", "md", "xlsx", "parquet"])
def test_written_triage_names_nobody_and_says_so(mqtrace, folder, tmp_path, suffix):
    mqtrace("triage", folder / "AMQERR01.LOG", "--by", "host", "-o", tmp_path / f"plain.{suffix}")
    mqtrace("triage", folder / "AMQERR01.LOG", "--by", "host", "-o", tmp_path / f"hidden.{suffix}", "--redact")
    plain, hidden = (content_of(tmp_path / f"{name}.{suffix}") for name in ("plain", "hidden"))
    assert [name for name in NAMED if name in hidden] == []
    assert any(name in plain for name in NAMED)
    if suffix in ("html", "json", "md"):
        assert "are named in this report" in plain
        assert "have pseudonyms in this report" in hidden


def content_of(path):
    """The text of a file; of a table its cells."""
    if path.suffix == ".parquet":
        return pandas.read_parquet(path).to_string()
    if path.suffix == ".xlsx":
        return "".join(sheet.to_string() for sheet in pandas.read_excel(path, sheet_name=None).values())
    return path.read_text()


@pytest.mark.parametrize("suffix", ["html", "json", "md", "txt"])
def test_a_redacted_comparison_names_nobody_and_says_so(mqtrace, folder, tmp_path, suffix):
    other = tmp_path / "AMQERR01.LOG"
    other.write_text(LOG.replace("mq7.corp", "mq8.corp").replace("anna", "berta"))
    files = [tmp_path / f"{name}.{suffix}" for name in ("plain", "hidden")]
    mqtrace("compare", folder / "AMQERR01.LOG", other, "-o", files[0])
    result = mqtrace("compare", folder / "AMQERR01.LOG", other, "-o", files[1], "--redact")
    plain, hidden = (file.read_text() for file in files)
    assert result.code == 0
    assert [name for name in (*NAMED, "berta", "mq8.corp") if name in hidden] == []
    assert "mq7.corp.example" in plain
    assert "mq8.corp.example" in plain
    assert {"host-1", "host-2"} & set(re.findall(r"host-\d", hidden))
    assert "are named in this report" in plain
    assert "have pseudonyms in this report" in hidden


@pytest.mark.parametrize(
    "words", [("settings",), ("triage",), ("triage", "--by", "host", "-o", "x.xlsx"), ("compare",)], ids=" ".join
)
def test_an_answer_that_still_names_somebody_is_not_given(mqtrace, folder, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Identities, "hidden", lambda self, text: text)
    log = folder / "AMQERR01.LOG"
    result = mqtrace(words[0], log, *([log] if words == ("compare",) else []), "--redact", *words[1:])
    assert (result.code, result.out) == (2, "")
    assert "is not given" in result.err
    assert not (tmp_path / "x.xlsx").exists()


QUOTED = "mq7.corp.example was asked by anna before."


@pytest.fixture
def quoting(tmp_path):
    """A log whose entry names somebody in a line that is no evidence."""
    log = tmp_path / "AMQERR01.LOG"
    log.write_text(LOG.replace("ACTION:", f"{QUOTED}\nACTION:"))
    return log


def test_the_page_of_a_bundle_has_the_lines_around_evidence_and_names_nobody(mqtrace, quoting, tmp_path):
    archive = tmp_path / "case.zip"
    assert mqtrace("bundle", quoting, "-o", archive).code == 0
    with ZipFile(archive) as packed:
        page = packed.read("report.html").decode()
    assert "Lines around it" in page
    assert "host-2 was asked by user-1 before." in page
    assert [name for name in NAMED if name in page] == []


def test_a_bundle_whose_quoted_lines_name_somebody_is_not_written(mqtrace, quoting, tmp_path, monkeypatch):
    plain = Identities.hidden
    # All is hidden but one line of those around evidence, as a fault of the program would leave it.
    monkeypatch.setattr(Identities, "hidden", lambda self, text: text if text == QUOTED else plain(self, text))
    archive = tmp_path / "case.zip"
    result = mqtrace("bundle", quoting, "-o", archive)
    assert result.code == 2
    assert "is not given" in result.err
    assert not archive.exists()

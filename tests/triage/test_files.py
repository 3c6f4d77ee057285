"""Tables in files, and baselines."""

import csv
import importlib.util
import io
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.triage.logs import entry, hour, write

from mqtrace.model import InputError, UsageError
from mqtrace.triage.files import check_file, read_baseline, write_file
from mqtrace.triage.frame import read_logs
from mqtrace.triage.html_form import rendered_html
from mqtrace.triage.part import Question
from mqtrace.triage.result import Triage, cleaned, compared
from mqtrace.triage.running import triage
from mqtrace.triage.tables import as_dict, rendered_csv, rendered_markdown
from mqtrace.triage.text_form import rendered_text


@pytest.fixture
def tables() -> None:
    missing = [package for package in ("pyarrow", "openpyxl") if importlib.util.find_spec(package) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)} of the extra tables; CI installs it")


def found(folder: Path, *messages: str, by: str = "message") -> Triage:
    text = "".join(entry(message, time=hour(number), user="=1+1|<b>") for number, message in enumerate(messages))
    return triage([write(folder, text)], Question(by), processes=1)


@pytest.mark.usefixtures("tables")
def test_a_parquet_file_is_the_baseline_of_a_later_run(tmp_path: Path) -> None:
    write_file(found(tmp_path, "AMQ9999E", "AMQ9776E"), tmp_path / "old.parquet")
    later = compared(
        found(tmp_path, "AMQ9999E", "AMQ9001I", "AMQ9637E"), *read_baseline(tmp_path / "old.parquet", "message")
    )
    assert {row.key: row.is_new for row in later.rows} == {"AMQ9999": False, "AMQ9001": True, "AMQ9637": True}
    assert [each.is_new for each in later.incidents if each.cause.startswith("tls.")] == [True]


@pytest.mark.usefixtures("tables")
def test_a_table_that_mqtrace_did_not_write_is_no_baseline(tmp_path: Path) -> None:
    import pandas

    pandas.DataFrame({"message": ["AMQ9999"]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(InputError, match="was not written by mqtrace triage"):
        read_baseline(tmp_path / "other.parquet", "message")


@pytest.mark.usefixtures("tables")
def test_a_baseline_of_another_version_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.triage.files.VERSION", "0")
    write_file(found(tmp_path, "AMQ9999E"), tmp_path / "old.parquet")
    monkeypatch.undo()
    with pytest.raises(InputError, match=r"is of version 0; this mqtrace reads version 1"):
        read_baseline(tmp_path / "old.parquet", "message")


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("content", [b"", b"no parquet", b"PAR1" * 20])
def test_a_damaged_baseline_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.parquet").write_bytes(content)
    with pytest.raises(
        InputError, match=r"^\S+bad\.parquet is no Parquet file; write one with   mqtrace triage PATH -o bad\.parquet$"
    ):
        read_baseline(tmp_path / "bad.parquet", "message")


@pytest.mark.usefixtures("tables")
def test_a_baseline_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        InputError,
        match=r"none\.parquet cannot be read as a baseline \(No such file or directory\); write one with   mq",
    ):
        read_baseline(tmp_path / "none.parquet", "message")


@pytest.mark.usefixtures("tables")
def test_what_is_new_is_told_first_and_never_cut_away(tmp_path: Path) -> None:
    write_file(found(tmp_path, "AMQ9999E"), tmp_path / "old.parquet", top=1)
    answer = compared(
        found(tmp_path, "AMQ9999E", "AMQ9999E", "AMQ9637E"), *read_baseline(tmp_path / "old.parquet", "message")
    )
    lines = rendered_text(answer, top=1, width=200).splitlines()
    assert "New since the baseline: 1 row, 1 cause." in lines[1]
    assert lines[lines.index("NEW SINCE THE BASELINE") + 2].split()[:2] == ["AMQ9637E", "1"]


@pytest.mark.usefixtures("tables")
def test_a_parquet_file_has_all_rows_and_a_csv_the_top(tmp_path: Path) -> None:
    answer = found(tmp_path, "AMQ9999E", "AMQ9776E")
    write_file(answer, tmp_path / "all.parquet", top=1)
    write_file(answer, tmp_path / "top.csv", top=1)
    assert len(read_baseline(tmp_path / "all.parquet", "message")[0]) == 2
    assert len((tmp_path / "top.csv").read_text().splitlines()) == 2


@pytest.mark.usefixtures("tables")
def test_a_baseline_counted_by_another_column_says_what_to_type(tmp_path: Path) -> None:
    write_file(found(tmp_path, "AMQ9999E", by="host"), tmp_path / "old.parquet")
    with pytest.raises(UsageError, match=r"type   --by host"):
        read_baseline(tmp_path / "old.parquet", "message")


@pytest.mark.usefixtures("tables")
def test_a_workbook_has_rows_and_incidents_and_no_formula(tmp_path: Path) -> None:
    import openpyxl

    write_file(found(tmp_path, "AMQ9776E", by="user"), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["rows", "incidents"]
    assert (book["rows"]["A2"].value, book["rows"]["A2"].data_type) == ("'=1+1|<b>", "s")
    assert book["incidents"]["A2"].value == "channel.blocked"


@pytest.mark.usefixtures("tables")
def test_more_rows_than_a_sheet_has_room_for_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.triage.files._SHEET_ROWS", 1)
    answer = found(tmp_path, "AMQ9776E", "AMQ9999E")
    with pytest.raises(InputError, match=r"a sheet has no room for 2 rows; use --top, \.csv or \.parquet\.$"):
        write_file(answer, tmp_path / "out.xlsx")
    write_file(answer, tmp_path / "out.xlsx", top=1)


def test_an_unknown_suffix_says_which_are_known() -> None:
    with pytest.raises(UsageError, match=r"\.parquet, \.xlsx, \.csv"):
        check_file(Path("out.doc"))


def test_csv_has_the_column_counted_by_and_no_formula(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(rendered_csv(found(tmp_path, "AMQ9776E", by="user")))))
    assert rows[0][:2] == ["user", "count"]
    assert rows[1][:2] == ["'=1+1|<b>", "1"]


def test_markdown_and_html_show_values_as_they_are(tmp_path: Path) -> None:
    answer = found(tmp_path, "AMQ9776E", by="user")
    assert "| `=1+1\\|<b>` | 1 |" in rendered_markdown(answer)
    page = rendered_html(answer)
    assert '<th scope="row" data-name="user"><span>=1+1|&lt;b&gt;</span></th>' in page
    assert "<b>" not in page


def test_markdown_has_nothing_of_a_log_active_in_it(tmp_path: Path) -> None:
    log = write(tmp_path, entry("AMQ9776E", user="@team#1~~a~~$x$&lt;<b>"))
    text = rendered_markdown(triage([log], Question("user"), processes=1))
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert "<td><code>@team#1~~a~~$x$&amp;lt;&lt;b&gt;</code></td>" in html


def test_the_page_answers_first_and_loads_nothing(tmp_path: Path) -> None:
    page = rendered_html(found(tmp_path, "AMQ9776E", "AMQ9999E"))
    assert "<h1>A channel authentication rule blocked the client (channel.blocked).</h1>" in page
    assert "default-src 'none'" in page
    assert set(re.findall(r"<script|<link|<img|src=|href=.|url\(|@import", page)) == {"<script", 'href="'}
    assert set(re.findall(r'href="(.)', page)) == {"#"}


def test_the_page_marks_what_is_new_and_unfolds_the_entries_of_an_incident(tmp_path: Path) -> None:
    answer = found(tmp_path, "AMQ9776E", "AMQ9999E", "AMQ9776E")
    page = rendered_html(compared(answer, frozenset(), frozenset({""})))
    assert 'data-new="new">\n<summary><span class="new bad">new</span><strong>A channel auth' in page
    assert page.count('<rect class="fresh"') == 2
    assert '<td data-name="Time" class="time"><span>2026-03-17 00:00:00</span></td>' in page
    assert f"AMQ9776 <code>{answer.incidents[0].file}:1</code>" in page


@pytest.mark.parametrize(
    ("suffix", "begin"), [(".html", "<!DOCTYPE html>"), (".json", '{\n  "schema": "mqtrace-triage/1"'), (".md", "# ")]
)
def test_a_file_gets_the_form_of_its_suffix(tmp_path: Path, suffix: str, begin: str) -> None:
    write_file(found(tmp_path, "AMQ9776E"), tmp_path / f"a{suffix}")
    assert (tmp_path / f"a{suffix}").read_text(encoding="utf-8").startswith(begin)


def test_json_has_the_incidents_of_each_cause_by_hour_and_with_their_entries(tmp_path: Path) -> None:
    (incident,) = as_dict(found(tmp_path, "AMQ9776E", "AMQ9001I", "AMQ9776E"))["incidents"]
    assert incident["hours"] == {"2026-03-17T00": 1, "2026-03-17T02": 1}
    assert [(each["time"], each["entries"][0]["message"]) for each in incident["events"]] == [
        ("2026-03-17T00:00:00.000Z", "AMQ9776"),
        ("2026-03-17T02:00:00.000Z", "AMQ9776"),
    ]


def test_every_form_says_how_many_rows_it_leaves_out(tmp_path: Path) -> None:
    answer = found(tmp_path, "AMQ9776E", "AMQ9999E", "AMQ9001I")
    forms = (rendered_text(answer, top=1), rendered_markdown(answer, 1), rendered_html(answer, 1))
    assert [("2 more" in form, "--top N" in form) for form in forms] == [(True, True)] * 3


def test_text_opens_with_the_answer_and_ends_with_a_chart(tmp_path: Path) -> None:
    lines = rendered_text(found(tmp_path, "AMQ9776E", "AMQ9999E", "AMQ9999E"), width=100).splitlines()
    assert lines[0] == "A channel authentication rule blocked the client (channel.blocked)."
    assert " ".join(lines[1:3]) == (
        "1 incident at 2026-03-17 00:00:00; no other cause. 3 entries of 1 log, 2026-03-17 "
        "00:00:00 to 2026-03-17 02:00:00. Times are UTC."
    )
    assert lines[4:7:2] == [
        "INCIDENTS",
        "    1        1  A channel authentication rule blocked the client (channel.blocked)",
    ]
    assert lines[-4:-1] == [f"2026-03-17 {number:02}h {1:11}  {'█' * 68}" for number in range(3)]


@pytest.mark.parametrize("width", [50, 80, 120])
def test_text_keeps_to_the_width_and_shows_every_sample(tmp_path: Path, width: int) -> None:
    text = rendered_text(found(tmp_path, "AMQ9776E", "AMQ9999E", "AMQ9999E"), width=width)
    assert max(map(len, text.splitlines())) <= width
    samples = re.findall(r"\.[A-Za-z]+:(\d+)", text.partition("BY MESSAGE")[2])
    assert width < 80 or samples == ["13", "1"]


def test_a_path_is_never_cut_and_a_message_says_what_it_means(tmp_path: Path) -> None:
    text = rendered_text(found(tmp_path, "AMQ9776E", "AMQ9999E", "AMQ9999E"), width=60)
    assert str(tmp_path) in re.sub(r"\n +", "", text)
    assert "The channel ended abnormally." in text


def test_names_of_inputs_are_cleaned_before_they_are_shown(tmp_path: Path) -> None:
    assert {row.key for row in cleaned(found(tmp_path, "AMQ9776E", by="user"), lambda text: "clean").rows} == {"clean"}


def test_read_logs_gives_every_entry_with_typed_columns(tmp_path: Path) -> None:
    inserts = ("RemoteHost(10.0.0.1)", "ArithInsert1(2) ArithInsert2(2035)", "CommentInsert1(joe)")
    path = write(tmp_path, entry("AMQ9557E", time=hour(1), inserts=inserts) + entry("AMQ9001") + "AMQ")
    frame = read_logs([path])
    assert list(frame.columns) == [
        *("time", "utc", "message", "severity", "reason", "queue_manager", "host", "channel", "address"),
        *("user", "program", "level", "thread", "text", "file", "line"),
    ]
    assert [str(frame[name].dtype) for name in ("time", "utc", "message", "reason", "line")] == [
        *("datetime64[ms]", "bool", "category", "Int64", "int64"),
    ]
    assert frame.loc[0, ["message", "reason", "address", "utc", "line"]].tolist() == [
        "AMQ9557",
        2035,
        "10.0.0.1",
        True,
        1,
    ]
    assert str(frame.loc[1, "time"]) == "2026-03-17 01:12:25"


def test_read_logs_of_no_log_is_an_empty_table(tmp_path: Path) -> None:
    assert len(read_logs([write(tmp_path, "nothing of MQ")])) == 0


def test_read_logs_gives_no_secret_wherever_it_stands(tmp_path: Path) -> None:
    inserts = (
        "RemoteHost(https://app:hunter2@host)",
        "CommentInsert1(password=hunter2)",
        "CommentInsert3(pwd=hunter2)",
    )
    places = {"user": "u password=hunter2", "program": "p --password hunter2", "host": "h token=hunter2"}
    text = entry(
        "AMQ9776E", "It was 'secret=hunter2', by mq://app:hunter2@host.", time=hour(1), inserts=inserts, **places
    )
    record = (
        '{"ibm_messageId":"AMQ9999E","ibm_datetime":"2026-03-17T01:12:25.000Z","ibm_userName":"password=hunter2",'
        '"ibm_remoteHost":"https://app:hunter2@host",'
        '"ibm_commentInsert1":"pwd=hunter2","message":"AMQ9999E: pwd=hunter2"}\n'
    )
    logs = [
        write(tmp_path, text * 2),
        write(tmp_path, text[:-90], "cut.LOG"),
        write(tmp_path, record * 2, "AMQERR01.json"),
    ]
    frame = read_logs(logs)
    assert len(frame) == 5
    assert "hunter2" not in frame.to_csv()
    assert frame["address"].tolist()[-1] == "https://app:***@host"

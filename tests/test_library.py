"""The package as a library: what importing it costs, and what it gives."""

import subprocess
import sys
from pathlib import Path

import pytest

import mqtrace

SAMPLE = Path(__file__).parents[1] / "sample-traces" / "c-label-not-in-key-repository"
HEAVY = ("pandas", "rich", "typer", "click", "regex", "hyperscan", "cryptography", "pydantic", "jinja2")


def modules_after(statement: str) -> set[str]:
    """Top-level modules of a fresh Python after the statement."""
    code = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_it_imports_nothing_heavy() -> None:
    loaded = modules_after("import mqtrace")
    assert "mqtrace" in loaded
    assert loaded & set(HEAVY) == set()


def test_diagnosing_needs_neither_pandas_nor_the_command_line() -> None:
    loaded = modules_after(f"import mqtrace; mqtrace.diagnose([{str(SAMPLE)!r}])")
    assert loaded & {"pandas", "rich", "typer", "click", "pydantic", "jinja2"} == set()


def test_only_a_page_needs_templates() -> None:
    written = "; ".join(
        [
            "import mqtrace",
            "from mqtrace.report.write import FORMS, rendered",
            f"report = mqtrace.diagnose([{str(SAMPLE)!r}])",
        ]
    )
    assert "jinja2" not in modules_after(f"{written}; [rendered(report, form) for form in FORMS if form != 'html']")
    assert "jinja2" in modules_after(f"{written}; rendered(report, 'html')")


def test_diagnose_gives_the_report() -> None:
    report = mqtrace.diagnose([SAMPLE])
    assert isinstance(report, mqtrace.Report)
    (outcome,) = report.outcomes
    assert outcome.cause
    assert (outcome.connection.channel, outcome.connection.reason_code) == ("APP.TLS", 2393)
    assert outcome.cause.id == "tls.certificate-label-not-found"


@pytest.mark.parametrize(
    "given", [str(SAMPLE), SAMPLE, iter([SAMPLE]), (str(SAMPLE),)], ids=["str", "Path", "iterator", "tuple"]
)
def test_diagnose_takes_one_path_or_several(given: object) -> None:
    report = mqtrace.diagnose(given)  # type: ignore[arg-type]
    assert {Path(read.source).parent for read in report.inputs} == {SAMPLE}


def test_a_shell_lists_what_the_package_gives() -> None:
    assert {"diagnose", "read_logs", "Report"} <= set(dir(mqtrace))


def test_what_cannot_be_read_is_a_row_and_no_exception(tmp_path: Path) -> None:
    (read,) = mqtrace.diagnose([tmp_path / "missing"]).inputs
    assert read.error
    assert read.error.startswith("There is no such file")


def test_a_pattern_that_is_not_valid_is_an_error_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("no TOML")
    with pytest.raises(mqtrace.PatternError, match=r"own\.toml"):
        mqtrace.diagnose([SAMPLE], pattern_folders=[tmp_path])
    assert issubclass(mqtrace.PatternError, mqtrace.MqtraceError)


@pytest.mark.parametrize("name", mqtrace.__all__)
def test_every_name_that_it_promises_is_there(name: str) -> None:
    assert getattr(mqtrace, name)


@pytest.mark.parametrize("name", ["diagnoses", "import_module_", "_nothing"])
def test_an_unknown_name_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'mqtrace' has no attribute '{name}'"):
        getattr(mqtrace, name)

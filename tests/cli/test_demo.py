"""mqtrace demo."""

from collections.abc import Callable

from command_line import SAMPLES, Ran, sample
from mqtrace.cli import exits
from mqtrace.cli.demo import FIRST

Run = Callable[..., Ran]


def test_the_report_is_that_of_the_sample_s_files(mqtrace: Run) -> None:
    shown = mqtrace("demo")
    assert shown.code == exits.OK
    assert shown.out == mqtrace("diagnose", sample(FIRST)).out
    assert shown.warnings[0].startswith(f"mqtrace: sample {FIRST} (synthetic): ")


def test_another_sample_by_its_name(mqtrace: Run) -> None:
    assert "The host name" in mqtrace("demo", "dotnet-host-name-not-resolved").out


def test_the_list_names_every_folder_of_samples(mqtrace: Run) -> None:
    shown = mqtrace("demo", "--list")
    assert (shown.code, shown.err) == (exits.OK, "")
    assert {line.split()[0] for line in shown.out.splitlines()} == {
        path.name for path in SAMPLES.iterdir() if path.is_dir()
    }


def test_a_mistyped_sample_is_suggested(mqtrace: Run) -> None:
    shown = mqtrace("demo", "dotnet-conected")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert "Did you mean 'dotnet-connected'?" in shown.warnings[0]

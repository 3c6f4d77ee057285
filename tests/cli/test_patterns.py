"""mqtrace patterns, and what foreign patterns can do to a run."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from command_line import Ran, program, sample
from mqtrace.catalog import trace_patterns
from mqtrace.cli import exits
from mqtrace.evidence import decoding, facts

Run = Callable[..., Ran]
TRACE = sample("c-label-not-in-key-repository")
CAUSE = "tls.certificate-label-not-found"
HEAD = '[[pattern]]\nid = "own.get"\nclients = ["c"]\nfact = "own.get"\nbasis = "reported"\nsource = "a test"\n'
PATTERN = HEAD + 'literals = ["xcsGet"]\n'
EXAMPLE = 'match = [ { line = "xcsGetX", value = "X" } ]\n'
GOOD = PATTERN + "regex = '^xcsGet(?P<value>.*)$'\n" + EXAMPLE


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], Path]:
    """A folder with one file of patterns."""

    def write(content: str) -> Path:
        (tmp_path / "own.toml").write_text(content)
        return tmp_path

    return write


# ---------------------------------------------------------------- patterns list, patterns test


def test_the_list_has_a_line_for_each_pattern(mqtrace: Run, own: Callable[[str], Path]) -> None:
    shipped = mqtrace("patterns", "list")
    assert (shipped.code, shipped.err) == (exits.OK, "")
    assert shipped.out.splitlines()[0].split() == ["c.connect", "call.begins", "read", "observed"]
    more = mqtrace("patterns", "list", "--patterns", own(GOOD)).out.splitlines()
    assert [line.split() for line in more if line not in shipped.out] == [["own.get", "own.get", "read", "reported"]]


def test_the_patterns_that_ship_with_it_hold(mqtrace: Run) -> None:
    shown = mqtrace("patterns", "test")
    assert (shown.code, shown.err) == (exits.OK, "")
    assert shown.out.endswith(" examples run, 0 problems\n")


def test_a_folder_of_one_s_own_is_tested_with_them(mqtrace: Run, own: Callable[[str], Path]) -> None:
    count = int(mqtrace("patterns", "test").out.split()[0])
    assert mqtrace("patterns", "test", "--patterns", own(GOOD)).out == f"{count + 1} examples run, 0 problems\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PATTERN + "regex = '^xcsGet(?P<value>.*)$'\n", "has no example that matches"),
        (GOOD.replace('value = "X"', 'value = "Y"'), "'xcsGetX' must give 'Y', and gives ['X']"),
        (GOOD.replace('line = "xcsGetX"', 'line = "xcsPutX"'), "'xcsPutX' must give 'X', and gives nothing"),
        (GOOD + 'no_match = ["xcsGetY"]\n', "'xcsGetY' must not match, and gives ['Y']"),
    ],
    ids=["no-example", "other-value", "no-literal", "near-miss"],
)
def test_an_example_that_does_not_hold_is_a_failed_check(
    mqtrace: Run, own: Callable[[str], Path], content: str, said: str
) -> None:
    shown = mqtrace("patterns", "test", "--patterns", own(content))
    assert (shown.code, shown.warnings) == (exits.PROBLEM, [f"mqtrace: own.toml: own.get: {said}"])
    assert shown.out.endswith(" examples run, 1 problem\n")


# ---------------------------------------------------------------- foreign patterns that are not valid

NOT_VALID = [
    ("this is no TOML\n", "own.toml: cannot be read as a file of patterns: "),
    ('pattern = "x"\n', "own.toml: 'pattern' is not a list of tables"),
    (HEAD, "own.toml: pattern own.get: literals: is missing"),
    (
        PATTERN + 'colour = "red"\n',
        "own.toml: pattern own.get: colour: is not a field; fields are id, clients, literals",
    ),
    (
        HEAD + 'literals = ["ab"]\n',
        "own.toml: pattern own.get: literals: 1: must have 3 to 200 characters, and is 'ab'",
    ),
    (PATTERN + 'proves = "certainly"\n', "own.toml: pattern own.get: proves: must be one of set, read, used"),
    (PATTERN + PATTERN, "own.toml: the id own.get is already used in own.toml"),
]


@pytest.mark.parametrize(
    ("content", "said"), NOT_VALID, ids=["toml", "no-list", "missing", "unknown", "short", "word", "twice"]
)
@pytest.mark.parametrize(
    "command", [("diagnose", TRACE), ("coverage", TRACE), ("patterns", "list"), ("patterns", "test")], ids=str
)
def test_a_file_of_patterns_that_is_not_valid_is_one_line(
    mqtrace: Run, own: Callable[[str], Path], content: str, said: str, command: tuple[object, ...]
) -> None:
    shown = mqtrace(*command, "--patterns", own(content))
    assert (shown.out, len(shown.warnings)) == ("", 1)
    assert shown.code in (exits.USAGE, exits.PROBLEM)
    assert shown.warnings[0].startswith(f"mqtrace: {said}")


def test_a_file_of_patterns_that_is_no_text_is_one_line(mqtrace: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00[[pattern]]")
    shown = mqtrace("diagnose", TRACE, "--patterns", tmp_path)
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)


def test_patterns_test_ends_with_1_on_a_file_that_is_not_valid(mqtrace: Run, own: Callable[[str], Path]) -> None:
    assert mqtrace("patterns", "test", "--patterns", own("this is no TOML\n")).code == exits.PROBLEM


@pytest.mark.parametrize(
    "content",
    [
        PATTERN + "regex = '^(?P<value>('\n",
        PATTERN + "regex = 5\n",
        HEAD + "literals = [12345]\n",
        PATTERN.replace('clients = ["c"]', "clients = 5"),
        "defaults = 5\n" + PATTERN,
        HEAD.replace('"own.get"\nclients', "5\nclients") + 'literals = ["xcsGet"]\n',
        PATTERN + "match = [5]\n",
        PATTERN + 'match = [ { line = "xcsGet" } ]\n',
        PATTERN + 'secret = "yes"\n',
        PATTERN + 'opens = "thread"\n',
        PATTERN.replace('["c"]', '["cobol"]'),
        PATTERN + 'kind = "dump"\n',
        PATTERN + 'kind = "dump"\ndecode = "cobol"\n',
        PATTERN + 'kind = "block"\ndecode = "gskit-transcript"\n',
        PATTERN + 'kind = "dump"\ndecode = "mqi-structure"\nbegins = "attempt"\n',
        PATTERN.replace("[[pattern]]", "[[patterns]]"),
        PATTERN + "regex = '" + "(" * 3000 + ")" * 3000 + "'\n",
        "x = " + "[" * 3000,
    ],
    ids=[
        "regex-not-valid", "regex-number", "literal-number", "clients-number", "defaults-number", "id-number",
        "example-number",
        "example-without-value", "flag-text", "unknown-opens", "unknown-client", "no-decoder", "unknown-decoder",
        "no-end",
        "attempt-of-a-dump", "unknown-table", "regex-too-deep", "toml-too-deep",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("command", "code"),
    [(("diagnose", TRACE), exits.USAGE), (("patterns", "list"), exits.USAGE), (("patterns", "test"), exits.PROBLEM)],
    ids=["diagnose", "list", "test"],
)
def test_an_entry_that_is_not_valid_is_named(
    mqtrace: Run, own: Callable[[str], Path], content: str, command: tuple[object, ...], code: int
) -> None:
    shown = mqtrace(*command, "--patterns", own(content))
    assert (shown.code, shown.out, len(shown.warnings)) == (code, "", 1)
    assert shown.warnings[0].startswith("mqtrace: own.toml: ")


def test_what_is_wrong_with_a_field_is_said(mqtrace: Run, own: Callable[[str], Path]) -> None:
    shown = mqtrace("diagnose", TRACE, "--patterns", own(PATTERN.replace('["c"]', "5")))
    assert shown.warnings == [
        'mqtrace: own.toml: pattern own.get: clients: must be a list, as ["...", "..."], and is 5'
    ]


def test_the_decoders_that_a_pattern_may_name_are_those_that_there_are() -> None:
    assert set(get_args(trace_patterns.Decoder)) - {""} == set(decoding.DECODERS)


def test_a_regular_expression_that_is_not_valid_is_a_problem(mqtrace: Run, own: Callable[[str], Path]) -> None:
    assert "regex" in mqtrace("patterns", "test", "--patterns", own(PATTERN + "regex = '^(?P<value>('\n")).err


NO_TRACE = sample("README.md")


@pytest.mark.parametrize(
    "command",
    [("diagnose", TRACE), ("diagnose", NO_TRACE), ("coverage", TRACE), ("patterns", "list"), ("patterns", "test")],
    ids=str,
)
@pytest.mark.parametrize("name", ["missing", "own.toml"])
def test_a_folder_of_patterns_that_is_none_is_said(
    mqtrace: Run, own: Callable[[str], Path], name: str, command: tuple[object, ...]
) -> None:
    folder = own(GOOD) / name
    shown = mqtrace(*command, "--patterns", folder)
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert shown.warnings[0].startswith(f"mqtrace: {folder}: no folder of patterns (")


def test_a_folder_without_a_pattern_is_said(mqtrace: Run, tmp_path: Path) -> None:
    shown = mqtrace("diagnose", TRACE, "-q", "--patterns", tmp_path)
    assert (shown.code, shown.warnings) == (
        exits.OK,
        [f"mqtrace: {tmp_path}: no .toml file in it, so no pattern of your own is used"],
    )


# ---------------------------------------------------------------- foreign patterns that never end

CATASTROPHE = PATTERN + "regex = 'xcsGet(?P<value>(?:a|aa)+)$'\n"


def trace_of(lines: int, folder: Path) -> Path:
    """SYNTHETIC: the sample's trace with lines that such a regular expression takes
    exponential time for, no two alike."""
    head = (TRACE / "AMQ7253.0.FMT").read_text()
    body = "".join(
        f" 09:00:01.{number:06}     7253.1           :       xcsGet{'a' * (40 + number)}!\n" for number in range(lines)
    )
    path = folder / "AMQ7253.0.FMT"
    path.write_text(head + body)
    return path


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """All limits of time a tenth of what they are."""
    for name in ("MATCH_SECONDS", "SLOW", "PATIENCE"):
        monkeypatch.setattr(facts, name, getattr(facts, name) / 10)


@pytest.mark.load
def test_a_regular_expression_that_backtracks_without_end_is_given_up(own: Callable[[str], Path]) -> None:
    folder = own(CATASTROPHE)
    shown = program("diagnose", trace_of(2, folder), "-q", "--patterns", folder, limit=60)
    assert (shown.code, shown.err) == (exits.OK, "")
    assert f"cause={CAUSE} " in shown.out


@pytest.mark.load
def test_a_pattern_that_was_given_up_often_is_not_tried_for_ever(own: Callable[[str], Path]) -> None:
    folder = own(CATASTROPHE)
    begin = time.monotonic()
    program("diagnose", trace_of(60, folder), "-q", "--patterns", folder, limit=60)
    assert time.monotonic() - begin < 30


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", [("diagnose", "-q"), ("coverage", "--format", "json")], ids=" ".join)
def test_that_it_was_given_up_is_said_once(mqtrace: Run, own: Callable[[str], Path], command: tuple[str, ...]) -> None:
    folder = own(CATASTROPHE)
    name, *options = command
    shown = mqtrace(name, trace_of(8, folder), *options, "--patterns", folder)
    assert (shown.code, len(shown.warnings)) == (exits.OK, 1)
    assert shown.warnings[0].startswith(
        "mqtrace: The pattern own.get (own.toml) takes too long and is left out from here on: "
    )


@pytest.mark.usefixtures("impatient")
def test_the_report_says_it_too(mqtrace: Run, own: Callable[[str], Path]) -> None:
    folder = own(CATASTROPHE)
    report = json.loads(mqtrace("diagnose", trace_of(8, folder), "--format", "json", "--patterns", folder).out)
    assert [note.partition(" takes ")[0] for note in report["notes"]] == ["The pattern own.get (own.toml)"]

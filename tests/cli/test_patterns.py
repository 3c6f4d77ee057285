"""mqtrace patterns, and what foreign patterns can do to a run."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import Ran, program, sample
from mqtrace.cli import exits

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
def test_an_example_that_does_not_hold_is_a_failed_check(mqtrace: Run, own: Callable[[str], Path], content: str, said: str) -> None:
    shown = mqtrace("patterns", "test", "--patterns", own(content))
    assert (shown.code, shown.warnings) == (exits.PROBLEM, [f"mqtrace: own.toml: own.get: {said}"])
    assert shown.out.endswith(" examples run, 1 problems\n")


# ---------------------------------------------------------------- foreign patterns that are not valid

NOT_VALID = [
    ("this is no TOML\n", "own.toml: cannot be read as a file of patterns: "),
    ('pattern = "x"\n', "own.toml: 'pattern' is not a list of tables"),
    (HEAD, "own.toml: pattern own.get: unknown fields [], missing fields ['literals']"),
    (PATTERN + 'colour = "red"\n', "own.toml: pattern own.get: unknown fields ['colour'], missing fields []"),
    (HEAD + 'literals = ["ab"]\n', "own.toml: pattern own.get: needs literals of at least 3 characters"),
    (PATTERN + 'proves = "certainly"\n', "own.toml: pattern own.get: proves = 'certainly'; known are set, read, used"),
    (PATTERN + PATTERN, "own.toml: the id own.get is already used in own.toml"),
]


@pytest.mark.parametrize(("content", "said"), NOT_VALID, ids=["toml", "no-list", "missing", "unknown", "short", "word", "twice"])
@pytest.mark.parametrize("command", [("diagnose", TRACE), ("coverage", TRACE), ("patterns", "list"), ("patterns", "test")], ids=str)
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


@pytest.mark.xfail(strict=True, reason="patterns test ends with 2 on a file that is not valid; a test that finds a problem is 1")
def test_patterns_test_ends_with_1_on_a_file_that_is_not_valid(mqtrace: Run, own: Callable[[str], Path]) -> None:
    assert mqtrace("patterns", "test", "--patterns", own("this is no TOML\n")).code == exits.PROBLEM


@pytest.mark.xfail(strict=True, reason="the types of an entry's fields are not looked at: exit 70, and the file is not named")
@pytest.mark.parametrize(
    "content",
    [
        PATTERN + "regex = '^(?P<value>('\n",
        PATTERN + "regex = 5\n",
        HEAD + "literals = [12345]\n",
        PATTERN.replace('clients = ["c"]', "clients = 5"),
        "defaults = 5\n" + PATTERN,
    ],
    ids=["regex-not-valid", "regex-number", "literal-number", "clients-number", "defaults-number"],
)
def test_an_entry_with_a_field_of_the_wrong_kind_is_named(mqtrace: Run, own: Callable[[str], Path], content: str) -> None:
    shown = mqtrace("diagnose", TRACE, "--patterns", own(content))
    assert (shown.code, len(shown.warnings)) == (exits.USAGE, 1)
    assert shown.warnings[0].startswith("mqtrace: own.toml")


@pytest.mark.xfail(strict=True, reason="an example that is no table ends with exit 70")
def test_an_example_that_is_no_table_is_a_problem(mqtrace: Run, own: Callable[[str], Path]) -> None:
    shown = mqtrace("patterns", "test", "--patterns", own(PATTERN + "match = [5]\n"))
    assert shown.code in (exits.PROBLEM, exits.USAGE)
    assert "own.toml" in shown.err


@pytest.mark.xfail(strict=True, reason="patterns test compiles no regular expression of an entry without examples that have its literal")
def test_a_regular_expression_that_is_not_valid_is_a_problem(mqtrace: Run, own: Callable[[str], Path]) -> None:
    assert "regex" in mqtrace("patterns", "test", "--patterns", own(PATTERN + "regex = '^(?P<value>('\n")).err


@pytest.mark.xfail(strict=True, reason="a folder that is not there is passed over without a word")
@pytest.mark.parametrize("command", [("diagnose", TRACE), ("patterns", "test")], ids=["diagnose", "test"])
def test_a_folder_of_patterns_that_is_not_there_is_said(mqtrace: Run, tmp_path: Path, command: tuple[object, ...]) -> None:
    shown = mqtrace(*command, "--patterns", tmp_path / "missing")
    assert shown.code == exits.USAGE
    assert "missing" in shown.err


# ---------------------------------------------------------------- foreign patterns that never end

CATASTROPHE = PATTERN + "regex = 'xcsGet(?P<value>(?:a|aa)+)$'\n"


def trace_of(lines: int, folder: Path) -> Path:
    """SYNTHETIC: the sample's trace with lines that such a regular expression takes exponential time for, no two alike."""
    head = (TRACE / "AMQ7253.0.FMT").read_text()
    body = "".join(f" 09:00:01.{number:06}     7253.1           :       xcsGet{'a' * (40 + number)}!\n" for number in range(lines))
    path = folder / "AMQ7253.0.FMT"
    path.write_text(head + body)
    return path


def test_a_regular_expression_that_backtracks_without_end_is_given_up(own: Callable[[str], Path]) -> None:
    folder = own(CATASTROPHE)
    shown = program("diagnose", trace_of(2, folder), "-q", "--patterns", folder, limit=60)
    assert (shown.code, shown.err) == (exits.OK, "")
    assert f"cause={CAUSE} " in shown.out


@pytest.mark.xfail(strict=True, reason="each such line costs the second again: 100,000 of them take a day")
def test_a_pattern_that_was_given_up_often_is_not_tried_for_ever(own: Callable[[str], Path]) -> None:
    folder = own(CATASTROPHE)
    begin = time.monotonic()
    program("diagnose", trace_of(8, folder), "-q", "--patterns", folder, limit=60)
    assert time.monotonic() - begin < 6

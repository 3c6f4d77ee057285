"""The pages of docs/: what is generated is up to date, and the worked examples run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<language>\w+)\n(?P<content>.*?)^```$", re.DOTALL | re.MULTILINE)
TARGET = re.compile(r"(?P<how>Save as|Add to) `(?P<path>[^`]+)`:$")
LINK = re.compile(r"\]\((?P<path>[^):#]+)(?:#[^)]*)?\)")
PROGRAMS = {
    "mqtrace": ["-c", "from mqtrace.cli import main; main()"],
    "pytest": ["-m", "pytest", "-p", "no:cacheprovider"],
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the parts of the checkout that the examples add to."""
    for name in ("src", "patterns", "sample-traces"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def steps(page: str) -> Iterator[tuple[str, str, str]]:
    """What a page says to do, in order: ("Save as" or "Add to", path, content), or ("run", command, output)."""
    for block in FENCE.finditer((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if block["language"] == "console":
            for command in re.split(r"^\$ ", block["content"], flags=re.MULTILINE)[1:]:
                yield ("run", *command.split("\n", 1))  # type: ignore[misc]
        else:
            target = TARGET.search(block["before"])
            assert target, f"{page}: the block {block['content'][:60]!r} does not say where it belongs"
            yield target["how"], target["path"], block["content"]


def write(folder: Path, how: str, name: str, content: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") + "\n\n" if how == "Add to" else ""
    path.write_text(before + content, encoding="utf-8")


def printed(folder: Path, command: str) -> str:
    program, *arguments = shlex.split(command)
    ended = subprocess.run(
        [sys.executable, *PROGRAMS[program], *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "120"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
    )  # fmt: skip
    return ended.stdout


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", ["adding-a-pattern.md", "adding-a-rule.md"])
def test_the_worked_example_runs_and_prints_what_the_page_shows(page: str, checkout: Path) -> None:
    told = list(steps(page))
    assert {how for how, _, _ in told} >= {"run", "Save as"}
    for how, what, content in told:
        if how != "run":
            write(checkout, how, what, content)
            continue
        output = words(printed(checkout, what))
        for line in content.splitlines():
            assert words(line) in output, f"{page}: {what} does not print {line!r} but {output!r}"


NAMED = re.compile(r"`((?:[a-z_]+/)*[a-z_]+(?:\.py|\.toml|\.csv|\.md|/))`")


def test_what_the_architecture_page_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    homes = [ROOT, ROOT / "src" / "mqtrace", ROOT / "patterns", *(ROOT / "src" / "mqtrace").glob("**/")]
    named = sorted(set(NAMED.findall(page)))
    assert len(named) > 20
    assert [name for name in named if not any((home / name).exists() for home in homes)] == []


def test_the_architecture_page_has_a_sentence_for_each_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "mqtrace"
    rooms = [room.name for room in package.iterdir() if (room / "__init__.py").exists()]
    assert len(rooms) > 10
    assert [room for room in rooms if f"`{room}`" not in page and f"  {room}  " not in page] == []


@pytest.mark.parametrize("script", ["make_causes.py", "make_example.py"])
def test_what_is_generated_is_up_to_date(script: str) -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "docs" / script), "--check"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    "page", ["README.md", "CHANGELOG.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    missing = [
        link["path"]
        for link in LINK.finditer(path.read_text(encoding="utf-8"))
        if not (path.parent / link["path"]).exists()
    ]
    assert missing == []

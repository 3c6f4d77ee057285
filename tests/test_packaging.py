"""The wheel: what is in it, and that it works away from the checkout."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
ENTRY_POINT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]["mqtrace"]

# The wheel is built once, so all tests of this module run in one process.
pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network: hatchling is one of the packages that the tests need."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", str(ROOT), *options, "--wheel-dir", str(folder)], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Names of all files in the wheel."""
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("installed")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the program of the wheel in another folder. The checkout, which is installed
    for development, comes after it."""
    module, _, function = ENTRY_POINT.partition(":")
    check = f"import {module}; assert {module}.__file__.startswith({str(installed)!r}), {module}.__file__"
    code = f"{check}; from {module} import {function}; {function}()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def shipped(folder: str) -> set[str]:
    """Files of a folder of the checkout, relative to it."""
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}


@pytest.mark.parametrize("folder", ["patterns", "sample-traces"])
def test_the_knowledge_and_the_samples_are_in_the_wheel(names: set[str], folder: str) -> None:
    prefix = f"mqtrace/data/{folder}/"
    assert {name.removeprefix(prefix) for name in names if name.startswith(prefix)} == shipped(folder)


def test_all_modules_are_in_the_wheel_and_no_tests(names: set[str]) -> None:
    modules = {f"mqtrace/{name}" for name in shipped("src/mqtrace") if not name.endswith(".pyc")}
    others = {name for name in names if ".dist-info/" not in name and not name.startswith("mqtrace/data/")}
    assert others == modules


def test_its_types_are_marked_as_usable(names: set[str]) -> None:
    assert "mqtrace/py.typed" in names


def test_licence_and_notice_are_in_the_metadata(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode("utf-8").splitlines()
        licences = {
            name: archive.read(metadata.replace("METADATA", f"licenses/{name}")) for name in ("LICENSE", "NOTICE")
        }
    assert {"License-Expression: Apache-2.0", "License-File: LICENSE", "License-File: NOTICE"} <= set(lines)
    assert licences == {name: (ROOT / name).read_bytes() for name in ("LICENSE", "NOTICE")}


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "demo")
    assert ended.returncode == 0, ended.stderr
    assert "The label 'rsaca256_clientx' is not in the key repository" in ended.stdout


def test_explain_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "explain", "2393")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("2393  MQRC_SSL_INITIALIZATION_ERROR")


def test_no_text_tells_to_install_a_package_of_the_name_from_an_index() -> None:
    texts = [*ROOT.glob("src/**/*.py"), *ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
    told = [path.name for path in texts if re.search(r"install [^\n]{0,20}mqtrace\[", path.read_text(encoding="utf-8"))]
    assert (len(texts) > 200, told) == (True, [])

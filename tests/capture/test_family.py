"""The client family that a command tells."""

from pathlib import Path

import pytest

from mqtrace.capture.family import family_of_command, programs_of


@pytest.mark.parametrize(
    ("command", "family"),
    [
        ("java -jar app.jar", "java"),
        ("/usr/lib/jvm/17/bin/java App", "java"),
        ("env X=1 nice java App", "java"),
        ("JAVA=java timeout 5 ./nothing", "c"),
        ("dotnet app.dll", "dotnet"),
        ("mono app.exe", "dotnet"),
        ("python app.py", "c"),
        ("javac-like", "c"),
    ],
)
def test_by_the_name_of_the_program(command: str, family: str) -> None:
    assert family_of_command(command.split())[0] == family


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("#!/bin/sh\nexec java -jar /srv/app.jar\n", "java"),
        ('#!/bin/sh\n"$JAVA_HOME/bin/java" App\n', "java"),
        ("#!/bin/sh\ndotnet /srv/app.dll\n", "dotnet"),
        ("#!/bin/sh\n# javascript is no java\nexec node app.js\n", "c"),
    ],
)
def test_by_what_a_script_starts(text: str, family: str, tmp_path: Path) -> None:
    script = tmp_path / "start"
    script.write_text(text)
    assert family_of_command([str(script)])[0] == family


def test_by_the_library_of_a_program(tmp_path: Path) -> None:
    program = tmp_path / "orders"
    program.write_bytes(b"\x7fELF\0\0libmqic_r.so\0")
    assert family_of_command([str(program)]) == ("c", "orders is linked with libmqic")


def test_by_the_files_beside_a_program_of_net(tmp_path: Path) -> None:
    (tmp_path / "orders").write_bytes(b"\x7fELF")
    (tmp_path / "orders.runtimeconfig.json").write_text("{}")
    assert family_of_command([str(tmp_path / "orders")])[0] == "dotnet"


def test_the_names_of_a_program(tmp_path: Path) -> None:
    (tmp_path / "orders3").write_bytes(b"\x7fELF")
    (tmp_path / "orders").symlink_to(tmp_path / "orders3")
    assert programs_of([str(tmp_path / "orders"), "QM1"]) == ("orders", "orders3")
    assert programs_of(["nice", "-n", "5", str(tmp_path / "orders")]) == ("orders", "orders3")


@pytest.mark.parametrize("first", ["#!{}", "#!/usr/bin/env -S {}"])
def test_a_script_has_the_names_of_its_interpreter(first: str, tmp_path: Path) -> None:
    interpreter = tmp_path / "python9"
    interpreter.write_bytes(b"\x7fELF")
    script = tmp_path / "orders.py"
    script.write_text(first.format(interpreter) + "\nimport pymqi\n")
    assert programs_of([str(script)]) == ("orders.py", "python9")


@pytest.mark.parametrize("command", [["sh", "-c", "./orders"], ["env", "X=1", "bash", "start.sh"], []])
def test_a_shell_may_start_anything(command: list[str]) -> None:
    assert programs_of(command) == ("*",)

"""The client family that a command tells."""

from pathlib import Path

import pytest

from mqtrace.capture.family import family_of_command


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

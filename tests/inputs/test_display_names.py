"""Names are safe to show, and names of entries stay inside their archive."""

from pathlib import Path

import pytest

from mqtrace.inputs.names import display_name, entry_name


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/var/mqm/trace/AMQ1234.0.FMT", "/var/mqm/trace/AMQ1234.0.FMT"),
        (Path("errors") / "AMQERR01.LOG", "errors/AMQERR01.LOG"),
        ("C:\\ProgramData\\IBM\\MQ", "C:\\ProgramData\\IBM\\MQ"),
        ("Prüfung 日本.log", "Prüfung 日本.log"),
        ("two\nlines\tand\rmore", "two\\x0alines and\\x0dmore"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        (b"caf\xe9.log", "caf\\xe9.log"),
        ("caf\udce9.log", "caf\\xe9.log"),
        (b"caf\xc3\xa9.log", "café.log"),
        ("\x9b31m", "\\x9b31m"),
        ("log\u202egpj.exe", "log\\u{202e}gpj.exe"),
        ("one\u2028two\u2029", "one\\u{2028}two\\u{2029}"),
        ("\ud800", "\\u{d800}"),
    ],
)
def test_what_steers_a_terminal_is_written_out(path: str | bytes | Path, shown: str) -> None:
    assert display_name(path) == shown


@pytest.mark.parametrize(
    ("stored", "inside"),
    [
        ("folder/entry", "folder/entry"),
        ("./a//b/./c", "a/b/c"),
        ("/var/mqm/errors/AMQERR01.LOG", "var/mqm/errors/AMQERR01.LOG"),
        ("C:\\mq\\errors\\AMQERR01.LOG", "mq/errors/AMQERR01.LOG"),
        ("\\\\server\\share\\x", "server/share/x"),
        ("a/../b", "b"),
        ("", "unnamed"),
        ("../x", None),
        ("a/../../x", None),
        ("..\\x", None),
        ("/../etc/passwd", None),
        ("C:..\\x", None),
    ],
)
def test_an_entry_name_has_no_root_and_does_not_climb(stored: str, inside: str | None) -> None:
    assert entry_name(stored) == inside

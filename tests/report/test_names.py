"""What inputs and their copies are called."""

import pytest

from mqtrace.report.names import names_of_copies, short_names


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/a/b/c.log", "/a/b/d.log"], ["c.log", "d.log"]),
        (["/a/x/AMQERR01.LOG", "/a/y/AMQERR01.LOG"], ["x/AMQERR01.LOG", "y/AMQERR01.LOG"]),
        (["x.zip!a/b.log", "y.zip!a/b.log"], ["x.zip/a/b.log", "y.zip/a/b.log"]),
        (["../a.log", "b/a.log", "B/A.log"], ["a.log", "b/a.log", "B/2-A.log"]),
        (["C:\\t\\a.FMT", "C:\\t\\b.FMT"], ["a.FMT", "b.FMT"]),
        (["/", "."], ["input", "2-input"]),
        (["/a", "/a/b"], ["a", "a/b"]),
        ([], []),
    ],
)
def test_copies_have_names_below_one_folder_never_the_same_twice(paths: list[str], names: list[str]) -> None:
    assert list(names_of_copies(paths).values()) == names


def test_only_names_that_two_share_keep_folders() -> None:
    names = short_names(["/a/x/AMQERR01.LOG", "/a/y/AMQERR01.LOG", "/b/c.log"])
    assert list(names.values()) == ["x/AMQERR01.LOG", "y/AMQERR01.LOG", "c.log"]

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich import cells

from mqtrace.pages.layout import beside_or_below, cell_len, columns, set_cell_size, shorten, wrap


@given(st.text(max_size=12), st.integers(-1, 15))
def test_cells_are_counted_as_rich_counts_them(text: str, total: int) -> None:
    assert cell_len(text) == cells.cell_len(text)
    assert set_cell_size(text, total) == cells.set_cell_size(text, total)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("/home/app/ssl/key.kdb", 12, ["/home/app/", "ssl/key.kdb"]),
        ("a /home/app/ssl", 9, ["a", "/home/", "app/ssl"]),
        ("漢字漢字", 4, ["漢字", "漢字"]),
        ("run it:   now", 9, ["run it:", "now"]),
        ("", 5, [""]),
    ],
)
def test_wraps_at_blanks_then_after_separators(text: str, width: int, lines: list[str]) -> None:
    assert [line.rstrip() for line in wrap(text, width)] == lines


def test_hanging_lines_are_shorter() -> None:
    assert wrap("aaaa bbbb cccc", 9, hanging=4) == ["aaaa bbbb", "cccc"]
    assert wrap("aaaa bbbb cc dd", 9, hanging=4) == ["aaaa bbbb", "cc dd"]


def test_long_text_loses_its_middle_and_says_so() -> None:
    short = shorten("/keys/" + "k" * 1000 + "/key.kdb", 60)
    assert short == "/keys/kkkkk ...(980 characters)... kkkkkkkkkkkkkkk/key.kdb"
    assert len(short) <= 60


def test_marks_without_width_are_cut_too() -> None:
    assert len(shorten("a" + "\u0301" * 10_000, 60)) < 100


def test_empty_column_is_left_out_and_words_stay_whole() -> None:
    rows = columns([("A", "B", "C"), ("one", "", "two three four")], 14, 3)
    assert rows == [["A    C"], ["one  two three", "     four"]]


def test_numbers_stand_at_the_right_of_their_column_and_a_cell_may_have_lines() -> None:
    rows = columns([("count", "what"), ("1", "one\ntwo three"), ("漢", "x")], 12, 3, ["count"])
    assert rows == [["count  what"], ["    1  one", "       two", "       three"], ["   漢  x"]]


def test_a_path_stands_below_a_row_that_leaves_no_room_for_it() -> None:
    assert beside_or_below(["AMQ9519", "goes on"], 10, "/log:7", 16) == ["AMQ9519   /log:7", "goes on"]
    assert beside_or_below(["AMQ9519", "goes on"], 10, "/logs:7", 16) == ["AMQ9519", "goes on", "    /logs:7"]

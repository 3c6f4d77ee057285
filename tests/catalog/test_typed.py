"""Entries of patterns/ read into structs, whose types are the schema."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from msgspec import Struct, field

from mqtrace.catalog.typed import Size, Spelling, read, read_as
from mqtrace.model import PatternError


class Place(Struct, frozen=True):
    name: str
    version: Annotated[int, Size(1, 9)] = 1


class Entry(Struct, frozen=True):
    id: Annotated[str, Spelling(r"[a-z]+", "a word in lower case")]
    basis: Literal["observed", "reported"]
    places: tuple[Place, ...] = ()
    words: Annotated[tuple[str, ...], Size(0, 2)] = ()
    inserts: Mapping[int, str] = field(default_factory=dict)
    literal: bytes = b""
    note: str | None = None
    secret: bool = False
    regex: re.Pattern[str] | None = None


LEAST = {"id": "one", "basis": "observed"}


def test_what_is_left_out_has_its_default() -> None:
    assert read(Entry, LEAST, "own.toml: one") == Entry("one", "observed")


def test_lists_tables_and_texts_become_what_the_types_say() -> None:
    more = {
        "places": [{"name": "a", "version": 2}],
        "words": ["x"],
        "inserts": {"3": "queue"},
        "literal": "é",
        "note": "n",
        "regex": "a+",
    }
    made = read(Entry, {**LEAST, **more}, "own.toml: one")
    assert made == Entry(
        "one", "observed", (Place("a", 2),), ("x",), {3: "queue"}, "é".encode(), "n", regex=re.compile("a+")
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"colour": "red"},
            "colour: is not a field; fields are id, basis, places, words, inserts, literal, note, secret, regex",
        ),
        ({"basis": "guessed"}, "basis: must be one of observed, reported, and is 'guessed'"),
        ({"basis": 5}, "basis: must be one of observed, reported, and is 5"),
        ({"id": "ONE"}, "id: must be a word in lower case, and is 'ONE'"),
        ({"id": 1}, "id: must be a text between quotes, and is 1"),
        (
            {"regex": 5},
            "regex: must be a regular expression, and is 5 (first argument must be string or compiled pattern)",
        ),
        (
            {"regex": "a("},
            "regex: must be a regular expression, and is 'a(' (missing ), unterminated subpattern at position 1)",
        ),
        ({"secret": 1}, "secret: must be true or false, and is 1"),
        ({"words": "x"}, 'words: must be a list, as ["...", "..."], and is \'x\''),
        ({"words": ["a", 2]}, "words: 2: must be a text between quotes, and is 2"),
        ({"words": ["a", "b", "c"]}, "words: must have 0 to 2 entries, and is ['a', 'b', 'c']"),
        ({"places": [{"name": "a", "version": 0}]}, "places: a: version: must be 1 to 9, and is 0"),
        ({"places": [{"name": "a", "version": True}]}, "places: a: version: must be a whole number, and is True"),
        ({"places": [{"version": 1}]}, "places: 1: name: is missing"),
        ({"places": ["a"]}, "places: 1: must be a table, as { name = ... }, and is 'a'"),
        ({"inserts": {"x": "y"}}, "inserts: x: must be a whole number, and is 'x'"),
        ({"inserts": []}, "inserts: must be a table, as { name = ... }, and is []"),
    ],
)
def test_what_does_not_fit_is_named_with_file_entry_field_and_what_is_expected(
    changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(PatternError) as error:
        read(Entry, {**LEAST, **changed}, "own.toml: one")
    assert str(error.value) == f"own.toml: one: {said}"


def test_a_missing_field_is_named() -> None:
    with pytest.raises(PatternError, match=r"^own\.toml: basis: is missing$"):
        read(Entry, {"id": "one"}, "own.toml")


def test_a_file_that_is_a_table_of_entries() -> None:
    assert read_as(Mapping[str, Place], {"c": {"name": "a"}}, "own.toml") == {"c": Place("a")}

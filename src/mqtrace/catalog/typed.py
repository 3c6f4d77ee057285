"""Entries of patterns/ read into structs: the types of the fields are the schema, for the loaders and for `mqtrace
patterns test`.

Known are texts (also as bytes), regular expressions, whole numbers, true and false, Literal, tuple[X, ...], Mapping,
X | None, other structs, and Annotated with Size, Spelling and DERIVED.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, StructMeta

from mqtrace.kept import compiled, toml
from mqtrace.model import PatternError

Built = TypeVar("Built")
_Reader = Callable[[Any], Any]
# What names an entry of a list in a message.
_NAMES = ("id", "name", "source", "fact")
_PLAIN = {str: "a text between quotes", bytes: "a text between quotes", int: "a whole number", bool: "true or false"}


class Size(Struct, frozen=True):
    """Least and most of a number, of the characters of a text, of the items of a list."""

    least: int
    most: int = 100_000


class Spelling(Struct, frozen=True):
    """A regular expression that a text matches as a whole, and the words for it."""

    regex: str
    words: str


# Of a field that follows from others: no file has it.
DERIVED = "derived"


FAMILIES = "network|settings|channel|tls|auth|object|qmgr"
Text = Annotated[str, Size(3), Spelling(r"(?s).*\S", "a text that does not end with a blank")]
Line = Annotated[str, Size(3, 140), Spelling(r"[^\n]*\S", "one line that does not end with a blank")]
Texts = Annotated[tuple[Text, ...], Size(1)]
CauseId = Annotated[str, Spelling(rf"({FAMILIES})\.[a-z0-9]+(-[a-z0-9]+)*", "the id of a cause, as network.refused")]
CauseFamily = Annotated[
    str, Spelling(rf"\*|({FAMILIES})\.(\*|[a-z0-9-]+)", "the id of a cause, a family as tls.*, or *")
]


class _Misfit(Exception):  # noqa: N818  (it never leaves this module)
    """A value that is not what the schema says: the way to it, and what was expected."""

    def __init__(self, expected: str, *place: str) -> None:
        super().__init__(expected)
        self.expected, self.place = expected, place

    def within(self, name: str) -> "_Misfit":
        return _Misfit(self.expected, name, *self.place)


def read(kind: type[Built], content: object, where: str) -> Built:
    """`content`, as tomllib gives it, as an instance of the struct `kind`.

    Raises PatternError with `where` (file and entry), the field, what is expected there and what stands there.
    """
    return read_as(kind, content, where)  # type: ignore[no-any-return]


def read_as(annotation: Any, content: object, where: str) -> Any:
    """The same for any type that is known here, as Mapping[str, Advice]."""
    try:
        return _reader(annotation)(content)
    except _Misfit as misfit:
        raise PatternError(": ".join((where, *misfit.place, misfit.expected))) from None


def toml_of(path: Path, where: str = "") -> dict[str, Any]:
    """A file's content. Raises PatternError, naming the file (as `where`), when it is unreadable or no valid TOML."""
    try:
        return toml(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise PatternError(f"{where or path.name}: cannot be read as a file of patterns: {error}") from error


@cache
def _reader(annotation: Any) -> _Reader:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _checked(_reader(arguments[0]), arguments[1:])
    if origin is Literal:
        return _one_of(arguments)
    if origin is tuple:
        return _list_of(_reader(arguments[0]))
    if origin in (Union, UnionType):
        return _reader(arguments[0])  # X | None: TOML has no word for None, the field is left out
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _table_of(None if arguments[0] is str else _reader(arguments[0]), _reader(arguments[1]))
    return _entry(annotation) if isinstance(annotation, StructMeta) else _plain(annotation)


def _plain(kind: Any) -> _Reader:
    if get_origin(kind) is re.Pattern:
        return _regex
    written = str if kind is bytes else kind

    def check(value: Any) -> Any:
        if type(value) is not written:
            raise _Misfit(f"must be {_PLAIN[kind]}, and is {value!r:.60}")
        return value.encode() if kind is bytes else value

    return check


def _regex(value: Any) -> re.Pattern[str]:
    try:
        return compiled(value)
    except (re.error, TypeError) as error:
        raise _Misfit(f"must be a regular expression, and is {value!r:.60} ({error})") from None


def _one_of(words: tuple[str, ...]) -> _Reader:
    def check(value: Any) -> Any:
        if not isinstance(value, str) or value not in words:
            raise _Misfit(f"must be one of {', '.join(filter(None, words))}, and is {value!r:.60}")
        return value

    return check


def _checked(read_value: _Reader, limits: tuple[Any, ...]) -> _Reader:
    spelled = {limit: compiled(limit.regex).fullmatch for limit in limits if isinstance(limit, Spelling)}

    def check(value: Any) -> Any:
        made = read_value(value)
        for limit in limits:
            if limit in spelled and not spelled[limit](value):
                raise _Misfit(f"must be {limit.words}, and is {value!r:.60}")
            if isinstance(limit, Size) and not limit.least <= (made if type(made) is int else len(made)) <= limit.most:
                raise _Misfit(f"must {_size(limit, made)}, and is {value!r:.60}")
        return made

    return check


def _size(limit: Size, made: Any) -> str:
    least_most = f"{limit.least} to {limit.most:,}"
    if isinstance(made, int):
        return f"be {least_most}"
    return f"have {least_most} {'entries' if isinstance(made, tuple) else 'characters'}"


def _list_of(read_item: _Reader) -> _Reader:
    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise _Misfit(f'must be a list, as ["...", "..."], and is {value!r:.60}')
        made = []
        for item in value:
            try:
                made.append(read_item(item))
            except _Misfit as misfit:
                raise misfit.within(_name(item, len(made) + 1)) from None
        return tuple(made)

    return check


def _name(item: object, number: int) -> str:
    """What a message calls an item of a list: its name, else its number."""
    if isinstance(item, dict):
        return next((item[name] for name in _NAMES if isinstance(item.get(name), str)), str(number))
    return str(number)


def _table_of(read_number: _Reader | None, read_value: _Reader) -> _Reader:
    """`read_number`: for a table whose names stand for numbers, since TOML has texts as names only."""

    def check(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _Misfit(f"must be a table, as {{ name = ... }}, and is {value!r:.60}")
        items = {name: _within(name, read_value, item) for name, item in value.items()}
        if read_number is None:
            return items
        return {_within(name, read_number, int(name) if name.isdecimal() else name): items[name] for name in items}

    return check


def _entry(kind: Any) -> _Reader:
    hints = get_type_hints(kind, include_extras=True)
    fields = kind.__struct_fields__
    readers = {name: _reader(hints[name]) for name in fields if DERIVED not in get_args(hints[name])}
    needed = fields[: len(fields) - len(kind.__struct_defaults__)]

    def check(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _Misfit(f"must be a table, as {{ name = ... }}, and is {value!r:.60}")
        unknown = value.keys() - readers.keys()
        if unknown:
            name = next(filter(unknown.__contains__, value))
            raise _Misfit(f"is not a field; fields are {', '.join(readers)}", name)
        for name in needed:
            if name not in value:
                raise _Misfit("is missing", name)
        return kind(**_items(value, readers))

    return check


def _items(value: dict[str, Any], readers: Mapping[str, _Reader]) -> dict[str, Any]:
    made = {}
    for name, item in value.items():
        try:
            made[name] = readers[name](item)
        except _Misfit as misfit:
            raise misfit.within(name) from None
    return made


def _within(name: str, read_value: _Reader, value: object) -> Any:
    try:
        return read_value(value)
    except _Misfit as misfit:
        raise misfit.within(name) from None

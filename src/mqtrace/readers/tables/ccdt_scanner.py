"""JSON with the place of every value, read as leniently as the C client's parser reads it.

The standard library's parser tells no places, and it stops at what MQ clients take: comments, texts in single quotes,
raw line ends in
texts, NULL, leading zeros, trailing commas, text after the end (tried with the C client 9.2.0).
"""

import json
import re
from collections.abc import Callable

from msgspec import Struct

from mqtrace.kept import compiled
from mqtrace.readers.tables.ccdt_table import Problems, shown

Scalar = str | int | float | bool | None
DEEPEST = 50
MOST_VALUES = 200_000
LONGEST_NUMBER = 100
LONGEST_TEXT = 65_536
BLANKS = compiled(r"(?:[ \t\r\n]++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_STRING = compiled(r'"[^"\\\x00]*+(?>(?:\\.[^"\\\x00]*+)*)"|' r"'[^'\\\x00]*+(?>(?:\\.[^'\\\x00]*+)*)'")
_CONTROL = compiled("[\x01-\x1f]")
_NUMBER = compiled(r"-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?")
_LEADING_ZERO = compiled(r"-?0\d")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_WORD = compiled("true|false|null", re.IGNORECASE)
_DECODER = json.JSONDecoder(strict=False)
_QUOTE = compiled(r'\\.|"')


class Node(Struct, frozen=True):
    """A value: a scalar, the items of a list or the members of an object (a key given twice keeps its last value).

    Attributes:
        value: the value.
        position: of its first character in the text.
        key_position: of its key in an object, else as position.
    """

    value: "Scalar | tuple[Node, ...] | dict[str, Node]"
    position: int
    key_position: int

    def get(self, *keys: str) -> "Node | None":
        """The value below these keys, None where one is missing or is no object."""
        node: Node | None = self
        for key in keys:
            node = node.value.get(key) if node is not None and isinstance(node.value, dict) else None
        return node

    @property
    def items(self) -> "tuple[Node, ...]":
        """Items of a list, none of anything else."""
        return self.value if isinstance(self.value, tuple) else ()


class _NotJsonError(Exception):
    """The text stops being JSON at `position`."""

    def __init__(self, position: int, text: str) -> None:
        super().__init__(text)
        self.position = position


class _TooLargeError(_NotJsonError):
    """It may be JSON, and is more of it than is read."""


def scan(text: str, problems: Problems) -> Node | None:
    """The value of the text; None when it is not JSON to the C client either.

    `problems` then says so, as it does of everything that the C client takes and the standard does not allow.
    """
    scanner = _Scanner(text, problems)
    try:
        node = scanner.value(0, None)
    except _TooLargeError as error:
        problems.add("too-large", error.position, f"{error}, so the table was not read")
        return None
    except _NotJsonError as error:
        problems.add("not-json", error.position, f"not valid JSON: {error}")
        return None
    scanner.skip_blanks()
    if scanner.position < len(text):
        problems.add("trailing-text", scanner.position, "text after the end of the table")
    return node


class _Scanner:
    def __init__(self, text: str, problems: Problems) -> None:
        self.text = text
        self.problems = problems
        self.position = 0
        self.values = 0

    def skip_blanks(self) -> str:
        """Moves behind blanks and comments and returns the next character, "" at the end."""
        blanks = BLANKS.match(self.text, self.position)
        if blanks and "/" in blanks[0]:
            comment = self.position + blanks[0].index("/")
            self.problems.add("comment", comment, "a comment, which JSON does not allow")
        self.position = blanks.end() if blanks else self.position
        return self.text[self.position : self.position + 1]

    def value(self, depth: int, key_position: int | None) -> Node:
        first = self.skip_blanks()
        start = self.position
        self.values += 1
        if depth > DEEPEST:
            raise _TooLargeError(start, f"more than {DEEPEST} levels deep")
        if self.values > MOST_VALUES:
            raise _TooLargeError(start, f"more than {MOST_VALUES} values")
        key_position = start if key_position is None else key_position
        if first == "{":
            return Node(self._members(depth), start, key_position)
        if first == "[":
            return Node(self._items(depth), start, key_position)
        return Node(self._string() if first in ('"', "'") else self._scalar(), start, key_position)

    def _members(self, depth: int) -> dict[str, Node]:
        members: dict[str, Node] = {}

        def member() -> None:
            key_position = self.position
            key = self._string()
            if key in members:
                text = f"the key {shown(key)} is given twice, and the last one counts"
                self.problems.add("duplicate-key", key_position, text)
            if self.skip_blanks() != ":":
                raise _NotJsonError(self.position, f"a colon is missing after the key {shown(key)}")
            self.position += 1
            members[key] = self.value(depth + 1, key_position)

        self._list("}", member)
        return members

    def _items(self, depth: int) -> tuple[Node, ...]:
        items: list[Node] = []
        self._list("]", lambda: items.append(self.value(depth + 1, None)))
        return tuple(items)

    def _list(self, close: str, one: Callable[[], None]) -> None:
        """Reads from an opening bracket to its closing one, calling `one` at each item."""
        self.position += 1
        comma = -1
        while (character := self.skip_blanks()) != close:
            if not character:
                raise _NotJsonError(self.position, f"the text ends where a {close} is missing")
            one()
            comma = -1
            if (following := self.skip_blanks()) == ",":
                comma = self.position
                self.position += 1
            elif following != close:
                raise _NotJsonError(self.position, f"a comma or {close} is missing")
        if comma >= 0:
            self.problems.add("trailing-comma", comma, f"a comma before {close}, which JSON does not allow")
        self.position += 1

    def _string(self) -> str:
        match = _STRING.match(self.text, self.position)
        if not match:
            raise _NotJsonError(self.position, "a text in quotes is missing or does not end")
        quoted = match[0]
        if len(quoted) > LONGEST_TEXT:
            raise _TooLargeError(self.position, f"a text of more than {LONGEST_TEXT} characters")
        if quoted[0] == "'":
            self.problems.add("single-quotes", self.position, "a text in single quotes, which JSON does not allow")
            quoted = f'"{_QUOTE.sub(_in_double_quotes, quoted[1:-1])}"'
        if _CONTROL.search(quoted):
            text = "a text with a line end or another control character in it, which JSON does not allow"
            self.problems.add("control-character", self.position, text)
        try:
            value = _DECODER.decode(quoted)
        except ValueError as error:
            raise _NotJsonError(self.position, "a text holds an escape that JSON does not know") from error
        self.position = match.end()
        return str(value)

    def _scalar(self) -> Scalar:
        if word := _WORD.match(self.text, self.position):
            if word[0] not in _WORDS:
                self.problems.add("capital-word", self.position, f"{word[0]}, which JSON writes in small letters")
            self.position = word.end()
            return _WORDS[word[0].lower()]
        number = _NUMBER.match(self.text, self.position)
        if not number or len(number[0]) > LONGEST_NUMBER:
            before = shown(self.text[self.position : self.position + 20])
            raise _NotJsonError(self.position, f"a value is missing before {before}")
        if _LEADING_ZERO.match(number[0]):
            self.problems.add("leading-zero", self.position, f"the number {number[0]} begins with 0")
        self.position = number.end()
        return int(number[0]) if number[0].lstrip("-").isdigit() else float(number[0])


def _in_double_quotes(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("\\") else '\\"'

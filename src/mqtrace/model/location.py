"""Where something was seen."""

from msgspec import Struct


class Location(Struct, frozen=True):
    """A place in an input. Everything a user reads leads back to one.

    Attributes:
        source: display name of the input: its path, and for an entry of an archive the path inside it after a "!".
        line: line number, from 1 (0 for an input that has no lines).
        offset: byte offset of the line in the unpacked input, from 0; of a trace in several files it counts through
            all of them.
        length: length in bytes.
    """

    source: str
    line: int
    offset: int = 0
    length: int = 0


class Evidence(Struct, frozen=True):
    """A line shown as proof.

    Attributes:
        location: where it stands.
        text: the line, or the part of it that proves, secrets masked.
    """

    location: Location
    text: str

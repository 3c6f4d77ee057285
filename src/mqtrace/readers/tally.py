"""What a reader counts while it reads."""

from msgspec import Struct

from mqtrace.model import Unread


class Tally(Struct):
    """Counts of one input, filled in while a reader is iterated.

    Attributes:
        size: bytes read.
        lines: lines read.
        records: of a log every entry, of a trace the lines that the prefilter selected.
        unparsed: lines (of a log: entries) that could not be understood; they are kept as text.
        unread: parts of the input that were passed over, as they were not asked for.
    """

    size: int = 0
    lines: int = 0
    records: int = 0
    unparsed: int = 0
    unread: tuple[Unread, ...] = ()

    def add(self, other: "Tally") -> None:
        """Counts what another has counted, too."""
        self.size += other.size
        self.lines += other.lines
        self.records += other.records
        self.unparsed += other.unparsed

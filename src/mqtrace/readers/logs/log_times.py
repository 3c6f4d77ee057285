"""When the entries of a log were written, at any place of it, without reading what stands before."""

from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial

from mqtrace.kept import compiled
from mqtrace.readers.logs.text_scan import TextScan, texts
from mqtrace.readers.tally import Tally

# A header is within these bytes.
HEADER = 4096
# Footers behind which a header is looked for.
FOOTERS = 50
FOOTER = b"\n-----"
_RECORD = compiled(rb'\n(?=\{"[^\n]{0,4000}?"ibm_datetime" ?: ?"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)")')
TEXT = "readers.logs.errorlog_text"
# Local time in autumn, which a log can be too quiet to show in the places that are looked at.
SET_BACK = timedelta(hours=1)
Clock = Callable[[bytes | bytearray, int], tuple[int, str] | None]


def clock_of(home: str) -> Clock | None:
    """What finds the first entry behind a place in some bytes, and when it was written: UTC where it tells that (with a
    "Z"), else local time. None for logs that are only read from their begin. `home`: the module of the reader."""
    if home == TEXT:
        return partial(_first_header, TextScan("", Tally()))
    return _first_record if home == "readers.logs.errorlog_json" else None


def out_of_step(home: str, head: bytes) -> tuple[timedelta, timedelta]:
    """How much earlier, and later, the time of an entry can be than those of the entries around it: local time, which
    is that of old logs, goes back in autumn; of an entry that was cut before its UTC it is all that is known."""
    if home != TEXT:
        return timedelta(), timedelta()
    entries = TextScan("", Tally()).entries(texts([head]))
    both = ((each.when, each.utc) for each in (entry.full() for entry in entries))
    ahead = next((when.replace(tzinfo=UTC) - utc for when, utc in both if when and utc), timedelta())
    return SET_BACK + max(-ahead, timedelta()), SET_BACK + max(ahead, timedelta())


def _first_header(scan: TextScan, window: bytes | bytearray, place: int) -> tuple[int, str] | None:
    """The first undamaged entry, behind the footer of the one before; a day that is not certain makes no time."""
    footer = window.find(FOOTER, place)
    for _ in range(FOOTERS):
        begin = window.find(b"\n", footer + 1) + 1
        if footer < 0 or not begin:
            break
        header = scan.header(window[begin : begin + HEADER].decode("utf-8", "replace"), 0)
        if header:
            day, clock = header[1]
            return begin, f"{day}T{clock}"
        footer = window.find(FOOTER, begin - 1)
    return None


def _first_record(window: bytes | bytearray, place: int) -> tuple[int, str] | None:
    found = _RECORD.search(window, place)
    return (found.end(), found[1].decode()) if found else None

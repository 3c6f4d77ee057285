"""When the entries of a log were written, at any place of it, without reading what stands before."""

from collections.abc import Callable
from functools import partial

from mqtrace.kept import compiled
from mqtrace.readers.logs.text_scan import TextScan
from mqtrace.readers.tally import Tally

# A header is within these bytes.
HEADER = 4096
# Footers behind which a header is looked for.
FOOTERS = 50
FOOTER = b"\n-----"
_RECORD = compiled(rb'\n(?=\{"[^\n]{0,4000}?"ibm_datetime" ?: ?"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)")')
Clock = Callable[[bytes | bytearray, int], tuple[int, str] | None]


def clock_of(home: str) -> Clock | None:
    """What finds the first entry behind a place in some bytes, and when it was written: UTC where it tells that (with a
    "Z"), else local time. None for logs that are only read from their begin. `home`: the module of the reader."""
    if home == "readers.logs.errorlog_text":
        return partial(_first_header, TextScan("", Tally()))
    return _first_record if home == "readers.logs.errorlog_json" else None


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

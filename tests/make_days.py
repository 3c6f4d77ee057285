"""Makes a trace or log of several days from a short sample: the same again and again, at other times.

SYNTHETIC in that: the lines are those of the sample but for their times, and between the copies stand lines that say
nothing.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

_CLOCK = re.compile(rb"^([ *]?(?:[0-9A-Fa-f]{4,16} +)?)(\d\d:\d\d:\d\d\.\d{6})( +\d+\.)(\d+)", re.MULTILINE)
_DATED = re.compile(rb"^(\[)(\d\d/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3})(\.[0-9A-Z]{2}\] +)([0-9A-F]{8})", re.MULTILINE)
_ENTRY = re.compile(
    rb"^()(\d\d/\d\d/\d\d \d\d:\d\d:\d\d)(?= - Process)|^( +Time\()(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)", re.MULTILINE
)
_RECORD = re.compile(rb'()()("ibm_datetime":")(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)')
FILLER = 30
THREADS = 0x100


def days_of_trace(sample: bytes, day: datetime, starts: Sequence[timedelta], *, filler: int = FILLER) -> bytes:
    """A trace of C or .NET: its header once, its lines once for each start, which is told from the sample's own begin,
    by threads of their own.

    `day`: the date of the sample. Midnight is where the time of day begins anew.
    """
    first = _CLOCK.search(sample)
    assert first is not None
    header, body = sample[: first.start()], sample[first.start() :]
    begin = datetime.combine(day, datetime.strptime(first[2].decode(), "%H:%M:%S.%f").time())

    def shifted(by: timedelta) -> bytes:
        def moved(found: re.Match[bytes]) -> bytes:
            when = datetime.combine(day, datetime.strptime(found[2].decode(), "%H:%M:%S.%f").time()) + by
            thread = int(found[4]) + starts.index(by) * THREADS
            return found[1] + f"{when:%H:%M:%S.%f}".encode() + found[3] + str(thread).encode()

        return _CLOCK.sub(moved, body)

    def quiet(since: timedelta, until: timedelta) -> bytes:
        moments = [begin + since + (until - since) * (at + 1) / (filler + 1) for at in range(filler)]
        return b"".join(f"{when:%H:%M:%S.%f}   4711.99            nothing of note\n".encode() for when in moments)

    return header + _parts(starts, shifted, quiet)


def days_of_java(sample: bytes, starts: Sequence[timedelta], *, filler: int = FILLER) -> bytes:
    """The same of a trace of Java, whose lines have a date each."""
    first = _DATED.search(sample)
    assert first is not None
    form = "%d/%m/%y %H:%M:%S.%f"
    begin = datetime.strptime(first[2].decode(), form)

    def shifted(by: timedelta) -> bytes:
        def moved(found: re.Match[bytes]) -> bytes:
            thread = int(found[4], 16) + starts.index(by) * THREADS
            when = datetime.strptime(found[2].decode(), form) + by
            return b"[" + f"{when:{form}}"[:-3].encode() + found[3] + b"%08X" % thread

        return _DATED.sub(moved, sample[first.start() :])

    def quiet(since: timedelta, until: timedelta) -> bytes:
        moments = [begin + since + (until - since) * (at + 1) / (filler + 1) for at in range(filler)]
        return b"".join(
            f"[{when:{form}}"[:-3].encode() + b".00]  00000063 c.i.mq.X      nothing of note\n" for when in moments
        )

    return sample[: first.start()] + _parts(starts, shifted, quiet)


def days_of_log(sample: bytes, starts: Sequence[timedelta]) -> bytes:
    """The entries of a log in text or JSON again and again, at other times."""

    def shifted(by: timedelta) -> bytes:
        def moved(found: re.Match[bytes]) -> bytes:
            if found[2]:
                return f"{datetime.strptime(found[2].decode(), '%m/%d/%y %H:%M:%S') + by:%m/%d/%y %H:%M:%S}".encode()
            return found[3] + f"{datetime.fromisoformat(found[4].decode()) + by:%Y-%m-%dT%H:%M:%S}".encode()

        return (_RECORD if sample.startswith(b"{") else _ENTRY).sub(moved, sample)

    return b"".join(map(shifted, starts))


def _parts(
    starts: Sequence[timedelta],
    shifted: Callable[[timedelta], bytes],
    quiet: Callable[[timedelta, timedelta], bytes],
) -> bytes:
    found = [shifted(starts[0])]
    for before, start in pairwise(starts):
        found += [quiet(before + timedelta(minutes=10), start), shifted(start)]
    return b"".join(found)

"""All files that are followed: which there are, how they grow, and reading what they grew by."""

import os
import time
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path

from mqtrace.following.growth import Growth, Identity, Remembered, identity_of, status_of
from mqtrace.following.logs import LogReading
from mqtrace.following.places import Places
from mqtrace.following.traces import TraceReading
from mqtrace.following.troubles import Troubles
from mqtrace.formats import NOT_FORMATTED, Format, Head, format_of
from mqtrace.gathering import Finders
from mqtrace.inputs import HEAD_SIZE, Source
from mqtrace.inputs.failures import sentence_of
from mqtrace.inputs.packing import HEAD_FOR_MAGIC, packing_of
from mqtrace.parts import out_of_objects

Reading = TraceReading | LogReading

# Seconds between two looks at folders nobody told a change of, and that a file without a name is read on.
WALKS = 1.0
LINGERS = 10.0
# A look takes at most this share of the time.
_SHARE = 0.02
# What was written to within the last hour is read at once, so that its settings are known when it grows; what is
# small, since it may be configuration; anything else when it grows.
_RECENT = 3600.0
_SMALL = 64 * 1024
# Seconds of reading after which the other files are looked at again.
_PATIENCE = 0.2
# Seconds without growth after which a file is closed; after which, beyond so many of them, what it said is forgotten.
_CLOSED, _RESTED, _RESTING = 60.0, 600.0, 100
# Files that are open at once.
_HELD = 200
# How many files that are gone, or were cut, are known again.
_GONE = 1000
_FOLLOWED = ("trace", "log")
_CONFIGURATION = ("configuration", "key-store")
_RECODED = "it is not in ASCII or UTF-8, which cannot be followed; give it to   mqtrace diagnose"


@dataclass(slots=True)
class Followed:
    """A file that is followed.

    Attributes:
        growth: how it grows.
        past: offset before which all is past.
        is_wanted: whether the past is to be told too.
        is_eager: whether it is looked into before it grows.
        is_new: whether it may be a copy of what was read already.
        kind: what it is, as far as its first bytes tell.
        sniffed: how many bytes were there when that was asked.
        reading: what reads it.
        is_past_told: whether what is told now is no longer of the past.
        stamp: when it was written last, as the system tells.
        error: why it cannot be read now.
    """

    growth: Growth
    past: int = 0
    is_wanted: bool = False
    is_eager: bool = False
    is_new: bool = False
    kind: Format | None = None
    sniffed: int = 0
    reading: Reading | None = None
    is_past_told: bool = False
    stamp: int = 0
    error: str = ""

    def forget(self) -> None:
        """Lets go of what it said: it is read again, as the past, when it grows."""
        self.reading, self.past, self.is_past_told = None, self.growth.known.offset, False
        self.is_wanted = self.is_eager = False

    def begin_again(self, now: float, size: int) -> None:
        """Takes it as a new file."""
        self.growth.begin_again(now, size)
        self.forget()
        self.is_new, self.kind, self.sniffed = True, None, 0

    def pending(self, now: float) -> int:
        """Bytes that are to be read."""
        settled = self.growth.settled(now)
        if self.reading is not None:
            return settled - self.reading.offset
        if settled < self.growth.awaited or (self.sniffed and not self.may_be_other(settled)):
            return 0
        return settled if self.is_eager or settled > self.growth.known.offset else 0

    def may_be_other(self, settled: int) -> bool:
        """Whether so many more bytes of its beginning are there that it may be known for something else now."""
        return self.sniffed < HEAD_SIZE and settled >= 2 * self.sniffed

    @property
    def is_catching_up(self) -> bool:
        """Whether its past is to be told, and is not read yet."""
        return self.is_wanted and not self.is_past_told and (self.is_eager or self.reading is not None)

    @property
    def is_followed(self) -> bool:
        """Whether it is a trace or a log."""
        return self.kind is not None and self.kind.role in _FOLLOWED


class Files:
    """The files below some paths.

    Attributes:
        is_behind: whether there is more to read at once.
    """

    def __init__(self, paths: Sequence[Path | str], finders: Finders, troubles: Troubles, *, past: bool) -> None:
        """`past`: whether what was written before is to be told too."""
        self._places, self._finders, self._troubles = Places(paths, troubles), finders, troubles
        self._past = past
        self._files: dict[Identity, Followed] = {}
        self._gone: dict[Identity, Followed] = {}
        self._known: deque[Remembered] = deque(maxlen=_GONE)
        self._next_walk = self._next_look = float("-inf")
        self._is_first = True
        self._was_cut_short = False
        self.is_behind = False

    def __iter__(self) -> Iterator[Followed]:
        return iter(self._files.values())

    # ------------------------------------------------------------ which there are

    def look(self, now: float) -> None:
        """Looks how the files have grown, and which came and went."""
        if now < self._next_look:
            return
        began = time.monotonic()
        moved = [each for each in self if not self._look_at(each, now)]
        if moved or now >= self._next_walk or self._places.are_changed():
            self._walk(now)
        self._next_look = now + (time.monotonic() - began) / _SHARE
        self._troubles.now("files", {each.growth.name: each.error for each in self if each.error})

    def _look_at(self, followed: Followed, now: float) -> bool:
        """Whether the file is still where it was."""
        growth = followed.growth
        status = status_of(growth.path)
        is_there = status is not None and identity_of(growth.path, status) == growth.identity
        size = growth.size
        if status is not None and is_there:
            size, followed.stamp = status.st_size, status.st_mtime_ns
        elif growth.is_held:
            size = growth.held_size()
        if not growth.look(size, now):
            self._begin_again(followed, now, size)
        return is_there or not growth.is_there

    def _walk(self, now: float) -> None:
        began = time.monotonic()
        found = set()
        for path, status in self._places.files():
            identity = identity_of(path, status)
            found.add(identity)
            followed = self._files.get(identity) or self._come(path, identity, status, now)
            followed.growth.path, followed.growth.is_there = path, True
        for identity, followed in list(self._files.items()):
            growth = followed.growth
            growth.is_there = identity in found
            if not growth.is_there and not (growth.is_held and now - growth.changed < LINGERS):
                self._leave(identity)
        self._rest(now)
        self._is_first = False
        self._next_walk = now + max(WALKS, (time.monotonic() - began) / _SHARE)

    def _come(self, path: str, identity: Identity, status: os.stat_result, now: float) -> Followed:
        """A file that was not there, or not yet."""
        followed = self._gone.pop(identity, None)
        if followed is None:
            followed = Followed(Growth(path, identity), is_new=not self._is_first)
        self._files[identity] = followed
        growth = followed.growth
        growth.path = path
        if not growth.look(status.st_size, now):
            self._begin_again(followed, now, status.st_size)
        followed.stamp = status.st_mtime_ns
        if self._is_first:
            self._take_as_past(followed, time.time() - status.st_mtime)
        return followed

    def _take_as_past(self, followed: Followed, age: float) -> None:
        """What stands in a file that was there from the first."""
        growth = followed.growth
        growth.settle_at_once()
        followed.is_wanted = self._past
        followed.is_eager = self._past or age < _RECENT or growth.size <= _SMALL
        try:
            followed.past = growth.end_of_line(0, growth.size)
            if not self._past:
                growth.know(followed.past)
        except OSError as error:
            followed.error = sentence_of(error)
        finally:
            growth.close()

    def _leave(self, identity: Identity) -> None:
        followed = self._files.pop(identity)
        followed.growth.close()
        followed.forget()
        self._gone[identity] = followed
        if len(self._gone) > _GONE:
            del self._gone[next(iter(self._gone))]

    def _begin_again(self, followed: Followed, now: float, size: int) -> None:
        if followed.growth.known.offset:
            self._known.append(followed.growth.known)
        followed.begin_again(now, size)

    def _rest(self, now: float) -> None:
        """Closes files that do not grow, and lets go of what those said that have not grown for long."""
        held = sorted((each.growth for each in self if each.growth.is_held), key=lambda growth: growth.changed)
        for growth in held:
            if now - growth.changed > _CLOSED:
                growth.close()
        for growth in held[: max(0, len(held) - _HELD)]:
            growth.close()
        resting = [each for each in self if each.reading and now - each.growth.changed > _RESTED]
        for followed in sorted(resting, key=lambda each: each.growth.changed)[: max(0, len(resting) - _RESTING)]:
            followed.forget()

    # ------------------------------------------------------------ what they grew by

    def read(self, now: float) -> None:
        """Reads what the files grew by, a slice of each; those with the least first, so that nobody waits for a large
        one."""
        deadline = time.monotonic() + _PATIENCE
        pending = sorted((each.pending(now), number) for number, each in enumerate(self))
        files = list(self)
        waiting = [files[number] for size, number in pending if size > 0]
        if self._was_cut_short:
            waiting.insert(0, waiting.pop())
        self._was_cut_short = False
        self.is_behind = False
        for number, followed in enumerate(waiting, 1):
            self._read(followed, now)
            self._was_cut_short = time.monotonic() > deadline and number < len(waiting)
            if self._was_cut_short:
                break

    def _read(self, followed: Followed, now: float) -> None:
        growth = followed.growth
        try:
            if not growth.is_as_before():
                self._begin_again(followed, now, growth.size)
                return
            followed.error = ""
            if self._is_readable(followed, now):
                self._read_on(followed, now)
        except FileNotFoundError:
            growth.close()  # looking at the folder tells what became of it
        except OSError as error:
            growth.close()
            followed.error = sentence_of(error)
            followed.forget()
        growth.let_go()

    def _is_readable(self, followed: Followed, now: float) -> bool:
        """Whether it is a trace or a log, and not a copy of which nothing is new."""
        settled = followed.growth.settled(now)
        if followed.is_new and not self._is_news(followed):
            return False
        if followed.reading is None or followed.may_be_other(settled):
            self._sniff(followed, settled)
        if not followed.is_followed:
            followed.growth.close()
        return followed.is_followed

    def _is_news(self, followed: Followed) -> bool:
        growth = followed.growth
        others = (each.growth.known for each in chain(self, self._gone.values()) if each is not followed)
        origin = growth.continues(chain(others, self._known))
        growth.awaited = origin.offset if origin else 0
        if origin and growth.size < origin.offset:
            growth.close()
            return False
        if origin:
            growth.known = origin
            followed.past = origin.offset
        followed.is_new = False
        return True

    def _sniff(self, followed: Followed, settled: int) -> None:
        """Asks what it is; where that is something else than before, it is read from the begin."""
        growth = followed.growth
        head = growth.read(0, min(settled, HEAD_SIZE))
        kind = None
        if packing_of(head[:HEAD_FOR_MAGIC]) is None:
            kind = format_of(out_of_objects(Source(growth.name, BytesIO(head), len(head)), head).head(), growth.name)
        followed.sniffed, followed.is_eager = len(head), False
        if kind is NOT_FORMATTED:
            self._troubles.note(growth.name, kind.note)
        elif kind and kind.role in _FOLLOWED and Head(head).text not in head:
            self._troubles.note(growth.name, _RECODED)
            kind = None
        if kind != followed.kind and followed.reading is not None:
            followed.forget()
        followed.kind = kind
        if followed.reading is None and followed.is_followed:
            followed.reading = self._reading(followed)

    def _reading(self, followed: Followed) -> Reading:
        assert followed.kind is not None
        if followed.kind.role == "trace":
            return TraceReading(followed.kind, followed.growth, self._finders)
        return LogReading(followed.kind, followed.growth, whole=followed.is_wanted)

    def _read_on(self, followed: Followed, now: float) -> None:
        growth, reading = followed.growth, followed.reading
        assert reading is not None
        settled = growth.settled(now)
        limit = followed.past if reading.offset < followed.past else settled
        until = growth.end_of_line(reading.offset, limit)
        if until > reading.offset:
            reading.read(until)
            growth.know(reading.offset)
            self.is_behind = self.is_behind or reading.offset < growth.settled(now) - _SMALL

    # ------------------------------------------------------------ what is asked of them

    def configuration(self) -> dict[str, Hashable]:
        """The files of configuration that are there, and what changes when one of them does."""
        return {
            each.growth.path: (each.growth.identity, each.growth.size, each.stamp)
            for each in self
            if each.kind is not None and each.kind.role in _CONFIGURATION and each.growth.is_there
        }

    def followed(self) -> list[Followed]:
        """The traces and logs."""
        return [each for each in self if each.is_followed]

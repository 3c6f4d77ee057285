"""All files that are followed: which there are, how they grow, and reading what they grew by."""

import os
import time
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from mqtrace.evidence.conversations import Conversation
from mqtrace.following.followed import Followed
from mqtrace.following.growth import Growth, Identity, Remembered, identity_of, status_of
from mqtrace.following.places import Places
from mqtrace.following.troubles import Troubles
from mqtrace.gathering import Finders
from mqtrace.inputs.failures import sentence_of
from mqtrace.model import Connection
from mqtrace.model.errors import fault_words

# Seconds between two looks at folders of which no change is seen, and that a file without a name is read on.
WALKS = 2.0
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
# Files that are open at once, and those that are gone, or were cut, and are known again.
_HELD = 200
_GONE = 1000


class Files:
    """The files below some paths.

    Attributes:
        active: traces and logs of which something may be told.
        is_behind: whether there is more to read at once.
        configuration: the files of configuration, each with what changes when it does.
    """

    def __init__(self, paths: Sequence[Path | str], finders: Finders, troubles: Troubles, *, past: bool) -> None:
        """`past`: whether what was written before is to be told too."""
        self._places, self._finders, self._troubles = Places(paths, troubles), finders, troubles
        self._past = past
        self._files: dict[Identity, Followed] = {}
        self._gone: dict[Identity, Followed] = {}
        self._known: deque[Remembered] = deque(maxlen=_GONE)
        # Those that have grown, and are not read to their end.
        self._growing: dict[Followed, None] = {}
        self._wrong: dict[Followed, None] = {}
        self._next_walk = self._next_look = float("-inf")
        self._is_first = True
        self._was_cut_short = False
        self.active: dict[Followed, None] = {}
        self.is_behind = False
        self.configuration: dict[str, Hashable] = {}

    def __iter__(self) -> Iterator[Followed]:
        return iter(self._files.values())

    @property
    def is_catching_up(self) -> bool:
        """Whether the past is to be told, and not all of it is read yet."""
        self._past = self._past and any(each.is_catching_up for each in self)
        return self._past

    # ------------------------------------------------------------ which there are

    def look(self, now: float) -> None:
        """Looks how the files have grown, and which came and went."""
        if now < self._next_look:
            return
        began = time.process_time()
        moved = [each for each in list(self) if not self._look_at(each, now)]
        if moved or now >= self._next_walk or self._places.are_changed():
            self._walk(now)
        self._next_look = now + (time.process_time() - began) / _SHARE

    def _look_at(self, followed: Followed, now: float) -> bool:
        """Whether the file is still where it was, if it was there."""
        growth = followed.growth
        status = status_of(growth.path)
        if status is None or identity_of(growth.path, status) != growth.identity:
            if growth.held_size() != growth.size:
                self._grown(followed, growth.held_size(), now)
            return not growth.is_there
        if status.st_size != growth.size or status.st_mtime_ns != followed.stamp:
            followed.stamp = status.st_mtime_ns
            self._grown(followed, status.st_size, now)
        return True

    def _grown(self, followed: Followed, size: int, now: float) -> None:
        """Takes note of the size of a file that was written to."""
        if not followed.growth.look(size, now):
            self._begin_again(followed, now, size)
        self._growing[followed] = None
        if followed.is_configuration:
            self._see_configuration()

    def _walk(self, now: float) -> None:
        began = time.process_time()
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
        self._see_configuration()
        self._is_first = False
        self._next_walk = now + max(WALKS, (time.process_time() - began) / _SHARE)

    def _come(self, path: str, identity: Identity, status: os.stat_result, now: float) -> Followed:
        """A file that was not there, or not yet."""
        followed = self._gone.pop(identity, None) or Followed(Growth(path, identity), is_new=not self._is_first)
        self._files[identity] = followed
        followed.growth.path, followed.stamp = path, status.st_mtime_ns
        self._grown(followed, status.st_size, now)
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
            self._fails(followed, sentence_of(error))
            followed.past = growth.size
        finally:
            growth.close()

    def _leave(self, identity: Identity) -> None:
        followed = self._files.pop(identity)
        for those in (self._growing, self._wrong, self.active):
            those.pop(followed, None)
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
        beyond = len(held) - _HELD
        for number, growth in enumerate(held):
            if number < beyond or now - growth.changed > _CLOSED:
                growth.close()
        resting = [each for each in self if each.reading and now - each.growth.changed > _RESTED]
        for followed in sorted(resting, key=lambda each: each.growth.changed)[: max(0, len(resting) - _RESTING)]:
            followed.forget()

    def _see_configuration(self) -> None:
        self.configuration = {
            each.growth.path: (each.growth.identity, each.growth.size, each.stamp)
            for each in self
            if each.is_configuration
        }

    # ------------------------------------------------------------ what they grew by

    def read(self, now: float) -> None:
        """Reads what the files grew by, a slice of each; those with the least first, so that nobody waits for a large
        one."""
        deadline = time.monotonic() + _PATIENCE
        waiting = sorted(self._growing, key=lambda each: each.pending(now))
        if self._was_cut_short and waiting:
            waiting.insert(0, waiting.pop())
        self._was_cut_short = self.is_behind = False
        for followed in waiting:
            if time.monotonic() > deadline:
                self._was_cut_short = self.is_behind = True
                break
            self._read(followed, now)
        self._troubles.now("files", {each.growth.name: each.error for each in self._wrong})

    def _read(self, followed: Followed, now: float) -> None:
        growth = followed.growth
        is_read = True
        try:
            if followed.pending(now) <= 0:
                is_read = False
            elif not growth.is_as_before():
                self._begin_again(followed, now, growth.size)
            else:
                is_read = self._read_on(followed, now)
            if is_read:
                self._wrong.pop(followed, None)
        except FileNotFoundError:
            growth.close()  # looking at the folder tells what became of it
        except OSError as error:
            self._fails(followed, sentence_of(error))
        except Exception as fault:  # noqa: BLE001  (a fault of a reader costs its file, never the others)
            self._fails(followed, fault_words(fault))
            followed.give_up()
        growth.let_go()
        if not is_read and growth.is_settled(now):
            del self._growing[followed]

    def _read_on(self, followed: Followed, now: float) -> bool:
        """Whether there was anything to read."""
        if followed.is_new:
            others = (each.growth.known for each in chain(self, self._gone.values()) if each is not followed)
            if not followed.is_news(chain(others, self._known)):
                followed.growth.close()
                return False
        kind = followed.kind
        is_read = followed.read_on(now, self._finders, self._troubles)
        if followed.kind is not kind:
            self._see_configuration()
        if followed.reading is not None:
            self.active[followed] = None
            self.is_behind = self.is_behind or followed.pending(now) > _SMALL
        return is_read

    def _fails(self, followed: Followed, why: str) -> None:
        followed.growth.close()
        followed.error = why
        followed.forget()
        self._wrong[followed] = None

    def ended(self, now: float) -> Iterator[tuple[Followed, bool, Connection | Conversation]]:
        """The connections of traces and the events of logs that have ended, each with its file, and whether it is of
        its past."""
        for followed in list(self.active):
            reading = followed.reading
            if reading is not None and reading.offset < followed.past:
                continue
            is_past = followed.past > 0 and not followed.is_past_told
            try:
                for each in reading.ended(now, all_failed=is_past) if reading else ():
                    yield followed, is_past, each
            except Exception as fault:  # noqa: BLE001  (as above)
                self._fails(followed, fault_words(fault))
                followed.give_up()
            followed.is_past_told = True
            if reading is None or not reading.is_waiting:
                del self.active[followed]

    def followed(self) -> list[Followed]:
        """The traces and logs."""
        return [each for each in self if each.is_followed]

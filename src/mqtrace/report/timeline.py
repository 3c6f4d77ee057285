"""The moments of a connection as a picture: lanes, phases and numbered marks on an axis of time."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from msgspec import Struct

from mqtrace.report.moments import CourseMoment, Kind

WIDTH = 960
_LEFT, _RIGHT, _TOP, _LANE = 150, 24, 34, 46
_RADIUS, _GAP = 10, 23
_STEPS_OF_AXIS = (1, 2, 5)
# A label in a phase needs about so many units a letter.
_LETTER = 6.4
_TICKS = 7


class Mark(Struct, frozen=True):
    """A numbered circle: where it is drawn, and where on the axis it belongs."""

    number: int
    x: float
    true_x: float
    y: float
    kind: Kind


class Bar(Struct, frozen=True):
    """A phase: where it begins, how wide it is, its name, and whether the name fits into it."""

    phase: str
    x: float
    width: float
    is_labelled: bool


class Timeline(Struct, frozen=True):
    """A picture, in units of its own; WIDTH wide.

    Attributes:
        height: of the whole.
        lanes: name and height of each; the first is that of the phases.
        bars: the phases, in order.
        ticks: place and words of each mark of the axis.
        marks: one a moment, numbered from 1.
        delays: how long after the first moment each one is, in words.
    """

    height: int
    lanes: tuple[tuple[str, float], ...]
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    delays: tuple[str, ...]


def timeline(moments: Sequence[CourseMoment]) -> Timeline | None:
    """The picture; None for fewer than two moments, which have no course."""
    if len(moments) < 2:
        return None
    begin, end = moments[0].seconds, moments[-1].seconds
    span = max(end - begin, 1e-6)
    room = WIDTH - _LEFT - _RIGHT

    def place(seconds: float) -> float:
        return _LEFT + (seconds - begin) / span * room

    xs = [place(moment.seconds) for moment in moments]
    names = list(dict.fromkeys(moment.lane for moment in moments))
    heights = {name: _TOP + _LANE * (number + 1.5) for number, name in enumerate(names)}
    return Timeline(
        _TOP + _LANE * (len(names) + 1) + 4,
        (("phase", _TOP + _LANE / 2), *heights.items()),
        tuple(_bars(moments, place)),
        tuple((place(begin + delay), delay_words(delay, span)) for delay in _ticks(span)),
        tuple(_marks(moments, xs, heights)),
        tuple(delay_words(moment.seconds - begin, span) for moment in moments),
    )


def delay_words(seconds: float, span: float) -> str:
    """ "+12.3 ms", with as many digits as tell moments of a course of `span` seconds apart."""
    if span < 0.01:
        return f"+{seconds * 1e6:,.0f} µs"
    if span < 2:
        return f"+{seconds * 1e3:,.1f} ms"
    return f"+{seconds:,.1f} s" if span < 600 else f"+{seconds:,.0f} s"


def _ticks(span: float) -> list[float]:
    """Round delays, at most seven of them."""
    power = 1e-6
    while True:
        for step in _STEPS_OF_AXIS:
            if span / (step * power) <= _TICKS:
                return [number * step * power for number in range(int(span / (step * power)) + 1)]
        power *= 10


def _bars(moments: Sequence[CourseMoment], place: Callable[[float], float]) -> list[Bar]:
    xs = [place(moment.seconds) for moment in moments]
    begins = [number for number, moment in enumerate(moments) if moment.phase]
    bars: list[Bar] = []
    for number, following in pairwise([*begins, len(moments) - 1]):
        phase, x, until = moments[number].phase, xs[number], xs[following]
        if phase is None or phase == "connected":
            continue
        last = moments[number].until
        if last is not None and following + 1 == len(moments):
            # What came behind is not seen.
            until = min(until, place(last))
        if bars and bars[-1].phase == phase and abs(bars[-1].x + bars[-1].width - x) < 0.5:
            x = bars.pop().x
        width = max(until - x, 1.0)
        bars.append(Bar(phase, x, width, len(phase) * _LETTER < width))
    return bars


def _marks(moments: Sequence[CourseMoment], xs: Sequence[float], heights: dict[str, float]) -> list[Mark]:
    """Marks of one lane do not lie on each other: each is moved as little as that takes."""
    places = list(xs)
    for lane in heights:
        members = [number for number, moment in enumerate(moments) if moment.lane == lane]
        for number, x in zip(members, _apart([xs[number] for number in members]), strict=True):
            places[number] = x
    return [
        Mark(number + 1, places[number], xs[number], heights[moment.lane], moment.kind)
        for number, moment in enumerate(moments)
    ]


def _apart(xs: Sequence[float]) -> list[float]:
    """The places, which ascend, moved apart within the picture; closer than a mark is wide only where there is no
    room."""
    first, last = _LEFT + _RADIUS, WIDTH - _RIGHT
    gap = min(_GAP, (last - first) / max(len(xs) - 1, 1))
    placed: list[float] = []
    for x in xs:
        placed.append(max(x, placed[-1] + gap) if placed else max(x, first))
    for number in reversed(range(len(placed))):
        most = last if number + 1 == len(placed) else placed[number + 1] - gap
        placed[number] = min(placed[number], most)
    return placed

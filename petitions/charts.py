"""Charts as pictures made on the server: where each bar, point and square lies. No colours and no words of their own.

Widths and places from left to right are per cent of the picture, heights are pixels: so letters keep their size on a
telephone and on paper. A table with the same numbers always stands behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

BAR_ROW: Final = 44
TOP, BOTTOM, LOWEST = 12, 172, 200
LEFT, RIGHT = 9.0, 70.0
LABEL_ROOM: Final = 18
SQUARE: Final = 28
SHADES: Final = 5
DAYS, HOURS = 7, 24
HEAT_LEFT: Final = 7.0
HEAT_TOP: Final = 22


@dataclass(frozen=True, slots=True)
class Given:
    """What one bar is about: a share in per cent, None out of nothing, and the words and address that go with it."""

    label: str
    percent: float | None
    note: str
    is_small: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from nought; ``words_at`` and ``bar_at`` are its heights in the picture."""

    given: Given
    words_at: int
    bar_at: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below each other, and how high the picture is; ``mark`` is where a line for all together stands."""

    bars: tuple[Bar, ...]
    height: int
    mark: float | None


def bars(given: Sequence[Given], *, mark: float | None = None) -> Bars:
    """Lay out bars in the order given."""
    laid = tuple(Bar(one, place * BAR_ROW + 16, place * BAR_ROW + 22) for place, one in enumerate(given))
    return Bars(laid, len(laid) * BAR_ROW + 4, mark)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a course: where it lies and what it is; ``label`` names its place below."""

    x: float
    y: float
    percent: float
    label: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line between two points that follow one another."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Course:
    """One line of the picture: ``place`` decides its pattern, ``label_at`` is where its name stands at the right."""

    name: str
    place: int
    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    label_at: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Lines over time; ``ticks`` name the months below, ``levels`` the heights of 0, 25, 50, 75 and 100 per cent."""

    courses: tuple[Course, ...]
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, int], ...]
    left: float = LEFT
    right: float = RIGHT
    bottom: int = BOTTOM
    height: int = LOWEST


def trend(labels: Sequence[str], values: Sequence[tuple[str, Sequence[float | None]]]) -> Trend:
    """Lay out a line for each name with a value, or None, for each label. Where there is no value the line is broken.

    :raises ValueError: if a line has more or fewer values than there are labels
    """
    step = (RIGHT - LEFT) / max(len(labels) - 1, 1)
    courses, ends = [], []
    for place, (name, percents) in enumerate(values):
        points: list[Point | None] = [
            None if percent is None else Point(round(LEFT + at * step, 2), _height(percent), percent, label)
            for at, (label, percent) in enumerate(zip(labels, percents, strict=True))
        ]
        there = tuple(point for point in points if point is not None)
        segments = tuple(
            Segment(one.x, one.y, two.x, two.y) for one, two in pairwise(points) if one is not None and two is not None
        )
        if there:
            courses.append((name, place, there, segments))
            ends.append(there[-1].y)
    heights = _apart(ends)
    every = ceil(len(labels) / 4) if labels else 1
    return Trend(
        tuple(Course(*course, label_at=height) for course, height in zip(courses, heights, strict=True)),
        tuple((round(LEFT + at * step, 2), label) for at, label in enumerate(labels) if at % every == 0),
        tuple((_height(percent), percent) for percent in (0, 25, 50, 75, 100)),
    )


@dataclass(frozen=True, slots=True)
class Square:
    """One hour of a weekday: ``shade`` from 0 (none) to 5 (the fullest)."""

    x: float
    y: int
    day: int
    hour: int
    count: int
    shade: int

    @property
    def code(self) -> int:
        """The hour of the week, from 0."""
        return self.day * HOURS + self.hour


@dataclass(frozen=True, slots=True)
class Heat:
    """Seven rows of twenty-four squares."""

    rows: tuple[tuple[Square, ...], ...]
    ticks: tuple[tuple[float, int], ...]
    most: int
    width: float
    square: int = SQUARE - 2
    height: int = HEAT_TOP + DAYS * SQUARE


def heat(counts: Sequence[int]) -> Heat:
    """Lay out the counts of the 168 hours of a week, Monday first."""
    most = max(counts, default=0)
    width = (100 - HEAT_LEFT) / HOURS
    rows = tuple(
        tuple(
            Square(
                round(HEAT_LEFT + hour * width, 3),
                HEAT_TOP + day * SQUARE,
                day,
                hour,
                counts[day * HOURS + hour],
                ceil(counts[day * HOURS + hour] * SHADES / most) if most else 0,
            )
            for hour in range(HOURS)
        )
        for day in range(DAYS)
    )
    ticks = tuple((round(HEAT_LEFT + hour * width, 3), hour) for hour in range(0, HOURS, 6))
    return Heat(rows, ticks, most, round(width - 0.3, 3))


def _height(percent: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * percent / 100, 1)


def _apart(heights: Sequence[float]) -> list[float]:
    """Return heights for the names at the ends: as given, but so far apart that they can be read, and within."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed = list(heights)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + LABEL_ROOM)
    too_low = max((placed[order[-1]] if order else 0) - LOWEST + 4, 0)
    return [height - too_low for height in placed]

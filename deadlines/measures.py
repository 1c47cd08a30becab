"""Measures of time and the pauses that stop them.

A measure turns a moment into a position (microseconds that count) and back: ``NATURAL`` counts always, ``WorkedTime``
counts the 24 hours of working days, ``deadlines.hours.Hours`` counts opening hours. Pauses are (from, to) with ``to``
None while the clock still stands; they include their first moment and not their last.
Pure: no database, no clock, no Django.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from deadlines.workdays import BEIJING, DAY, MICROSECOND, CalendarError, WorkCalendar, beijing, since_midnight

Pause = tuple[datetime, datetime | None]
Pauses = Sequence[Pause]

EPOCH = datetime(2000, 1, 1, tzinfo=BEIJING)


class StillPaused(CalendarError):
    """The clock stands still and no one knows yet for how long, so there is no date."""


class Measure(Protocol):
    """What counts."""

    def position(self, local: datetime) -> int:
        """Return the counted microseconds up to ``local``."""

    def earliest(self, position: int) -> datetime:
        """Return the earliest moment at which ``position`` is reached."""


class Natural:
    """Every moment counts, so that the latest moment of a position is the earliest."""

    def position(self, local: datetime) -> int:
        """Return the microseconds since a fixed day."""
        return (local - EPOCH) // MICROSECOND

    def earliest(self, position: int) -> datetime:
        """Return the moment of ``position``."""
        return EPOCH + timedelta(0, 0, position)

    latest = earliest


NATURAL = Natural()


@dataclass(frozen=True, slots=True)
class WorkedTime:
    """The 24 hours of working days count."""

    cal: WorkCalendar

    def position(self, local: datetime) -> int:
        """Return the counted microseconds up to ``local``."""
        number = self.cal.number(local)
        return self.cal.before[number] * DAY + (since_midnight(local) if self.cal.worked[number] else 0)

    def earliest(self, position: int) -> datetime:
        """Return the end of a working day rather than the beginning of the next.

        :raises CalendarError: if the calendar ends before it
        """
        day, rest = divmod(position - 1, DAY)
        if day >= len(self.cal.nth):
            raise CalendarError(f"the calendar does not reach that far: {self.cal.reach[0]}-{self.cal.reach[1]}")
        return self.cal.moment(self.cal.nth[day], rest + 1)


def settle(pauses: Pauses, start: datetime) -> list[Pause]:
    """Return the pauses on Beijing clocks from ``start`` on: in order, joined where they touch, empty ones dropped.

    :raises ValueError: if a pause ends before it begins
    """
    settled: list[Pause] = []
    cut = [(max(beijing(begins), start), None if ends is None else beijing(ends)) for begins, ends in _checked(pauses)]
    for begins, ends in sorted(cut, key=lambda pause: pause[0]):
        if ends is not None and ends <= begins:
            continue
        if settled and (settled[-1][1] is None or begins <= settled[-1][1]):
            before, until = settled[-1]
            settled[-1] = (before, None if until is None or ends is None else max(until, ends))
        else:
            settled.append((begins, ends))
    return settled


def _checked(pauses: Pauses) -> Pauses:
    for begins, ends in pauses:
        if ends is not None and ends < begins:
            raise ValueError(f"a pause cannot end ({ends}) before it begins ({begins})")
    return pauses


def advance(measure: Measure, start: datetime, amount: int, pauses: Pauses = ()) -> datetime:
    """Return the earliest moment by which ``amount`` microseconds have counted since ``start``.

    ``pauses`` are settled ones. :raises StillPaused: if an open pause begins before that
    """
    at, rest = start, amount
    for begins, ends in pauses:
        passed = measure.position(begins) - measure.position(at)
        if passed >= rest:
            break
        if ends is None:
            raise StillPaused(f"the clock has stood still since {begins:%Y-%m-%d %H:%M}")
        at, rest = ends, rest - passed
    return measure.earliest(measure.position(at) + rest) if rest else at


def passed(measure: Measure, start: datetime, end: datetime, pauses: Pauses = ()) -> int:
    """Return the microseconds that counted from ``start`` to ``end``, settled ``pauses`` taken out."""
    total = measure.position(end) - measure.position(start)
    for begins, ends in pauses:
        if begins >= end:
            break
        total -= measure.position(end if ends is None else min(ends, end)) - measure.position(begins)
    return total


def paused_until(moment: datetime, pauses: Pauses) -> datetime:
    """Return ``moment``, or the end of the pause that it falls into.

    :raises StillPaused: if that pause is open
    """
    for begins, ends in pauses:
        if begins <= moment and (ends is None or moment < ends):
            if ends is None:
                raise StillPaused(f"the clock has stood still since {begins:%Y-%m-%d %H:%M}")
            return ends
    return moment

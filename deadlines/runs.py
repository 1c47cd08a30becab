"""A clock's present run: what happened in it, and the dates that follow. One place for one clock and for a million.

``Course`` is all that dates follow from; it is made from a model's fields as from a plain row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadlines.calendar import ClockKind, Due, Hours, Limit, Pause, Unit, due, fire_at
from deadlines.models import Clock
from deadlines.timetable import Timetable

Life = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Course:
    """From when, by which clock and how long it runs, what stopped it and what lengthened it."""

    started_at: datetime
    limit: Limit
    kind: ClockKind
    hours: Hours
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Limit] = ()


def course_of(clock: Clock, *, table: Timetable) -> Course:
    """Return the course of a clock with its area loaded."""
    return Course(
        clock.started_at,
        Limit(clock.limit_value, Unit(clock.limit_unit)),
        ClockKind(clock.kind),
        table.hours_for(clock.kind, clock.area.path),
        pauses_in(clock.life),
        extensions_in(clock.life),
    )


def due_of(course: Course, *, table: Timetable) -> Due:
    """Return when it falls due after all that happened.

    :raises StillPaused: while it stands
    """
    return due(
        course.started_at,
        course.limit,
        course.kind,
        table.calendar,
        course.hours,
        pauses=course.pauses,
        extensions=course.extensions,
    )


def moment_of(at: str, course: Course, due_at: datetime, *, table: Timetable) -> datetime:
    """Return when a rung fires after all that happened (``at`` as the policy writes it)."""
    limit = course.limit
    for amount in course.extensions:
        if amount.unit == limit.unit:
            limit = limit.plus(amount)
    return fire_at(
        at,
        start=course.started_at,
        due=due_at,
        limit=limit,
        kind=course.kind,
        cal=table.calendar,
        hours=course.hours,
        pauses=course.pauses,
    )


def pauses_in(life: Life) -> list[Pause]:
    """Return the pauses of the present run as (from, to), ``to`` None while it stands."""
    pauses: list[Pause] = []
    for event in _present_run(life):
        at = datetime.fromisoformat(event["at"])
        if event["what"] == "pause":
            pauses.append((at, None))
        elif event["what"] == "resume" and pauses:
            pauses[-1] = (pauses[-1][0], at)
    return pauses


def extensions_in(life: Life) -> list[Limit]:
    """Return the extensions granted in the present run."""
    return [Limit(event["value"], Unit(event["unit"])) for event in _present_run(life) if event["what"] == "extend"]


def pauses_of(clock: Clock) -> list[Pause]:
    """Return the pauses of a clock's present run."""
    return pauses_in(clock.life)


def extensions_of(clock: Clock) -> list[Limit]:
    """Return the extensions granted in a clock's present run."""
    return extensions_in(clock.life)


def _present_run(life: Life) -> Life:
    """Return what happened since the last start or restart."""
    starts = [place for place, event in enumerate(life) if event["what"] in {"start", "restart"}]
    return life[starts[-1] :] if starts else life

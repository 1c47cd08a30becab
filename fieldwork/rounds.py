"""The rounds of a day: made once for each route and time, closed once when the day is over, and who is told."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from deadlines.calendar import DayKind, WorkCalendar
from deadlines.timetable import SHANGHAI, office_opens_at, shanghai_date, timetable
from fieldwork.enums import Rhythm, RoundState
from fieldwork.models import Emergency, PatrolDuty, PatrolRoute
from fieldwork.models.rounds import TO_WALK
from fieldwork.routes import places_on
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Request, recipients_for
from notifications.services import NewNotice, owe

# Who hears on the next morning that a round was not walked, and who a day later if nobody has said why.
LEADS: Final[dict[Level, tuple[Level, PostKind]]] = {
    Level.GRID: (Level.GRID, PostKind.GRID_LEAD),
    Level.COMMUNITY: (Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),
    Level.STREET: (Level.STREET, PostKind.DISPATCHER),
}
ABOVE: Final[dict[Level, tuple[Level, PostKind]]] = {
    Level.GRID: (Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),
    Level.COMMUNITY: (Level.STREET, PostKind.DISPATCHER),
    Level.STREET: (Level.STREET, PostKind.STREET_LEADER),
}
# A task that did not run for a while tells nobody of what is older: it would only be noise.
CATCH_UP: Final = timedelta(days=7)
_A_DAY: Final = timedelta(days=1)


def walks_on(route: PatrolRoute, on: date, calendar: WorkCalendar) -> bool:
    """Tell whether a route is walked on a civil date: by its rhythm and the work calendar. Pure.

    Working days are those of the calendar: a Sunday that makes up for a holiday is one, the holiday is none.
    """
    if route.rhythm == Rhythm.WORKDAYS:
        return calendar.is_worked(on)
    if calendar.kind_of(on) == DayKind.HOLIDAY and not route.on_holidays:
        return False
    return route.rhythm == Rhythm.DAILY or on.weekday() in route.weekdays


@transaction.atomic
def make_day(*, at: datetime) -> int:
    """Make the rounds of the day for every route that has none yet and is walked today; return how many are new.

    Two runs at once wait for each other, and a late one makes what an early one would have made. A day on which it
    never ran is not made afterwards: nobody was asked to walk. What a route was given during the day is asked only
    for the times still ahead.
    """
    _one_at_a_time()
    on = shanghai_date(at)
    calendar = timetable().calendar
    known = PatrolDuty.objects.filter(on=on).values("route")
    there = Q(area__valid_to=None) | Q(area__valid_to__gte=on)
    there_now = PatrolRoute.objects.at(on).filter(there).exclude(pk__in=known)
    routes: QuerySet[Any] = there_now.select_related("area").annotate(places=places_on(on))
    emergencies = tuple(Emergency.objects.running(at).values_list("area__path", flat=True))
    rows = []
    for route in routes.order_by("pk"):
        urgent = bool(route.emergency_times) and route.area.path.startswith(emergencies)
        if route.places and (urgent or walks_on(route, on, calendar)):
            rows += _rows(route, on, route.emergency_times if urgent else route.times, urgent=urgent)
    return len(PatrolDuty.objects.bulk_create(rows, batch_size=1000))


@transaction.atomic
def switch(area: Area, *, at: datetime) -> int:
    """Let the rounds of today follow the emergency mode that an area has just gone into; return how many are new.

    Of every route there with times for emergencies: what nobody has begun goes, what is still ahead comes.
    """
    _one_at_a_time()
    on = shanghai_date(at)
    found = PatrolRoute.objects.at(on).filter(area__path__startswith=area.path, emergency_times__len__gt=0)
    routes: QuerySet[Any] = found.annotate(places=places_on(on))
    here = [route for route in routes.order_by("pk") if route.places]
    PatrolDuty.objects.filter(route__in=here, on=on, state=RoundState.OPEN, in_emergency=False).delete()
    rows = [
        row
        for route in here
        for row in _rows(route, on, route.emergency_times, urgent=True)
        if due_at(on, row.due_by) > at
    ]
    before = PatrolDuty.objects.filter(route__in=here, on=on).count()
    PatrolDuty.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return PatrolDuty.objects.filter(route__in=here, on=on).count() - before


@transaction.atomic
def close_days(*, at: datetime) -> int:
    """Close the rounds of days that are over and tell who answers for them; return how many were not walked.

    The lead hears once, of each day and area; the post above him a day later, unless somebody has said why.
    """
    _one_at_a_time()
    on = shanghai_date(at)
    rows = PatrolDuty.objects.select_for_update(of=("self",), no_key=True).select_related("route__area")
    over = list(rows.filter(on__lt=on, state__in=TO_WALK).order_by("pk"))
    PatrolDuty.objects.filter(pk__in=[row.pk for row in over]).update(state=RoundState.MISSED)
    _tell([row for row in over if row.on >= on - CATCH_UP], LEADS, kind="patrol_missed", at=at)
    waiting = rows.filter(state=RoundState.MISSED, up_told=False, reason="", on__lt=on - _A_DAY, on__gte=on - CATCH_UP)
    unexplained = list(waiting.order_by("pk"))
    PatrolDuty.objects.filter(pk__in=[row.pk for row in unexplained]).update(up_told=True)
    _tell(unexplained, ABOVE, kind="patrol_unexplained", at=at)
    return len(over)


def due_at(on: date, due_by: time) -> datetime:
    """Return the instant of a time of day on a civil date in Shanghai."""
    return datetime.combine(on, due_by, tzinfo=SHANGHAI)


def _rows(route: Any, on: date, times: Sequence[time], *, urgent: bool) -> list[PatrolDuty]:
    """Return a round for each time of a day, unsaved; without those that were over before the times were set."""
    return [
        PatrolDuty(route=route, on=on, opens_at=opens_at, due_by=due_by, asked=route.places, in_emergency=urgent)
        for opens_at, due_by in zip((None, *times), times, strict=False)
        if due_at(on, due_by) > route.set_at
    ]


def _tell(duties: Sequence[PatrolDuty], posts: dict[Level, tuple[Level, PostKind]], *, kind: str, at: datetime) -> None:
    """Owe one notice for each day and area: how many rounds, of which day, where."""
    if not duties:
        return
    counts = Counter((duty.on, duty.route.area) for duty in duties)
    requests = [Request(key=(on, area.pk), path=area.path, targets=(posts[Level(area.level)],)) for on, area in counts]
    told = recipients_for(requests, on=shanghai_date(at))
    not_before = office_opens_at(at)
    owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind=kind,
                about=f"patrols:{area.pk}",
                url_path=f"/patrols/?area={area.code}",
                dedupe_key=f"{kind}:{on.isoformat()}:{area.pk}:{user_id}",
                at=at,
                not_before=not_before,
                params={"count": count, "due_on": on.isoformat(), "area": area.code},
            )
            for (on, area), count in counts.items()
            for user_id in told[on, area.pk].user_ids
        ]
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('fieldwork.rounds', 0))")

"""Making routes of patrols and changing them; what a round of today passes stays as it was this morning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from fieldwork.enums import Rhythm
from fieldwork.errors import NotNow
from fieldwork.models import PatrolDuty, PatrolPoint, PatrolRoute, PatrolTeam
from fieldwork.models.patrols import MOST_TIMES, WALKERS
from fieldwork.permissions import check_may_keep_routes
from grids.enums import Level, PostKind
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text

MOST_PLACES: Final = 40
LONGEST_NAME: Final = 60
LONGEST_LOOK: Final = 200
LAST_WEEKDAY: Final = 6
_OUT_OF_THE_WAY: Final = 1000
_PARTS = re.compile(r"[:：|｜]")
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a route as it is written down: its name, and what to look at there."""

    name: str
    look_at: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a route is walked: by which post or team, on which days, by when, past which places."""

    name: str
    post: PostKind | None
    rhythm: Rhythm
    times: tuple[time, ...]
    places: tuple[Place, ...]
    weekdays: tuple[int, ...] = ()
    on_holidays: bool = True
    team: PatrolTeam | None = None
    emergency_times: tuple[time, ...] = ()


def places_in(words: str) -> tuple[Place, ...]:
    """Return the places somebody typed, one a line: "east gate: is the fire lane free" is a place and what to look at.

    :raises BadInput: if there is none, there are too many, one is too long or stands there twice
    """
    found: dict[str, Place] = {}
    for line in words.splitlines():
        name, _colon, look_at = (part.strip() for part in _PARTS.sub("\n", line, count=1).partition("\n"))
        if not name:
            continue
        if name in found:
            message = _("“%(name)s” stands there twice.") % {"name": name}
            raise BadInput(message, field="places")
        if len(name) > LONGEST_NAME or len(look_at) > LONGEST_LOOK:
            message = _("A place has at most %(name)d characters, what to look at %(words)d.")
            raise BadInput(message % {"name": LONGEST_NAME, "words": LONGEST_LOOK}, field="places")
        found[name] = Place(mask_text(name)[0], mask_text(look_at)[0])
    if not 1 <= len(found) <= MOST_PLACES:
        raise BadInput(_("Write down between 1 and %(most)d places.") % {"most": MOST_PLACES}, field="places")
    return tuple(found.values())


@transaction.atomic
def make(*, area: Area, plan: Plan, starts_on: date, by: Staff, at: datetime) -> PatrolRoute:
    """Make a route in an area; its first round is made for ``starts_on``, a civil day in Shanghai, today or later.

    :raises NotYours: if no post of ``by`` keeps the routes there
    :raises BadInput: if nobody walks in an area of that level, or days, times or places contradict each other
    :raises NotNow: if the area has a route of this name
    """
    check_may_keep_routes(by, area)
    _check(plan, area)
    if starts_on < shanghai_date(at):
        raise BadInput(_("The first day is over already."), field="starts_on")
    # two who make one of the same name wait here for each other
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    _check_name(plan.name, area)
    route = PatrolRoute(area=area, valid_from=starts_on, made_by=by.user)
    _write(route, plan, at=at)
    PatrolPoint.objects.bulk_create(
        PatrolPoint(route=route, position=position, name=place.name, look_at=place.look_at, starts_on=starts_on)
        for position, place in enumerate(plan.places, start=1)
    )
    return route


@transaction.atomic
def change(route: PatrolRoute, *, plan: Plan, by: Staff, at: datetime) -> PatrolRoute:
    """Change how a route is walked. Rounds of today that stand already stay as they are; it holds from the next one.

    :raises Refusal: as ``make`` says
    :raises NotNow: if the route has ended
    """
    check_may_keep_routes(by, route.area)
    _check(plan, route.area)
    Area.objects.select_for_update(no_key=True).get(pk=route.area_id)
    locked = _open(route)
    if plan.name != locked.name:
        _check_name(plan.name, route.area)
    today = shanghai_date(at)
    begun = PatrolDuty.objects.filter(route=locked, on=today).exists()
    _write(locked, plan, at=at)
    _rewrite_places(locked, plan.places, last=today if begun else today - _A_DAY)
    return locked


@transaction.atomic
def end(route: PatrolRoute, *, by: Staff, at: datetime) -> PatrolRoute:
    """End a route: today is its last day.

    :raises NotYours: if no post of ``by`` keeps the routes there
    :raises NotNow: if it has ended
    """
    check_may_keep_routes(by, route.area)
    locked = _open(route)
    locked.valid_to = max(shanghai_date(at), locked.valid_from)
    locked.save(update_fields=["valid_to"])
    return locked


def _open(route: PatrolRoute) -> PatrolRoute:
    locked = PatrolRoute.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=route.pk)
    if locked.valid_to is not None:
        raise NotNow(_("This route has ended."))
    return locked


def _check(plan: Plan, area: Area) -> None:
    if not plan.name.strip():
        raise BadInput(_("Give it a name."), field="name")
    kinds = WALKERS.get(Level(area.level), ())
    if not kinds or (plan.post is None) == (plan.team is None) or (plan.post and plan.post not in kinds):
        raise BadInput(_("Choose a post or a team of this area."), field="post")
    if plan.team:
        # a team that is ended meanwhile gets no route: whoever ends it waits here, or we for him
        there = PatrolTeam.objects.select_for_update(of=("self",), no_key=True).select_related("area")
        team = there.filter(pk=plan.team.pk, valid_to=None).first()
        if team is None or not area.path.startswith(team.area.path):
            raise BadInput(_("Choose a post or a team of this area."), field="post")
    if not 1 <= len(plan.times) <= MOST_TIMES or len(set(plan.times)) != len(plan.times):
        raise BadInput(_("Give between 1 and %(most)d different times.") % {"most": MOST_TIMES}, field="times")
    if len(plan.emergency_times) > MOST_TIMES or len(set(plan.emergency_times)) != len(plan.emergency_times):
        message = _("Give between 1 and %(most)d different times.")
        raise BadInput(message % {"most": MOST_TIMES}, field="emergency_times")
    if (plan.rhythm == Rhythm.WEEKDAYS) != bool(plan.weekdays):
        raise BadInput(_("Choose the weekdays if it is walked on certain weekdays, and only then."), field="weekdays")
    if any(not 0 <= day <= LAST_WEEKDAY for day in plan.weekdays):
        raise BadInput(_("Choose the weekdays if it is walked on certain weekdays, and only then."), field="weekdays")


def _check_name(name: str, area: Area) -> None:
    if PatrolRoute.objects.filter(area=area, name=name, valid_to=None).exists():
        raise NotNow(_("This area has a route of this name already."), field="name")


def _write(route: PatrolRoute, plan: Plan, *, at: datetime) -> None:
    route.name, route.post, route.team, route.rhythm = plan.name, plan.post or "", plan.team, plan.rhythm
    route.weekdays = sorted(set(plan.weekdays))
    route.on_holidays = plan.on_holidays
    route.times = sorted(plan.times)
    route.emergency_times = sorted(plan.emergency_times)
    route.set_at = at
    route.save()


def _rewrite_places(route: PatrolRoute, places: Sequence[Place], *, last: date) -> None:
    """Keep the rows of places that stay, end the others with ``last``, begin new ones on the day after it."""
    there = {point.name: point for point in PatrolPoint.objects.filter(route=route, ends_on=None)}
    gone = [point.pk for name, point in there.items() if name not in {place.name for place in places}]
    PatrolPoint.objects.filter(pk__in=gone).update(ends_on=last)
    # out of each other's way first: no two may stand at one position for a moment
    PatrolPoint.objects.filter(route=route, ends_on=None).update(position=F("position") + _OUT_OF_THE_WAY)
    for position, place in enumerate(places, start=1):
        point = there.get(place.name)
        if point is None:
            point = PatrolPoint(route=route, name=place.name, starts_on=last + _A_DAY)
        else:
            point.refresh_from_db(fields=["position"])
        point.position, point.look_at = position, place.look_at
        point.save()


def places_on(on: date) -> Count:
    """Return how many places a round of the civil date ``on`` passes, to annotate routes with."""
    there = Q(points__ends_on=None) | Q(points__ends_on__gte=on)
    return Count("points", filter=there & Q(points__starts_on__lte=on))

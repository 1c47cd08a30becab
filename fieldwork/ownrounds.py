"""A worker's own rounds: those of today with the next place, and all that is kept of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from deadlines.timetable import shanghai_date
from fieldwork.models import PatrolCheck, PatrolDuty, PatrolPoint
from fieldwork.models.patrols import WALKING
from fieldwork.models.rounds import TO_WALK, PatrolDutyQuerySet
from fieldwork.rounds import due_at
from grids.staff import Staff
from people.models import User

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Following:
    """The place of a round to go to next."""

    pk: int
    name: str
    look_at: str


@dataclass(frozen=True, slots=True)
class Round:
    """One round of today: the place to go to next, whether it can begin now, whether its time is over."""

    duty: PatrolDuty
    following: Following | None
    may_begin: bool
    is_late: bool


def today(staff: Staff, *, at: datetime) -> list[Round]:
    """Return the rounds of today that are this person's by his posts, those to walk first. One query at most."""
    mine = Q(pk__in=())
    for held in staff.holdings:
        if held.kind in WALKING:
            mine |= Q(route__area=held.area_id, route__post=held.kind)
    if not mine:
        return []
    return as_rounds(PatrolDuty.objects.filter(mine, on=shanghai_date(at)), at=at)


def as_rounds(duties: PatrolDutyQuerySet, *, at: datetime, most: int = MOST) -> list[Round]:
    """Return rounds with the place to go to next, those to walk first, at most ``most``. One query."""
    rows: QuerySet[Any] = duties.select_related("route__area").annotate(following=_following())
    rounds = [
        Round(
            duty,
            Following(**duty.following) if duty.following and duty.state in TO_WALK else None,
            may_begin=duty.opens_at is None or at >= due_at(duty.on, duty.opens_at),
            is_late=duty.state in TO_WALK and at > due_at(duty.on, duty.due_by),
        )
        for duty in rows.order_by("due_by", "route__area__code", "route__name", "pk")[:most]
    ]
    return sorted(rounds, key=lambda one: one.duty.state not in TO_WALK)


def _following() -> Subquery:
    """Return the first place of a round that is not confirmed, as JSON: one column, so that no second query follows."""
    there = Q(ends_on=None) | Q(ends_on__gte=OuterRef("on"))
    confirmed = PatrolCheck.objects.filter(duty=OuterRef(OuterRef("pk")), point=OuterRef("pk"))
    points = PatrolPoint.objects.filter(
        there, ~Exists(confirmed), route=OuterRef("route"), starts_on__lte=OuterRef("on")
    )
    return Subquery(
        points.order_by("position", "pk").values(found=JSONObject(pk="pk", name="name", look_at="look_at"))[:1]
    )


def kept(user: User) -> QuerySet[PatrolCheck]:
    """Return every confirmation kept of a person's rounds, newest first."""
    rows = PatrolCheck.objects.filter(by=user).select_related("duty__route", "point")
    return rows.order_by("-at", "pk")


@transaction.atomic
def forget_where(user: User) -> int:
    """Take back the consent to one's own coordinates: all of them go; return how many."""
    return PatrolCheck.objects.filter(by=user, where_sealed__isnull=False).update(where_sealed=None)

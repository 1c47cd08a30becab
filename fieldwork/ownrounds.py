"""A worker's own rounds: those of today with the next place, and all that is kept of them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from deadlines.timetable import shanghai_date
from fieldwork.enums import EmergencyKind
from fieldwork.models import Emergency, PatrolCheck, PatrolDuty, PatrolPoint, TeamMember
from fieldwork.models.patrols import WALKING
from fieldwork.models.rounds import TO_WALK, PatrolDutyQuerySet
from fieldwork.rounds import due_at
from grids.staff import Holding, Staff
from people.models import User
from people.prepared import Statement, in_one, put_together, rows_of
from petitions import arrivals

MOST: Final = 50
# stands in a kept statement where the instant it is asked at goes
AN_INSTANT: Final = datetime.max.replace(tzinfo=UTC)


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


@dataclass(frozen=True, slots=True)
class DayRound:
    """One round as the page of the day shows it."""

    pk: int
    route: str
    due_by: time
    opens_at: time | None
    following: Following | None


@dataclass(frozen=True, slots=True)
class DayEmergency:
    """An emergency mode as the page of the day shows it."""

    area: str
    kind: EmergencyKind
    ends_at: datetime


def day(staff: Staff, *, at: datetime) -> tuple[list[DayRound], list[DayEmergency]]:
    """Return the rounds this person has still to walk today, and the emergency modes that reach him. One query."""
    sql, values = _asking(staff.user.pk, staff.holdings, shanghai_date(at))
    rounds, emergencies = [], []
    for what, found in rows_of((sql, tuple(at if value == AN_INSTANT else value for value in values))):
        facts = json.loads(found)
        if what == "round":
            rounds.append(_day_round(**facts))
        else:
            ends_at = datetime.fromisoformat(facts["ends_at"])
            emergencies.append(DayEmergency(facts["area"], EmergencyKind(facts["kind"]), ends_at))
    rounds.sort(key=lambda one: (one.due_by, one.route, one.pk))
    emergencies.sort(key=lambda one: one.ends_at)
    return rounds, emergencies


@lru_cache(maxsize=512)
def _asking(user_id: int, holdings: tuple[Holding, ...], on: date) -> Statement:
    """Return the statement for both, at ``AN_INSTANT``, of somebody with these posts: the same all day long."""
    staff = Staff(User(pk=user_id), holdings)
    shown = JSONObject(pk="pk", route="route__name", due_by="due_by", opens_at="opens_at", following=_following())
    walked = PatrolDuty.objects.filter(_mine(staff), on=on, state__in=TO_WALK)
    label = Coalesce(NullIf("area__short_name", Value("")), "area__name")
    running = Emergency.objects.running(AN_INSTANT).visible_to(staff)
    duties = walked.annotate(what=Value("round"), facts=shown).order_by().values_list("what", "facts")
    modes = running.annotate(what=Value("mode"), facts=JSONObject(area=label, kind="kind", ends_at="ends_at"))
    return in_one(put_together(duties), put_together(modes.order_by().values_list("what", "facts")))


def _day_round(*, pk: int, route: str, due_by: str, opens_at: str | None, following: dict[str, Any] | None) -> DayRound:
    place = Following(**following) if following else None
    return DayRound(pk, route, time.fromisoformat(due_by), time.fromisoformat(opens_at) if opens_at else None, place)


def _mine(staff: Staff) -> Q:
    mine = Q(route__team__in=TeamMember.objects.serving().filter(user=staff.user.pk).values("team"))
    for held in staff.holdings:
        if held.kind in WALKING:
            mine |= Q(route__area=held.area_id, route__post=held.kind)
    return mine


def today(staff: Staff, *, at: datetime) -> list[Round]:
    """Return the rounds of today that are this person's by his posts or teams, those to walk first. One query."""
    return as_rounds(PatrolDuty.objects.filter(_mine(staff), on=shanghai_date(at)), at=at)


def as_rounds(duties: PatrolDutyQuerySet, *, at: datetime, most: int = MOST) -> list[Round]:
    """Return rounds with the place to go to next, those to walk first, at most ``most``. One query."""
    rows: QuerySet[Any] = duties.select_related("route__area", "route__team").annotate(following=_following())
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
    """Take back the consent to one's own coordinates: all of them go, those of arrivals too; return how many."""
    gone = PatrolCheck.objects.filter(by=user, where_sealed__isnull=False).update(where_sealed=None)
    return gone + arrivals.forget(user)

"""What the morning asks beside the piles: checks, vacancies, who stands in for whom, whether the sweep runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from deadlines import heartbeat
from deadlines.timetable import shanghai_date
from grids import roster
from grids.enums import PostKind
from grids.models import Absence
from grids.roster import Show
from grids.staff import Staff
from people.prepared import Statement, counting, kept, rows_of
from petitions import supervising
from petitions.models import VerificationTask
from petitions.scopes import READS

LISTED: Final = 8


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody who is away today, and who stands in; nobody where ``deputy`` is empty. Never why."""

    name: str
    where: str
    post: str
    deputy: str
    until: date


@dataclass(frozen=True, slots=True)
class Morning:
    """Numbers that each open their list; ``vacant`` and ``away`` are None for who answers for no area."""

    checks: int
    vacant: int | None
    away: int | None
    covers: tuple[Cover, ...]
    more_covers: bool
    swept_at: datetime | None
    is_silent: bool


def read(staff: Staff, *, at: datetime) -> Morning:
    """Return what a person's morning asks ``at`` an instant; four queries, one more where somebody is away."""
    on = shanghai_date(at)
    has_area = any(READS.get(held.kind) == "area" for held in staff.holdings)
    covers = _covers(staff, on) if has_area and rows_of(_away(staff, on)) else []
    _name, vacant, away = rows_of(_posts(staff, on))[0] if has_area else ("", None, None)
    checks = kept(
        ("checks", staff.sight),
        lambda: counting(VerificationTask.objects.filter(supervising.waiting_for(staff)), "checks", n=Count("pk")),
    )
    swept_at = heartbeat.last(heartbeat.SWEEP)
    every = timedelta(seconds=settings.SWEEP_SECONDS)
    return Morning(
        checks=sum(number for _name, number in rows_of(checks)),
        vacant=vacant,
        away=away,
        covers=tuple(covers[:LISTED]),
        more_covers=len(covers) > LISTED,
        swept_at=swept_at,
        is_silent=swept_at is None or heartbeat.is_silent(swept_at, at=at, every=every),
    )


def _posts(staff: Staff, on: date) -> Statement:
    """Return the question how many of a person's posts are vacant, and of how many the holder is away."""
    return kept(
        ("posts", staff.sight, on),
        lambda: counting(
            roster.posts_of(staff, Show.ALL, on=on),
            "posts",
            vacant=Count("pk", filter=roster.rule_of(Show.VACANT, on)),
            away=Count("pk", filter=roster.rule_of(Show.AWAY, on)),
        ),
    )


def _away(staff: Staff, on: date) -> Statement:
    """Return the question whether anybody is away under a person's posts."""
    return kept(("away", staff.sight, on), lambda: _absences(staff, on).values_list("pk")[:1])


def _absences(staff: Staff, on: date) -> QuerySet[Absence]:
    here = Q(pk__in=())
    for path in staff.paths:
        here |= Q(appointment__post__area__path__startswith=path)
    running = Q(appointment__starts_on__lte=on) & (Q(appointment__ends_on=None) | Q(appointment__ends_on__gte=on))
    return Absence.objects.at(on).filter(here, running, appointment__user__is_active=True)


def _covers(staff: Staff, on: date) -> list[Cover]:
    """Return who is away under a person's posts, those without a deputy first; one more than is listed."""
    elsewhere = Absence.objects.at(on).filter(appointment__user_id=OuterRef("deputy_id"))
    stands_in = Q(deputy__isnull=False, deputy__is_active=True) & ~Exists(elsewhere)
    rows = (
        _absences(staff, on)
        .annotate(covered=stands_in)
        .select_related("deputy", "appointment__user", "appointment__post__area", "appointment__post__organisation")
        .order_by("covered", "appointment__post__area__path", "pk")
    )
    return [
        Cover(
            name=row.appointment.user.get_full_name(),
            where=row.appointment.post.area.label,
            post=str(PostKind(row.appointment.post.kind).label),
            deputy=row.deputy.get_full_name() if _is_covered(row) and row.deputy else "",
            until=row.ends_on,
        )
        for row in rows[: LISTED + 1]
    ]


def _is_covered(row: Absence) -> bool:
    return bool(row.covered)  # type: ignore[attr-defined]  # annotated by _covers

"""What the morning asks beside the piles: checks, vacancies, who stands in for whom, whether the sweep runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from deadlines import heartbeat
from deadlines.timetable import shanghai_date
from grids import roster
from grids.enums import PostKind
from grids.models import Absence
from grids.roster import Show
from grids.staff import Staff
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
    """Return what a person's morning asks ``at`` an instant; five queries."""
    on = shanghai_date(at)
    has_area = any(READS.get(held.kind) == "area" for held in staff.holdings)
    covers = _covers(staff, on) if has_area else []
    swept_at = heartbeat.last(heartbeat.SWEEP)
    every = timedelta(seconds=settings.SWEEP_SECONDS)
    return Morning(
        checks=VerificationTask.objects.filter(supervising.waiting_for(staff)).count(),
        vacant=roster.posts_of(staff, Show.VACANT, on=on).count() if has_area else None,
        away=roster.posts_of(staff, Show.AWAY, on=on).count() if has_area else None,
        covers=tuple(covers[:LISTED]),
        more_covers=len(covers) > LISTED,
        swept_at=swept_at,
        is_silent=swept_at is None or heartbeat.is_silent(swept_at, at=at, every=every),
    )


def _covers(staff: Staff, on: date) -> list[Cover]:
    """Return who is away under a person's posts, those without a deputy first; one more than is listed."""
    here = Q(pk__in=())
    for path in staff.paths:
        here |= Q(appointment__post__area__path__startswith=path)
    elsewhere = Absence.objects.at(on).filter(appointment__user_id=OuterRef("deputy_id"))
    stands_in = Q(deputy__isnull=False, deputy__is_active=True) & ~Exists(elsewhere)
    running = Q(appointment__starts_on__lte=on) & (Q(appointment__ends_on=None) | Q(appointment__ends_on__gte=on))
    rows = (
        Absence.objects.at(on)
        .filter(here, running, appointment__user__is_active=True)
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

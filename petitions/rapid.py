"""The four times of 1365 as figures: how many stages were kept of those decided, and how long they took (rules.md a.2).

Read from the clocks of the matters of one span of at most a month and one area: minutes have a middle, no sum, so that
no roll-up could hold them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from deadlines.enums import ClockState
from deadlines.models import Stage
from grids.models import Area
from petitions.kpis import RAPID, Stage1365, bounds, late_or_decided, rapid
from petitions.models import Petition, PetitionClock, PetitionQuerySet
from petitions.periods import Period

LONGEST: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One of the four times: the promise, and how it was kept."""

    stage: Stage
    figure: Stage1365 | None


def first_day(period: Period) -> date:
    """Return the first civil date that is counted: of a longer span, that of its last month."""
    return max(period.start, period.end - LONGEST + timedelta(days=1))


def lines(area: Area, *, period: Period, at: datetime) -> list[StageLine]:
    """Return the stages of the present version in order, with their figures in an area; two queries."""
    found = rapid(_accepted(Petition.objects.all(), area, period), at=at)
    stages = Stage.objects.filter(policy__key=RAPID, policy__valid_to=None).order_by("position")
    return [StageLine(stage, found.get(stage.code)) for stage in stages]


def cases(
    petitions: PetitionQuerySet, area: Area, stage: str, *, period: Period, at: datetime, only_missed: bool
) -> PetitionQuerySet:
    """Return those of ``petitions`` whose stage was decided, or (``only_missed``) decided against us."""
    clocks: Any = PetitionClock.objects.filter(
        late_or_decided(at), petition=OuterRef("pk"), stage__code=stage, stage__policy__key=RAPID
    )
    if only_missed:
        clocks = clocks.filter(Q(met=False) | Q(state__in=(ClockState.RUNNING, ClockState.PAUSED)))
    return _accepted(petitions, area, period).filter(Exists(clocks), policy__key=RAPID)


def _accepted(petitions: PetitionQuerySet, area: Area, period: Period) -> PetitionQuerySet:
    since, until = bounds(first_day(period), period.end)
    return petitions.filter(accepted_at__gte=since, accepted_at__lt=until, area_path__startswith=area.path)

"""How each of the six ones 六个一 (004-06) was used in a month, grid by grid: what came by it, and what was done in it.

A way nobody used stands out: no matter came by it and nothing was done in it. Counts of ways, never of a resident.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When

from deadlines.timetable import SHANGHAI
from fieldwork.models import Liaison, Visit
from fieldwork.periods import Period
from grids.models import Area
from grids.staff import Staff
from petitions.channels import SIX_ONES
from petitions.enums import Channel
from petitions.models import BoxEmptying, Petition, SentimentDiary

DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class Use:
    """One way in one area: how many matters came by it, and how often something was done in it."""

    channel: Channel
    matters: int
    done: int

    @property
    def is_unused(self) -> bool:
        """Whether nobody used it."""
        return not (self.matters or self.done)


@dataclass(frozen=True, slots=True)
class Row:
    """One area with the six ways."""

    area: Area
    uses: tuple[Use, ...]
    lines: int  # telephones in the register

    @property
    def unused(self) -> int:
        """How many of the six nobody used."""
        return sum(use.is_unused for use in self.uses)


def of_month(staff: Staff, areas: Sequence[Area], *, month: Period) -> list[Row]:
    """Return each of these areas with the six ways of ``month``.

    Matters are counted within the scope of ``staff``: what is about staff below a level is not counted there. Five
    queries, however many areas there are.
    """
    first = datetime.combine(month.first, datetime.min.time(), tzinfo=SHANGHAI)
    last = datetime.combine(month.last + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)
    came = Petition.objects.visible_to(staff).filter(
        channel__in=list(SIX_ONES), submitted_at__gte=first, submitted_at__lt=last
    )
    under = {one.pk: one.path for one in areas}
    matters = _by_area(came, "area_path", under, by="channel")
    done = {
        Channel.VISIT: _by_area(_visits(month), "household__grid__path", under),
        Channel.BOX: _by_area(BoxEmptying.objects.filter(at__gte=first, at__lt=last), "box__area__path", under),
        Channel.DIARY: _by_area(
            SentimentDiary.objects.filter(heard_on__range=(month.first, month.last)), "area__path", under
        ),
    }
    lines = _by_area(_lines(month), "grid__path", under)
    return [
        Row(
            one,
            tuple(
                Use(channel, matters.get((one.pk, channel), 0), done.get(channel, {}).get((one.pk, DONE), 0))
                for channel in SIX_ONES
            ),
            lines.get((one.pk, DONE), 0),
        )
        for one in areas
    ]


def _visits(month: Period) -> QuerySet[Any]:
    return Visit.objects.standing().filter(on__range=(month.first, month.last)).exclude(outcome="none")


def _lines(month: Period) -> QuerySet[Any]:
    on: date = month.last
    return Liaison.objects.filter(starts_on__lte=on).exclude(ends_on__lte=month.first)


def _by_area(
    rows: QuerySet[Any], path: str, under: Mapping[int, str], *, by: str = ""
) -> Mapping[tuple[int, str], int]:
    """Count rows by the area whose path their own begins with, and by a column; one query."""
    whens: Sequence[When] = [When(**{f"{path}__startswith": prefix}, then=Value(pk)) for pk, prefix in under.items()]
    if not whens:
        return {}
    kind = F(by) if by else Value(DONE)
    found = (
        rows.order_by()
        .annotate(under=Case(*whens, output_field=IntegerField()), way=kind)
        .exclude(under=None)
        .values_list("under", "way")
        .annotate(count=Count("pk"))
    )
    return MappingProxyType({(area, way): count for area, way, count in found})

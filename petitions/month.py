"""The first page's figures: what came in this month and how it went, from the sums; kept for five minutes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from redis.exceptions import RedisError

from deadlines.timetable import shanghai_date
from grids.models import Area
from petitions.models import FigureRow
from petitions.rates import SMALL
from petitions.spans import Cut, Grain

KEPT_SECONDS: Final = 300
COUNTED: Final = ("received", "completed", "rated", "satisfied")


@dataclass(frozen=True, slots=True)
class Month:
    """Counts of the running month over the whole jurisdiction.

    ``filed`` goes by the day of filing; the others are of what was taken on in it, as the figures' pages count.
    """

    begins_on: date
    area: str
    filed: int
    done: int
    rated: int
    satisfied: int

    @property
    def says_satisfied(self) -> bool:
        """Whether enough have rated for their number to say something."""
        return self.rated >= SMALL


def this_month(*, at: datetime) -> Month:
    """Return the month of ``at`` so far; two queries, or none while the figures are fresh.

    A lost cache costs the queries, nothing else.
    """
    begins_on = shanghai_date(at).replace(day=1)
    key = f"month:2:{begins_on}:{settings.JURISDICTION_CODE}"
    try:
        kept: Month | None = cache.get(key)
        if kept is None:
            kept = _count(begins_on)
            cache.set(key, kept, KEPT_SECONDS)
    except (RedisError, OSError):
        return _count(begins_on)
    return kept


def _count(begins_on: date) -> Month:
    area = Area.objects.filter(code=settings.JURISDICTION_CODE).only("name", "short_name").first()
    rows = FigureRow.objects.filter(cut=Cut.TOTAL, grain=Grain.MONTH, begins_on=begins_on)
    sums = rows.aggregate(**{name: Sum(name, default=0) for name in COUNTED})
    return Month(
        begins_on=begins_on,
        area=area.label if area else "",
        filed=sums["received"],
        done=sums["completed"],
        rated=sums["rated"],
        satisfied=sums["satisfied"],
    )

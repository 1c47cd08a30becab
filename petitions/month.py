"""The first page's figures: what came in and what was done this month, kept for five minutes."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.models import Area
from petitions.models import Petition

KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Month:
    """Counts from the first of the month on, over the whole jurisdiction."""

    begins_on: date
    area: str
    filed: int
    done: int


def this_month(*, at: datetime) -> Month:
    """Return the month of ``at`` so far; three queries, or none while the figures are fresh.

    A lost cache costs the queries, nothing else.
    """
    begins_on = shanghai_date(at).replace(day=1)
    key = f"month:{begins_on}:{settings.JURISDICTION_CODE}"
    try:
        kept: Month | None = cache.get(key)
        if kept is None:
            kept = _count(begins_on)
            cache.set(key, kept, KEPT_SECONDS)
    except (RedisError, OSError):
        return _count(begins_on)
    return kept


def _count(begins_on: date) -> Month:
    since = datetime.combine(begins_on, time(), SHANGHAI)
    area = Area.objects.filter(code=settings.JURISDICTION_CODE).only("name", "short_name").first()
    return Month(
        begins_on=begins_on,
        area=area.label if area else "",
        filed=Petition.objects.filter(submitted_at__gte=since).count(),
        done=Petition.objects.filter(resolved_at__gte=since).count(),
    )

"""The cases behind a number of the figures: exactly those that were counted, of those somebody may see."""

from datetime import datetime

from django.db.models import Q

from grids.enums import Level
from grids.models import Area
from petitions.enums import OPEN
from petitions.kpis import bounds, contact_owed
from petitions.models import PetitionQuerySet
from petitions.periods import Period
from petitions.rates import BY_RECEIPT, LISTS, LIVE
from petitions.spans import By


def cases(
    which: str,
    petitions: PetitionQuerySet,
    area: Area,
    *,
    period: Period,
    at: datetime,
    by: By = By.AREA,
    item: str | None = None,
    own: bool = False,
    hour: int | None = None,
) -> PetitionQuerySet:
    """Return those of ``petitions`` that one count of ``area`` counts, of one item if ``item`` says so.

    ``own``: what lies below none of its parts. ``hour``: what was filed in that hour of the week.

    :raises KeyError: if there is no such list
    """
    _label, condition = LISTS[which]
    span = (period.start, period.end)
    day = "received_on" if which in BY_RECEIPT else "accepted_on"
    counted = Q(**{f"fact__{day}__range": span}) & _of_fact(condition) & _of_fact(place(area, own=own))
    since, until = bounds(*span)
    late = Q(status__in=OPEN, next_due_at__lte=at, accepted_at__gte=since, accepted_at__lt=until)
    late &= Q(area_path=area.path) if own else Q(area_path__startswith=area.path)
    if which == "late":
        found = petitions.filter(late)
    elif which in LIVE:
        found = petitions.filter(counted | (late & Q(contact_owed(at))))
    else:
        found = petitions.filter(counted)
    if hour is not None:
        found = found.filter(fact__hour=hour)
    return found if item is None else found.filter(_of_item(by, item))


def place(area: Area, *, own: bool = False) -> Q:
    """Return which facts lie in an area, or (``own``) in none of its parts."""
    if own:
        return Q(area=area) if area.level >= Level.COMMUNITY else Q(community=area)
    if area.level >= Level.GRID:
        return Q(area=area, community=area.parent_id)
    return Q(community=area) if area.level == Level.COMMUNITY else Q(community__path__startswith=area.path)


def _of_item(by: By, item: str) -> Q:
    """Return which petitions are of one category, channel, tier or unit; of nothing else if there is none such."""
    if by == By.CATEGORY:
        return Q(category__code=item) if item else Q(category=None)
    if by == By.UNIT:
        none = Q(organisation=None) if not item else Q(pk__in=())
        return Q(organisation=int(item)) if item.isdecimal() and len(item) < 10 else none  # noqa: PLR2004 - an id
    return Q(**{by.value: item}) if by in {By.CHANNEL, By.TIER} else Q()


def _of_fact(condition: Q) -> Q:
    """Return a condition on facts as one on their petitions."""
    asked = [(f"fact__{name}", value) for name, value in condition.children]  # type: ignore[misc]  # ours are flat
    return Q(*asked, _connector=condition.connector) if asked else Q()

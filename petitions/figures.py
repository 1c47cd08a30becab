"""The figure page: a month of an area and of what lies below it; every figure opens to its cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Area
from petitions.enums import DONE, OPEN
from petitions.kpis import Group, Kpis, kpis, kpis_by, on_date, with_promises
from petitions.models import PetitionQuerySet

# below this many cases a rate says little, and is shown so
SMALL = 10
MOST_LISTED = 200

LISTS: Mapping[str, Any] = MappingProxyType(
    {
        "filed": _("Filed"),
        "accepted": _("Accepted"),
        "closed": _("Completed"),
        "on_time": _("Completed on time"),
        "too_late": _("Completed too late"),
        "late": _("Open and overdue"),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One area with its figures; ``area`` is None for matters not placed below."""

    area: Area | None
    kpis: Kpis

    @property
    def is_small(self) -> bool:
        """Tell whether a rate out of so few says little."""
        return self.kpis.closure_rate.denominator < SMALL


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of an area and the rows below it."""

    total: Kpis
    rows: list[Row]


def board(area: Area, *, group: str, start: date, end: date, at: datetime) -> Board:
    """Return the figures of ``area`` from ``start`` to ``end`` (Shanghai dates, both included), and of each part."""
    assert group in {"grid", "community", "street"}  # noqa: S101 - from desk.group_below
    kind: Group = group  # type: ignore[assignment]  # checked above
    by_area = kpis_by(kind, start=start, end=end, at=at, area=area)
    areas = Area.objects.filter(pk__in=[pk for pk in by_area if pk is not None]).order_by("code")
    rows = [Row(one, by_area[one.pk]) for one in areas]
    if None in by_area:
        rows.append(Row(None, by_area[None]))
    return Board(kpis(start=start, end=end, at=at, area=area), rows)


def cases(
    which: str, petitions: PetitionQuerySet, area: Area, *, start: date, end: date, at: datetime
) -> PetitionQuerySet:
    """Return those of ``petitions`` that one figure of ``area`` counts.

    :raises KeyError: if there is no such figure
    """
    found = petitions.filter(area_path__startswith=area.path)
    if which == "filed":
        return found.filter(on_date("submitted_at", start, end))
    found = found.filter(on_date("accepted_at", start, end))
    conditions = {
        "accepted": Q(),
        "closed": Q(status__in=DONE),
        "on_time": Q(status__in=DONE, promised=True, broken=False),
        "too_late": Q(status__in=DONE, promised=True, broken=True),
        "late": Q(status__in=OPEN, next_due_at__lte=at),
    }
    return with_promises(found, at=at).filter(conditions[which])

"""Figures of legal stations (003a-19): consultations and referrals to legal aid of a year, by station and by kind."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from grids.staff import Staff
from petitions.enums import LegalMatter
from petitions.models import AidReferral, Consultation, LegalStation


@dataclass(frozen=True, slots=True)
class Row:
    """What one station, or one kind of matter, comes to in a year."""

    label: str
    consultations: int
    referred: int
    granted: int


@dataclass(frozen=True, slots=True)
class LegalYear:
    """A year: how many stations there are, the sum of all, and both cuts."""

    stations: int
    total: Row
    by_station: tuple[Row, ...]
    by_kind: tuple[Row, ...]


def year_of(staff: Staff, year: int) -> LegalYear:
    """Return the figures of the stations in scope for a calendar year; three queries."""
    stations = {one.pk: str(one) for one in LegalStation.objects.visible_to(staff).order_by("code")}
    asked = Consultation.objects.filter(station__in=stations, held_on__year=year).order_by()
    sent = AidReferral.objects.filter(station__in=stations, referred_on__year=year).order_by()
    sums: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0])
    for station, kind, count in asked.values_list("station", "kind").annotate(Sum("count")):
        for key in (station, kind, None):
            sums[key][0] += count
    for station, kind, count, granted in sent.values_list("station", "kind").annotate(Sum("count"), Sum("granted")):
        for key in (station, kind, None):
            sums[key][1] += count
            sums[key][2] += granted
    return LegalYear(
        stations=len(stations),
        total=Row("", *sums[None]),
        by_station=tuple(Row(label, *sums[pk]) for pk, label in stations.items()),
        by_kind=tuple(Row(str(kind.label), *sums[kind.value]) for kind in LegalMatter),
    )

"""Stations of the small district."""

from datetime import time

from fieldwork.models import ServiceStation, StationHours
from tests.factories import SINCE, District


def station(district: District, code: str = "S-1", kind: str = "red", area=None, **facts) -> ServiceStation:
    """Return a station, in the community if nothing else is said."""
    area = area or district.community
    return ServiceStation.objects.create(code=code, kind=kind, area=area, valid_from=SINCE, **facts)


def opens(one: ServiceStation, weekdays, start: str, end: str, months: tuple[int, int] = (1, 12)) -> None:
    """Let a station have these hours on some weekdays."""
    for weekday in weekdays:
        StationHours.objects.create(
            station=one, weekday=weekday, month_from=months[0], month_to=months[1],
            opens=time.fromisoformat(start), closes=time.fromisoformat(end),
        )  # fmt: skip

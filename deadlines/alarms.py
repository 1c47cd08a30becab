"""What nobody would notice by himself: opening hours that changed, a holiday notice that is not out yet."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from deadlines import recompute
from deadlines.enums import RecomputeReason
from deadlines.models import CalendarYear, HoursMark
from deadlines.timetable import shanghai_date
from grids.models import DutyMember, ServiceHours
from notifications.services import NewNotice, owe

HOURS = "service_hours"
# The State Council's notice for the next year is published in November (rules.md d).
FIRST_MONTH = 11


@transaction.atomic
def watch_hours(*, at: datetime) -> bool:
    """Compare the opening hours with the last look; if they changed, owe a recomputation from that day on.

    Hours carry no dates of their own: a change holds from the day it is seen, for clocks that are not due before it.
    The first look only remembers.
    """
    rows = ServiceHours.objects.order_by("pk").values_list(
        "area", "weekday", "month_from", "month_to", "opens", "closes"
    )
    found = hashlib.sha256(repr([tuple(map(str, row)) for row in rows]).encode()).hexdigest()
    mark, first = HoursMark.objects.select_for_update().get_or_create(
        name=HOURS, defaults={"fingerprint": found, "seen_at": at}
    )
    if first or mark.fingerprint == found:
        return False
    mark.fingerprint, mark.seen_at = found, at
    mark.save(update_fields=["fingerprint", "seen_at"])
    recompute.ask(reason=RecomputeReason.HOURS, at=at, since=shanghai_date(at))
    return True


def missing_year(*, at: datetime) -> int | None:
    """Return next year if it is November or later in Shanghai and its notice is missing, else None."""
    today = shanghai_date(at)
    if today.month < FIRST_MONTH:
        return None
    year = today.year + 1
    return None if CalendarYear.objects.filter(year=year, confirmed=True).exists() else year


def missing_notice(*, at: datetime) -> int:
    """Tell everybody on the duty list that next year's notice is missing, once in each ISO week; return how many."""
    year = missing_year(at=at)
    if year is None:
        return 0
    today = shanghai_date(at)
    week = today.isocalendar()
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="calendar_missing",
                params={"year": year},
                about=f"calendar:{year}",
                url_path=reverse("admin:deadlines_calendaryear_changelist"),
                dedupe_key=f"calendar_missing:{year}:{week.year}-W{week.week:02}:{user_id}",
                at=at,
            )
            for user_id in DutyMember.objects.at(today).values_list("user_id", flat=True)
        ]
    )

"""The alarm of the sweep itself. A task of its own: it speaks when the sweep is dead."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from deadlines import heartbeat
from deadlines.timetable import shanghai_date
from grids.models import DutyMember
from notifications.services import NewNotice, mark_settled, owe

logger = logging.getLogger(__name__)

KIND = "sweep_stopped"
WATCH = "deadlines.watch"
ABOUT = f"heartbeat:{heartbeat.SWEEP}"


def watch(*, at: datetime) -> int:
    """Tell everybody on the duty list, once per outage, that no sweep ran for three intervals; return how many.

    When it runs again, notices that nobody has opened are settled. The outage is known by the last sweep before it.
    """
    last = heartbeat.last(heartbeat.SWEEP)
    if last is None:
        # never yet: counted from the first time that anybody looked
        last = heartbeat.first(WATCH, at=at)
    if not heartbeat.is_silent(last, at=at, every=timedelta(seconds=settings.SWEEP_SECONDS)):
        mark_settled(kind=KIND, about=ABOUT, at=at)
        return 0
    duty = list(DutyMember.objects.at(shanghai_date(at)).values_list("user_id", flat=True))
    logger.error("No sweep has run since %s; %d people on the duty list are told.", last.isoformat(), len(duty))
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind=KIND,
                params={"last_run_at": last.isoformat()},
                about=ABOUT,
                url_path=reverse("admin:deadlines_heartbeat_changelist"),
                dedupe_key=f"{KIND}:{last.isoformat()}:{user_id}",
                at=at,
                urgent=True,
            )
            for user_id in duty
        ]
    )

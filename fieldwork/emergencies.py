"""Ordering and ending the emergency mode of an area; the rounds of its routes follow at once."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import SHANGHAI, shanghai_date
from fieldwork import rounds
from fieldwork.enums import EmergencyKind
from fieldwork.errors import NotNow
from fieldwork.models import Emergency
from fieldwork.permissions import check_may_order
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Request, recipients_for
from grids.staff import Staff
from notifications.services import NewNotice, owe
from people import audit
from people.enums import AuditKind
from people.errors import BadInput
from people.masking import mask_text

LONGEST: Final = timedelta(days=30)
_LEVELS: Final = (Level.STREET, Level.COMMUNITY, Level.GRID)
_A_DAY: Final = timedelta(days=1)


@transaction.atomic
def order(*, area: Area, kind: EmergencyKind, reason: str, last_on: date, by: Staff, at: datetime) -> Emergency:
    """Order the emergency mode of an area, from now to the end of a civil day in Shanghai; it ends by itself.

    Everybody at a post of its grids and communities is told, and routes with times for emergencies are walked at these.

    :raises NotYours: if no post of ``by`` orders it there
    :raises BadInput: without a reason, for an area of another level, or if the last day is past or too far away
    :raises NotNow: if the area is in emergency mode of this kind already
    """
    check_may_order(by, area)
    today = shanghai_date(at)
    words = mask_text(" ".join(reason.split()))[0]
    if not words:
        raise BadInput(_("Say why."), field="reason")
    if area.level not in _LEVELS:
        raise BadInput(_("Choose a grid, a community or a street."), field="area")
    if not today <= last_on <= today + LONGEST:
        raise BadInput(_("Choose a last day between today and %(days)d days ahead.") % {"days": LONGEST.days},
                       field="last_on")  # fmt: skip
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    if Emergency.objects.running(at).filter(area=area, kind=kind).exists():
        raise NotNow(_("This area is in this emergency mode already: end it first."), field="kind")
    ends_at = datetime.combine(last_on + _A_DAY, time(), tzinfo=SHANGHAI)
    made = Emergency.objects.create(
        area=area, kind=kind, reason=words, starts_at=at, ends_at=ends_at, ordered_by=by.user
    )
    _record(made, "ordered", by=by, at=at)
    rounds.switch(area, at=at)
    _tell(made, at=at)
    return made


@transaction.atomic
def end(emergency: Emergency, *, by: Staff, at: datetime) -> Emergency:
    """End it before its time. Rounds of today that stand stay; those of tomorrow are the ordinary ones again.

    :raises NotYours: if no post of ``by`` orders it there
    :raises NotNow: if it is over
    """
    check_may_order(by, emergency.area)
    locked = Emergency.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=emergency.pk)
    if locked.ends_at <= at:
        raise NotNow(_("This emergency mode is over."))
    locked.ends_at, locked.ended_by = at, by.user
    locked.save(update_fields=["ends_at", "ended_by"])
    _record(locked, "ended", by=by, at=at)
    return locked


def _record(emergency: Emergency, what: str, *, by: Staff, at: datetime) -> None:
    details = {"what": what, "area": emergency.area_id, "kind": emergency.kind, "until": emergency.ends_at.isoformat()}
    audit.record(AuditKind.EDITED, by=by.user, at=at, about=f"fieldwork.emergency:{emergency.pk}", details=details)


def _tell(emergency: Emergency, *, at: datetime) -> None:
    """Owe one notice to everybody at a post of the grids and communities it holds in."""
    inside = Area.objects.served().at(shanghai_date(at)).filter(path__startswith=emergency.area.path)
    below = inside.filter(level__in=(Level.COMMUNITY, Level.GRID)).values_list("pk", "path", "level")
    requests = [Request(key=pk, path=path, targets=_posts(Level(level))) for pk, path, level in below]
    told = recipients_for(requests, on=shanghai_date(at))
    owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="emergency_ordered",
                about=f"emergency:{emergency.pk}",
                url_path="/emergencies/",
                dedupe_key=f"emergency:{emergency.pk}:{user_id}",
                at=at,
                urgent=True,
                params={"kind": emergency.kind, "area": emergency.area.code, "until": emergency.ends_at.isoformat()},
            )
            for user_id in dict.fromkeys(user_id for one in told.values() for user_id in one.user_ids)
        ]
    )


def _posts(level: Level) -> tuple[tuple[Level, PostKind], ...]:
    kinds: Sequence[PostKind] = (PostKind.GRID_WORKER, PostKind.GRID_LEAD)
    if level == Level.COMMUNITY:
        kinds = (PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER)
    return tuple((level, kind) for kind in kinds)

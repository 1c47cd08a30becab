"""The hand-over at the end of a shift: words, what is open, the next who takes it over, and who forgot it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import DutyPoint, DutyShift
from fieldwork.permissions import check_may_serve
from fieldwork.shifts import planner_of
from grids.posts import Request, recipients_for
from grids.staff import Staff
from notifications.services import NewNotice, owe
from people.errors import BadInput
from people.masking import mask_text

LONGEST_WORDS: Final = 600
LONGEST_POINT: Final = 120
MOST_POINTS: Final = 10
# How long after its end a shift may be without a hand-over before people are told, and how far back one is missed.
GRACE: Final = timedelta(minutes=30)
BACK: Final = timedelta(days=3)


@transaction.atomic
def hand_over(shift: DutyShift, *, words: str, points: Sequence[str], by: Staff, at: datetime) -> DutyShift:
    """Write down how it was and what stays open; numbers in the words are masked.

    :raises NotYours: if it is not the shift of ``by``
    :raises NotNow: before it begins, or if it is handed over already
    :raises BadInput: without words, with too many or too long points
    """
    locked = DutyShift.objects.select_for_update(of=("self",), no_key=True).get(pk=shift.pk)
    if locked.user_id != by.user.pk:
        raise NotYours(_("This is not your shift."))
    if locked.handed_at is not None:
        raise NotNow(_("It is handed over already."))
    if at < locked.starts_at:
        raise NotNow(_("This shift has not begun yet."))
    said = mask_text(words.strip())[0][:LONGEST_WORDS]
    lines = list(dict.fromkeys(" ".join(line.split()) for line in points if line.strip()))
    if not said:
        raise BadInput(_("Say in a few words how it was; “nothing” is an answer too."), field="words")
    if len(lines) > MOST_POINTS:
        raise BadInput(_("At most %(most)d open points.") % {"most": MOST_POINTS}, field="points")
    if any(len(line) > LONGEST_POINT for line in lines):
        raise BadInput(_("A line has at most %(most)d characters.") % {"most": LONGEST_POINT}, field="points")
    locked.words, locked.handed_at = said, at
    locked.save(update_fields=["words", "handed_at"])
    DutyPoint.objects.bulk_create(DutyPoint(shift=locked, text=mask_text(line)[0][:LONGEST_POINT]) for line in lines)
    return locked


def open_points(shift: DutyShift) -> QuerySet[DutyPoint]:
    """Return what is open at the place of a shift, from whichever shift it came, the oldest first."""
    here = DutyShift.objects.filter(area=shift.area_id, station=shift.station_id)
    return DutyPoint.objects.filter(shift__in=here, done_at=None).order_by("pk")


def before(shift: DutyShift) -> DutyShift | None:
    """Return the shift that hands over to this one: the last at its place that began earlier and had somebody."""
    earlier = DutyShift.objects.beside(shift).filter(starts_at__lt=shift.starts_at, user__isnull=False)
    return earlier.select_related("user", "taken_by").order_by("-starts_at", "-pk").first()


@transaction.atomic
def take_over(shift: DutyShift, *, by: Staff, at: datetime) -> DutyShift:
    """Acknowledge the hand-over that an earlier shift left: words and open points are read.

    :raises NotYours: if ``by`` has no later shift at this place
    :raises NotNow: if it is not handed over yet, or taken over already
    """
    locked = DutyShift.objects.select_for_update(of=("self",), no_key=True).get(pk=shift.pk)
    later = DutyShift.objects.beside(locked).filter(user=by.user.pk, starts_at__gt=locked.starts_at)
    if not later.filter(starts_at__lte=at + timedelta(days=1)).exists():
        raise NotYours(_("Whoever has the next shift takes it over."))
    if locked.handed_at is None:
        raise NotNow(_("It is not handed over yet."))
    if locked.taken_at is not None:
        raise NotNow(_("It is taken over already."))
    locked.taken_at, locked.taken_by = at, by.user
    locked.save(update_fields=["taken_at", "taken_by"])
    return locked


@transaction.atomic
def done(point: DutyPoint, *, by: Staff, at: datetime) -> bool:
    """Note that a point is done; return whether it was open. ``point`` comes with its shift and area.

    :raises NotYours: if ``by`` does not serve there
    """
    check_may_serve(by, point.shift.area)
    return bool(DutyPoint.objects.filter(pk=point.pk, done_at=None).update(done_at=at, done_by=by.user))


def tell_missing(*, at: datetime) -> int:
    """Tell who had a shift that ended without a hand-over, and who plans there, once; return how many are told."""
    late = DutyShift.objects.filter(
        Q(ends_at__lte=at - GRACE) & Q(ends_at__gt=at - BACK), handed_at=None, user__isnull=False
    )
    rows = list(late.select_related("area"))
    if not rows:
        return 0
    requests = [Request(key=row.pk, path=row.area.path, targets=(planner_of(row.area),)) for row in rows]
    told = recipients_for(requests, on=shanghai_date(at))
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="shift_not_handed",
                about=f"shift:{row.pk}",
                url_path=f"/duty/{row.pk}/",
                dedupe_key=f"shift_not_handed:{row.pk}:{user_id}",
                at=at,
                params={"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()},
            )
            for row in rows
            for user_id in dict.fromkeys((row.user_id, *told[row.pk].user_ids))
            if user_id is not None
        ]
    )


def forget(shift_id: int) -> bool:
    """Take the words of a shift away, and its points; return whether there was anything."""
    gone = DutyPoint.objects.filter(shift=shift_id).delete()[0] > 0
    return bool(DutyShift.objects.filter(pk=shift_id).exclude(words="").update(words="")) or gone

"""What is done to areas and posts. Dates are civil dates in Asia/Shanghai."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grids.enums import AbsenceReason, Level
from grids.errors import AlreadyHeld, SeatsTaken
from grids.models import Absence, Appointment, Area, Post, StaffCard
from grids.names import division_type_of, initials, short_name, sort_key
from people.errors import BadInput
from people.models import User

AT_ONCE: Final = 5000  # about 2 MB of names and half a second of pinyin


@transaction.atomic
def mark_served(area: Area, *, served: bool = True) -> int:
    """Take the area and everything under it into our jurisdiction (or out of it); return how many rows changed.

    What we keep for served areas only is filled in at once, in bulk. Repeating it changes nothing.
    """
    changed = Area.objects.under(area.path).exclude(served=served).update(served=served)
    if served:
        complete_served()
    return changed


@transaction.atomic
def complete_served() -> int:
    """Give every served area without one its pinyin key, initials, short name and type; return how many were filled.

    The types follow from the last three digits of the official code (rules.md f.1). Areas that are not ours go
    without: nobody looks for them, and the whole country loads twice as fast.
    """
    filled = 0
    while rows := list(
        Area.objects.served()
        .filter(name_key="")
        .values_list("pk", "level", "name", "short_name", "code", "division_type")[:AT_ONCE]
    ):
        ready = []
        for pk, level, name, given, code, division_type in rows:
            short = given or short_name(name, Level(level))
            kept = short if short != name else ""
            kind = division_type or (division_type_of(code, Level(level)) or "")
            ready.append((pk, kept, sort_key(short) or short, initials(short), kind))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE grids_area a SET short_name = f.short_name, name_key = f.name_key, initials = f.initials, "
                "division_type = f.division_type "
                "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) "
                "AS f (id, short_name, name_key, initials, division_type) WHERE a.id = f.id",
                [list(column) for column in zip(*ready, strict=True)],
            )
        filled += len(rows)
    return filled


def forget_keys(area: Area) -> None:
    """After a change of name, in memory: let the keys be made anew. Save, then call ``complete_served``."""
    area.name_key = area.initials = ""


@transaction.atomic
def appoint(*, post: Post, user: User, starts_on: date, ends_on: date | None = None) -> Appointment:
    """Give a person a seat of a post from one day to another, both included.

    :raises SeatsTaken: if on some of these days every seat is filled
    :raises AlreadyHeld: if the person holds this post on one of these days
    :raises BadInput: if the dates do not fit
    """
    # The lock makes two appointments to one seat wait for each other.
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    held = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), post=post, user=user)
    if held.filter(starts_on__lte=ends_on).exists() if ends_on else held.exists():
        raise AlreadyHeld(_("%(person)s holds this post already in these days.") % {"person": user})
    full = Appointment.objects.first_full_day(post, starts_on, ends_on)
    if full is not None:
        raise SeatsTaken(_("All seats of this post are taken on %(day)s.") % {"day": full.isoformat()})
    appointment = Appointment(post=post, user=user, starts_on=starts_on, ends_on=ends_on)
    _check(appointment)
    appointment.save()
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, ends_on: date) -> Appointment:
    """Let an appointment end with the day ``ends_on``; absences after it are cut off.

    :raises BadInput: if it would end before it began
    """
    appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    appointment.ends_on = ends_on
    _check(appointment)
    appointment.save(update_fields=["ends_on"])
    appointment.absences.filter(starts_on__gt=ends_on).delete()
    appointment.absences.filter(ends_on__gt=ends_on).update(ends_on=ends_on)
    return appointment


@transaction.atomic
def record_absence(
    *,
    appointment: Appointment,
    starts_on: date,
    ends_on: date,
    deputy: User | None = None,
    reason: AbsenceReason = AbsenceReason.LEAVE,
) -> Absence:
    """Note that the holder is away, both days included, and who stands in.

    :raises AlreadyHeld: if another absence of the same appointment overlaps
    :raises BadInput: if the dates do not fit or the holder would stand in for himself
    """
    Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if appointment.absences.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise AlreadyHeld(_("These absences overlap."))
    absence = Absence(appointment=appointment, starts_on=starts_on, ends_on=ends_on, deputy=deputy, reason_code=reason)
    _check(absence)
    absence.save()
    return absence


@transaction.atomic
def record_pledge(*, user: User, pledge: str, on: date) -> StaffCard:
    """Put a person's public pledge in place of the one before; an empty one takes it off the boards (000-30)."""
    words = " ".join(pledge.split())
    card, _made = StaffCard.objects.update_or_create(user=user, defaults={"pledge": words, "changed_on": on})
    return card


def _check(row: Appointment | Absence) -> None:
    try:
        row.full_clean()
    except ValidationError as problem:
        raise BadInput(" ".join(problem.messages)) from problem

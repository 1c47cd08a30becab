"""Handover (交接): a leaving holder's posts and open work pass to a named person in one reviewed action.

The posts and what hangs on them here (who stands in for whom, window and visit days, roles in teams) are this app's
part; higher apps add theirs through ``registry.add_handover_part``. All of it passes, or nothing does.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.enums import HandoverState, Level, PostKind
from grids.errors import AlreadyHeld, ChangedSinceReview, NotYourRegister
from grids.models import Absence, Appointment, GridMember, Handover, WeekdayDuty
from grids.permissions import Register, may_keep
from grids.posts import Holding, Staff, staff_for
from grids.registry import Item, Preview, Section, Transfer, handover_parts
from grids.services import appoint, end_appointment
from notifications.services import NewNotice, owe
from people.errors import BadInput, Refusal
from people.models import User

OWN = "posts"
LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Review:
    """What a handover would do, to be read before it is done, and the token that brings the reading back."""

    sections: tuple[Section, ...]
    token: str


def handable(leaver: User, *, by: Staff, on: date) -> list[Appointment]:
    """Return the leaver's appointments that ``by`` keeps, top of the tree first.

    Those that run or will, and those that ended within a year without a handover: somebody left from one day to the
    next, or the handover planned was refused on its day.
    """
    handed_over = Handover.objects.filter(state__in=(HandoverState.PLANNED, HandoverState.DONE))
    rows = (
        Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on - LOOKS_BACK), user=leaver)
        .exclude(Q(ends_on__isnull=False, ends_on__lt=on) & Q(handovers__in=handed_over))
        .select_related("post__area", "post__organisation", "user")
        .order_by("post__area__path", "pk")
    )
    return [row for row in rows if may_keep(by, Register.POSTS, row.post.area.path)]


def make_transfer(
    *,
    leaver: User,
    receiver: User,
    appointments: Sequence[Appointment],
    first_day: date,
    by: Staff,
    at: datetime,
) -> Transfer:
    """Check who hands what to whom, and when; change nothing.

    :raises NotYourRegister: if ``by`` does not keep one of these posts
    :raises BadInput: if there is nothing to hand over, nobody to take it, or the day does not fit
    """
    today = timezone.localdate(at)
    if not appointments:
        raise BadInput(_("Choose at least one post to hand over."), field="appointments")
    if receiver.pk == leaver.pk:
        raise BadInput(_("Nobody hands over to himself."), field="receiver")
    if not receiver.is_active:
        raise BadInput(_("The account of the receiver is closed."), field="receiver")
    if first_day < today:
        raise BadInput(_("The first day of the receiver lies in the past."), field="first_day")
    for row in appointments:
        if row.user_id != leaver.pk or not may_keep(by, Register.POSTS, row.post.area.path):
            raise NotYourRegister(_("One of these posts is not yours to hand over. Nothing was changed."))
        if row.starts_on >= first_day:
            message = _("%(post)s was taken up on %(day)s only; it cannot be handed over from a day before that.")
            raise BadInput(message % {"post": row.post.label, "day": row.starts_on.isoformat()}, field="first_day")
    return Transfer(
        leaver=leaver,
        receiver=receiver,
        appointments=tuple(appointments),
        holdings=tuple(_holding(row) for row in appointments),
        first_day=first_day,
        by=by,
        at=at,
    )


def review(transfer: Transfer) -> Review:
    """Return what would pass, part by part, and the token of it. Changes nothing."""
    previews = {OWN: _own_preview(transfer)} | {name: part.preview(transfer) for name, part in handover_parts().items()}
    return Review(
        sections=tuple(section for preview in previews.values() for section in preview.sections),
        token=" ".join(f"{name}:{preview.fingerprint}" for name, preview in previews.items()),
    )


@transaction.atomic
def hand_over(transfer: Transfer, *, token: str) -> Handover:
    """Do what was reviewed: the posts change hands on the day, the work with them; both are told.

    With a first day that lies ahead the appointments are written now and the work passes on that day
    (``carry_out_due``), as it stands then. All or nothing: a refusal of any part leaves everything as it was.

    :raises ChangedSinceReview: if something that would pass has changed since it was reviewed
    :raises SeatsTaken: if a post has no free seat for the receiver
    """
    # Locked in one order: of two handovers of the same post, the second waits and then finds it handed over.
    ids = sorted(row.pk for row in transfer.appointments)
    locked = list(
        Appointment.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .select_related("post__area", "post__organisation", "user")
        .order_by("pk")
    )
    _compare(_own_fingerprint(transfer, locked), _reviewed(token).get(OWN))
    _move_posts(transfer, locked)
    done = Handover.objects.create(
        leaver=transfer.leaver,
        receiver=transfer.receiver,
        first_day=transfer.first_day,
        decided_by=transfer.by.user,
        decided_at=transfer.at,
    )
    done.appointments.set(locked)
    if transfer.first_day <= timezone.localdate(transfer.at):
        _carry_out(done, transfer, reviewed=_reviewed(token))
    _tell(done, at=transfer.at)
    return done


def carry_out_due(*, at: datetime) -> int:
    """Pass on the work of planned handovers whose day has come; return how many. Each is a transaction of its own.

    One that is refused is marked and its author told; the others go on.
    """
    today = timezone.localdate(at)
    waiting = Handover.objects.filter(state=HandoverState.PLANNED, first_day__lte=today)
    done = 0
    for pk in list(waiting.order_by("first_day", "pk").values_list("pk", flat=True)):
        try:
            done += _carry_out_one(pk, at=at)
        except Refusal:
            with transaction.atomic():
                stuck = Handover.objects.select_for_update().get(pk=pk)
                stuck.state = HandoverState.STUCK
                stuck.save(update_fields=["state"])
                owe([_notice(stuck, "handover_stuck", stuck.decided_by_id, at=at)])
    return done


@transaction.atomic
def _carry_out_one(pk: int, *, at: datetime) -> bool:
    row = (
        Handover.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("leaver", "receiver", "decided_by")
        .filter(pk=pk, state=HandoverState.PLANNED)
        .first()
    )
    if row is None:
        return False
    appointments = tuple(row.appointments.select_related("post__area", "post__organisation").order_by("pk"))
    transfer = Transfer(
        leaver=row.leaver,
        receiver=row.receiver,
        appointments=appointments,
        holdings=tuple(_holding(one) for one in appointments),
        first_day=row.first_day,
        by=staff_for(row.decided_by, timezone.localdate(at)),
        at=at,
    )
    _carry_out(row, transfer, reviewed={})
    return True


def _carry_out(done: Handover, transfer: Transfer, *, reviewed: Mapping[str, str]) -> None:
    done.taken = {
        name: part.carry_out(transfer, fingerprint=reviewed.get(name)) for name, part in handover_parts().items()
    }
    done.state, done.done_at = HandoverState.DONE, transfer.at
    done.save(update_fields=["taken", "state", "done_at"])


# -- this app's own part -------------------------------------------------------------------------------------------


def _own_preview(transfer: Transfer) -> Preview:
    posts = [
        Item(
            f"{row.post.area.label} · {row.post.label}",
            note=row.post.organisation.name if row.post.organisation else "",
        )
        for row in transfer.appointments
    ]
    cover = [
        Item(f"{row.appointment.post.area.label} · {row.appointment.user.get_full_name()}") for row in _cover(transfer)
    ]
    days = [Item(f"{row.get_weekday_display()} · {row.grid.label if row.grid else row.get_place_display()}")
            for row in _days(transfer)]  # fmt: skip
    roles = [Item(f"{row.area.label} · {row.role.name}") for row in _roles(transfer)]
    sections = [
        Section(_("Appointments that end, and pass to the receiver"), len(posts), posts),
        Section(_("Absences in which the receiver stands in from then on"), len(cover), cover),
        Section(_("Window and visit days"), len(days), days),
        Section(_("Roles in grid teams that end"), len(roles), roles, _("A new member is entered in the register.")),
    ]
    return Preview([one for one in sections if one.count], _own_fingerprint(transfer, transfer.appointments))


def _own_fingerprint(transfer: Transfer, appointments: Sequence[Appointment]) -> str:
    facts = [f"{row.pk}/{row.starts_on}/{row.ends_on}" for row in sorted(appointments, key=lambda row: row.pk)]
    facts += [f"a{row.pk}" for row in _cover(transfer)]
    facts += [f"d{row.pk}" for row in _days(transfer)]
    facts += [f"r{row.pk}" for row in _roles(transfer)]
    return fingerprint((*facts, f"{transfer.leaver.pk}>{transfer.receiver.pk}", transfer.first_day.isoformat()))


def fingerprint(facts: Sequence[str]) -> str:
    """Return a short digest of what was reviewed; it guards against change, not against forgery."""
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:24]


def _move_posts(transfer: Transfer, appointments: Sequence[Appointment]) -> None:
    last = transfer.first_day - timedelta(days=1)
    for row in appointments:
        if row.ends_on is None or row.ends_on > last:
            end_appointment(appointment=row, ends_on=last)
        try:
            appoint(post=row.post, user=transfer.receiver, starts_on=transfer.first_day)
        except AlreadyHeld:
            continue  # he has it already, and keeps it
    for absence in _cover(transfer):
        _split(absence, transfer)
    for duty in _days(transfer):
        WeekdayDuty.objects.update_or_create(
            user=transfer.receiver,
            area_id=duty.area_id,
            weekday=duty.weekday,
            place=duty.place,
            grid_id=duty.grid_id,
            defaults={"valid_from": transfer.first_day, "valid_to": None},
        )
        duty.valid_to = last
        duty.valid_from = min(duty.valid_from, last) if duty.valid_from else None
        duty.save(update_fields=["valid_from", "valid_to"])
    for member in _roles(transfer):
        member.ends_on = max(last, member.starts_on)
        member.save(update_fields=["ends_on"])


def _split(absence: Absence, transfer: Transfer) -> None:
    """From the first day on the receiver stands in; who stood in before stays on record."""
    deputy = None if absence.appointment.user_id == transfer.receiver.pk else transfer.receiver
    if absence.starts_on >= transfer.first_day:
        absence.deputy = deputy
        absence.save(update_fields=["deputy"])
        return
    until = absence.ends_on
    absence.ends_on = transfer.first_day - timedelta(days=1)
    absence.save(update_fields=["ends_on"])
    Absence.objects.create(
        appointment=absence.appointment,
        starts_on=transfer.first_day,
        ends_on=until,
        deputy=deputy,
        reason_code=absence.reason_code,
    )


def _within(transfer: Transfer, field: str) -> Q:
    """Rows in the communities (or wider areas) of the posts that pass, as far as ``by`` keeps them."""
    scope = Q(pk__in=())
    for row in transfer.appointments:
        area = row.post.area
        path = area.path.rsplit("/", 1 + max(0, area.level - Level.COMMUNITY))[0] + "/"
        if may_keep(transfer.by, Register.POSTS, path):
            scope |= Q(**{f"{field}__startswith": path})
    return scope


def _cover(transfer: Transfer) -> list[Absence]:
    rows = Absence.objects.filter(
        _within(transfer, "appointment__post__area__path"), deputy=transfer.leaver, ends_on__gte=transfer.first_day
    ).exclude(appointment__in=[row.pk for row in transfer.appointments])
    return list(rows.select_related("appointment__post__area", "appointment__user").order_by("pk"))


def _days(transfer: Transfer) -> list[WeekdayDuty]:
    rows = WeekdayDuty.objects.filter(
        _within(transfer, "area__path"), Q(valid_to__isnull=True) | Q(valid_to__gte=transfer.first_day)
    )
    return list(rows.filter(user=transfer.leaver).select_related("grid").order_by("weekday", "pk"))


def _roles(transfer: Transfer) -> list[GridMember]:
    rows = GridMember.objects.filter(
        _within(transfer, "area__path"), Q(ends_on__isnull=True) | Q(ends_on__gte=transfer.first_day)
    )
    return list(rows.filter(user=transfer.leaver).select_related("area", "role").order_by("pk"))


def _holding(row: Appointment) -> Holding:
    area = row.post.area
    return Holding(PostKind(row.post.kind), area.pk, Level(area.level), area.path, row.post.organisation_id)


# -- tokens and notices --------------------------------------------------------------------------------------------


def _reviewed(token: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in token.split() if ":" in part)


def _compare(now: str, then: str | None) -> None:
    if now != then:
        raise ChangedSinceReview(_("Something has changed since you looked. Please read the list again."))


def check_unchanged(now: str, then: str | None) -> None:
    """For parts of higher apps: refuse if the fingerprint is not the reviewed one; none means nobody reviewed it.

    :raises ChangedSinceReview: if it differs
    """
    if then is not None:
        _compare(now, then)


def _tell(done: Handover, *, at: datetime) -> None:
    owe(
        [
            _notice(done, "handover_received", done.receiver_id, at=at),
            _notice(done, "handover_given", done.leaver_id, at=at),
        ]
    )


def _notice(done: Handover, kind: str, user_id: int, *, at: datetime) -> NewNotice:
    return NewNotice(
        recipient_id=user_id,
        kind=kind,
        about=f"handover:{done.pk}",
        url_path=f"/handovers/{done.pk}/",
        dedupe_key=f"handover:{done.pk}:{kind}:{user_id}",
        at=at,
        params={"first_on": done.first_day.isoformat(), "cases": done.taken.get("petitions")},
    )

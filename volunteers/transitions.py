"""What may become of a registration: one table, one private mover. Lock, permission, table, write, record."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from notifications.services import mark_settled
from people import consents
from people.errors import BadInput
from people.masking import mask_text
from people.models import User
from people.services import blank_person
from volunteers import notices
from volunteers.enums import OVER, State, VolunteerCode
from volunteers.errors import NotNow
from volunteers.models import Guardian, HomePartner, Mandate, Membership, Qualification, Volunteer, VolunteerEvent
from volunteers.permissions import check_may_keep

LONGEST_REASON: Final = 200
LEADS_TO: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.WAITING: frozenset({State.ACTIVE, State.REFUSED, State.SUSPENDED, State.LEFT, State.MERGED}),
        State.ACTIVE: frozenset({State.SUSPENDED, State.LEFT, State.MERGED}),
        State.REFUSED: frozenset({State.WAITING, State.LEFT, State.MERGED}),
        State.SUSPENDED: frozenset({State.WAITING, State.ACTIVE, State.LEFT, State.MERGED}),
        State.LEFT: frozenset(),
        State.MERGED: frozenset(),
    }
)
# what goes with whoever goes; ``home`` stays, for the counts
NOTHING: Final[Mapping[str, Any]] = MappingProxyType(
    {"skills": [], "free": [], "of_age_on": None, "seat": None, "work": None}
)


@transaction.atomic
def approve(volunteer: Volunteer, *, by: Staff, at: datetime) -> Volunteer:
    """Take somebody on, and tell him.

    :raises NotYours: if no post of ``by`` keeps the register of the community where he lives
    :raises NotNow: if it does not wait for a decision
    """
    locked = lock(volunteer)
    check_may_keep(by, locked.home)
    _move(locked, State.ACTIVE, VolunteerCode.APPROVED, only=State.WAITING, by=by.user, at=at, **_decided(by, at))
    notices.tell_volunteer(locked, agreed=True, at=at)
    _settle(locked, at=at)
    return locked


@transaction.atomic
def refuse(volunteer: Volunteer, *, why: str, by: Staff, at: datetime) -> Volunteer:
    """Do not take somebody on, for a reason that he reads; he may apply again.

    :raises NotYours: if no post of ``by`` keeps the register of the community where he lives
    :raises BadInput: without a reason, or with one too long
    :raises NotNow: if it does not wait for a decision
    """
    locked = lock(volunteer)
    check_may_keep(by, locked.home)
    why = " ".join(why.split())
    if not why:
        raise BadInput(_("Say why: they read it."), field="why")
    if len(why) > LONGEST_REASON:
        raise BadInput(_("Give the reason in at most %(most)d characters.") % {"most": LONGEST_REASON}, field="why")
    facts = {"refusal": mask_text(why)[0][:LONGEST_REASON], "ends_on": shanghai_date(at), **_decided(by, at)}
    _move(locked, State.REFUSED, VolunteerCode.REFUSED, only=State.WAITING, by=by.user, at=at, **facts)
    notices.tell_volunteer(locked, agreed=False, at=at)
    _settle(locked, at=at)
    return locked


@transaction.atomic
def apply_again(volunteer: Volunteer, *, by: User | None, at: datetime) -> Volunteer:
    """Ask once more after a refusal: the community decides anew.

    :raises NotNow: if it was not refused
    """
    locked = lock(volunteer)
    facts = {"refusal": "", "ends_on": None, "decided_at": None, "decided_by": None, "applied_at": at}
    _move(locked, State.WAITING, VolunteerCode.AGAIN, only=State.REFUSED, by=by, at=at, **facts)
    notices.tell_community(locked, "volunteer_waiting", at=at)
    return locked


@transaction.atomic
def suspend(volunteer: Volunteer, *, at: datetime) -> Volunteer:
    """The guardian has taken the consent back: nothing is offered from now on, and the community hears of it.

    :raises NotNow: if it is suspended already, or over
    """
    locked = lock(volunteer)
    _move(locked, State.SUSPENDED, VolunteerCode.WITHDRAWN, by=None, at=at)
    notices.tell_community(locked, "volunteer_suspended", at=at)
    return locked


@transaction.atomic
def resume(volunteer: Volunteer, *, at: datetime) -> Volunteer:
    """The consent is given again: it stands as it stood before.

    :raises NotNow: if it is not suspended
    """
    locked = lock(volunteer)
    to = State.WAITING if locked.decided_at is None else State.ACTIVE
    _move(locked, to, VolunteerCode.CONSENTED, only=State.SUSPENDED, by=None, at=at)
    return locked


@transaction.atomic
def leave(volunteer: Volunteer, *, by: Staff | None, at: datetime) -> Volunteer:
    """Let somebody go: name, number, skills and hours are gone at once, consents are over; days and states stay.

    ``by``: who of the community was told so, None if the volunteer did it himself.

    :raises NotYours: if no post of ``by`` keeps the register of the community where he lives
    :raises NotNow: if he has left
    """
    locked = lock(volunteer)
    if by is not None:
        check_may_keep(by, locked.home)
    end(locked, State.LEFT, VolunteerCode.LEFT, by=by.user if by is not None else None, at=at)
    return locked


def end(locked: Volunteer, to: State, code: VolunteerCode, *, by: User | None, at: datetime, **facts: Any) -> None:
    """Take everything about somebody out of a locked row that goes to a last state.

    :raises NotNow: if it is over already
    """
    facts = {**NOTHING, "refusal": "", "ends_on": shanghai_date(at), **facts}
    _move(locked, to, code, by=by, at=at, **facts)
    notices.hush_about(locked)
    _settle(locked, at=at)
    Qualification.objects.filter(volunteer=locked).delete()
    _end_roles(locked, at=at)
    end_guardian(locked, at=at)
    consents.withdraw_all(locked.person, at=at)
    blank_person(locked.person)


def _end_roles(locked: Volunteer, *, at: datetime) -> None:
    """End today what hangs on the registration: teams, mandates, partnership."""
    on = shanghai_date(at)
    Membership.objects.filter(volunteer=locked, ends_on=None).update(ends_on=Greatest("starts_on", Value(on)))
    Mandate.objects.filter(volunteer=locked, ends_on__gt=on).update(ends_on=Greatest("starts_on", Value(on)))
    HomePartner.objects.filter(volunteer=locked, ends_on=None).update(ends_on=Greatest("starts_on", Value(on)))


def end_guardian(locked: Volunteer, *, at: datetime) -> bool:
    """End who agrees for a minor, with name and number; return whether there was anybody."""
    row = Guardian.objects.select_for_update(of=("self",)).filter(volunteer=locked, ends_on=None).first()
    if row is None:
        return False
    row.ends_on = max(row.starts_on, shanghai_date(at))
    row.save(update_fields=["ends_on"])
    consents.withdraw_all(row.person, at=at)
    blank_person(row.person)
    return True


def lock(volunteer: Volunteer) -> Volunteer:
    """Return the row locked, with its person and home."""
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True).select_related("person", "home")
    return rows.get(pk=volunteer.pk)


def record(volunteer: Volunteer, code: VolunteerCode, *, by: User | None, at: datetime) -> VolunteerEvent:
    """Write into the history what happened."""
    return VolunteerEvent.objects.create(volunteer=volunteer, code=code, by=by, at=at)


def _move(
    locked: Volunteer, to: State, code: VolunteerCode, *, by: User | None, at: datetime, only: State | None = None,
    **facts: Any,
) -> None:  # fmt: skip
    here = State(locked.state)
    if to not in LEADS_TO[here] or (only is not None and here != only):
        words = (
            _("This registration is over.") if here in OVER else _("This has been decided already. Please look again.")
        )
        raise NotNow(words)
    locked.state = to
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *facts])
    record(locked, code, by=by, at=at)


def _decided(by: Staff, at: datetime) -> dict[str, Any]:
    return {"decided_at": at, "decided_by": by.user}


def _settle(locked: Volunteer, *, at: datetime) -> None:
    """What asked for a decision is done."""
    mark_settled(kind="volunteer_waiting", about=f"{notices.ABOUT}{locked.pk}", at=at)

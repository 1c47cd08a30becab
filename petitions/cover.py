"""Who answers in the place of somebody who is away: his deputy, else the level above him; never nobody."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from grids.enums import DEPARTMENT_POSTS, Level, PostKind
from grids.models import Absence, Appointment
from grids.posts import Request, recipients_for
from petitions.models import Petition

# Who takes care of what a person away holds and nobody stands in for.
OF_UNIT: Final = ((Level.STREET, PostKind.DEPARTMENT_HEAD),)
OF_AREA: Final = ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),)


def answering(petition: Petition, user_id: int, *, on: date, excluded: Collection[int] = ()) -> tuple[int, ...]:
    """Return who is told in the place of the holder of a petition: himself, his deputies, else his head.

    One query while he is there. Away means away from every post by which he reaches the matter.
    """
    away = list(_absences(on).filter(appointment__user=user_id).values_list("appointment_id", "deputy_id", "covered"))
    if not away:
        return (user_id,)
    seats = set(_seats_reaching(petition, user_id, on=on).values_list("pk", flat=True))
    if seats - {seat for seat, _deputy, _covered in away} or not seats:
        return (user_id,)
    deputies = {deputy for seat, deputy, covered in away if seat in seats and covered} - set(excluded)
    if deputies:
        return tuple(sorted(deputies))
    request = Request(
        key=petition.pk,
        path=petition.area_path,
        targets=OF_UNIT if petition.organisation_id else OF_AREA,
        organisation_id=petition.organisation_id,
        excluded=frozenset(excluded),
    )
    return recipients_for([request], on=on)[petition.pk].user_ids


def uncovered(on: date) -> Q:
    """Return which petitions are held by somebody who is away without anybody in his place."""
    alone = _absences(on).filter(covered=False).values("appointment__user")
    present = (
        Appointment.objects.at(on)
        .filter(~Exists(Absence.objects.at(on).filter(appointment=OuterRef("pk"))), user__is_active=True)
        .values("user")
    )
    return Q(handler__in=alone) & ~Q(handler__in=present)


def _absences(on: date) -> QuerySet[Any]:
    elsewhere = Absence.objects.at(on).filter(appointment__user_id=OuterRef("deputy_id"))
    stands_in = Q(deputy__isnull=False, deputy__is_active=True) & ~Exists(elsewhere)
    return Absence.objects.at(on).annotate(covered=stands_in)


def _seats_reaching(petition: Petition, user_id: int, *, on: date) -> QuerySet[Appointment]:
    line = [int(part) for part in petition.area_path.split("/") if part]
    in_line = Q(post__area__in=line) & ~Q(post__kind__in=DEPARTMENT_POSTS)
    in_unit = Q(post__organisation=petition.organisation_id) if petition.organisation_id else Q(pk__in=())
    return Appointment.objects.at(on).filter(in_line | in_unit, user=user_id)

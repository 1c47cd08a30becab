"""Ending what is kept of staff beside their accounts: reasons of absences, teams, pledges, grades, training."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from grids import microgrids
from grids.enums import AbsenceReason
from grids.models import Absence, CommunityWorker, GridMember, IncomingFile, MicroGrid, StaffCard, Training
from people.expiry import Rule, closed_before


def _absences(at: datetime) -> QuerySet[Absence]:
    over = Absence.objects.filter(ends_on__lt=timezone.localdate(Absence.personal.cutoff(at)))
    return over.exclude(reason_code=AbsenceReason.OTHER)


def _end_absence(key: int, _at: datetime) -> bool:
    """That somebody was away stays, as it explains who was told what; why he was goes."""
    return bool(Absence.objects.filter(pk=key).update(reason_code=AbsenceReason.OTHER))


def _members(at: datetime) -> QuerySet[GridMember]:
    over = GridMember.objects.filter(ends_on__lt=timezone.localdate(GridMember.personal.cutoff(at)))
    return over.exclude(name="", pledge="")


def _end_member(key: int, _at: datetime) -> bool:
    """Name and pledge go; who was a name and nothing else goes altogether."""
    row = GridMember.objects.filter(pk=key)
    if row.filter(user=None, organisation=None).exists():
        return row.delete()[0] > 0
    return bool(row.update(name="", pledge=""))


def _cards(at: datetime) -> QuerySet[StaffCard]:
    return StaffCard.objects.filter(user__in=closed_before(StaffCard.personal.cutoff(at))).exclude(pledge="")


def _workers(at: datetime) -> QuerySet[Any]:
    return CommunityWorker.objects.filter(user__in=closed_before(CommunityWorker.personal.cutoff(at)))


def _trainings(at: datetime) -> QuerySet[Any]:
    return Training.objects.filter(taken_on__lt=timezone.localdate(Training.personal.cutoff(at)))


def _micro_grids(at: datetime) -> QuerySet[MicroGrid]:
    over = MicroGrid.objects.filter(valid_to__lt=timezone.localdate(MicroGrid.personal.cutoff(at)))
    some = Q(volunteer__name_sealed__isnull=False) | Q(volunteer__phone_sealed__isnull=False)
    return over.filter(some)


def _incoming(at: datetime) -> QuerySet[IncomingFile]:
    return IncomingFile.objects.filter(at__lt=IncomingFile.personal.cutoff(at))


RULES: Final = (
    Rule(
        "grids.incoming",
        ("grids.IncomingFile",),
        _incoming,
        lambda key, _at: IncomingFile.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule("grids.absences", ("grids.Absence",), _absences, _end_absence),
    Rule("grids.members", ("grids.GridMember",), _members, _end_member),
    Rule(
        "grids.micro_grids",
        ("grids.MicroGrid", "people.Person"),
        _micro_grids,
        lambda key, _at: microgrids.forget(key),
    ),
    Rule(
        "grids.pledges",
        ("grids.StaffCard",),
        _cards,
        lambda key, _at: bool(StaffCard.objects.filter(pk=key).update(pledge="")),
    ),
    Rule(
        "grids.trainings",
        ("grids.Training",),
        _trainings,
        lambda key, _at: Training.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "grids.workers",
        ("grids.CommunityWorker",),
        _workers,
        lambda key, _at: CommunityWorker.objects.filter(pk=key).delete()[0] > 0,
    ),
)

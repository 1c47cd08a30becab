"""Ending what is kept of households, visits and rounds."""

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from fieldwork import advisers, handing, households, loans, teams
from fieldwork.models import (
    Adviser,
    CareRecipient,
    DutyShift,
    Household,
    HouseholdLink,
    LedgerFile,
    LegalPerson,
    Liaison,
    Loan,
    NotedHousehold,
    PatrolCheck,
    PatrolDuty,
    PatrolFinding,
    Resident,
    TeamMember,
    Visit,
)
from people.expiry import Rule


def _closed(at: datetime) -> QuerySet[Household]:
    over = Household.objects.filter(valid_to__lt=timezone.localdate(Household.personal.cutoff(at)))
    return over.exclude(door="", contact=None).exclude(
        Q(door="") & Q(contact__name_sealed=None, contact__phone_sealed=None, contact__email_sealed=None)
    )


def _visits(at: datetime) -> QuerySet[Visit]:
    return Visit.objects.filter(written_at__lt=Visit.personal.cutoff(at))


def _noted(at: datetime) -> QuerySet[NotedHousehold]:
    return NotedHousehold.objects.filter(ends_on__lt=timezone.localdate(NotedHousehold.personal.cutoff(at)))


def _links(at: datetime) -> QuerySet[HouseholdLink]:
    return HouseholdLink.objects.filter(ends_on__lt=timezone.localdate(HouseholdLink.personal.cutoff(at)))


def _checks(at: datetime) -> QuerySet[PatrolCheck]:
    return PatrolCheck.objects.filter(at__lt=PatrolCheck.personal.cutoff(at))


def _findings(at: datetime) -> QuerySet[PatrolFinding]:
    return PatrolFinding.objects.filter(at__lt=PatrolFinding.personal.cutoff(at))


def _walked(at: datetime) -> QuerySet[PatrolDuty]:
    over = timezone.localdate(PatrolDuty.personal.cutoff(at))
    return PatrolDuty.objects.filter(on__lt=over, walker__isnull=False)


def _shifts(at: datetime) -> QuerySet[DutyShift]:
    over = DutyShift.objects.filter(ends_at__lt=DutyShift.personal.cutoff(at))
    return over.filter(~Q(words="") | Q(points__isnull=False)).distinct()


def _residents(at: datetime) -> QuerySet[Resident]:
    return Resident.objects.filter(ends_on__lt=timezone.localdate(Resident.personal.cutoff(at)))


def _files(at: datetime) -> QuerySet[LedgerFile]:
    return LedgerFile.objects.filter(at__lt=LedgerFile.personal.cutoff(at))


def _liaisons(at: datetime) -> QuerySet[Liaison]:
    return Liaison.objects.filter(ends_on__lt=timezone.localdate(Liaison.personal.cutoff(at)))


def _care(at: datetime) -> QuerySet[CareRecipient]:
    return CareRecipient.objects.filter(ends_on__lt=timezone.localdate(CareRecipient.personal.cutoff(at)))


def _legal_people(at: datetime) -> QuerySet[LegalPerson]:
    return LegalPerson.objects.filter(ends_on__lt=timezone.localdate(LegalPerson.personal.cutoff(at)))


def _loans(at: datetime) -> QuerySet[Loan]:
    some = Q(borrower__name_sealed__isnull=False) | Q(borrower__phone_sealed__isnull=False)
    return Loan.objects.filter(some, ended_at__lt=Loan.personal.cutoff(at))


def _advisers(at: datetime) -> QuerySet[Adviser]:
    over = Adviser.objects.filter(valid_to__lt=timezone.localdate(Adviser.personal.cutoff(at)))
    return over.exclude(name="", office_phone="")


def _members(at: datetime) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(ends_on__lt=timezone.localdate(TeamMember.personal.cutoff(at)))


RULES: Final = (
    Rule("fieldwork.advisers", ("fieldwork.Adviser",), _advisers, lambda key, _at: advisers.forget(key)),
    Rule(
        "fieldwork.loans",
        ("fieldwork.Loan", "people.Person"),
        _loans,
        lambda key, at: loans.forget(key, at=at),
    ),
    Rule(
        "fieldwork.care",
        ("fieldwork.CareRecipient",),  # name, number, kind and plan were taken away when it ended
        _care,
        lambda key, _at: CareRecipient.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.duty",
        ("fieldwork.DutyShift", "fieldwork.DutyPoint"),
        _shifts,
        lambda key, _at: handing.forget(key),
    ),
    Rule(
        "fieldwork.households",
        ("fieldwork.Household", "people.Person"),
        _closed,
        lambda key, _at: households.forget(Household.objects.select_related("contact").get(pk=key)),
    ),
    Rule(
        "fieldwork.legal_people",
        ("fieldwork.LegalPerson",),  # name and number were blanked when it ended
        _legal_people,
        lambda key, _at: LegalPerson.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.liaisons",
        ("fieldwork.Liaison",),  # name and number were blanked when it ended
        _liaisons,
        lambda key, _at: Liaison.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.links",
        ("fieldwork.HouseholdLink",),
        _links,
        lambda key, _at: HouseholdLink.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.noted",
        ("fieldwork.NotedHousehold",),
        _noted,
        lambda key, _at: NotedHousehold.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.visits",
        ("fieldwork.Visit",),
        _visits,
        lambda key, _at: Visit.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.patrol_checks",
        ("fieldwork.PatrolCheck",),
        _checks,
        lambda key, _at: PatrolCheck.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.patrol_findings",
        ("fieldwork.PatrolFinding",),
        _findings,
        lambda key, _at: PatrolFinding.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.patrols",
        ("fieldwork.PatrolDuty",),
        _walked,
        lambda key, _at: bool(PatrolDuty.objects.filter(pk=key).update(walker=None, begun_at=None, done_at=None)),
    ),
    Rule(
        "fieldwork.residents",
        ("fieldwork.Resident",),
        _residents,
        lambda key, _at: Resident.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.files",
        ("fieldwork.LedgerFile",),
        _files,
        lambda key, _at: LedgerFile.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "fieldwork.team_members",
        ("fieldwork.TeamMember", "people.Person"),
        _members,
        lambda key, _at: teams.forget(key),
    ),
)

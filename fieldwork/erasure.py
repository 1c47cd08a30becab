"""Ending what is kept of households and visits."""

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from fieldwork import households
from fieldwork.models import Household, HouseholdLink, NotedHousehold, Visit
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


RULES: Final = (
    Rule(
        "fieldwork.households",
        ("fieldwork.Household", "people.Person"),
        _closed,
        lambda key, _at: households.forget(Household.objects.select_related("contact").get(pk=key)),
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
)

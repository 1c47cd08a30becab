"""Legally informed residents 法律明白人, leaders of the rule of law 法治带头人 (003a-20): who, trained, how many."""

import uuid
from datetime import date
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import LegalRole
from fieldwork.models.households import AT_COMMUNITY, AT_GRID
from grids.enums import Level
from grids.staff import Staff
from people.models import Person
from people.retention import Personal


class LegalPersonQuerySet(models.QuerySet["LegalPerson"]):
    """They, by date and viewer."""

    def at(self, on: date) -> Self:
        """Those who serve on the civil date ``on``: begun, not ended, and within their term."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on, term_ends_on__gte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's grids and communities; from the street upwards there are figures only."""
        grids = [held.area_id for held in staff.holdings if held.kind in AT_GRID]
        communities = [held.area_id for held in staff.holdings if held.kind in AT_COMMUNITY]
        return self.filter(
            Q(area__in=grids) | Q(area__children__in=grids) | Q(area__in=communities) | Q(area__parent__in=communities)
        ).distinct()


class LegalPerson(models.Model):
    """A resident who explains the law to neighbours, in a grid or a community, for a term.

    Sealed; residents read the name only where he agreed to that too. Gone at once when he ends it.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("person",),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("knowing who explains the law to neighbours, and telling residents where they agreed"),
        legal_ground=_("PIPL art. 13(1): consent"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    role = models.CharField(_("role"), max_length=8, choices=LegalRole)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("grid or community"))
    person = models.OneToOneField(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    is_named = models.BooleanField(_("named to residents"), default=False)
    agreed_on = models.DateField(_("agreed on"))
    starts_on = models.DateField(_("first day"))
    term_ends_on = models.DateField(_("last day of the term"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("written down by")
    )

    objects = LegalPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("legally informed resident")
        verbose_name_plural = _("legally informed residents")
        constraints = (
            models.CheckConstraint(name="legalperson_term_in_order", condition=Q(starts_on__lte=F("term_ends_on"))),
            models.CheckConstraint(
                name="legalperson_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
            models.CheckConstraint(name="legalperson_agreed_first", condition=Q(agreed_on__lte=F("starts_on"))),
        )

    def __str__(self) -> str:
        return f"legal person {self.pk}"


class LegalTraining(models.Model):
    """One training somebody took part in: when, on what, how long. It ends with the row of the person."""

    personal: ClassVar[Personal] = Personal.none()

    legal_person = models.ForeignKey(
        LegalPerson, models.CASCADE, related_name="trainings", verbose_name=_("legally informed resident")
    )
    taken_on = models.DateField(_("day"))
    subject = models.CharField(_("subject"), max_length=60)
    hours = models.PositiveSmallIntegerField(_("hours"))

    class Meta:
        verbose_name = _("training of a legally informed resident")
        verbose_name_plural = _("trainings of legally informed residents")
        constraints = (
            models.UniqueConstraint(fields=("legal_person", "taken_on", "subject"), name="legaltraining_once"),
            models.CheckConstraint(name="legaltraining_hours", condition=Q(hours__gte=1, hours__lte=80)),
        )

    def __str__(self) -> str:
        return f"training {self.pk}"


class LegalGoalQuerySet(models.QuerySet["LegalGoal"]):
    """Goals, by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's own areas, of those below, and of those above that hold for him too."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class LegalGoal(models.Model):
    """How many of a role an area wants in each of its communities or grids; the nearest area's line holds."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    role = models.CharField(_("role"), max_length=8, choices=LegalRole)
    per = models.SmallIntegerField(
        _("for each"), choices=[(level.value, level.label) for level in (Level.COMMUNITY, Level.GRID)]
    )
    least = models.PositiveSmallIntegerField(_("at least"), default=1)
    source = models.CharField(_("source"), max_length=120, blank=True)

    objects = LegalGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("wanted number of legally informed residents")
        verbose_name_plural = _("wanted numbers of legally informed residents")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "role", "per"),
                name="legalgoal_once",
                violation_error_message=_("There is one for the same case already."),
            ),
            models.CheckConstraint(
                name="legalgoal_at_least_one",
                condition=Q(least__gte=1),
                violation_error_message=_("A line asks for at least one."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_id} {self.role} {self.per} {self.least}"

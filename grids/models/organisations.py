from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import OrganisationKind
from grids.models.areas import Area
from grids.staff import Staff
from people.retention import Personal

STREET_UNITS = (OrganisationKind.STREET_OFFICE, OrganisationKind.STREET_CENTRE, OrganisationKind.STREET_TEAM)
HANDLES = (OrganisationKind.DEPARTMENT, OrganisationKind.UTILITY, *STREET_UNITS)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Bodies by date, kind and viewer."""

    def at(self, on: date) -> Self:
        """Bodies that exist on the civil date ``on`` (both ends included)."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )

    def handling_units(self) -> Self:
        """Bodies that a petition can be dispatched to."""
        return self.filter(kind__in=HANDLES)

    def of_street(self, street: Area, on: date) -> Self:
        """What a subdistrict is made of on a civil date: its offices, centres and teams (002-04)."""
        return self.at(on).filter(area=street, kind__in=STREET_UNITS)

    def visible_to(self, staff: Staff) -> Self:
        """Bodies in the person's own areas or of the areas above, whose units his petitions go to; and his own."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=[holding.organisation_id for holding in staff.holdings if holding.organisation_id])
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class Organisation(models.Model):
    """A legal body: a department, a utility, an employer, a property company. A unit is something else: a stairwell.

    ``area`` is the area it answers for: the street of a street office, the district of a bureau.
    """

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="organisations")
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(
        _("code"), max_length=32, db_collation="C", help_text=_("Unified social credit code, or our own printed code.")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="organisation_code_unique", violation_error_message=_("This code is taken.")
            ),
            models.CheckConstraint(
                name="organisation_kind_known", condition=Q(kind__in=[kind.value for kind in OrganisationKind])
            ),
            models.CheckConstraint(name="organisation_name_and_code_given", condition=~Q(name="") & ~Q(code="")),
            models.CheckConstraint(
                name="organisation_valid_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

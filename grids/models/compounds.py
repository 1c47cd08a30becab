"""Compounds 小区: what kind, who manages them, how those without management are taken over, what is improved."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import CompoundKind, Level, Management, ProjectKind, ProjectState
from grids.models.areas import Area
from grids.models.organisations import Organisation
from grids.staff import Staff
from people.retention import Personal


def _seen(staff: Staff, area: str) -> Q:
    """Rows in the person's own areas or of the areas above; ``area`` is the way from a row to its area."""
    scope = Q(pk__in=())
    for path in staff.paths:
        above = [int(part) for part in path.split("/")[:-2]]
        scope |= Q(**{f"{area}__path__startswith": path}) | Q(**{f"{area}__in": above})
    return scope


class CompoundQuerySet(models.QuerySet["Compound"]):
    """Compounds by date and viewer."""

    def at(self, on: date) -> Self:
        """Compounds that exist on the civil date ``on`` (both ends included)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those in the person's own areas or of the areas above."""
        return self if staff.is_administrator else self.filter(_seen(staff, "area"))


@pghistory.track(attrs={"personal": Personal.none()})
class Compound(models.Model):
    """Houses behind one gate, or known by one name. Not a community: several lie in one (000-54, 001-14 to 16)."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="compounds")
    code = models.CharField(_("code"), max_length=32, db_collation="C")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=CompoundKind)
    management = models.CharField(_("management"), max_length=10, choices=Management)
    managed_since = models.DateField(_("managed so since"), null=True, blank=True)
    manager = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who manages it")
    )
    buildings = models.ManyToManyField(Area, blank=True, related_name="+", verbose_name=_("buildings"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("compound")
        verbose_name_plural = _("compounds")
        constraints = (
            models.UniqueConstraint(
                fields=("code",), name="compound_code_unique", violation_error_message=_("This code is taken.")
            ),
            models.CheckConstraint(
                name="compound_kind_known", condition=Q(kind__in=[one.value for one in CompoundKind])
            ),
            models.CheckConstraint(
                name="compound_management_known", condition=Q(management__in=[one.value for one in Management])
            ),
            models.CheckConstraint(
                name="compound_nobody_manages_without_management",
                condition=~Q(management=Management.NONE) | Q(manager__isnull=True),
                violation_error_message=_("Without management there is nobody who manages it."),
            ),
            models.CheckConstraint(
                name="compound_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    def clean(self) -> None:
        """A compound lies in a community or a grid of one."""
        if self.area_id and self.area.level not in {Level.COMMUNITY, Level.GRID}:
            raise ValidationError({"area": _("A compound lies in a community or a grid.")})


@pghistory.track(attrs={"personal": Personal.none()})
class Takeover(models.Model):
    """The plan by which a compound without management gets one, and the day it was carried out."""

    personal: ClassVar[Personal] = Personal.none()

    compound = models.ForeignKey(Compound, models.PROTECT, related_name="takeovers", verbose_name=_("compound"))
    management = models.CharField(
        _("management to come"),
        max_length=10,
        choices=[(one.value, one.label) for one in Management if one != Management.NONE],
    )
    planned_for = models.DateField(_("planned for"))
    done_on = models.DateField(_("carried out on"), null=True, blank=True)

    class Meta:
        verbose_name = _("takeover of a compound")
        verbose_name_plural = _("takeovers of compounds")
        constraints = (
            models.UniqueConstraint(
                fields=("compound",),
                name="takeover_one_open",
                condition=Q(done_on__isnull=True),
                violation_error_message=_("There is a plan for this compound already."),
            ),
            models.CheckConstraint(name="takeover_brings_management", condition=~Q(management=Management.NONE)),
        )

    def __str__(self) -> str:
        return f"takeover {self.pk}"


class CompoundProjectQuerySet(models.QuerySet["CompoundProject"]):
    """Projects by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the compounds the person sees."""
        return self if staff.is_administrator else self.filter(_seen(staff, "compound__area"))


@pghistory.track(attrs={"personal": Personal.none()})
class CompoundProject(models.Model):
    """One improvement of a compound: charging points, insulation, a place for the elderly, a neighbours' feast."""

    personal: ClassVar[Personal] = Personal.none()

    compound = models.ForeignKey(Compound, models.PROTECT, related_name="projects", verbose_name=_("compound"))
    code = models.CharField(_("code"), max_length=32, db_collation="C")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=ProjectKind)
    state = models.CharField(_("state"), max_length=8, choices=ProjectState, default=ProjectState.PLANNED)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = CompoundProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project of a compound")
        verbose_name_plural = _("projects of compounds")
        constraints = (
            models.UniqueConstraint(
                fields=("code",), name="compoundproject_code_unique", violation_error_message=_("This code is taken.")
            ),
            models.CheckConstraint(
                name="compoundproject_done_has_a_day",
                condition=~Q(state=ProjectState.DONE) | Q(ends_on__isnull=False),
                violation_error_message=_("Say on which day it was finished."),
            ),
            models.CheckConstraint(
                name="compoundproject_from_before_to",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

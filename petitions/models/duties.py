"""The lists of duties 职责清单 of a community or a subdistrict: what it does itself, assists in, was given (002-06)."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.retention import Personal
from petitions.models.guide import said


class DutyKind(models.TextChoices):
    """Whose the duty is."""

    OWN = "own", _("its own duty")
    ASSIST = "assist", _("assists another")
    DELEGATED = "delegated", _("handed down to it")


class DutyItemQuerySet(models.QuerySet["DutyItem"]):
    """Items by day, area and category."""

    def in_force(self, on: date) -> Self:
        """Items valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def of_community(self, community: Area) -> Self:
        """What is on a community's list: its own rows, and those that an area above made for all its communities."""
        return self.filter(level=Level.COMMUNITY, area__in=community.line_ids())

    def of_street(self, street: Area) -> Self:
        """What is on the list of a subdistrict itself."""
        return self.filter(level=Level.STREET, area__in=street.line_ids())

    def visible_to(self, staff: Staff) -> Self:
        """Items of the person's own areas and of the areas above. What is in force everybody reads on a public page."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class DutyItem(models.Model):
    """One line of a list of duties, with its days of validity. Closed by its last day, never deleted.

    ``level`` says whose list it is on: that of subdistricts or of communities in ``area``.
    """

    personal: ClassVar[Personal] = Personal.none()
    Kind = DutyKind
    LEVELS = ((int(Level.STREET), _("Street")), (int(Level.COMMUNITY), _("Community")))

    area = models.ForeignKey(
        "grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"),
        help_text=_("For one community, or for all below a subdistrict or district."),
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(_("whose list"), choices=LEVELS, default=Level.COMMUNITY)
    code = models.SlugField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=10, choices=DutyKind)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    category = models.ForeignKey(
        "petitions.Category", models.PROTECT, null=True, blank=True, related_name="duties",
        verbose_name=_("category of matters"),
        help_text=_("A main group covers all its subjects. Empty: no matter that residents raise falls under it."),
    )  # fmt: skip
    lead_zh = models.CharField(
        _("who leads"), max_length=80, blank=True, help_text=_("The department that answers, where others assist.")
    )
    source = models.CharField(_("ground or source"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = DutyItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty on a list")
        verbose_name_plural = _("lists of duties")
        constraints = (
            models.UniqueConstraint(fields=("area", "level", "code", "valid_from"), name="duty_item_once"),
            models.CheckConstraint(
                name="duty_item_days_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="duty_item_known", condition=Q(kind__in=DutyKind.values, level__in=(Level.STREET, Level.COMMUNITY))
            ),
            models.CheckConstraint(
                name="duty_item_assists_somebody",
                condition=~Q(kind=DutyKind.ASSIST) | ~Q(lead_zh=""),
                violation_error_message=_("Say who leads where this list only assists."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    def clean(self) -> None:
        """:raises ValidationError: if the area lies below the level whose list it is"""
        if self.area_id and self.level and self.area.level > self.level:
            raise ValidationError({"area": _("A list of this level cannot lie in so small an area.")})

    @property
    def name(self) -> str:
        """In the reader's language."""
        return said(self.name_zh, self.name_en)

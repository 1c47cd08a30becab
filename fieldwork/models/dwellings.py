"""Houses by their number in a building, and what is noted of the building itself (一楼一簿, 002-30)."""

import uuid
from datetime import date
from typing import ClassVar, Final, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import Equipment, HouseState, HouseUse
from fieldwork.models.households import AT_COMMUNITY, AT_GRID, Household
from grids.staff import Staff
from people.retention import Personal

# Where people live, so that a household is looked for there.
HOMES: Final = (HouseUse.HOME, HouseUse.MIXED)


class DwellingQuerySet(models.QuerySet["Dwelling"]):
    """Houses by date, viewer, and whether somebody is written down behind their door."""

    def at(self, on: date) -> Self:
        """Houses that stand on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's grids and communities; from the street upwards there are figures only."""
        grids = [held.area_id for held in staff.holdings if held.kind in AT_GRID]
        communities = [held.area_id for held in staff.holdings if held.kind in AT_COMMUNITY]
        return self.filter(Q(grid__in=grids) | Q(grid__parent__in=communities))

    def homes(self) -> Self:
        """Houses that somebody lives in, or may."""
        return self.filter(use__in=HOMES)

    def to_collect(self) -> Self:
        """Homes that do not stand empty and behind whose door no household is written down."""
        there = Household.objects.filter(place=models.OuterRef("place"), door=models.OuterRef("number"), valid_to=None)
        return self.homes().exclude(state=HouseState.EMPTY).exclude(models.Exists(there))


class Dwelling(models.Model):
    """One house, flat or shop: its number, what it is used for, whether somebody lives there. Nobody's data.

    The household behind the door is the one of the same place and door. ``grid`` follows from ``place``.
    """

    personal: ClassVar[Personal] = Personal.none()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("building or stairwell")
    )
    grid = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", editable=False, verbose_name=_("grid"))
    number = models.CharField(_("number of the door"), max_length=20)
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)
    use = models.CharField(_("use"), max_length=8, choices=HouseUse, default=HouseUse.HOME)
    state = models.CharField(_("state"), max_length=8, choices=HouseState, default=HouseState.UNKNOWN)
    valid_from = models.DateField(_("there since"))
    valid_to = models.DateField(_("there until (last day)"), null=True, blank=True)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("house")
        verbose_name_plural = _("houses")
        constraints = (
            models.UniqueConstraint(
                fields=("place", "number"), name="dwelling_once_in_a_place", condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(name="dwelling_number_given", condition=~Q(number="")),
            models.CheckConstraint(name="dwelling_use_known", condition=Q(use__in=[one.value for one in HouseUse])),
            models.CheckConstraint(
                name="dwelling_state_known", condition=Q(state__in=[one.value for one in HouseState])
            ),
            models.CheckConstraint(
                name="dwelling_from_before_to", condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to"))
            ),
        )

    def __str__(self) -> str:
        return f"house {self.pk}"


class BuildingSheet(models.Model):
    """What is noted of a building beside its houses: floors, age, equipment."""

    personal: ClassVar[Personal] = Personal.none()

    building = models.OneToOneField("grids.Area", models.PROTECT, related_name="+", verbose_name=_("building"))
    floors = models.PositiveSmallIntegerField(_("floors above the ground"), null=True, blank=True)
    floors_below = models.PositiveSmallIntegerField(_("floors below the ground"), null=True, blank=True)
    built_in = models.PositiveSmallIntegerField(_("built in (year)"), null=True, blank=True)
    equipment = ArrayField(
        models.CharField(max_length=10, choices=Equipment), default=list, blank=True, verbose_name=_("equipment")
    )
    remarks = models.CharField(_("remarks"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("sheet of a building")
        verbose_name_plural = _("sheets of buildings")

    def __str__(self) -> str:
        return f"sheet {self.pk}"

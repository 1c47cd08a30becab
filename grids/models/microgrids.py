"""Micro-grids 微网格 (000-27): some houses of a grid that one person looks after. A record, no level of the tree."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.models.areas import Area
from grids.models.posts import BOTH_INCLUDED, Days
from grids.staff import Staff
from people.models import Person
from people.retention import Personal


class MicroGridQuerySet(models.QuerySet["MicroGrid"]):
    """Micro-grids by date and viewer."""

    def at(self, on: date) -> Self:
        """Those there on the civil date ``on`` (both ends included)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the grids at or under the person's own areas, and of the grid that a head of a house serves in."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(grid__path__startswith=path) | Q(grid__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


class MicroGrid(models.Model):
    """Houses of one grid under one head: somebody with a post there, or a volunteer whose contact is sealed.

    Closed by ``valid_to``, never deleted.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("volunteer",),
        keep="1 years",
        after="ends_on",
        purpose=_("knowing who looks after the houses of a micro-grid"),
        legal_ground=_("PIPL art. 13(1): consent"),
    )

    grid = models.ForeignKey(Area, models.PROTECT, related_name="micro_grids", verbose_name=_("grid"))
    name = models.CharField(_("name"), max_length=40)
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("head")
    )
    volunteer = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("volunteer")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("written down by")
    )

    objects = MicroGridQuerySet.as_manager()

    class Meta:
        verbose_name = _("micro-grid")
        verbose_name_plural = _("micro-grids")
        constraints = (
            models.UniqueConstraint(
                fields=("grid", "name"), name="microgrid_name_once", condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(
                name="microgrid_from_before_to", condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to"))
            ),
            models.CheckConstraint(
                name="microgrid_one_head", condition=Q(head__isnull=True) | Q(volunteer__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class MicroGridPlace(models.Model):
    """A building or stairwell that belongs to a micro-grid on these days; to one at a time."""

    personal: ClassVar[Personal] = Personal.none()

    micro_grid = models.ForeignKey(MicroGrid, models.PROTECT, related_name="places", verbose_name=_("micro-grid"))
    place = models.ForeignKey(
        Area, models.PROTECT, db_index=False, related_name="+", verbose_name=_("building or stairwell")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("place of a micro-grid")
        verbose_name_plural = _("places of micro-grids")
        constraints = (
            models.CheckConstraint(
                name="microgridplace_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
            ExclusionConstraint(
                name="microgridplace_one_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", BOTH_INCLUDED), RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_id} {self.starts_on:%Y-%m-%d}"

"""The emergency mode of streets, communities and grids 三级网格 (002-41): a dated flag, and who ordered it."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import EmergencyKind
from grids.staff import Staff
from people.retention import Personal


class EmergencyQuerySet(models.QuerySet["Emergency"]):
    """Emergencies by instant and viewer."""

    def running(self, at: datetime) -> Self:
        """Those in force at an instant; one ends by itself when its time has come."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def visible_to(self, staff: Staff) -> Self:
        """Those of one's own areas, of the areas above and of those below."""
        scope = Q(pk__in=())
        for held in staff.holdings:
            above = [int(part) for part in held.path.split("/")[:-1]]
            scope |= Q(area__in=above) | Q(area__path__startswith=held.path)
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class Emergency(models.Model):
    """That an area works in emergency mode from one instant to another; nothing of it is ever deleted."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    kind = models.CharField(_("kind"), max_length=10, choices=EmergencyKind)
    reason = models.CharField(_("reason"), max_length=200)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency mode")
        verbose_name_plural = _("emergency modes")
        indexes = (models.Index(fields=("ends_at",), name="emergency_ends"),)
        constraints = (
            models.CheckConstraint(
                name="emergency_kind_known", condition=Q(kind__in=[one.value for one in EmergencyKind])
            ),
            models.CheckConstraint(name="emergency_from_before_to", condition=Q(starts_at__lte=F("ends_at"))),
        )

    def __str__(self) -> str:
        return f"emergency {self.pk}"

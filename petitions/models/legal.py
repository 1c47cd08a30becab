"""Legal stations 公共法律服务工作站 (003a-19): where they are, how many asked, and were sent to legal aid.

Counts by day and kind only: who asked a lawyer for advice is nobody's business here.
"""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.enums import LegalMatter


class LegalStationQuerySet(models.QuerySet["LegalStation"]):
    """Stations, by who sees them and by day."""

    def visible_to(self, staff: Staff) -> Self:
        """Stations at or under the person's own areas."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)

    def at(self, on: date) -> Self:
        """Return those that serve on a civil date in Shanghai."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


@pghistory.track(attrs={"personal": Personal.none()})
class LegalStation(models.Model):
    """A place where a lawyer or a legal worker gives advice; some around the clock."""

    personal: ClassVar[Personal] = Personal.none()

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    address = models.CharField(_("address"), max_length=120, blank=True)
    office_phone = models.CharField(_("office telephone"), max_length=30, blank=True)
    all_day = models.BooleanField(_("day and night"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = LegalStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal station")
        verbose_name_plural = _("legal stations")
        constraints = (
            models.CheckConstraint(
                name="legal_station_days_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OfStationQuerySet(models.QuerySet["models.Model"]):
    """What stations count, by who sees it."""

    def visible_to(self, staff: Staff) -> Self:
        """Counts of the stations the person sees."""
        return self.filter(station__in=LegalStation.objects.visible_to(staff))


class Consultation(models.Model):
    """How many consultations of one kind a station gave on one day."""

    personal: ClassVar[Personal] = Personal.none()

    station = models.ForeignKey(
        LegalStation, models.PROTECT, db_index=False, related_name="consultations", verbose_name=_("station")
    )
    held_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=9, choices=LegalMatter)
    count = models.PositiveIntegerField(_("how many"))

    objects = OfStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultations of a day")
        verbose_name_plural = _("legal consultations")
        constraints = (models.UniqueConstraint(fields=("station", "held_on", "kind"), name="consultation_once"),)

    def __str__(self) -> str:
        return f"consultations {self.pk}"


class AidReferral(models.Model):
    """How many cases of one kind a station sent to legal aid on one day, and how many were taken on."""

    personal: ClassVar[Personal] = Personal.none()

    station = models.ForeignKey(
        LegalStation, models.PROTECT, db_index=False, related_name="referrals", verbose_name=_("station")
    )
    referred_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=9, choices=LegalMatter)
    count = models.PositiveIntegerField(_("how many"))
    granted = models.PositiveIntegerField(_("of them taken on"), default=0)

    objects = OfStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("referrals to legal aid of a day")
        verbose_name_plural = _("referrals to legal aid")
        constraints = (
            models.UniqueConstraint(fields=("station", "referred_on", "kind"), name="aid_referral_once"),
            models.CheckConstraint(name="aid_granted_within", condition=Q(granted__lte=F("count"))),
        )

    def __str__(self) -> str:
        return f"referrals {self.pk}"

"""What stations lend: items piece by piece, who has one until when (000-36)."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import LoanEnd
from fieldwork.models.shifts import around
from fieldwork.models.stations import OfStationQuerySet, ServiceStation
from grids.staff import Staff
from people.models import Person
from people.retention import Personal


class StationItemQuerySet(OfStationQuerySet["StationItem"]):
    """Equipment, by viewer."""


@pghistory.track(attrs={"personal": Personal.none()})
class StationItem(models.Model):
    """Something a station has: a bench, a medicine kit, umbrellas; lent or used there.

    Pieces are counted from 1; ``gone`` are those that are lost or broken.
    """

    personal: ClassVar[Personal] = Personal.none()

    station = models.ForeignKey(
        ServiceStation, models.PROTECT, db_index=False, related_name="items", verbose_name=_("station")
    )
    name = models.CharField(_("name"), max_length=40)
    quantity = models.PositiveSmallIntegerField(_("pieces"), default=1)
    is_lent = models.BooleanField(_("is lent"), default=True, help_text=_("Otherwise it is used at the station."))
    days = models.PositiveSmallIntegerField(_("lent for (days)"), default=7)
    gone = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("lost or broken"), default=list, blank=True, editable=False
    )

    objects = StationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("equipment of a station")
        verbose_name_plural = _("equipment of stations")
        constraints = (
            models.UniqueConstraint(
                fields=("station", "name"),
                name="stationitem_once",
                violation_error_message=_("This station has it already: change the number of pieces."),
            ),
            models.CheckConstraint(
                name="stationitem_some",
                condition=Q(quantity__range=(1, 500), days__range=(1, 90)),
                violation_error_message=_("Between 1 and 500 pieces, for 1 to 90 days."),
            ),
        )

    def __str__(self) -> str:
        return f"item {self.pk}"


class LoanQuerySet(models.QuerySet["Loan"]):
    """Loans by state and viewer."""

    def out(self) -> Self:
        """What has not come back yet."""
        return self.filter(ended_at=None)

    def overdue(self, on: date) -> Self:
        """What should be back before the civil date ``on``; due today is not overdue."""
        return self.out().filter(due_on__lt=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the stations where the person serves."""
        return self.filter(item__station__in=ServiceStation.objects.filter(around(staff)))


class Loan(models.Model):
    """Somebody has one piece until a day. Who it is, is a sealed person of its own context, agreed to by himself.

    Thirty days after it came back nobody can say any more who had it.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("borrower",),
        keep="30 days",
        after="ends_on",
        purpose=_("getting back what a station lent"),
        legal_ground=_("PIPL art. 13(1): consent"),
    )

    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    item = models.ForeignKey(StationItem, models.PROTECT, db_index=False, related_name="loans", verbose_name=_("item"))
    piece = models.PositiveSmallIntegerField(_("piece"))
    borrower = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("borrower"))
    lent_at = models.DateTimeField(_("lent at"))
    lent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("lent by"))
    due_on = models.DateField(_("back by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    end = models.CharField(_("how it ended"), max_length=8, choices=LoanEnd, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        indexes = (models.Index(fields=("due_on",), name="loan_out_by_due", condition=Q(ended_at=None)),)
        constraints = (
            models.UniqueConstraint(
                fields=("item", "piece"), name="loan_one_of_a_piece", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="loan_ended_iff_by_somebody_somehow",
                condition=Q(ended_at=None, ended_by=None, end="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end="")),
            ),
            models.CheckConstraint(
                name="loan_ends_after_it_began", condition=Q(ended_at=None) | Q(ended_at__gte=F("lent_at"))
            ),
        )

    def __str__(self) -> str:
        return f"loan {self.pk}"

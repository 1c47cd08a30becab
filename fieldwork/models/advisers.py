"""Who comes to a community when: legal adviser, health officer, others (003a-18)."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import AdviserKind
from grids.enums import Level, Weekday
from grids.models.posts import BOTH_INCLUDED, Days
from grids.staff import Staff
from people.retention import Personal


class AdviserQuerySet(models.QuerySet["Adviser"]):
    """Advisers by date and viewer."""

    def at(self, on: date) -> Self:
        """Those who come on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the communities at or under the person's own areas, and of the one above his grid."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(exclude=["name", "office_phone"], attrs={"personal": Personal.none()})
class Adviser(models.Model):
    """A professional who comes to a community on some weekday; the name is public in that office.

    One legal adviser a community at a time (一社区一法律顾问).
    """

    personal: ClassVar[Personal] = Personal(
        fields=("name", "office_phone"),
        keep="1 years",
        after="ends_on",
        subjects="staff",
        purpose=_("telling residents who advises them in their community"),
        legal_ground=_("PIPL art. 13(1): consent"),
    )

    code = models.CharField(_("code"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=AdviserKind)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("community"))
    name = models.CharField(_("name"), max_length=40, blank=True)
    office = models.CharField(_("firm or office"), max_length=80, blank=True)
    office_phone = models.CharField(
        _("office telephone"),
        max_length=32,
        blank=True,
        help_text=_("The office's, never a private one: it is public."),
    )
    place = models.CharField(_("where"), max_length=80, blank=True)
    week = models.PositiveSmallIntegerField(
        _("week of the month"), default=0, help_text=_("0: every week; 1 to 4: the first to the fourth such day.")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = AdviserQuerySet.as_manager()

    class Meta:
        verbose_name = _("adviser of a community")
        verbose_name_plural = _("advisers of communities")
        constraints = (
            models.CheckConstraint(
                name="adviser_known",
                condition=Q(kind__in=[one.value for one in AdviserKind], week__range=(0, 4), weekday__range=(0, 6)),
                violation_error_message=_("The week is a number from 0 to 4."),
            ),
            models.CheckConstraint(
                name="adviser_comes_before_he_goes",
                condition=Q(opens__lt=F("closes")),
                violation_error_message=_("Closing time must lie after opening time."),
            ),
            models.CheckConstraint(
                name="adviser_days_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="adviser_one_lawyer_a_community",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to", BOTH_INCLUDED), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind=AdviserKind.LEGAL),
                violation_error_message=_("This community has a legal adviser in these days already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"

    def clean(self) -> None:
        """Advisers come to communities."""
        if self.area_id and self.area.level != Level.COMMUNITY:
            raise ValidationError({"area": _("Choose a community.")})

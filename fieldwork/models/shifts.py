"""Who sits where and when, and what one shift hands over to the next (000-37)."""

from datetime import date, datetime
from typing import ClassVar, Final, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fieldwork.models.stations import ServiceStation
from grids.enums import Level, PostKind, Weekday
from grids.models.staffing import DATES_IN_ORDER, valid_on
from grids.staff import Staff
from people.retention import Personal

PURPOSE: Final = _("handing a duty over to whoever comes next")
GROUND: Final = _("PIPL art. 13(3): statutory duty")


class Moments(Func):
    """The time from one instant to another; the last one is no part of it."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


def around(staff: Staff) -> Q:
    """Return where somebody serves: at and under his own areas, and in the community of his own grid."""
    scope = Q(pk__in=())
    for held in staff.holdings:
        if held.kind == PostKind.SYSTEM_ADMINISTRATOR:
            continue
        scope |= Q(area__path__startswith=held.path)
        if held.level == Level.GRID:
            scope |= Q(area__in=[int(part) for part in held.path.split("/")[-3:-2]])
    return scope


class DutyPatternQuerySet(models.QuerySet["DutyPattern"]):
    """Patterns by date and viewer."""

    def at(self, on: date) -> Self:
        """Patterns that hold on the civil date ``on``."""
        return self.filter(valid_on(on))

    def visible_to(self, staff: Staff) -> Self:
        """Those at or under the person's own areas, and those of the areas above."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class DutyPattern(models.Model):
    """Somebody sits somewhere on a weekday from one hour to another; weeks are planned from it.

    ``ends`` not after ``starts`` is on the next day.
    """

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    station = models.ForeignKey(
        ServiceStation, models.PROTECT, related_name="+", verbose_name=_("station"), null=True, blank=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("begins"))
    ends = models.TimeField(pgettext_lazy("shift", "ends"), help_text=_("Not after the beginning: on the next day."))
    on_holidays = models.BooleanField(_("on public holidays too"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = DutyPatternQuerySet.as_manager()

    class Meta:
        verbose_name = _("pattern of duty")
        verbose_name_plural = _("patterns of duty")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "station", "user", "weekday", "starts", "valid_from"),
                name="dutypattern_once",
                nulls_distinct=False,
                violation_error_message=_("This stands in the schedule already."),
            ),
            models.CheckConstraint(name="dutypattern_weekday_known", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(
                name="dutypattern_from_before_to",
                condition=DATES_IN_ORDER,
                violation_error_message=_("The last day lies before the first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_id} {self.weekday} {self.starts:%H:%M} #{self.pk}"

    def clean(self) -> None:
        """A station lies in the area."""
        if self.area_id and self.station is not None and self.station.area_id != self.area_id:
            raise ValidationError({"station": _("This station lies in another area.")})


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    """Shifts by time and viewer."""

    def at(self, at: datetime) -> Self:
        """Shifts that run at an instant."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def visible_to(self, staff: Staff) -> Self:
        """Those where the person serves, and his own."""
        return self.filter(around(staff) | Q(user=staff.user))

    def beside(self, shift: "DutyShift") -> Self:
        """Other shifts at the same place: the station, or the area where there is none."""
        return self.filter(area=shift.area_id, station=shift.station_id).exclude(pk=shift.pk)


class DutyShift(models.Model):
    """Somebody is on duty from one instant to another; without a person it is a gap.

    ``was``: who had it before it became a gap. The words of the hand-over are masked.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("words",), keep="1 years", after="ends_on", purpose=PURPOSE, legal_ground=GROUND
    )

    pattern = models.ForeignKey(
        DutyPattern, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("pattern")
    )
    area = models.ForeignKey("grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("area"))
    station = models.ForeignKey(
        ServiceStation, models.PROTECT, related_name="+", verbose_name=_("station"), null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    was = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("whose it was"),
    )
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("offered to")
    )
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    words = models.CharField(_("handed over in words"), max_length=600, blank=True)
    handed_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    taken_at = models.DateTimeField(_("taken over at"), null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken over by"),
    )

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty shifts")
        indexes = (
            models.Index(fields=("area", "starts_at"), name="shift_of_area"),
            models.Index(fields=("ends_at",), name="shift_not_handed", condition=Q(handed_at=None)),
        )
        constraints = (
            models.UniqueConstraint(fields=("pattern", "starts_at"), name="shift_once_of_a_pattern"),
            models.CheckConstraint(name="shift_begins_before_end", condition=Q(starts_at__lt=F("ends_at"))),
            models.CheckConstraint(
                name="shift_handed_by_somebody", condition=Q(handed_at=None) | Q(user__isnull=False)
            ),
            models.CheckConstraint(
                name="shift_taken_iff_by_somebody",
                condition=Q(taken_at=None, taken_by=None)
                | Q(taken_at__isnull=False, taken_by__isnull=False, handed_at__isnull=False),
            ),
            ExclusionConstraint(
                name="shift_not_two_at_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (Moments("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"shift {self.pk}"


class DutyPoint(models.Model):
    """Something a shift left open; it stands there for every next one until somebody did it."""

    personal: ClassVar[Personal] = Personal(
        fields=("text",), keep="1 years", after="ends_on", ends="deleted", purpose=PURPOSE, legal_ground=GROUND
    )

    shift = models.ForeignKey(DutyShift, models.CASCADE, related_name="points", verbose_name=_("duty shift"))
    text = models.CharField(_("what is open"), max_length=120)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    class Meta:
        verbose_name = _("open point of a duty")
        verbose_name_plural = _("open points of duties")
        constraints = (
            models.CheckConstraint(
                name="dutypoint_done_iff_by_somebody",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"point {self.pk}"

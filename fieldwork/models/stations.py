"""Service stations of all kinds: where they are, when they are open, what they have (000-36, 003a-23, 004-24)."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final, Self, TypeVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import HolidayHours, HoursBy, MakeupHours, StationKind
from grids.enums import Level, Weekday
from grids.models.hours import END_OF_DAY, closing_text
from grids.models.posts import BOTH_INCLUDED, Days
from grids.staff import Staff
from people.retention import Personal

_WIDE: Final = frozenset({Level.DISTRICT, Level.STREET, Level.COMMUNITY})
_GRID: Final = frozenset({Level.GRID})
STATION_LEVELS: Final[Mapping[StationKind, frozenset[Level]]] = MappingProxyType(
    {
        StationKind.CENTRE: _WIDE | _GRID,  # 区—街—社区—驿站 (003a-23)
        StationKind.COMMUNITY: frozenset({Level.COMMUNITY}),
        StationKind.CONVENIENCE: frozenset({Level.STREET, Level.COMMUNITY}),
        StationKind.RED: frozenset({Level.STREET, Level.COMMUNITY, Level.GRID}),
        StationKind.PRACTICE: _WIDE | _GRID,
        StationKind.ELDERLY: frozenset({Level.STREET, Level.COMMUNITY}),
        StationKind.CANTEEN: frozenset({Level.STREET, Level.COMMUNITY, Level.GRID}),
        StationKind.MEETING: _GRID,
        StationKind.HOME: _GRID,
        StationKind.SOCIAL: _GRID,
        StationKind.WATCH: _GRID,
        StationKind.TALK: _GRID,
    }
)
# 1 网格 1 个社工委微家、睦邻守望点、百姓说事点 (004-24)
THREE_POINTS: Final = (StationKind.SOCIAL, StationKind.WATCH, StationKind.TALK)


class ServiceStationQuerySet(models.QuerySet["ServiceStation"]):
    """Stations by date and viewer."""

    def at(self, on: date) -> Self:
        """Stations that serve on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those at or under the person's own areas, and those of the areas above, where he may serve too."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class ServiceStation(models.Model):
    """A place where people are received, helped, or find something they need.

    A grid lead's home has neither name nor address nor telephone here: the grid is shown, and the telephone of the
    lead's post. One that closes for good gets a last day.
    """

    personal: ClassVar[Personal] = Personal.none()

    code = models.CharField(_("code"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=StationKind)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=60, blank=True, help_text=_("Empty: it is called by its kind."))
    address = models.CharField(_("where it is"), max_length=120, blank=True)
    office_phone = models.CharField(
        _("office telephone"),
        max_length=32,
        blank=True,
        help_text=_("The office's, never a private one: it is public."),
    )
    offers = models.TextField(_("what it offers"), max_length=600, blank=True, help_text=_("One line each."))
    step_free = models.BooleanField(_("without steps"), default=False)
    hours_by = models.CharField(_("opening hours"), max_length=6, choices=HoursBy, default=HoursBy.HALL)
    on_holiday = models.CharField(
        _("on public holidays"),
        max_length=10,
        choices=HolidayHours,
        default=HolidayHours.CLOSED,
        help_text=_("For hours of its own."),
    )
    on_makeup = models.CharField(
        _("on make-up working days"),
        max_length=10,
        choices=MakeupHours,
        default=MakeupHours.AS_MONDAY,
        help_text=_("For hours of its own."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = ServiceStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("service station")
        verbose_name_plural = _("service stations")
        constraints = (
            models.CheckConstraint(name="station_kind_known", condition=Q(kind__in=[one.value for one in StationKind])),
            models.CheckConstraint(
                name="station_days_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="station_home_says_nothing",
                condition=~Q(kind=StationKind.HOME) | Q(name="", address="", office_phone=""),
                violation_error_message=_(
                    "Of a home only the grid is shown, with the telephone of the lead's post: leave the rest empty."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        """Its name, or what kind of place it is."""
        return self.name or str(self.get_kind_display())

    @property
    def services(self) -> list[str]:
        """What it offers, line by line."""
        return [line.strip() for line in self.offers.splitlines() if line.strip()]

    def clean(self) -> None:
        """Each kind stands at its own levels."""
        if self.area_id and self.kind and Level(self.area.level) not in STATION_LEVELS[StationKind(self.kind)]:
            raise ValidationError({"kind": _("There is no such station at an area of this level.")})


Row = TypeVar("Row", bound=models.Model)


class OfStationQuerySet(models.QuerySet[Row]):
    """What belongs to a station, by who sees the station."""

    def visible_to(self, staff: Staff) -> Self:
        """With its station."""
        return self.filter(station__in=ServiceStation.objects.visible_to(staff))


class StationHoursQuerySet(OfStationQuerySet["StationHours"]):
    """Opening hours, by viewer."""


class StationDaysQuerySet(OfStationQuerySet["StationDays"]):
    """Other hours, by viewer."""


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class StationHours(models.Model):
    """When a station is open: one row per weekday, season and part of the day, as ``grids.ServiceHours`` has them."""

    personal: ClassVar[Personal] = Personal.none()

    station = models.ForeignKey(
        ServiceStation, models.CASCADE, db_index=False, related_name="hours", verbose_name=_("station")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    month_from = models.PositiveSmallIntegerField(_("from month"), default=1)
    month_to = models.PositiveSmallIntegerField(_("to month (inclusive)"), default=12)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    objects = StationHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours of a station")
        verbose_name_plural = _("opening hours of stations")
        constraints = (
            models.UniqueConstraint(
                fields=("station", "weekday", "month_from", "opens"),
                name="stationhours_once",
                violation_error_message=_("These hours are there already."),
            ),
            models.CheckConstraint(name="stationhours_weekday_known", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(
                name="stationhours_months_known",
                condition=Q(month_from__range=(1, 12), month_to__range=(1, 12)),
                violation_error_message=_("Months are numbers from 1 to 12."),
            ),
            models.CheckConstraint(
                name="stationhours_open_before_close",
                condition=Q(opens__lt=F("closes")) | Q(closes=END_OF_DAY),
                violation_error_message=_("Closing time must lie after opening time."),
            ),
        )

    def __str__(self) -> str:
        hours = f"{self.opens:%H:%M}-{closing_text(self.closes)}"
        return f"{self.station_id} {self.month_from}-{self.month_to} {self.get_weekday_display()} {hours}"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class StationDays(models.Model):
    """Days on which a station keeps other hours, or stays closed (both times empty), with a word to everybody."""

    personal: ClassVar[Personal] = Personal.none()

    station = models.ForeignKey(
        ServiceStation, models.CASCADE, db_index=False, related_name="days", verbose_name=_("station")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    opens = models.TimeField(_("opens"), null=True, blank=True, help_text=_("Both empty: it stays closed."))
    closes = models.TimeField(_("closes"), null=True, blank=True)
    words = models.CharField(_("what people are told"), max_length=120)

    objects = StationDaysQuerySet.as_manager()

    class Meta:
        verbose_name = _("other hours of a station")
        verbose_name_plural = _("other hours of stations")
        constraints = (
            models.CheckConstraint(
                name="stationdays_in_order",
                condition=Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="stationdays_both_times_or_none",
                condition=Q(opens=None, closes=None)
                | Q(Q(opens__lt=F("closes")) | Q(closes=END_OF_DAY), opens__isnull=False, closes__isnull=False),
                violation_error_message=_("Give both times, the later last, or none."),
            ),
            ExclusionConstraint(
                name="stationdays_once",
                expressions=[
                    ("station", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", BOTH_INCLUDED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Other hours stand there for one of these days already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.station_id} {self.starts_on:%Y-%m-%d}/{self.ends_on:%Y-%m-%d}"


class StationTargetQuerySet(models.QuerySet["StationTarget"]):
    """Wanted numbers, by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's own areas, of those below, and of those above that hold for him too."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class StationTarget(models.Model):
    """How many stations of a kind an area wants: so many for each street, community or grid in it."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    kind = models.CharField(_("kind"), max_length=12, choices=StationKind)
    per = models.SmallIntegerField(
        _("for each"),
        choices=[(level.value, level.label) for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID)],
    )
    least = models.PositiveSmallIntegerField(_("at least"), default=1)
    source = models.CharField(_("source"), max_length=120, blank=True)

    objects = StationTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("wanted number of stations")
        verbose_name_plural = _("wanted numbers of stations")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "kind", "per"),
                name="stationtarget_once",
                violation_error_message=_("There is one for the same case already."),
            ),
            models.CheckConstraint(
                name="stationtarget_at_least_one",
                condition=Q(least__gte=1),
                violation_error_message=_("A line asks for at least one."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_id} {self.kind} {self.per} {self.least}"

    def clean(self) -> None:
        """A kind is wanted where it may stand."""
        if self.kind and self.per and Level(self.per) not in STATION_LEVELS[StationKind(self.kind)]:
            raise ValidationError({"per": _("There is no such station at an area of this level.")})

"""Registers of stations, with import and export; kept by whoever keeps the posts of the area."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fieldwork.forms.stations import StationDaysForm, StationHoursForm
from fieldwork.models import ServiceStation, StationDays, StationHours, StationItem, StationTarget
from fieldwork.resources import ServiceStationResource, StationHoursResource, StationItemResource
from grids.admin.exchange import ExchangeAdmin
from grids.models.hours import closing_text
from grids.permissions import Register
from grids.scoped import ScopedAdmin, ScopedInline


class HoursInline(ScopedInline):
    """Its hours, weekday by weekday."""

    model = StationHours
    form = StationHoursForm


class DaysInline(ScopedInline):
    """Days on which it keeps other hours, or stays closed."""

    model = StationDays
    form = StationDaysForm


@admin.register(ServiceStation)
class ServiceStationAdmin(ExchangeAdmin):
    """Where the stations are; one that closes for good gets a last day."""

    register = Register.STATIONS
    resource_classes = [ServiceStationResource]
    list_display = ("code", "title", "kind", "area", "office_phone", "hours_by", "valid_from", "valid_to")
    list_select_related = ("area",)
    list_filter = ("kind",)
    search_fields = ("code", "name", "area__name", "area__code")
    ordering = ("code",)
    autocomplete_fields = ("area",)
    inlines = [HoursInline, DaysInline]


@admin.register(StationHours)
class StationHoursAdmin(ExchangeAdmin):
    """Hours of all stations, for files."""

    register = Register.STATIONS
    form = StationHoursForm
    resource_classes = [StationHoursResource]
    list_display = ("station", "weekday", "month_from", "month_to", "opens", "closing")
    list_select_related = ("station",)
    list_filter = ("weekday",)
    search_fields = ("station__code", "station__name")
    ordering = ("station__code", "month_from", "weekday", "opens")
    autocomplete_fields = ("station",)

    @admin.display(description=_("closes"), ordering="closes")
    def closing(self, hours: StationHours) -> str:
        """The closing time; the end of the day is 24:00."""
        return closing_text(hours.closes)

    def area_path(self, obj: Any) -> str | None:
        """The path of the station's area."""
        return obj.station.area.path if obj.station_id else None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Hours that were wrong may go; the change is recorded."""
        return self.may_keep(request, obj)


@admin.register(StationItem)
class StationItemAdmin(ExchangeAdmin):
    """What stations have and lend."""

    register = Register.STATIONS
    resource_classes = [StationItemResource]
    list_display = ("station", "name", "quantity", "is_lent", "days", "gone")
    list_select_related = ("station",)
    search_fields = ("station__code", "station__name", "name")
    ordering = ("station__code", "name")
    autocomplete_fields = ("station",)

    def area_path(self, obj: Any) -> str | None:
        """The path of the station's area."""
        return obj.station.area.path if obj.station_id else None


@admin.register(StationTarget)
class StationTargetAdmin(ScopedAdmin):
    """How many stations of a kind are wanted where."""

    register = Register.STATIONS
    list_display = ("area", "kind", "per", "least", "source")
    list_select_related = ("area",)
    list_filter = ("kind",)
    search_fields = ("area__name", "area__code")
    ordering = ("area__code", "kind", "per")
    autocomplete_fields = ("area",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A number nobody wants any more may go; the change is recorded."""
        return self.may_keep(request, obj)

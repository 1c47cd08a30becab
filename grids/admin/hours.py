"""Opening hours of service halls."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grids.admin.exchange import ExchangeAdmin
from grids.admin.organisations import SeatFilter
from grids.hours import ServiceHoursForm
from grids.models import ServiceHours
from grids.models.hours import closing_text
from grids.permissions import Register
from grids.resources import ServiceHoursResource


@admin.register(ServiceHours)
class ServiceHoursAdmin(ExchangeAdmin):
    register = Register.HOURS
    form = ServiceHoursForm
    resource_classes = [ServiceHoursResource]
    list_display = ["area_name", "weekday", "month_from", "month_to", "opens", "closing"]
    list_select_related = ["area"]
    list_filter = ["weekday", SeatFilter]
    search_fields = ["area__name", "area__code"]
    ordering = ["area", "month_from", "weekday", "opens"]
    autocomplete_fields = ["area"]

    @admin.display(description=_("area"), ordering="area")
    def area_name(self, hours: ServiceHours) -> str:
        """The area, or that it is for all without hours of their own."""
        return hours.area.label if hours.area else "*"

    @admin.display(description=_("closes"), ordering="closes")
    def closing(self, hours: ServiceHours) -> str:
        """The closing time; the end of the day is 24:00."""
        return closing_text(hours.closes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Hours that were wrong may go; the change is recorded."""
        return self.may_keep(request, obj)

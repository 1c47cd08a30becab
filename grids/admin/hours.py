"""Opening hours of service halls."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grids.admin.organisations import SeatFilter
from grids.models import ServiceHours
from grids.permissions import Register
from grids.scoped import ScopedAdmin


@admin.register(ServiceHours)
class ServiceHoursAdmin(ScopedAdmin):
    register = Register.HOURS
    list_display = ["area_name", "weekday", "month_from", "month_to", "opens", "closes"]
    list_select_related = ["area"]
    list_filter = ["weekday", SeatFilter]
    search_fields = ["area__name", "area__code"]
    ordering = ["area", "month_from", "weekday", "opens"]
    autocomplete_fields = ["area"]

    @admin.display(description=_("area"), ordering="area")
    def area_name(self, hours: ServiceHours) -> str:
        """The area, or that it is for all without hours of their own."""
        return hours.area.label if hours.area else "*"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Hours that were wrong may go; the change is recorded."""
        return self.may_keep(request, obj)

"""The pattern that weeks of duty are planned from."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fieldwork.models import DutyPattern
from grids.permissions import Register
from grids.scoped import ScopedAdmin


@admin.register(DutyPattern)
class DutyPatternAdmin(ScopedAdmin):
    """Who sits where on which weekday; kept by whoever keeps the posts of the area."""

    register = Register.STATIONS
    list_display = ("area", "station", "user", "weekday", "starts", "ends", "valid_from", "valid_to")
    list_select_related = ("area", "station", "user")
    list_filter = ("weekday",)
    search_fields = ("area__name", "area__code", "user__display_name")
    ordering = ("area__code", "weekday", "starts")
    autocomplete_fields = ("area", "station")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A line that is wrong may go; shifts planned from it stay."""
        return self.may_keep(request, obj)

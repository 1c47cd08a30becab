"""How many legally informed residents are wanted where."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fieldwork.models import LegalGoal
from grids.permissions import Register
from grids.scoped import ScopedAdmin


@admin.register(LegalGoal)
class LegalGoalAdmin(ScopedAdmin):
    """A line for each role and each kind of area; the nearest area's line holds."""

    register = Register.STATIONS
    list_display = ("area", "role", "per", "least", "source")
    list_select_related = ("area",)
    list_filter = ("role",)
    search_fields = ("area__name", "area__code")
    ordering = ("area__code", "role", "per")
    autocomplete_fields = ("area",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A number nobody wants any more may go; the change is recorded."""
        return self.may_keep(request, obj)

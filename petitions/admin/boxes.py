"""The register of corridor opinion boxes, kept by whoever keeps grids and buildings."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grids.enums import Level
from grids.models import Area
from grids.permissions import Register
from grids.scoped import ScopedAdmin
from petitions.models import SuggestionBox


@admin.register(SuggestionBox)
class SuggestionBoxAdmin(ScopedAdmin):
    """Where boxes hang and how often they are emptied; a box that is taken away gets a last day."""

    register = Register.GRIDS
    list_display = ("code", "area", "spot", "interval_days", "last_emptied_on", "matters", "opened_on", "closed_on")
    list_select_related = ("area__parent",)
    search_fields = ("code", "spot", "area__name", "area__code")
    ordering = ("code",)
    autocomplete_fields = ("area",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SuggestionBox]:
        """With the number of matters that came out of each."""
        found: Any = super().get_queryset(request)
        return found.counted()

    @admin.display(description=_("matters"), ordering="matters")
    def matters(self, box: Any) -> int:
        """How many."""
        return int(box.matters)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A box hangs in a grid, a building or a stairwell."""
        if db_field.remote_field.model is Area:
            kwargs["queryset"] = Area.objects.served().filter(level__gte=Level.GRID)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

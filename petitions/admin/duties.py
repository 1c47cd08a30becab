"""Lists of duties, as a register."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from grids.admin.exchange import ExchangeAdmin
from grids.admin.organisations import SeatFilter
from grids.permissions import Register
from petitions.models import DutyItem
from petitions.resources import DutyItemResource


@admin.register(DutyItem)
class DutyItemAdmin(ExchangeAdmin):
    """Own, assisted and handed-down duties; an ended one is closed by its last day, never deleted."""

    register = Register.DUTY_ITEMS
    resource_classes = [DutyItemResource]
    list_display = ["code", "name_zh", "kind", "area_name", "level", "category", "valid_from", "valid_to"]
    list_display_links = ["code", "name_zh"]
    list_select_related = ["area", "category"]
    list_filter = ["level", "kind", SeatFilter]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["level", "area__path", "kind", "code", "-valid_from"]
    autocomplete_fields = ["area", "category"]

    @admin.display(description=gettext_lazy("area"), ordering="area__path")
    def area_name(self, item: DutyItem) -> str:
        """The area the list is for."""
        return item.area.label

"""Register of legal advisers, health officers and others who come to communities."""

from django.contrib import admin

from fieldwork.models import Adviser
from fieldwork.resources import AdviserResource
from grids.admin.exchange import ExchangeAdmin
from grids.permissions import Register


@admin.register(Adviser)
class AdviserAdmin(ExchangeAdmin):
    """Who comes where and when; who stops coming gets a last day."""

    register = Register.STATIONS
    resource_classes = [AdviserResource]
    list_display = ("code", "kind", "area", "name", "office", "week", "weekday", "opens", "closes", "valid_to")
    list_select_related = ("area",)
    list_filter = ("kind",)
    search_fields = ("code", "office", "area__name", "area__code")
    ordering = ("code",)
    autocomplete_fields = ("area",)

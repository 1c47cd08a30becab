"""The register of legal bodies."""

from django.contrib import admin

from grids.admin.areas import TodayFilter, WithinFilter
from grids.admin.exchange import ExchangeAdmin
from grids.models import Organisation
from grids.permissions import Register
from grids.resources import OrganisationResource


class SeatFilter(WithinFilter):
    """Bodies that answer for an area or a part of it."""

    path = "area__path"


@admin.register(Organisation)
class OrganisationAdmin(ExchangeAdmin):
    register = Register.ORGANISATIONS
    resource_classes = [OrganisationResource]
    list_display = ["name", "code", "kind", "area", "valid_from", "valid_to"]
    list_select_related = ["area"]
    list_filter = ["kind", SeatFilter, TodayFilter]
    search_fields = ["name", "code"]
    ordering = ["code"]
    autocomplete_fields = ["area"]

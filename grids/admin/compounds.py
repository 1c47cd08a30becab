"""The registers of compounds and of what is improved in them."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from grids.admin.exchange import ExchangeAdmin
from grids.admin.organisations import SeatFilter
from grids.compound_resources import CompoundProjectResource, CompoundResource
from grids.compounds import settle
from grids.models import Compound, CompoundProject, Takeover
from grids.permissions import Register
from grids.scoped import ScopedInline


class TakeoverInline(ScopedInline):
    model = Takeover
    fields = ["management", "planned_for", "done_on"]


class CompoundSeatFilter(SeatFilter):
    """Projects of an area or a part of it."""

    path = "compound__area__path"


@admin.register(Compound)
class CompoundAdmin(ExchangeAdmin):
    register = Register.GRIDS
    resource_classes = [CompoundResource]
    list_display = ["name", "code", "area", "kind", "management", "managed_since", "valid_to"]
    list_select_related = ["area"]
    list_filter = ["kind", "management", SeatFilter]
    search_fields = ["name", "code"]
    ordering = ["code"]
    autocomplete_fields = ["area", "buildings", "manager"]
    inlines = [TakeoverInline]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """With the takeovers, and what follows from one that was carried out."""
        super().save_related(request, form, formsets, change)
        for takeover in form.instance.takeovers.exclude(done_on=None):
            settle(takeover)


@admin.register(CompoundProject)
class CompoundProjectAdmin(ExchangeAdmin):
    register = Register.GRIDS
    resource_classes = [CompoundProjectResource]
    list_display = ["name", "code", "compound", "kind", "state", "starts_on", "ends_on"]
    list_select_related = ["compound"]
    list_filter = ["kind", "state", "compound__kind", CompoundSeatFilter]
    search_fields = ["name", "code"]
    ordering = ["code"]
    autocomplete_fields = ["compound"]

    def area_path(self, obj: Any) -> str | None:
        """Where the compound lies."""
        return str(obj.compound.area.path) if obj.compound_id else None

"""Roles, staffing rules and which of them holds where."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from grids.admin.organisations import SeatFilter
from grids.models import GridRole, RoleLabel, StaffingChoice, StaffingLine, StaffingRule
from grids.permissions import Register
from grids.scoped import ScopedAdmin, ScopedInline


class DistrictWideAdmin(ScopedAdmin):
    """Reference data of no area: kept by post alone, read by whoever holds one."""

    register = Register.STAFFING

    def may_keep(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().may_keep(request)


@admin.register(GridRole)
class GridRoleAdmin(DistrictWideAdmin):
    list_display = ["name_zh", "name_en", "level", "post_kind", "held_by", "term_years", "is_public"]
    list_filter = ["level", "held_by"]
    search_fields = ["name_zh", "name_en", "key"]
    ordering = ["position", "pk"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its key is what the file knows it by."""
        return ["key"] if obj else []


class StaffingLineInline(ScopedInline):
    model = StaffingLine
    fields = ["role", "least", "per", "valid_from", "valid_to"]
    ordering = ["role__position", "pk"]


@admin.register(StaffingRule)
class StaffingRuleAdmin(DistrictWideAdmin):
    list_display = ["name_zh", "name_en", "version", "changed_locally"]
    search_fields = ["name_zh", "name_en", "key"]
    ordering = ["pk"]
    inlines = [StaffingLineInline]
    fields = ["key", "name_zh", "name_en", "source", "version", "changed_locally"]
    readonly_fields = ["version", "changed_locally"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its key is what the file knows it by."""
        return [*super().get_readonly_fields(request, obj), *(["key"] if obj else [])]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """What was edited here a new file leaves alone."""
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            form.instance.changed_locally = True
            form.instance.save(update_fields=["changed_locally"])


@admin.register(StaffingChoice)
class StaffingChoiceAdmin(ScopedAdmin):
    register = Register.POSTS
    list_display = ["rule", "area", "kind_of_grid", "valid_from", "valid_to"]
    list_select_related = ["rule", "area"]
    list_filter = ["rule", SeatFilter]
    search_fields = ["area__name", "area__code", "rule__name_zh"]
    ordering = ["area__path", "kind_of_grid", "valid_from"]
    autocomplete_fields = ["area"]


@admin.register(RoleLabel)
class RoleLabelAdmin(ScopedAdmin):
    register = Register.POSTS
    list_display = ["name_zh", "name_en", "role", "area", "valid_from", "valid_to"]
    list_select_related = ["role", "area"]
    list_filter = [SeatFilter]
    search_fields = ["name_zh", "area__name", "area__code"]
    ordering = ["area__path", "role__position"]
    autocomplete_fields = ["area"]

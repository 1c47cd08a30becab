"""Categories and rules of checks: reference data that the district's command and administrators keep."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from deadlines.admin import ReferenceAdmin
from petitions.models import Category, VerificationRule


@admin.register(Category)
class CategoryAdmin(ReferenceAdmin):
    """The category tree with its defaults; an ended category is closed by its last day, never deleted."""

    list_display = ("code", "name_zh", "name_en", "tier", "policy_key", "urgency", "public_ok", "valid_to")
    list_filter = ("tier", "urgency", "policy_key", "sensitive")
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    list_select_related = ("parent",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(VerificationRule)
class VerificationRuleAdmin(ReferenceAdmin):
    """Which of the four checks which matters need before they are closed (004-12); a rule ends by its last day."""

    list_display = ("kind", "share", "area", "category", "policy_key", "tier", "valid_from", "valid_to")
    list_filter = ("kind", "tier")
    list_select_related = ("area", "category")
    autocomplete_fields = ("area", "category")
    ordering = ("kind", "-valid_from", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

"""Categories, rules of checks and of the three lists, kept by the district's command and administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from deadlines.admin import ReferenceAdmin, RulesExchange
from petitions.models import Category, ChannelApp, ListRule, VerificationRule
from petitions.resources import CategoryResource


@admin.register(Category)
class CategoryAdmin(RulesExchange, ReferenceAdmin):
    """The category tree with its defaults; an ended category is closed by its last day, never deleted."""

    resource_classes = (CategoryResource,)
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


@admin.register(ListRule)
class ListRuleAdmin(ReferenceAdmin):
    """Which words or categories put a matter on one of the three lists (004-28); the first rule that fits decides."""

    list_display = ("code", "kind", "position", "words", "category", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("category",)
    autocomplete_fields = ("category",)
    ordering = ("position", "code")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChannelApp)
class ChannelAppAdmin(ReferenceAdmin):
    """Apps of others that matters come from (002-38, 004-26), and how one opens there; an app ends by its last day."""

    list_display = ("channel", "name_zh", "name_en", "link", "valid_from", "valid_to")
    ordering = ("channel", "-valid_from")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

"""Kinds of visits and how often they are asked for. The district's command and administrators keep them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from deadlines.admin import ReferenceAdmin
from fieldwork.forms.rules import VisitRuleForm
from fieldwork.models import VisitDuty, VisitRule


@admin.register(VisitDuty)
class VisitDutyAdmin(ReferenceAdmin):
    list_display = ["code", "name_zh", "name_en", "whom", "needs_consent", "position"]
    ordering = ["position", "pk"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: visits were asked for by it. A rule "not asked for" everywhere ends it."""
        return False


@admin.register(VisitRule)
class VisitRuleAdmin(ReferenceAdmin):
    list_display = ["duty", "area_name", "cadence", "modes", "valid_from", "valid_to"]
    list_select_related = ["duty", "area"]
    list_filter = ["duty", "cadence"]
    ordering = ["duty__position", "area", "valid_from"]
    raw_id_fields = ["area"]
    form = VisitRuleForm

    @admin.display(description=_("area"), ordering="area")
    def area_name(self, rule: VisitRule) -> str:
        """The area, or that it holds everywhere."""
        return rule.area.label if rule.area else "*"

"""Registers of what the data protection law asks for: breaches, processors, impact assessments, retention, exports."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from grids.permissions import Register
from grids.scoped import ScopedAdmin
from people.models import Breach, ExportLog, ImpactAssessment, Processor, RetentionRun
from people.paging import CappedPaginator


class DutyAdmin(ScopedAdmin):
    """A register of the district command and the administrators; nobody else sees it."""

    register = Register.DATA_DUTIES

    def may_keep(self, request: HttpRequest, obj: Any = None) -> bool:
        """It belongs to no area: by post alone."""
        return super().may_keep(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_keep(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_keep(request)


class ReportAdmin(DutyAdmin):
    """Written by what happens; only read."""

    paginator = CappedPaginator
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Breach)
class BreachAdmin(DutyAdmin):
    list_display = ["title", "severity", "found_at", "authority_told_at", "persons_told_at", "closed_at"]
    list_filter = ["severity"]
    search_fields = ["title"]
    ordering = ["-found_at"]

    def save_model(self, request: HttpRequest, obj: Breach, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Whoever writes it down first stays named."""
        if not change:
            obj.recorded_by = request.user  # type: ignore[assignment]  # an account: the desk is signed in
        super().save_model(request, obj, form, change)


@admin.register(Processor)
class ProcessorAdmin(DutyAdmin):
    list_display = ["name", "service", "contract", "starts_on", "ends_on", "checked_on", "stored_in"]
    search_fields = ["name", "service"]
    ordering = ["name"]


@admin.register(ImpactAssessment)
class ImpactAssessmentAdmin(DutyAdmin):
    list_display = ["title", "done_on", "review_on", "sensitive", "automated", "entrusted", "abroad"]
    list_filter = ["sensitive", "automated", "entrusted", "abroad"]
    search_fields = ["title"]
    ordering = ["review_on"]

    def save_model(self, request: HttpRequest, obj: ImpactAssessment, form: Any, change: bool) -> None:  # noqa: FBT001 - as above
        """Whoever made it stays named."""
        if not change:
            obj.done_by = request.user  # type: ignore[assignment]  # as above
        super().save_model(request, obj, form, change)


@admin.register(RetentionRun)
class RetentionRunAdmin(ReportAdmin):
    list_display = ["at", "rule", "dry", "due", "ended", "held", "failed"]
    list_display_links = ["rule"]
    list_filter = ["rule", "dry"]
    ordering = ["-at", "rule"]


@admin.register(ExportLog)
class ExportLogAdmin(ReportAdmin):
    list_display = ["at", "what", "rows", "masked", "by", "mark"]
    list_display_links = ["mark"]
    list_select_related = ["by"]
    list_filter = ["what", "masked"]
    search_fields = ["mark", "by__username", "by__display_name"]
    ordering = ["-at"]

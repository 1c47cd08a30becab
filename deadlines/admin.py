"""Policies, calendar and the sweep's own health. The district's command and administrators keep the reference data."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from deadlines.models import CalendarDay, CalendarYear, Heartbeat, Policy, Rung, Stage, SweepFault
from grids.enums import PostKind
from grids.scoped import staff_of


class ReferenceAdmin(admin.ModelAdmin):
    """Read by whoever holds a post; changed by the district's command and administrators only."""

    def _may_change(self, request: HttpRequest) -> bool:
        staff = staff_of(request)
        return staff.is_administrator or staff.holds(PostKind.DISTRICT_COMMAND)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        staff = staff_of(request)
        return bool(staff.holdings) or staff.is_administrator

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)


class SealedAdmin(ReferenceAdmin):
    """Read only: a version that clocks stand on is never rewritten, a record is a record."""

    def _may_change(self, request: HttpRequest) -> bool:
        return False


class RungInline(admin.TabularInline):
    model = Rung
    extra = 0
    can_delete = False
    fields = ("at", "level", "posts", "action", "note", "is_default")
    ordering = ("position",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StageInline(admin.TabularInline):
    model = Stage
    extra = 0
    can_delete = False
    show_change_link = True
    fields = ("name_zh", "limit_value", "limit_unit", "clock", "anchor", "stopped_by", "nature", "applies_when")
    ordering = ("position",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Policy)
class PolicyAdmin(SealedAdmin):
    """Policies as loaded from their file; a changed file makes a new version (``manage.py load_reference``)."""

    list_display = ("key", "version", "name_zh", "clock", "source_status", "valid_from", "valid_to")
    list_filter = ("clock",)
    search_fields = ("key", "name_zh", "name_en")
    ordering = ("key", "-version")
    inlines = (StageInline,)


@admin.register(Stage)
class StageAdmin(SealedAdmin):
    """One promise with its ladder."""

    list_display = ("policy", "code", "name_zh", "limit_value", "limit_unit", "clock", "nature")
    list_filter = ("nature", "clock")
    list_select_related = ("policy",)
    ordering = ("policy__key", "position")
    inlines = (RungInline,)


class CalendarDayInline(admin.TabularInline):
    model = CalendarDay
    extra = 0
    ordering = ("date",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return ReferenceAdmin._may_change(self, request)  # type: ignore[arg-type]  # noqa: SLF001 - same rule

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(CalendarYear)
class CalendarYearAdmin(ReferenceAdmin):
    """A year of the calendar; confirm it when the State Council's notice is out."""

    list_display = ("year", "confirmed", "notice", "changed_at")
    ordering = ("-year",)
    inlines = (CalendarDayInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Heartbeat)
class HeartbeatAdmin(SealedAdmin):
    """When the recurring jobs last ran."""

    list_display = ("name", "last_run_at", "handled")


@admin.register(SweepFault)
class SweepFaultAdmin(SealedAdmin):
    """Clocks the sweep could not handle: set aside, tried again."""

    list_display = ("family", "clock_id", "error", "times", "first_seen_at", "last_seen_at", "settled_at")
    ordering = ("-last_seen_at",)

"""Policies, calendar and the sweep's own health. The district's command and administrators keep the reference data."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines import editing, recompute
from deadlines.calendar_loading import first_change
from deadlines.enums import RecomputeReason
from deadlines.errors import PolicyError
from deadlines.forms import NextVersionForm, OverrideForm
from deadlines.models import (
    CalendarDay,
    CalendarYear,
    Heartbeat,
    Policy,
    PolicyOverride,
    RecomputeRun,
    Rung,
    Stage,
    SweepFault,
)
from deadlines.resources import CalendarResource, PolicyResource
from deadlines.timetable import shanghai_date
from grids.admin.exchange import Exchange
from grids.enums import PostKind
from grids.scoped import staff_of


def keeps_rules(request: HttpRequest) -> bool:
    """Whether the signed-in person may change the district's rules."""
    staff = staff_of(request)
    return staff.is_administrator or staff.holds(PostKind.DISTRICT_COMMAND)


class ReferenceAdmin(admin.ModelAdmin):
    """Read by whoever holds a post; changed by the district's command and administrators only."""

    def _may_change(self, request: HttpRequest) -> bool:
        return keeps_rules(request)

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


class RulesExchange(Exchange):
    """Import and export of rules, by who keeps them; no person stands in them."""

    def may_exchange(self, request: HttpRequest) -> bool:
        """The district's command and administrators."""
        return keeps_rules(request)


class SealedAdmin(ReferenceAdmin):
    """Read only: a version that clocks stand on is never rewritten, a record is a record."""

    def _may_change(self, request: HttpRequest) -> bool:
        return False


class EngineAdmin(SealedAdmin):
    """How the engine runs, over the whole district: for who keeps the rules; to others it would tell strange counts."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return keeps_rules(request)


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
class PolicyAdmin(RulesExchange, SealedAdmin):
    """Versions of policies, never rewritten: a changed file or an edit here makes the next one."""

    resource_classes = (PolicyResource,)
    change_form_template = "admin/deadlines/policy_change.html"
    list_display = ("key", "version", "name_zh", "clock", "source_status", "edited", "valid_from", "valid_to")
    list_filter = ("clock",)
    search_fields = ("key", "name_zh", "name_en")
    ordering = ("key", "-version")
    inlines = (StageInline,)

    def get_urls(self) -> list[URLPattern]:
        """Django's, with the page of the next version in front."""
        page = self.admin_site.admin_view(self.next_version)
        return [path("<int:pk>/next/", page, name="deadlines_policy_next"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the next version to whoever may make one."""
        more = {**(extra_context or {}), "may_edit": keeps_rules(request)}
        return super().change_view(request, object_id, form_url, more)

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Stage]:
        """The stages of the present versions that the list shows."""
        shown = super().get_export_queryset(request).filter(valid_to=None)
        stages = Stage.objects.filter(policy__in=shown.order_by().values("pk")).select_related("policy")
        return stages.prefetch_related("rungs").order_by("policy__key", "position")

    def next_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Edit, see what it would change, then save; nothing is saved unseen."""
        if not keeps_rules(request):
            raise PermissionDenied
        policy = get_object_or_404(Policy, pk=pk, valid_to=None)
        at = timezone.now()
        tomorrow = shanghai_date(at) + editing.DAY
        form = NextVersionForm(request.POST or None, policy=policy, tomorrow=tomorrow)
        preview, refusal = None, ""
        if request.method == "POST" and form.is_valid():
            edit = form.edit()
            preview = editing.preview(policy, edit.limits, at=at)
            if request.POST.get("seen") == edit.token:
                try:
                    new = editing.save(policy, edit, at=at, running_too=form.cleaned_data["running_too"])
                except PolicyError as error:
                    refusal = str(error)
                else:
                    messages.success(request, _("%(policy)s is saved.") % {"policy": new})
                    return redirect("admin:deadlines_policy_change", new.pk)
        page = {
            **self.admin_site.each_context(request),
            "title": _("New version of %(policy)s") % {"policy": policy.name},
            "form": form,
            "policy": policy,
            "preview": preview,
            "refusal": refusal,
            "seen": form.edit().token if preview else "",
        }
        wrong = request.method == "POST" and (refusal or not form.is_valid())
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return render(request, "admin/deadlines/policy_next.html", page, status=status)


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
        return keeps_rules(request)

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(CalendarYear)
class CalendarYearAdmin(RulesExchange, ReferenceAdmin):
    """A year of the calendar; confirm it when the State Council's notice is out."""

    resource_classes = (CalendarResource,)
    list_display = ("year", "confirmed", "notice", "changed_at")
    ordering = ("-year",)
    inlines = (CalendarDayInline,)

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[CalendarDay]:
        """The days of the years that the list shows."""
        years = super().get_export_queryset(request).order_by().values("pk")
        return CalendarDay.objects.filter(year__in=years).select_related("year").order_by("date")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Save the days; open clocks that cross a changed one are recomputed after commit."""
        year: CalendarYear = form.instance
        before = set(year.days.values_list("date", "kind"))
        super().save_related(request, form, formsets, change)
        after = set(year.days.values_list("date", "kind"))
        confirmed_now = "confirmed" in form.changed_data
        if after != before or confirmed_now:
            since = first_change(year.year, after, before, confirmed_now=confirmed_now)
            recompute.ask(reason=RecomputeReason.CALENDAR, at=timezone.now(), since=since)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Heartbeat)
class HeartbeatAdmin(EngineAdmin):
    """When the recurring jobs last ran."""

    list_display = ("name", "last_run_at", "handled")


@admin.register(SweepFault)
class SweepFaultAdmin(EngineAdmin):
    """Clocks the sweep could not handle: set aside, tried again."""

    list_display = ("family", "clock_id", "error", "times", "first_seen_at", "last_seen_at", "settled_at")
    ordering = ("-last_seen_at",)


@admin.register(PolicyOverride)
class PolicyOverrideAdmin(ReferenceAdmin):
    """Which policy holds in an area, for a category, a tier, an urgency."""

    form = OverrideForm

    list_display = ("area", "category_code", "tier", "urgency", "policy_key", "valid_from", "valid_to")
    list_select_related = ("area",)
    raw_id_fields = ("area",)
    ordering = ("policy_key", "-valid_from", "pk")


@admin.register(RecomputeRun)
class RecomputeRunAdmin(EngineAdmin):
    """How far the open clocks have been computed anew after a change."""

    list_display = ("asked_at", "reason", "since", "policy", "planned_at", "seen", "changed", "faulty", "finished_at")
    list_select_related = ("policy",)
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("could not be computed"))
    def faulty(self, run: RecomputeRun) -> int:
        """How many clocks kept their dates because something is wrong with them."""
        return len(run.broken)

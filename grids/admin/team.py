"""Teams beside the posts, what is public of an area, the register of community workers, and the handovers done."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.admin.organisations import SeatFilter
from grids.models import CommunityWorker, GridMember, Handover, PublicContact, Training, WeekdayDuty
from grids.permissions import Register
from grids.scoped import ScopedAdmin


class ServesTodayFilter(admin.SimpleListFilter):
    """Members of today, or all there ever were."""

    title = _("serves today")
    parameter_name = "today"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Today, or sent down by a unit today."""
        return [("yes", _("serves today")), ("sent", _("sent down by a unit, today"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        """Compare with the civil date in Asia/Shanghai."""
        today = queryset.at(timezone.localdate()) if self.value() else queryset
        return today.seconded() if self.value() == "sent" else today


@admin.register(GridMember)
class GridMemberAdmin(ScopedAdmin):
    register = Register.POSTS
    list_display = ["person", "role", "area", "organisation", "starts_on", "ends_on"]
    list_display_links = ["person"]
    list_select_related = ["role", "area", "user", "organisation"]
    list_filter = [ServesTodayFilter, "role", SeatFilter]
    search_fields = ["name", "user__display_name", "organisation__name", "area__name", "area__code"]
    ordering = ["area__path", "role__position", "starts_on"]
    autocomplete_fields = ["area", "organisation"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The staffing page opens the members that one body sent."""
        return lookup == "organisation__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("member"))
    def person(self, member: GridMember) -> str:
        """Who, or which body."""
        if member.user:
            return member.user.get_full_name()
        return member.name or (member.organisation.name if member.organisation else "–")


@admin.register(WeekdayDuty)
class WeekdayDutyAdmin(ScopedAdmin):
    register = Register.POSTS
    list_display = ["person", "area", "weekday", "place", "grid", "valid_from", "valid_to"]
    list_display_links = ["person"]
    list_select_related = ["user", "area", "grid"]
    list_filter = ["weekday", "place", SeatFilter]
    search_fields = ["user__display_name", "area__name", "area__code"]
    ordering = ["area__path", "weekday", "place"]
    autocomplete_fields = ["area", "grid"]

    @admin.display(description=_("person"), ordering="user__display_name")
    def person(self, duty: WeekdayDuty) -> str:
        """Who."""
        return duty.user.get_full_name()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A day that was wrong may go; the change is recorded."""
        return self.may_keep(request, obj)


@admin.register(PublicContact)
class PublicContactAdmin(ScopedAdmin):
    register = Register.POSTS
    list_display = ["area", "office_phone", "supervision_phone", "address"]
    list_select_related = ["area"]
    list_filter = [SeatFilter]
    search_fields = ["area__name", "area__code"]
    ordering = ["area__path"]
    autocomplete_fields = ["area"]


class PersonnelAdmin(ScopedAdmin):
    """Personnel data: the person himself and who keeps the posts above him; no peer."""

    register = Register.POSTS
    list_select_related = ["user", "area"]
    autocomplete_fields = ["area"]

    @admin.display(description=_("person"), ordering="user__display_name")
    def person(self, row: Any) -> str:
        """Who."""
        return str(row.user.get_full_name())


@admin.register(CommunityWorker)
class CommunityWorkerAdmin(PersonnelAdmin):
    list_display = ["person", "area", "career_post", "grade", "is_general_service", "since", "until"]
    list_display_links = ["person"]
    list_filter = ["career_post", "is_general_service", SeatFilter]
    search_fields = ["user__display_name", "user__username", "area__name", "area__code"]
    ordering = ["area__path", "user__display_name"]


@admin.register(Training)
class TrainingAdmin(PersonnelAdmin):
    list_display = ["person", "kind", "subject", "taken_on", "hours", "area"]
    list_display_links = ["person"]
    list_filter = ["kind", SeatFilter]
    search_fields = ["user__display_name", "subject", "area__name"]
    ordering = ["-taken_on", "pk"]
    date_hierarchy = "taken_on"


@admin.register(Handover)
class HandoverAdmin(ScopedAdmin):
    """Read only: a handover is done on its own page and stays on record."""

    list_display = ["leaver", "receiver", "first_day", "state", "decided_by", "decided_at"]
    list_select_related = ["leaver", "receiver", "decided_by"]
    list_filter = ["state"]
    search_fields = ["leaver__display_name", "receiver__display_name"]
    ordering = ["-decided_at", "-pk"]

    def may_keep(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

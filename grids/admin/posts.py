"""Posts, who holds them, who is away, and the duty list."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, ForeignKey, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.admin.areas import TodayFilter, WithinFilter
from grids.admin.exchange import ExchangeAdmin
from grids.admin.organisations import SeatFilter
from grids.forms import AccountField
from grids.models import Absence, Appointment, DutyMember, Post
from grids.permissions import Register
from grids.resources import AppointmentResource, PostResource
from grids.scoped import ScopedAdmin, ScopedInline


class VacancyFilter(admin.SimpleListFilter):
    """Posts with a seat free today."""

    title = _("vacancy")
    parameter_name = "vacant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes, or nothing."""
        return [("yes", _("a seat is free today"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the count the register shows."""
        return queryset.filter(filled__lt=F("seats")) if self.value() == "yes" else queryset


@admin.register(Post)
class PostAdmin(ExchangeAdmin):
    register = Register.POSTS
    resource_classes = [PostResource]
    list_display = ["label", "kind", "area", "organisation", "seats", "filled_today", "office_phone"]
    list_display_links = ["label"]
    list_select_related = ["area", "organisation"]
    list_filter = ["kind", SeatFilter, VacancyFilter, TodayFilter]
    search_fields = ["title", "area__name", "area__code", "area__initials", "organisation__name"]
    ordering = ["area__path", "kind"]
    autocomplete_fields = ["area", "organisation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of seats filled today."""
        today = Appointment.objects.at(timezone.localdate()).filter(post=OuterRef("pk"), user__is_active=True)
        filled = today.order_by().values("post").annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(filled=Coalesce(Subquery(filled), 0))

    @admin.display(description=_("post"))
    def label(self, post: Post) -> str:
        """Its title, or that of its kind."""
        return post.label

    @admin.display(description=_("filled today"), ordering="filled")
    def filled_today(self, post: Any) -> int:
        """Seats with an active holder, away or not."""
        return int(post.filled)


class AbsenceInline(ScopedInline):
    model = Absence
    fields = ["starts_on", "ends_on", "deputy", "reason_code"]

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "deputy":
            return db_field.formfield(form_class=AccountField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PostSeatFilter(WithinFilter):
    """Appointments to posts in an area or a part of it."""

    path = "post__area__path"


@admin.register(Appointment)
class AppointmentAdmin(ExchangeAdmin):
    register = Register.POSTS
    resource_classes = [AppointmentResource]
    list_display = ["person", "post_label", "area", "starts_on", "ends_on"]
    list_display_links = ["person"]
    list_select_related = ["post__area", "post__organisation", "user"]
    list_filter = ["post__kind", PostSeatFilter]
    search_fields = ["user__display_name", "user__username", "post__area__name", "post__area__code", "post__title"]
    ordering = ["post__area__path", "starts_on"]
    autocomplete_fields = ["post"]
    inlines = [AbsenceInline]
    date_hierarchy = "starts_on"

    def area_path(self, obj: Any) -> str | None:
        """The path of the post's area."""
        return obj.post.area.path if obj.post_id else None

    @admin.display(description=_("person"), ordering="user__display_name")
    def person(self, appointment: Appointment) -> str:
        """Who."""
        return appointment.user.get_full_name()

    @admin.display(description=_("post"), ordering="post__kind")
    def post_label(self, appointment: Appointment) -> str:
        """Which post."""
        return appointment.post.label

    @admin.display(description=_("area"), ordering="post__area__path")
    def area(self, appointment: Appointment) -> str:
        """Where."""
        return appointment.post.area.label


@admin.register(DutyMember)
class DutyMemberAdmin(ScopedAdmin):
    register = Register.DUTY_LIST
    list_display = ["position", "user", "valid_from", "valid_to"]
    list_display_links = ["user"]
    list_select_related = ["user"]
    list_filter = [TodayFilter]
    search_fields = ["user__display_name", "user__username"]
    ordering = ["position", "pk"]

    def may_keep(self, request: HttpRequest, obj: Any = None) -> bool:
        """It belongs to no area: by post alone."""
        return super().may_keep(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A member entered by mistake may go; the change is recorded."""
        return self.may_keep(request, obj)

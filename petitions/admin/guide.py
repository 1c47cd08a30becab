"""Service items, what each community offers of them, reply templates, and the FAQ."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deadlines.admin import ReferenceAdmin
from deadlines.timetable import shanghai_date
from grids.admin.exchange import ExchangeAdmin
from grids.admin.organisations import SeatFilter
from grids.enums import Level
from grids.models import Area
from grids.permissions import KEEPERS, Register
from grids.scoped import ScopedAdmin, staff_of
from petitions import pledges
from petitions.models import Faq, ReplyTemplate, ServiceItem, ServiceSwitch
from petitions.permissions import keeps_for_all
from petitions.resources import ReplyTemplateResource, ServiceItemResource


class OwnOrForAllAdmin(ExchangeAdmin):
    """A register in which a row without an area is for all, and one with an area takes its place there."""

    @admin.display(description=gettext_lazy("area"), ordering="area__path")
    def area_name(self, row: Any) -> str:
        """The area, or that it is for all without a row of their own."""
        return row.area.label if row.area else "*"

    def may_keep(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the table of keepers; what is for all, by the district's command too."""
        if obj is not None and obj.area is None:
            return keeps_for_all(staff_of(request))
        return super().may_keep(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Only who keeps what is for all may leave the area empty."""
        form = super().get_form(request, obj, change, **kwargs)
        if "area" in form.base_fields and not keeps_for_all(staff_of(request)):
            form.base_fields["area"].required = True
        return form


@admin.register(ServiceItem)
class ServiceItemAdmin(OwnOrForAllAdmin):
    """The three affairs of a community; a row with an area takes the place of the one for all there."""

    register = Register.SERVICES
    resource_classes = [ServiceItemResource]
    list_display = ["code", "name_zh", "kind", "area_name", "kept", "everywhere", "to_review", "valid_to"]
    list_display_links = ["code", "name_zh"]
    list_select_related = ["area"]
    list_filter = ["kind", "to_review", "everywhere", SeatFilter]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["kind", "code", "area__path", "-valid_from"]
    autocomplete_fields = ["area"]
    actions = ["offer", "withhold"]

    @admin.display(description=gettext_lazy("kept as pledged, 12 months"))
    def kept(self, item: ServiceItem) -> str:
        """How many matters were done as pledged, of how many, within one's own areas."""
        done = getattr(item, "done", None)
        return f"{getattr(item, 'kept', 0)} / {done}" if done else "-"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceItem]:
        """Note with each row how its pledge was kept."""
        staff, on = staff_of(request), shanghai_date(timezone.now())
        within = [""] if staff.is_administrator else staff.paths
        return pledges.with_kept(super().get_queryset(request), within=within, on=on)

    @admin.action(description=gettext_lazy("Offer in my area"), permissions=["add"])
    def offer(self, request: HttpRequest, queryset: QuerySet[ServiceItem]) -> None:
        """Switch these items on in one's own communities."""
        self._switch(request, queryset, offered=True)

    @admin.action(description=gettext_lazy("Do not offer in my area"), permissions=["add"])
    def withhold(self, request: HttpRequest, queryset: QuerySet[ServiceItem]) -> None:
        """Switch these items off in one's own communities."""
        self._switch(request, queryset, offered=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[ServiceItem], *, offered: bool) -> None:
        paths = staff_of(request).reach(*KEEPERS[Register.SERVICES])
        own = list(Area.objects.filter(path__in=paths, level__gte=Level.DISTRICT))
        if not own:
            self.message_user(request, _("You keep no area in which it could be offered."), messages.ERROR)
            return
        codes = set(queryset.values_list("code", flat=True))
        for area in own:
            for code in codes:
                ServiceSwitch.objects.update_or_create(area=area, code=code, defaults={"offered": offered})
        where = ", ".join(area.label for area in own)
        done = ngettext("%(count)d item switched in %(where)s.", "%(count)d items switched in %(where)s.", len(codes))
        self.message_user(request, done % {"count": len(codes), "where": where})


@admin.register(ServiceSwitch)
class ServiceSwitchAdmin(ScopedAdmin):
    """Which items an area offers or not, where that differs from the list for all."""

    register = Register.SERVICES
    list_display = ["code", "area", "offered"]
    list_select_related = ["area"]
    list_filter = ["offered", SeatFilter]
    search_fields = ["code", "area__name", "area__code"]
    ordering = ["area__path", "code"]
    autocomplete_fields = ["area"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without a switch the list for all counts again; the change is recorded."""
        return self.may_keep(request, obj)


@admin.register(Faq)
class FaqAdmin(ReferenceAdmin):
    """Questions that many ask; an ended one is closed by its last day, never deleted."""

    list_display = ("code", "question_zh", "category", "position", "to_review", "valid_to")
    list_filter = ("to_review",)
    search_fields = ("code", "question_zh", "question_en", "answer_zh")
    ordering = ("position", "code")
    list_select_related = ("category",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(OwnOrForAllAdmin):
    """Words to begin a text with; an ended template is closed by its last day, never deleted."""

    register = Register.REPLIES
    resource_classes = [ReplyTemplateResource]
    list_display = ["code", "name_zh", "use", "category", "area_name", "to_review", "valid_to"]
    list_display_links = ["code", "name_zh"]
    list_select_related = ["area", "category"]
    list_filter = ["use", "to_review", SeatFilter]
    search_fields = ["code", "name_zh", "name_en", "text_zh"]
    ordering = ["use", "position", "code", "area__path", "-valid_from"]
    autocomplete_fields = ["area", "category"]

"""Areas: one register for each level that staff handle by name, and one of the whole tree."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from grids.admin.exchange import ExchangeAdmin
from grids.enums import Level
from grids.models import Area, Building, Community, Grid, Street, Unit
from grids.permissions import Register
from grids.resources import BuildingResource, CommunityResource, GridResource, StreetResource, UnitResource
from grids.scoped import ScopedAdmin, staff_of
from grids.services import complete_served, forget_keys, mark_served


class ServedFilter(admin.SimpleListFilter):
    """Our own areas, unless asked otherwise: the tree may hold the whole country."""

    title = _("served by us")
    parameter_name = "served"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Ours is what an empty choice means."""
        return [("no", _("others")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        """Name the empty choice for what it does."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("ours")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Area]) -> QuerySet[Area]:
        """Served ones, others, or all."""
        match self.value():
            case "no":
                return queryset.filter(served=False)
            case "all":
                return queryset
            case _:
                return queryset.filter(served=True)


class TodayFilter(admin.SimpleListFilter):
    """Areas of today, or closed ones."""

    title = _("validity")
    parameter_name = "valid"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Today or closed."""
        return [("today", _("valid today")), ("closed", _("no longer valid"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        """Compare with the civil date in Asia/Shanghai."""
        today = timezone.localdate()
        match self.value():
            case "today":
                return queryset.at(today)
            case "closed":
                return queryset.filter(valid_to__lt=today)
            case _:
                return queryset


class WithinFilter(admin.SimpleListFilter):
    """Areas of our own, in sight, that rows can lie in. A foreign code in the address finds nothing."""

    title = _("lies in")
    parameter_name = "in"
    levels: ClassVar[tuple[Level, ...]] = (Level.STREET, Level.COMMUNITY)
    path = "path"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Streets and communities above the level that is listed."""
        own = getattr(model_admin.model, "LEVEL", None)
        levels = [level for level in self.levels if own is None or level < own]
        areas = Area.objects.served().visible_to(staff_of(request)).filter(level__in=levels).order_by("path")
        return [(area.code, area.label) for area in areas.only("code", "name", "short_name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """One index range."""
        if not self.value():
            return queryset
        area = Area.objects.visible_to(staff_of(request)).filter(code=self.value()).first()
        return queryset.filter(**{f"{self.path}__startswith": area.path}) if area else queryset.none()


@admin.register(Area)
class AreaAdmin(ScopedAdmin):
    """The whole tree. It serves look-ups in other registers; areas are added where their level is listed."""

    list_display = ["name", "code", "level", "parent", "served", "valid_from", "valid_to"]
    list_select_related = ["parent"]
    list_filter = [ServedFilter, "level", TodayFilter]
    search_fields = ["name", "code"]
    search_help_text = _("Name, pinyin initials or code.")
    ordering = ["level", "name_key", "code"]
    autocomplete_fields = ["parent"]
    fields = [
        "code",
        "name",
        "short_name",
        "parent",
        "division_type",
        "served",
        "valid_from",
        "valid_to",
        "source",
    ]
    readonly_fields = ["served", "source"]
    actions = ["take_in", "let_go"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By name, pinyin, initials or code; look-ups from forms offer our own areas of today only."""
        if "autocomplete" in request.path:
            queryset = queryset.filter(served=True, valid_to__isnull=True)
        return (queryset.named(search_term) if search_term else queryset), False  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What others are keyed by, and where an area lies, is settled once (a re-division moves areas)."""
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "code", "parent"] if obj else fixed

    def has_add_permission(self, request: HttpRequest) -> bool:
        """In the registers of the levels, or from official files."""
        return self.model is not Area and super().has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # noqa: FBT001
        """A new area is ours if the one it lies in is; its keys follow its name."""
        if not change and obj.parent:
            obj.served = obj.parent.served
        forget_keys(obj)
        super().save_model(request, obj, form, change)
        complete_served()

    @admin.action(description=_("Take into our jurisdiction, with all below"), permissions=["jurisdiction"])
    def take_in(self, request: HttpRequest, queryset: QuerySet[Area]) -> None:
        """Mark the chosen areas and everything under them as ours."""
        self._mark(request, queryset, served=True)

    @admin.action(description=_("Let go from our jurisdiction, with all below"), permissions=["jurisdiction"])
    def let_go(self, request: HttpRequest, queryset: QuerySet[Area]) -> None:
        """Mark the chosen areas and everything under them as not ours."""
        self._mark(request, queryset, served=False)

    def has_jurisdiction_permission(self, request: HttpRequest) -> bool:
        """Administrators say what our jurisdiction is."""
        return staff_of(request).is_administrator

    def _mark(self, request: HttpRequest, queryset: QuerySet[Area], *, served: bool) -> None:
        changed = sum(mark_served(area, served=served) for area in queryset)
        text = ngettext("%(count)s area changed.", "%(count)s areas changed.", changed) % {"count": changed}
        self.message_user(request, text, messages.SUCCESS)


class LevelAdmin(ExchangeAdmin, AreaAdmin):
    """The areas of one level, with how many parts each has."""

    register = Register.GRIDS
    list_display = ["label", "code", "parent", "parts", "valid_from", "valid_to"]
    list_display_links = ["label"]
    list_filter = [ServedFilter, WithinFilter, TodayFilter]
    ordering = ["name_key", "code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of areas right below."""
        below = (
            Area.objects.filter(parent=OuterRef("pk")).order_by().values("parent").annotate(n=Count("pk")).values("n")
        )
        return super().get_queryset(request).annotate(parts_count=Coalesce(Subquery(below), 0))

    @admin.display(description=_("name"), ordering="name_key")
    def label(self, area: Area) -> str:
        """The name as people say it."""
        return area.label

    @admin.display(description=_("parts"), ordering="parts_count")
    def parts(self, area: Any) -> int:
        """How many areas lie right below."""
        return int(area.parts_count)


@admin.register(Street)
class StreetAdmin(LevelAdmin):
    register = Register.DIVISIONS
    resource_classes = [StreetResource]
    list_display = ["label", "code", "division_type", "parent", "parts", "valid_from", "valid_to"]
    list_filter = [ServedFilter, "division_type", TodayFilter]


@admin.register(Community)
class CommunityAdmin(LevelAdmin):
    register = Register.DIVISIONS
    resource_classes = [CommunityResource]
    list_display = ["label", "code", "division_type", "parent", "parts", "valid_from", "valid_to"]
    list_filter = [ServedFilter, WithinFilter, "division_type", TodayFilter]


@admin.register(Grid)
class GridAdmin(LevelAdmin):
    resource_classes = [GridResource]
    list_display = ["label", "code", "division_type", "parent", "parts", "valid_from", "valid_to"]


@admin.register(Building)
class BuildingAdmin(LevelAdmin):
    resource_classes = [BuildingResource]


@admin.register(Unit)
class UnitAdmin(LevelAdmin):
    resource_classes = [UnitResource]
    list_display = ["label", "code", "parent", "valid_from", "valid_to"]

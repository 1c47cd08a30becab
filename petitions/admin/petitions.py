"""Registers of petitions and escalations: read here, changed on the case page by the verbs and nowhere else."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from deadlines.enums import RungAction
from grids.admin.exchange import Exchange
from grids.enums import Level
from grids.models import Area
from grids.scoped import staff_of
from petitions import desk
from petitions.desk import Pile
from petitions.enums import OPEN
from petitions.models import Petition, PetitionEscalation
from petitions.models.petitions import PetitionQuerySet
from petitions.paper_rows import PaperResource
from petitions.permissions import IMPORTS

LIST_PER_PAGE = 50
MOST_CODES = 5_000


class PileFilter(admin.SimpleListFilter):
    """The piles of the desk."""

    title = _("pile")
    parameter_name = "pile"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(Pile.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Petition]) -> QuerySet[Petition]:
        pile = self.value()
        if pile is None or pile not in Pile.values:
            return queryset
        return queryset.filter(desk.in_pile(Pile(pile), staff_of(request), at=timezone.now()), status__in=OPEN)


class AreaFilter(admin.SimpleListFilter):
    """Communities and grids of my scope; a foreign code in the address finds nothing."""

    title = _("area")
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        mine = Area.objects.served().visible_to(staff_of(request))
        areas = mine.filter(level__in=(Level.COMMUNITY, Level.GRID)).by_name()
        return [(area.code, area.label) for area in areas]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Petition]) -> QuerySet[Petition]:
        if not self.value():
            return queryset
        area = Area.objects.filter(code=self.value()).first()
        return queryset.none() if area is None else queryset.filter(area_path__startswith=area.path)


class ReadOnlyAdmin(admin.ModelAdmin):
    """A register: nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever holds a post; which rows he sees is the queryset's matter."""
        return bool(staff_of(request).holdings)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """A row out of sight does not exist."""
        raise Http404(_("There is no such row."))


@admin.register(Petition)
class PetitionAdmin(Exchange, ReadOnlyAdmin):
    """The register of petitions in my areas, overdue first; matters on paper come in from a file."""

    resource_classes = (PaperResource,)
    list_display = ("title_and_number", "place", "status", "due", "handler", "organisation", "submitted_at")
    list_display_links = None
    list_filter = (PileFilter, AreaFilter, "status", "tier")
    list_select_related = ("place", "handler", "organisation", "next_stage")
    list_per_page = LIST_PER_PAGE
    show_full_result_count = False
    search_fields = ("number",)
    search_help_text = _("Number or words")
    actions = None

    def get_queryset(self, request: HttpRequest) -> PetitionQuerySet:
        return Petition.objects.visible_to(staff_of(request)).for_list()

    def may_exchange(self, request: HttpRequest) -> bool:
        """Whoever takes matters on paper in; an export asks again."""
        return any(held.kind in IMPORTS for held in staff_of(request).holdings)

    def codes(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The places of his own area."""
        mine = Area.objects.served().under_any(staff_of(request).reach(*IMPORTS)).filter(valid_to=None)
        placed = mine.filter(level__gte=Level.COMMUNITY).select_related("parent").order_by("path")[:MOST_CODES]
        return [(one.code, f"{one.parent.label} {one.label}" if one.parent else one.label) for one in placed]

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The page for it: masked, marked, beside the page where there are many."""
        if not self.may_exchange(request):
            raise PermissionDenied
        return redirect("petition_export")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Petition], search_term: str
    ) -> tuple[QuerySet[Petition], bool]:
        assert isinstance(queryset, PetitionQuerySet)  # noqa: S101 - from get_queryset
        return desk.search(queryset, search_term), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Open the case page; what is not in scope is not there."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        return redirect("case", found.number)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history is the case's own timeline."""
        return self.change_view(request, object_id)

    @admin.display(description=_("matter"), ordering="title")
    def title_and_number(self, petition: Petition) -> SafeString:
        return format_html(
            '<a href="/cases/{}/">{}</a><br><span class="l-dense__sub">{}</span>',
            petition.number,
            petition.title,
            petition.number,
        )

    @admin.display(description=_("next due"), ordering="next_due_at")
    def due(self, petition: Petition) -> str:
        if petition.next_due_at is None or petition.next_stage is None:
            return "–"
        local = timezone.localtime(petition.next_due_at)
        mark = _("Overdue") if petition.next_due_at <= timezone.now() else ""
        return f"{mark} {petition.next_stage.name} {local:%Y-%m-%d %H:%M}".strip()


@admin.register(PetitionEscalation)
class PetitionEscalationAdmin(ReadOnlyAdmin):
    """What climbed: which rung, when it fell due, how many were told."""

    list_display = ("case", "stage", "at", "action", "level", "fell_due_at", "people_told", "route", "historic")
    list_display_links = None
    list_filter = ("level", "historic")
    list_select_related = ("clock__petition", "rung__stage")
    list_per_page = LIST_PER_PAGE
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionEscalation]:
        mine = Petition.objects.visible_to(staff_of(request))
        return PetitionEscalation.objects.filter(clock__petition__in=mine).order_by("-fell_due_at", "-pk")

    @admin.display(description=_("petition"))
    def case(self, escalation: PetitionEscalation) -> SafeString:
        number = escalation.clock.petition.number
        return format_html('<a href="/cases/{}/">{}</a>', number, number)

    @admin.display(description=_("stage"))
    def stage(self, escalation: PetitionEscalation) -> str:
        return escalation.rung.stage.name

    @admin.display(description=_("fires at"))
    def at(self, escalation: PetitionEscalation) -> str:
        return escalation.rung.at

    @admin.display(description=_("action"))
    def action(self, escalation: PetitionEscalation) -> str:
        return str(RungAction(escalation.rung.action).label)

    @admin.display(description=_("told"))
    def people_told(self, escalation: PetitionEscalation) -> int:
        return len(escalation.told)

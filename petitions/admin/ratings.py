"""The register of ratings: what petitioners say of what was done, read here, each with its matter."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grids.models import Area
from grids.scoped import staff_of
from petitions.admin.petitions import LIST_PER_PAGE, AreaFilter, ReadOnlyAdmin
from petitions.models import Rating
from petitions.models.ratings import RatingQuerySet


class BadFilter(admin.SimpleListFilter):
    """Those that somebody must get in touch about, and those where nobody has yet."""

    title = _("not content")
    parameter_name = "bad"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("not solved, or dissatisfied")), ("open", _("nobody has been in touch yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rating]) -> QuerySet[Rating]:
        assert isinstance(queryset, RatingQuerySet)  # noqa: S101 - from get_queryset
        match self.value():
            case "yes":
                return queryset.bad()
            case "open":
                return queryset.bad().filter(task__answered_at=None, task__isnull=False)
            case _:
                return queryset


class RatedAreaFilter(AreaFilter):
    """Communities and grids of my scope, of the matter rated."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        area = Area.objects.filter(code=self.value()).first()
        return queryset.none() if area is None else queryset.filter(petition__area_path__startswith=area.path)


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    """Ratings of the matters in my areas, newest first; the words of the rating stand on the case page."""

    list_display = ("case", "matter", "generation", "solved", "satisfaction", "source", "at", "answered")
    list_display_links = None
    list_filter = (BadFilter, RatedAreaFilter, "satisfaction", "solved", "source")
    list_select_related = ("petition", "task")
    list_per_page = LIST_PER_PAGE
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> RatingQuerySet:
        return Rating.objects.visible_to(staff_of(request)).order_by("-at", "-pk")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> None:
        """No rating has a page of its own: the case page tells the rest."""

    @admin.display(description=_("petition"))
    def case(self, rating: Rating) -> SafeString:
        number = rating.petition.number
        return format_html('<a href="/cases/{}/">{}</a>', number, number)

    @admin.display(description=_("matter"))
    def matter(self, rating: Rating) -> str:
        return rating.petition.title

    @admin.display(description=_("in touch"))
    def answered(self, rating: Rating) -> str:
        """When somebody got in touch about a bad one, or until when somebody must."""
        task = getattr(rating, "task", None)
        if task is None:
            return "–"
        if task.answered_at is not None:
            return f"{timezone.localtime(task.answered_at):%Y-%m-%d %H:%M}"
        return str(_("due %(day)s")) % {"day": f"{timezone.localtime(task.due_at):%Y-%m-%d %H:%M}"}

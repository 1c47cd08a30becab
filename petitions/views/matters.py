"""The list of matters, its columns and the lists somebody keeps; mounted on the admin site."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.errors import Refusal
from petitions import columns, desk, exporting, matters, saved_lists
from petitions.enums import Channel, Status, Tier, Urgency
from petitions.forms.matters import FilterForm
from petitions.matters import Due, Filters, Held, Order, Stand
from petitions.models import Category, SavedList
from petitions.views.access import StaffRequest, staff_required

LONGEST_LIST = 9
# What can be chosen below the widest post: two levels, so that a district's choice stays one that a person can read.
DEEPEST: Final = {Level.DISTRICT: Level.COMMUNITY, Level.STREET: Level.GRID, Level.COMMUNITY: Level.GRID}


class Place(NamedTuple):
    """An area to choose, with how deep it lies below the widest."""

    area: Area
    depth: int


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def matter_list(request: StaffRequest) -> HttpResponse:
    """Matters in scope by filters, ``&after=`` from a row on; ``?list=`` a kept list. POST leads to the address."""
    if request.method == "POST":
        asked = FilterForm(request.POST)
        if asked.is_valid():
            return redirect(_address(matters.read(asked.cleaned_data)))
        return _page(request, asked, Filters(), None)
    kept = _kept(request)
    form = FilterForm(kept.filters if kept else request.GET)
    return _page(request, form, matters.read(form.cleaned_data) if form.is_valid() else Filters(), kept)


@require_POST
@staff_required
def list_save(request: StaffRequest) -> HttpResponse:
    """Keep the list that is on the page under a name, shared or not."""
    form = FilterForm(request.POST)
    filters = matters.read(form.cleaned_data) if form.is_valid() else Filters()
    try:
        saved = saved_lists.save(
            name=request.POST.get("name", "").replace("\0", ""),
            filters=filters,
            chosen=request.POST.getlist("column"),
            shared="shared" in request.POST,
            by=request.staff,
            at=timezone.now(),
        )
    except Refusal as no:
        return _page(request, form, filters, None, refusal=no)
    messages.success(request, _("Kept as “%(name)s”.") % {"name": saved.name})
    return redirect(_address(filters, saved))


@require_POST
@staff_required
def list_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Remove a list of one's own."""
    saved = get_object_or_404(SavedList.objects.visible_to(request.staff), pk=pk)
    try:
        saved_lists.remove(saved, by=request.staff)
    except Refusal as no:
        return _page(request, FilterForm(saved.filters), saved_lists.filters_of(saved), saved, refusal=no)
    messages.success(request, _("“%(name)s” is kept no more.") % {"name": saved.name})
    return redirect("admin:matters")


@require_POST
@staff_required
def list_columns(request: StaffRequest) -> HttpResponse:
    """Remember which columns to show, and go back to the list that was open."""
    form = FilterForm(request.POST)
    filters = matters.read(form.cleaned_data) if form.is_valid() else Filters()
    try:
        saved_lists.choose_columns(request.POST.getlist("column"), by=request.staff)
    except Refusal as no:
        return _page(request, form, filters, None, refusal=no)
    messages.success(request, _("Your columns are kept."))
    return redirect(_address(filters))


def _kept(request: StaffRequest) -> SavedList | None:
    """Return the kept list that the address names; one that is not shared with this person does not exist for him."""
    pk = request.GET.get("list", "")
    if not pk:
        return None
    key = int(pk) if pk.isascii() and pk.isdecimal() and len(pk) <= LONGEST_LIST else 0
    return get_object_or_404(SavedList.objects.visible_to(request.staff).select_related("owner"), pk=key)


def _page(
    request: StaffRequest,
    form: FilterForm,
    filters: Filters,
    kept: SavedList | None,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    at = timezone.now()
    places = _places(request.staff)
    area = _area(request.staff, filters.area, places)
    shown = columns.chosen((kept.columns if kept else ()) or saved_lists.columns_for(request.staff))
    after = request.GET.get("after", "")
    bad = not form.is_valid()
    found = matters.found(request.staff, filters, area=area, at=at)
    found = found.none() if bad else found
    page = matters.page_of(found, filters.ordered, reads=columns.reads(shown), after=after)
    whole = not after and not page.after
    asked = filters.asked()
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK
    context = {
        "title": kept.name if kept else _("Matters"),
        "form": form,
        "given": _given(form, filters, kept),
        "filters": filters,
        "asked": asked,
        "is_narrowed": bool(asked.keys() - {"order"}),
        "choices": _choices(),
        "categories": _categories(at),
        "places": places,
        "order": filters.ordered,
        "not_here": filters.area != "" and area is None and not bad,
        "lines": columns.lines(page.rows, shown, at=at),
        "columns": shown,
        "all_columns": columns.COLUMNS.values(),
        "count": len(page.rows) if whole else matters.count(found),
        "cap": matters.CAP,
        "after": after,
        "next": _address(filters, kept, after=page.after) if page.after else "",
        "here": _address(filters, kept),
        "kept": kept,
        "is_mine": kept is not None and kept.owner_id == request.user.pk,
        "saved": list(SavedList.objects.visible_to(request.staff).order_by("name", "pk")[: saved_lists.MOST]),
        "may_share": bool(desk.scope_areas(request.staff)),
        "may_export": exporting.may_export(request.staff),
        "name": request.POST.get("name", ""),
        "refusal": refusal,
        "now": at,
    }
    return render(request, "admin/petitions/matters.html", context, status=status)


def _given(form: FilterForm, filters: Filters, kept: SavedList | None) -> Mapping[str, str]:
    """Return what stands in the form: what was typed, also where it cannot be used."""
    if form.is_valid() or kept:
        return {**{name: getattr(filters, name) for name in matters.NAMES}, "order": filters.ordered.value}
    return {name: str(form.data.get(name, "")) for name in matters.NAMES}


def _address(filters: Filters, kept: SavedList | None = None, *, after: str = "") -> str:
    asked = {"list": str(kept.pk)} if kept else filters.asked()
    if after:
        asked["after"] = after
    return reverse("admin:matters") + (f"?{urlencode(asked)}" if asked else "")


def _choices() -> dict[str, Sequence[tuple[str, Any]]]:
    """Return what can be chosen in the filters that need no database."""
    return {
        "stand": Stand.choices, "status": Status.choices, "due": Due.choices, "tier": Tier.choices,
        "urgency": Urgency.choices, "channel": Channel.choices, "held": Held.choices, "order": Order.choices,
    }  # fmt: skip


def _categories(at: Any) -> list[tuple[str, str, bool]]:
    """Return code, name and whether it is a main group, in the order of the codes; one query."""
    name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    rows = Category.objects.in_force(shanghai_date(at)).order_by("code").values_list("code", name, "parent")
    return [(code, words, parent is None) for code, words, parent in rows]


def _places(staff: Staff) -> list[Place]:
    """Return the areas to choose from; one query, none for who sees no area."""
    paths = desk.paths(staff)
    widest = min((held.level for held in staff.holdings if held.path in paths), default=Level.GRID)
    if widest not in DEEPEST:
        return []
    areas = Area.objects.served().under_any(paths).filter(level__gt=widest, level__lte=DEEPEST[widest])
    rows = areas.order_by("code").only("pk", "code", "level", "path", "name", "short_name")
    return [Place(area, area.level - widest - 1) for area in rows]


def _area(staff: Staff, code: str, places: Sequence[Place]) -> Area | None:
    """Return the area of that code if it lies in a post's area; a query for a house, which is in no choice."""
    if not code:
        return None
    known = next((place.area for place in places if place.area.code == code), None)
    if known is not None:
        return known
    area = Area.objects.visible_to(staff).filter(code=code).first()
    return area if area is not None and any(area.path.startswith(path) for path in desk.paths(staff)) else None

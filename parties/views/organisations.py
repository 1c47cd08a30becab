"""The tree of Party organisations: its list with counts, grids without a branch, one organisation, a new one."""

from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork.views.coverage import area_asked
from grids.enums import Level
from grids.models import Area, Organisation
from parties import members, organisations
from parties.enums import PLACES, WITHOUT_MEMBERS, PartyKind
from parties.forms.organisations import CloseForm, OrganisationForm, RenameForm
from parties.models import PartyMember, PartyOrganisation
from parties.models.organisations import SEES_ORGANISATIONS
from parties.permissions import may_keep, may_keep_members, may_see, seats_of_streets
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

KINDS: Final = ("rename", "close")


@require_safe
@never_cache
@staff_required
def party_tree(request: StaffRequest) -> HttpResponse:
    """The organisations of my areas with the number of members at and under each."""
    check_may_see(request)
    lines, more = organisations.tree(request.staff)
    context = {"lines": lines, "more": more, "may_begin": bool(seats_of_streets(request.staff))}
    return render(request, "parties/tree.html", context)


@require_safe
@never_cache
@staff_required
def party_coverage(request: StaffRequest) -> HttpResponse:
    """How many grids of ``?area=CODE`` have a branch, which have none, and what else there is by kind (000-23)."""
    check_may_see(request)
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, request.staff.reach(*SEES_ORGANISATIONS), on=on)
    below = below if area.level < Level.COMMUNITY else []
    total, lines, without = organisations.coverage(area, below, on=on)
    context = {
        "area": area, "above": above, "total": total, "lines": lines, "without": without, "today": on,
        "kinds": organisations.kinds(area, on=on),
    }  # fmt: skip
    return render(request, "parties/coverage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def party_topmost_new(request: StaffRequest) -> HttpResponse:
    """Write down the working committee of my street."""
    streets = seats_of_streets(request.staff)
    if not streets:
        raise PermissionDenied(_("Your post keeps no Party organisations here."))
    return _new(request, None, list(Area.objects.filter(pk__in=streets)))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def party_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Found an organisation under this one."""
    above = _seen(request, pk)
    if not may_keep(request.staff, above.area):
        raise PermissionDenied(_("Your post keeps no Party organisations here."))
    on = shanghai_date(timezone.now())
    levels = {level for place in PLACES.values() if PartyKind(above.kind) in place.under for level in place.levels}
    areas = Area.objects.served().at(on).under(above.area.path).filter(level__in=levels)
    return _new(request, above, list(areas.order_by("level", "code")))


@require_safe
@never_cache
@staff_required
def party(request: StaffRequest, pk: int) -> HttpResponse:
    """One organisation: what stands under it, and for whoever keeps them its members, masked, page by page."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@staff_required
def party_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Rename or close it. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    row = _seen(request, pk)
    if not may_keep(request.staff, row.area):
        raise PermissionDenied(_("Your post keeps no Party organisations here."))
    form: forms.Form = RenameForm(request.POST) if what == "rename" else CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, row, asked=(what, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if what == "rename":
            organisations.rename(row, name=form.cleaned_data["name"], by=request.staff)
            messages.success(request, _("It has its new name."))
        else:
            because = form.cleaned_data["because"]
            organisations.close(row, because=because, by=request.staff, at=timezone.now())
            messages.success(request, _("The organisation is closed."))
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, row, asked=(what, form), status=HTTPStatus(no.status))
    return redirect("party", row.pk)


def check_may_see(request: StaffRequest) -> None:
    """Refuse the tree to posts that do not see it.

    :raises PermissionDenied: to all others
    """
    if not may_see(request.staff):
        raise PermissionDenied(_("Your post does not see Party organisations."))


def _seen(request: StaffRequest, pk: int) -> PartyOrganisation:
    rows = PartyOrganisation.objects.visible_to(request.staff).select_related("area", "organisation", "parent__area")
    return get_object_or_404(rows, pk=pk)


def _new(request: StaffRequest, above: PartyOrganisation | None, areas: list[Area]) -> HttpResponse:
    kinds = [kind for kind in PartyKind if _stands(kind, above)]
    around = {pk for area in areas for pk in area.line_ids()}
    units = Organisation.objects.filter(area__in=around).order_by("name")
    data = request.POST if request.method == "POST" else None
    form, status = OrganisationForm(data, kinds=kinds, areas=areas, organisations=units), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = organisations.found(parent=above, by=request.staff, at=timezone.now(), **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The organisation is written down."))
                return redirect("party", made.pk)
    return render(request, "parties/new.html", {"form": form, "above": above}, status=status)


def _stands(kind: PartyKind, above: PartyOrganisation | None) -> bool:
    under = PLACES[kind].under
    return PartyKind(above.kind) in under if above is not None else not under


def _page(
    request: StaffRequest,
    row: PartyOrganisation,
    *,
    asked: tuple[str, forms.Form] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    children = row.children.filter(valid_to=None).select_related("area").order_by("area__code", "name")
    lines = organisations.lines([row, *children[: organisations.LISTED]])
    keeps_members = may_keep_members(request.staff, row.area)
    rows: list[PartyMember] = []
    if keeps_members and row.kind not in WITHOUT_MEMBERS:
        cursor = request.GET.get("after", "")[:80]
        current = row.members.current().filter(members.after(cursor)).select_related("person")
        rows = list(current.order_by("-joined_here_on", "pk")[: members.PAGE + 1])
    given: dict[str, Any] = dict([asked] if asked is not None else [])
    keeps = may_keep(request.staff, row.area) and row.valid_to is None
    context = {
        "row": row,
        "above_seen": row.parent is not None and any(
            row.parent.area.path.startswith(path) for path in request.staff.reach(*SEES_ORGANISATIONS)
        ),
        "members_under": lines[0].members,
        "children": lines[1:],
        "members": rows[: members.PAGE],
        "after": members.cursor_of(rows[members.PAGE - 1]) if len(rows) > members.PAGE else "",
        "has_members": row.kind not in WITHOUT_MEMBERS,
        "keeps_members": keeps_members,
        "may_found": keeps and any(_stands(kind, row) for kind in PartyKind),
        "rename": given.get("rename") or (RenameForm(name=row.name) if keeps else None),
        "close": given.get("close") or (CloseForm() if keeps else None),
        "asked": asked[0] if asked is not None else "",
        "form": asked[1] if asked is not None else None,
    }  # fmt: skip
    return render(request, "parties/organisation.html", context, status=status)

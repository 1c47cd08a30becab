"""Teams of volunteers: the list, one team, who joins, leaves and leads; which grids have none."""

from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage
from fieldwork.views.coverage import area_asked
from grids.enums import Level
from grids.models import Area, Organisation
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required
from volunteers import teams
from volunteers.forms.teams import JoinForm, MandateForm, TeamForm
from volunteers.models import VolunteerTeam
from volunteers.permissions import KEEPS_TEAMS, may_keep_team

WHAT: Final = ("join", "leave", "mandate", "close")
LONGEST_KEY: Final = 15
MOST: Final = 500


@require_safe
@never_cache
@staff_required
def volunteer_teams(request: StaffRequest) -> HttpResponse:
    """The teams of my areas."""
    seen = VolunteerTeam.objects.visible_to(request.staff).filter(valid_to=None).select_related("area", "organisation")
    counted = seen.annotate(members=Count("memberships", filter=Q(memberships__ends_on=None)))
    context = {
        "teams": list(counted.order_by("area__code", "kind", "name")[:MOST]),
        "may_keep": bool(request.staff.reach(*KEEPS_TEAMS)),
        "may_count": bool(coverage.reach_of(request.staff)),
    }
    return render(request, "volunteers/teams.html", context)


@require_safe
@staff_required
def volunteer_grid_teams(request: StaffRequest) -> HttpResponse:
    """How many grids of ``?area=CODE`` have a team, and which have none (000-74)."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, paths, on=on)
    below = below if area.level < Level.COMMUNITY else []
    total, lines, without = teams.grid_teams(area, below, on=on)
    context = {"area": area, "above": above, "total": total, "lines": lines, "without": without, "today": on}
    return render(request, "volunteers/grid_teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def volunteer_team_new(request: StaffRequest) -> HttpResponse:
    """Make a team."""
    paths = request.staff.reach(*KEEPS_TEAMS)
    if not paths:
        raise PermissionDenied(_("Your post keeps no teams of volunteers."))
    at = timezone.now()
    on = shanghai_date(at)
    areas = list(Area.objects.served().at(on).under_any(paths).filter(level__in=teams.LEVELS).order_by("code"))
    around = {pk for area in areas for pk in area.line_ids()}
    units = Organisation.objects.filter(area__in=around).order_by("name")
    data = request.POST if request.method == "POST" else None
    form, status = TeamForm(data, areas=areas, organisations=units), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = teams.make(by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The team is written down. Say who is in it."))
                return redirect("volunteer_team", made.pk)
    return render(request, "volunteers/team_new.html", {"form": form}, status=status)


@require_safe
@never_cache
@staff_required
def volunteer_team(request: StaffRequest, pk: int) -> HttpResponse:
    """One team; who is in it is seen, masked, by whoever keeps it."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@staff_required
def volunteer_team_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Do one thing with a team. What is refused changes nothing and loses nothing that was typed."""
    if what not in WHAT:
        raise Http404
    one, at = _seen(request, pk), timezone.now()
    if not may_keep_team(request.staff, one.area):
        raise PermissionDenied(_("Your post keeps no teams of volunteers."))
    form = _form(what, one, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, one, asked=(what, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    by = request.staff
    try:
        match what:
            case "join":
                assert form is not None  # noqa: S101 - _form made it
                teams.join(one, form.cleaned_data["volunteer"], by=by, at=at)
                messages.success(request, _("They are in the team."))
            case "mandate":
                assert form is not None  # noqa: S101 - _form made it
                given = form.cleaned_data
                teams.give_mandate(one, member_id=given["member"], until=given["until"], by=by, at=at)
                messages.success(request, _("They lead the team."))
            case "leave":
                given_id = request.POST.get("member", "")
                is_key = given_id.isdecimal() and len(given_id) <= LONGEST_KEY
                teams.leave(one, member_id=int(given_id) if is_key else -1, by=by, at=at)
                messages.success(request, _("They have left the team."))
            case _close:
                teams.close(one, by=by, at=at)
                messages.success(request, _("The team has ended."))
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
            return _page(request, _seen(request, pk), status=HTTPStatus(no.status))
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, asked=(what, form), status=HTTPStatus(no.status))
    return redirect("volunteer_team", one.pk)


def _seen(request: StaffRequest, pk: int) -> VolunteerTeam:
    rows = VolunteerTeam.objects.visible_to(request.staff).select_related("area", "organisation")
    return get_object_or_404(rows, pk=pk)


def _form(what: str, one: VolunteerTeam, data: Any) -> forms.Form | None:
    if what == "join":
        return JoinForm(data, team=one)
    if what == "mandate":
        return MandateForm(data, members=_members(one), on=shanghai_date(timezone.now()))
    return None


def _members(one: VolunteerTeam) -> list[Any]:
    rows = one.memberships.filter(ends_on=None).select_related("volunteer__person")
    return list(rows.order_by("starts_on", "pk")[:MOST])


def _page(
    request: StaffRequest,
    one: VolunteerTeam,
    *,
    asked: tuple[str, forms.Form] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    on = shanghai_date(timezone.now())
    keeps = may_keep_team(request.staff, one.area)
    members = _members(one)
    forms_asked = dict([asked] if asked is not None else [])
    works = keeps and one.valid_to is None
    context = {
        "team": one,
        "members": members,
        "leader": teams.leader_of(one, on=on),
        "may_keep": keeps,
        "join": forms_asked.get("join") or (JoinForm(team=one) if works else None),
        "mandate": forms_asked.get("mandate") or (MandateForm(members=members, on=on) if works and members else None),
        "form": asked[1] if asked is not None else None,
    }
    return render(request, "volunteers/team.html", context, status=status)

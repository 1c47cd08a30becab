"""Red-armband teams: the list, one team, who joins and leaves, a look at who can be called."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import teams
from fieldwork.forms.teams import MemberForm, TeamForm
from fieldwork.models import PatrolRoute, PatrolTeam, TeamMember
from fieldwork.permissions import KEEPS_ROUTES, may_keep_routes
from fieldwork.views.doing import looked_at
from people.errors import Refusal
from petitions.forms.case import RevealForm
from petitions.views.access import StaffRequest, staff_required

WHAT: Final = ("join", "leave", "look", "close")
LONGEST_KEY: Final = 15


@require_safe
@never_cache
@staff_required
def team_list(request: StaffRequest) -> HttpResponse:
    """The teams of my areas, and those I serve in."""
    seen = PatrolTeam.objects.visible_to(request.staff).filter(valid_to=None).select_related("area")
    context = {
        "teams": seen.order_by("area__level", "area__code", "name"),
        "may_keep": bool(request.staff.reach(*KEEPS_ROUTES)),
    }
    return render(request, "fieldwork/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def team_new(request: StaffRequest) -> HttpResponse:
    """Make a team."""
    if not request.staff.reach(*KEEPS_ROUTES):
        raise PermissionDenied(_("Your post does not keep routes of patrols."))
    data = request.POST if request.method == "POST" else None
    form, status = TeamForm(data, by=request.staff), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = teams.make(by=request.staff, at=timezone.now(), **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The team is written down. Say who is in it."))
                return redirect("patrol_team", made.pk)
    return render(request, "fieldwork/team_new.html", {"form": form}, status=status)


@require_safe
@never_cache
@staff_required
def team(request: StaffRequest, pk: int) -> HttpResponse:
    """One team."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@staff_required
def team_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Do one thing with a team. What is refused changes nothing and loses nothing that was typed."""
    if what not in WHAT:
        raise Http404
    at = timezone.now()
    one = _seen(request, pk)
    if not may_keep_routes(request.staff, one.area):
        raise PermissionDenied(_("Your post does not keep the routes of this area."))
    given = request.POST.get("member", "")
    member_id = int(given) if given.isdecimal() and len(given) <= LONGEST_KEY else -1
    if what == "join":
        form = MemberForm(request.POST, team=one, on=shanghai_date(at))
        if not form.is_valid():
            return _page(request, one, join=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            teams.join(one, by=request.staff, at=at, **form.facts())
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
            return _page(request, one, join=form, status=HTTPStatus(no.status))
        messages.success(request, _("They are in the team."))
        return redirect("patrol_team", one.pk)
    if what == "look":
        return _look(request, one, member_id)
    try:
        if what == "leave":
            teams.leave(one, member_id=member_id, by=request.staff, at=at)
        else:
            teams.close(one, by=request.staff, at=at)
    except Refusal as no:
        messages.error(request, str(no))
        return _page(request, _seen(request, pk), status=HTTPStatus(no.status))
    messages.success(request, _("They have left the team.") if what == "leave" else _("The team has ended."))
    return redirect("patrol_team", one.pk)


def _look(request: StaffRequest, one: PatrolTeam, member_id: int) -> HttpResponse:
    """Show one sealed field once, after writing down who looks and why; it stands in this answer and nowhere else."""
    at = timezone.now()
    form = RevealForm(request.POST, fields=["name", "phone"])
    form.auto_id = f"look_{member_id}_%s"
    if not form.is_valid():
        return _page(request, one, look=(member_id, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        revealed = teams.look(one, member_id=member_id, by=request.staff, at=at, **form.cleaned_data)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, look=(member_id, form), status=HTTPStatus(no.status))
    shown = looked_at(request, form.cleaned_data["field"], revealed)
    return render(request, "fieldwork/team_look.html", {"team": one, **shown})


def _seen(request: StaffRequest, pk: int) -> PatrolTeam:
    return get_object_or_404(PatrolTeam.objects.visible_to(request.staff).select_related("area"), pk=pk)


def _page(
    request: StaffRequest,
    one: PatrolTeam,
    *,
    join: MemberForm | None = None,
    look: tuple[int, RevealForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    keeps = may_keep_routes(request.staff, one.area) and one.valid_to is None
    members = TeamMember.objects.serving().filter(team=one).select_related("user", "person")
    asked = {look[0]: look[1]} if look else {}
    context: dict[str, Any] = {
        "team": one,
        "members": [
            (member, asked.get(member.pk) or _reveal_form(member)) for member in members.order_by("-leads", "pk")
        ],
        "looked_at": look[0] if look else None,
        "routes": PatrolRoute.objects.filter(team=one, valid_to=None).select_related("area").order_by("name"),
        "may_keep": keeps,
        "join": join or (MemberForm(team=one, on=shanghai_date(timezone.now())) if keeps else None),
        "form": join or (look[1] if look else None),
    }
    return render(request, "fieldwork/team.html", context, status=status)


def _reveal_form(member: TeamMember) -> RevealForm | None:
    person = member.person
    if person is None:
        return None
    sealed = (("name", person.name_sealed), ("phone", person.phone_sealed))
    form = RevealForm(None, fields=[field for field, blob in sealed if blob])
    form.auto_id = f"look_{member.pk}_%s"  # several stand on one page
    return form

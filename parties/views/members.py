"""Members of an organisation: one who is written down, one's page, what is done with him."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from parties import members
from parties.enums import WITHOUT_MEMBERS
from parties.errors import NotNow
from parties.forms.members import MemberForm, MoveForm
from parties.models import PartyMember, PartyOrganisation
from parties.permissions import check_may_keep_members, may_keep_members
from people.enums import PersonField
from people.errors import Refusal
from people.services import reveal, reveals_left
from petitions.forms.case import RevealForm
from petitions.views.access import StaffRequest, staff_required

KINDS: Final = ("look", "move", "leave")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("name", "phone")
@staff_required
def party_member_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Write somebody down as a member of this organisation."""
    rows = PartyOrganisation.objects.visible_to(request.staff).select_related("area")
    here = get_object_or_404(rows, pk=pk)
    if not may_keep_members(request.staff, here.area):
        raise PermissionDenied(_("Your post keeps no members here."))
    if here.kind in WITHOUT_MEMBERS:
        raise Http404
    at = timezone.now()
    data = request.POST if request.method == "POST" else None
    form, status = MemberForm(data, on=shanghai_date(at)), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = members.join(here, **form.cleaned_data, by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("They are written down as a member."))
                return redirect("party_member", made.pk)
    return render(request, "parties/member_new.html", {"form": form, "organisation": here}, status=status)


@require_safe
@never_cache
@staff_required
def party_member(request: StaffRequest, member_id: str) -> HttpResponse:
    """One member, masked, with where he stood before."""
    return _page(request, _seen(request, member_id))


@require_POST
@never_cache
@staff_required
def party_member_do(request: StaffRequest, member_id: str, what: str) -> HttpResponse:
    """Do one thing. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    row, at = _seen(request, member_id), timezone.now()
    form: forms.Form | None = None
    if what == "move":
        form = MoveForm(request.POST, there=members.movable(row, request.staff))
    elif what == "look":
        form = _look_form(row, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, row, asked=(what, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if what == "look":
            assert form is not None  # noqa: S101 - made above
            return _look_page(request, row, **form.cleaned_data, at=at)
        if what == "move":
            assert isinstance(form, MoveForm)  # noqa: S101 - made above
            moved = members.move(row, to=form.there[form.cleaned_data["to"]], by=request.staff, at=at)
            messages.success(request, _("They have moved. Where they stood before stays in their history."))
            return redirect("party_member", moved.pk)
        members.leave(row, by=request.staff, at=at)
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
            return _page(request, _seen(request, member_id), status=HTTPStatus(no.status))
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, row, asked=(what, form), status=HTTPStatus(no.status))
    messages.success(request, _("They have left. Name and number are deleted a year from now."))
    return redirect("party", row.organisation_id)


def _look_page(request: StaffRequest, row: PartyMember, *, field: str, reason: str, at: datetime) -> HttpResponse:
    """Show one sealed field once, after writing down who looked and why."""
    check_may_keep_members(request.staff, row.organisation.area)
    if row.left_on is not None:
        raise NotNow(_("They have left this organisation."))
    # the ledger of looks is read by others: its word for this row says nothing of what it is
    about = f"record:{row.pk}"
    shown = reveal(person=row.person, field=field, reason=reason, by=request.user, about=about, at=at)
    context = {
        "row": row,
        "field": field,
        "label": PersonField(field).label,
        "value": shown.value,
        "left": reveals_left(request.user, at=at),
    }
    return render(request, "parties/look.html", context)


def _look_form(row: PartyMember, data: QueryDict | None = None) -> RevealForm:
    sealed = (("name", row.person.name_sealed), ("phone", row.person.phone_sealed))
    form = RevealForm(data, fields=[field for field, blob in sealed if blob])
    form.auto_id = "look_%s"
    return form


def _seen(request: StaffRequest, member_id: str) -> PartyMember:
    rows = PartyMember.objects.visible_to(request.staff)
    return get_object_or_404(rows.select_related("person", "organisation__area"), pk=member_id)


def _page(
    request: StaffRequest,
    row: PartyMember,
    *,
    asked: tuple[str, forms.Form] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    given = dict([asked] if asked is not None else [])
    history = PartyMember.objects.visible_to(request.staff).filter(person=row.person_id)
    works = row.left_on is None
    context = {
        "row": row,
        "history": history.select_related("organisation").order_by("-joined_here_on", "left_on"),
        "look": given.get("look") or (_look_form(row) if works else None),
        "move": given.get("move") or (MoveForm(there=members.movable(row, request.staff)) if works else None),
        "asked": asked[0] if asked is not None else "",
        "form": asked[1] if asked is not None else None,
    }
    return render(request, "parties/member.html", context, status=status)

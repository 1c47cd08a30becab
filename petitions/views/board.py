"""What of the closed matters is shown to everybody: the staff's list, the words to check, objections to answer."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.errors import Refusal
from petitions import board
from petitions.forms.board import AnswerObjectionForm, PublishForm, WithholdForm
from petitions.models import Objection, Petition, PetitionText, PublicNotice
from petitions.views.access import StaffRequest, staff_required

PAGE: Final = 50


@require_safe
@staff_required
def board_queue(request: StaffRequest) -> HttpResponse:
    """List what waits for a decision, the objections that wait for an answer, and what hangs."""
    _check(request)
    mine = PublicNotice.objects.visible_to(request.staff)
    waiting = board.waiting(request.staff).select_related("category", "community")
    objections = Objection.objects.filter(notice__in=mine, answered_at=None).select_related(
        "notice__petition__category", "notice__petition__community"
    )
    page = {
        "waiting": list(waiting[:PAGE]),
        "objections": list(objections.order_by("at")[:PAGE]),
        "hanging": list(
            mine.on_the_board()
            .select_related("petition__category", "petition__community")
            .order_by("ends_at", "pk")[:PAGE]
        ),
    }
    return render(request, "petitions/staff/board.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def board_decide(request: StaffRequest, number: str) -> HttpResponse:
    """Check the words the machine proposes, change them, publish; or keep the matter off with a reason."""
    petition = get_object_or_404(
        board.waiting(request.staff).select_related("category", "community", "petitioner", "handler", "resolved_by"),
        number=number,
    )
    _check(request)
    proposed = board.draft(petition)
    form = PublishForm(initial={"matter": proposed.matter, "done": proposed.done})
    keep_off = WithholdForm(prefix="off")
    status = HTTPStatus.OK
    if request.method == "POST":
        off, status = "off" in request.POST, HTTPStatus.UNPROCESSABLE_ENTITY
        asked: Form
        if off:
            asked = keep_off = WithholdForm(request.POST, prefix="off")
        else:
            asked = form = PublishForm(request.POST)
        if asked.is_valid():
            try:
                _decide(request, petition, asked.cleaned_data, off=off)
            except Refusal as no:
                asked.add_error(no.field if no.field in asked.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                return redirect("board_queue")
    page = {"petition": petition, "form": form, "off": keep_off}
    return render(request, "petitions/staff/board_decide.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def board_objection(request: StaffRequest, pk: int) -> HttpResponse:
    """Read an objection and answer it."""
    mine = PublicNotice.objects.visible_to(request.staff)
    objection = get_object_or_404(
        Objection.objects.filter(notice__in=mine).select_related("notice__petition__category"), pk=pk
    )
    _check(request)
    form, status = AnswerObjectionForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                board.answer(objection, by=request.staff, at=timezone.now(), **form.cleaned_data)
            except Refusal as no:
                form.add_error(None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("Your answer is recorded."))
                return redirect("board_queue")
    words = PetitionText.objects.filter(pk=objection.words_id).values_list("masked", flat=True).first()
    page = {"objection": objection, "words": words or "", "form": form}
    return render(request, "petitions/staff/board_objection.html", page, status=status)


def _decide(request: StaffRequest, petition: Petition, facts: dict[str, Any], *, off: bool) -> None:
    if off:
        board.withhold(petition, by=request.staff, at=timezone.now(), reason=facts["words"])
        messages.success(request, _("It is not shown."))
        return
    board.publish(petition, by=request.staff, at=timezone.now(), **facts)
    messages.success(request, _("It hangs on the public board now, for 15 days at least."))


def _check(request: StaffRequest) -> None:
    if not board.publishes(request.staff):
        raise PermissionDenied(_("Your post does not decide what is shown to everybody."))

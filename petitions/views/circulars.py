"""Pages of circulars and filings on the desk. What is not in the person's scope does not exist for him."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deadlines.timetable import shanghai_date
from notifications.services import mark_read_about
from people.errors import Refusal
from petitions import circulars
from petitions.filing_enums import FilingState
from petitions.forms.circulars import AnswerForm, CircularForm, FilingDecisionForm, FilingForm
from petitions.models import Circular, Filing, Petition
from petitions.views.access import StaffRequest, staff_required

PAGE = 30
LONGEST_KEY = 15


def _before(request: StaffRequest) -> Q:
    """Return what comes after the last row of the page before: older, by key."""
    given = request.GET.get("before", "")
    return Q(pk__lt=int(given)) if given.isdecimal() and len(given) <= LONGEST_KEY else Q()


@require_safe
@staff_required
def circular_list(request: StaffRequest, **context: Any) -> HttpResponse:
    """Circulars that my areas sent or were sent, newest first: ``?before=`` goes on."""
    found = Circular.objects.visible_to(request.staff).filter(_before(request)).select_related("area", "issued_by")
    counted = found.annotate(
        sent=Count("addresses"),
        read=Count("addresses", filter=Q(addresses__read_at__isnull=False)),
        answered=Count("addresses", filter=Q(addresses__answered_at__isnull=False)),
    )
    rows = list(counted.order_by("-pk")[: PAGE + 1])
    page = {
        **context,
        "title": _("Circulars"),
        "circulars": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "may_publish": bool(circulars.publishes_from(request.staff)),
        "today": shanghai_date(timezone.now()),
    }
    return render(request, "admin/petitions/circulars.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def circular_new(request: StaffRequest, **context: Any) -> HttpResponse:
    """Write a circular and send it."""
    if not circulars.publishes_from(request.staff):
        raise PermissionDenied(_("Your post does not send circulars."))
    at = timezone.now()
    form = CircularForm(request.POST if request.method == "POST" else None, by=request.staff, on=shanghai_date(at))
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                sent = circulars.publish(by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The circular is sent. The heads of the areas have been told."))
                return redirect("admin:circular", sent.pk)
    page = {**context, "title": _("New circular"), "form": form, "button": _("Send"), "back": "admin:circulars"}
    return render(request, "admin/petitions/write.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def circular(request: StaffRequest, pk: int, **context: Any) -> HttpResponse:
    """One circular: its text, who read it, who answered; the head of an area reads and answers here."""
    at = timezone.now()
    mine = Circular.objects.visible_to(request.staff).select_related("area", "issued_by")
    one = get_object_or_404(mine, pk=pk)
    address = circulars.address_of(one, request.staff)
    form, status = AnswerForm(), HTTPStatus.OK
    if request.method == "POST":
        form = AnswerForm(request.POST)
        try:
            if address is None:
                raise PermissionDenied(_("Only the head of the area answers for it."))
            if "read" in request.POST:
                circulars.acknowledge(address, by=request.staff, at=at)
            elif form.is_valid():
                circulars.answer(address, by=request.staff, at=at, words=form.cleaned_data["words"])
        except Refusal as no:
            form.add_error(None, str(no)) if form.is_bound else None
            status = HTTPStatus(no.status)
        else:
            if "read" in request.POST or form.is_valid():
                mark_read_about(by=request.user, about=f"circular:{one.pk}", at=at)
                messages.success(request, _("Your answer is recorded."))
                return redirect("admin:circular", one.pk)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    sees_all = one.area_id in circulars.publishes_from(request.staff)
    rows = one.addresses.select_related("area", "read_by", "answered_by").order_by("area__code")
    page = {
        **context,
        "title": one.title,
        "circular": one,
        "addresses": rows if sees_all else rows.filter(pk=address.pk if address else -1),
        "address": address,
        "form": form,
        "petitions": Petition.objects.visible_to(request.staff).filter(circulars=one).order_by("number"),
        "is_late": one.answer_by is not None and shanghai_date(at) > one.answer_by,
    }
    return render(request, "admin/petitions/circular.html", page, status=status)


@require_safe
@staff_required
def filing_list(request: StaffRequest, **context: Any) -> HttpResponse:
    """Filings of my areas and with them: what waits for me first, then the others, newest first."""
    seen = Filing.objects.visible_to(request.staff).select_related("area", "to_area", "filed_by")
    rows = list(seen.filter(_before(request)).order_by("-pk")[: PAGE + 1])
    page = {
        **context,
        "title": _("Filings"),
        "waiting": seen.waiting_for(request.staff).exclude(filed_by=request.user).order_by("pk")[:PAGE],
        "filings": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "may_file": bool(circulars.files_from(request.staff)),
    }
    return render(request, "admin/petitions/filings.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def filing_new(request: StaffRequest, **context: Any) -> HttpResponse:
    """File a plan or a temporary measure; ``?again=`` files anew what was sent back."""
    if not circulars.files_from(request.staff):
        raise PermissionDenied(_("Your post does not file with the level above."))
    at = timezone.now()
    given = request.GET.get("again", "")
    again = None
    if given:
        returned = Filing.objects.visible_to(request.staff).filter(state=FilingState.RETURNED, replaced_by=None)
        again = get_object_or_404(returned, pk=int(given) if given.isdecimal() and len(given) <= LONGEST_KEY else -1)
    data = request.POST if request.method == "POST" else None
    form = FilingForm(data, by=request.staff, on=shanghai_date(at), replaces=again)
    status = HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                filed = circulars.file_record(by=request.staff, at=at, replaces=again, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("It is filed. The level above has been told."))
                return redirect("admin:filing", filed.pk)
    page = {**context, "title": _("New filing"), "form": form, "button": _("File it"), "back": "admin:filings"}
    return render(request, "admin/petitions/write.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def filing(request: StaffRequest, pk: int, **context: Any) -> HttpResponse:
    """One filing; the level above notes it or sends it back here."""
    at = timezone.now()
    seen = Filing.objects.visible_to(request.staff).select_related("area", "to_area", "filed_by", "decided_by")
    one = get_object_or_404(seen, pk=pk)
    decides = seen.waiting_for(request.staff).filter(pk=one.pk).exclude(filed_by=request.user).exists()
    form, status = FilingDecisionForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                circulars.decide_filing(one, by=request.staff, at=at, **form.cleaned_data)
            except Refusal as no:
                form.add_error(None, str(no))
                status = HTTPStatus(no.status)
            else:
                mark_read_about(by=request.user, about=f"filing:{one.pk}", at=at)
                messages.success(request, _("Your decision is recorded."))
                return redirect("admin:filing", one.pk)
    page = {
        **context,
        "title": one.title,
        "filing": one,
        "form": form,
        "decides": decides,
        "may_file_again": one.state == FilingState.RETURNED
        and one.area_id in circulars.files_from(request.staff)
        and not Filing.objects.filter(replaces=one).exists(),
    }
    return render(request, "admin/petitions/filing.html", page, status=status)

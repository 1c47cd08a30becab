"""Residents' reviews for staff: making one, codes on paper, marks from the door and from the site, the result."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area, Organisation
from people.errors import Refusal
from petitions import reviews
from petitions.enums import ReviewSubject
from petitions.forms.reviews import CodesForm, EnterForm, ReviewForm
from petitions.models import Petition, ResidentReview
from petitions.views.access import StaffRequest, staff_required

PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def review_list(request: StaffRequest) -> HttpResponse:
    """The reviews of my areas, and a form for a new one (POST)."""
    at = timezone.now()
    on = shanghai_date(at)
    areas = Area.objects.served().at(on).under_any(request.staff.reach(*reviews.MAKES))
    areas = areas.filter(level__gte=Level.STREET, level__lte=Level.GRID).order_by("path")
    may_make = request.staff.holds(*reviews.MAKES)
    organisations = Organisation.objects.visible_to(request.staff).order_by("name")
    form = ReviewForm(
        request.POST if request.method == "POST" else None, areas=areas, organisations=organisations, on=on
    )
    status = HTTPStatus.OK
    if request.method == "POST":
        if not may_make:
            raise PermissionDenied(_("Your post makes no reviews there."))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = reviews.make(**form.facts(), petition=_matter(request, form), by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
            else:
                return redirect("review", made.pk)
    found = ResidentReview.objects.visible_to(request.staff).select_related("area").order_by("-opens_on", "-pk")[:PAGE]
    context = {"reviews": found, "form": form, "may_make": may_make, "on": on}
    return render(request, "petitions/review/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("phone", "code")
@staff_required
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """The result so far, and the form for marks from the door and from the site (POST)."""
    one = _mine(request, pk)
    at = timezone.now()
    form, status = EnterForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method == "POST":
        if not reviews.may_enter(request.staff, one):
            raise PermissionDenied(_("Your post does not type in marks here."))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                reviews.enter(one, **form.cleaned_data, by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("Kept. Here is the next form."))
                return redirect("review", pk)
    on = shanghai_date(at)
    context = {
        "review": one,
        "result": reviews.result(one),
        "form": form,
        "codes_form": CodesForm(),
        "codes": one.codes.count(),
        "may_enter": reviews.may_enter(request.staff, one) and one.opens_on <= on,
        "may_make_codes": reviews.may_make_codes(request.staff, one),
        "sees_matter": one.petition is not None
        and Petition.objects.visible_to(request.staff).filter(pk=one.petition.pk).exists(),
        "on": on,
    }
    return render(request, "petitions/review/detail.html", context, status=status)


@require_POST
@never_cache
@staff_required
def review_codes(request: StaffRequest, pk: int) -> HttpResponse:
    """Make codes and show them once, to be printed and cut."""
    one = _mine(request, pk)
    if not reviews.may_make_codes(request.staff, one):
        raise PermissionDenied(_("Your post makes no reviews there."))
    form = CodesForm(request.POST)
    codes: list[str] = []
    if form.is_valid():
        try:
            codes = reviews.make_codes(one, count=form.cleaned_data["count"], by=request.staff, at=timezone.now())
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"review": one, "form": form, "codes": codes, "url": request.build_absolute_uri(f"/review/{one.pk}/")}
    return render(request, "petitions/review/codes.html", context, status=status)


def _mine(request: StaffRequest, pk: int) -> ResidentReview:
    mine = ResidentReview.objects.visible_to(request.staff)
    return get_object_or_404(mine.select_related("area", "petition", "organisation"), pk=pk)


def _matter(request: StaffRequest, form: ReviewForm) -> Petition | None:
    """Return the matter that is to be marked, if one is named and the person may see it."""
    number = form.cleaned_data["number"]
    if form.cleaned_data["subject"] != ReviewSubject.MATTER or not number:
        return None
    mine = Petition.objects.visible_to(request.staff).select_related("category")
    return mine.filter(number=number).first()

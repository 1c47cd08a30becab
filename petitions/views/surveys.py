"""Surveys: residents answer on a page; staff make them, type in paper, read the counts, file what somebody wrote."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from people.errors import Refusal
from people.models import User
from petitions import survey_sheets, surveys, throttle
from petitions.enums import AnswerSource
from petitions.forms.surveys import AnswerForm, SheetForm, SurveyForm
from petitions.models import Answer, Petition, Survey
from petitions.views.access import StaffRequest, staff_required
from petitions.views.filing_parts import count

MOST_WORDS = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def survey_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a survey; nobody is asked who he is."""
    at = timezone.now()
    on = shanghai_date(at)
    survey = get_object_or_404(Survey.objects.select_related("area"), pk=pk, opens_on__lte=on)
    if survey.closes_on < on:
        return render(request, "petitions/survey/over.html", {"survey": survey}, status=HTTPStatus.GONE)
    return _ask(request, survey, source=AnswerSource.PAGE, by=None, template="petitions/survey/page.html")


@require_safe
@never_cache
def survey_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Say thank you."""
    survey = get_object_or_404(Survey, pk=pk)
    return render(request, "petitions/survey/thanks.html", {"survey": survey})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def survey_list(request: StaffRequest) -> HttpResponse:
    """The surveys of one's areas, and a form for a new one."""
    at = timezone.now()
    on = shanghai_date(at)
    areas = Area.objects.served().at(on).under_any(request.staff.reach(*surveys.MAKES))
    areas = areas.filter(level__gte=Level.STREET, level__lte=Level.GRID).order_by("path")
    may_make = request.staff.holds(*surveys.MAKES)
    form = SurveyForm(request.POST or None, areas=areas, on=on)
    if request.method == "POST":
        if not may_make:
            raise PermissionDenied(_("Your post makes no surveys there."))
        if form.is_valid():
            try:
                survey = surveys.make(**form.cleaned_data, by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
            else:
                return redirect("survey", survey.pk)
    found = Survey.objects.visible_to(request.staff).select_related("area").order_by("-opens_on", "-pk")[:100]
    context = {"surveys": found, "form": form, "may_make": may_make, "on": on}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "petitions/survey/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def survey_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The counts, what was answered in words, and the way in for a table of paper answers (POST)."""
    survey = _mine(request, pk)
    if request.method == "POST":
        _check_types_in(request, survey)
    form = SheetForm(request.POST or None, request.FILES or None)
    errors: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            sheet = survey_sheets.read(
                form.cleaned_data["file"], list(survey.questions.order_by("position")), survey_id=survey.pk
            )
            errors = sheet.errors
            if not errors:
                kept = surveys.store(
                    survey, sheet.forms, source=AnswerSource.IMPORT, at=timezone.now(), by=request.user
                )
                done = ngettext("%(count)d form was taken in.", "%(count)d forms were taken in.", len(kept))
                messages.success(request, done % {"count": len(kept)})
                return redirect("survey", pk)
        except Refusal as no:
            form.add_error("file", str(no))
    written = Answer.objects.filter(question__survey=survey).exclude(masked="").select_related("question", "petition")
    seen = Petition.objects.visible_to(request.staff)
    context = {
        "survey": survey,
        "results": surveys.results(survey),
        "responses": survey.responses.count(),
        "written": written.order_by("question__position", "-response__at", "pk")[:MOST_WORDS],
        "mine": set(seen.filter(pk__in=written.values("petition")).values_list("pk", flat=True)),
        "form": form,
        "row_errors": errors,
        "may_type_in": surveys.may_type_in(request.staff, survey),
    }
    wrong = bool(errors or form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "petitions/survey/detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def survey_paper(request: StaffRequest, pk: int) -> HttpResponse:
    """Type in one paper form; the next one stands ready afterwards."""
    survey = _mine(request, pk)
    _check_types_in(request, survey)
    return _ask(request, survey, source=AnswerSource.PAPER, by=request.user, template="petitions/survey/paper.html")


@require_POST
@never_cache
@staff_required
def survey_petition(request: StaffRequest, pk: int, answer_id: uuid.UUID) -> HttpResponse:
    """Make a petition of what somebody wrote; a second click finds the first's."""
    survey = _mine(request, pk)
    _check_types_in(request, survey)
    try:
        petition = surveys.raise_petition(answer_id, survey, by=request.staff, at=timezone.now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Filed as %(number)s.") % {"number": petition.number})
    return redirect("survey", pk)


def _ask(request: HttpRequest, survey: Survey, *, source: AnswerSource, by: User | None, template: str) -> HttpResponse:
    at = timezone.now()
    questions = list(survey.questions.order_by("position"))
    if request.method != "POST" or hasattr(request, "switched"):
        initial = {"client_key": uuid.uuid4(), **request.POST.dict()}
        form = AnswerForm(initial=initial, questions=questions)
        return render(request, template, {"survey": survey, "form": form, "switch_form": "survey"})
    form = AnswerForm(request.POST, questions=questions)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            count(request, throttle.Doing.ANSWER, at=at)
            surveys.answer(survey, form.given(), client_key=form.key, source=source, on=shanghai_date(at), at=at, by=by)
        except throttle.TooManyTries as refusal:
            wait = throttle.wait_in_words(refusal.retry_after)
            message = _("Many answers came from here in a short time. Please wait %(wait)s.")
            form.add_error(None, message % {"wait": wait})
            status = HTTPStatus.TOO_MANY_REQUESTS
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            if by is None:
                return redirect("survey_thanks", survey.pk)
            messages.success(request, _("Kept. Here is the next form."))
            return redirect("survey_paper", survey.pk)
    context = {"survey": survey, "form": form, "switch_form": "survey"}
    return render(request, template, context, status=status)


def _mine(request: StaffRequest, pk: int) -> Survey:
    survey = Survey.objects.visible_to(request.staff).select_related("area").filter(pk=pk).first()
    if survey is None:
        # whoever serves in a grid of its area types in paper for it
        survey = Survey.objects.select_related("area").filter(pk=pk).first()
        if survey is None or not surveys.may_type_in(request.staff, survey):
            raise Http404
    return survey


def _check_types_in(request: StaffRequest, survey: Survey) -> None:
    if not surveys.may_type_in(request.staff, survey):
        raise PermissionDenied(_("Your post does not type in answers here."))

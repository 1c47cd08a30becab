"""A petitioner's own data: see what is kept, take a copy, correct the contact, end a consent, erase it all."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from people import consents, notice
from people.enums import ConsentPurpose
from people.errors import Refusal
from petitions import erasure, rights, throttle, viewers
from petitions.forms.data import CodeForm, ContactForm, EraseForm
from petitions.models import Petition
from petitions.numbers import code_fits
from petitions.viewers import Follower
from petitions.views.resident_follow import count_try, to_the_form, wait_page
from petitions.views.sums import sum_first

FORMS = {"copy": CodeForm, "contact": ContactForm, "erase": EraseForm}
# Offered always; what is sensitive only where there is something sensitive, or was.
OFFERED = (ConsentPurpose.CONTACT, ConsentPurpose.PUBLICATION)


@require_safe
@never_cache
def petition_data(request: HttpRequest, number: str) -> HttpResponse:
    """What is kept about this matter's petitioner, masked, and what he may do about it. Looking changes nothing."""
    petition = _followed(request, number)
    return to_the_form(number) if petition is None else _page(request, petition)


@require_POST
@never_cache
@sensitive_post_parameters("code", "name", "phone", "email")
def petition_data_do(request: HttpRequest, number: str, what: str) -> HttpResponse:  # noqa: PLR0911 - a line for each answer
    """Copy, correct or erase, with the follow-up code typed once more. What is refused loses nothing that was typed."""
    if what not in FORMS:
        raise Http404
    petition = _followed(request, number)
    if petition is None:
        return to_the_form(number)
    form = FORMS[what](request.POST, prefix_id=what)
    if not form.is_valid():
        return _page(request, petition, what=what, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    question = sum_first(request, throttle.Doing.FOLLOW, subject=number)
    if question is not None:
        return question
    try:
        tried = count_try(request, number)
    except (throttle.TooManyTries, throttle.CannotCount) as refusal:
        return wait_page(request, refusal)
    if not code_fits(petition.code_hash, number, form.cleaned_data["code"]):
        form.add_error("code", _("This is not the follow-up code of the matter. Please compare it again."))
        return _page(request, petition, what=what, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    tried.give_back()
    try:
        return _do(request, petition, what, form)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, petition, what=what, form=form, status=HTTPStatus(no.status))


@require_POST
@never_cache
def petition_consent(request: HttpRequest, number: str) -> HttpResponse:
    """Give or take back one consent: one button each."""
    petition = _followed(request, number)
    if petition is None:
        return to_the_form(number)
    purpose, at = request.POST.get("purpose", ""), timezone.now()
    if petition.petitioner is None or purpose not in rights.offered(petition, OFFERED):
        raise Http404
    if request.POST.get("give") == "1":
        if purpose != ConsentPurpose.CONTACT:  # that one is given by giving a contact
            consents.give(petition.petitioner, ConsentPurpose(purpose), at=at)
            messages.success(request, _("Thank you. You can take it back here at any time."))
    elif rights.withdraw_consent(petition, ConsentPurpose(purpose), at=at):
        messages.success(request, _("You have taken your consent back. Your matter goes on."))
    return redirect("petition_data", number)


def _do(request: HttpRequest, petition: Petition, what: str, form: CodeForm) -> HttpResponse:
    at = timezone.now()
    if what == "copy" and request.POST.get("as") == "page":
        return HttpResponse(rights.page(petition, at=at))
    if what == "copy":
        answer = HttpResponse(rights.copy(petition, at=at), content_type="application/zip")
        answer.headers["Content-Disposition"] = f'attachment; filename="{petition.number}.zip"'
        return answer
    if isinstance(form, ContactForm):
        rights.correct(petition, contact=form.contact(), at=at)
        messages.success(request, _("Your contact has been changed."))
        return redirect("petition_data", petition.number)
    rights.erase(petition, at=at)
    viewers.forget(request.session)
    response = render(request, "petitions/resident/erased.html", {"number": petition.number})
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _followed(request: HttpRequest, number: str) -> Petition | None:
    mine = Petition.objects.visible_to(Follower.of(request.session)).filter(number=number)
    return mine.select_related("petitioner", "place", "category", "master").first()


def _page(
    request: HttpRequest,
    petition: Petition,
    *,
    what: str = "",
    form: CodeForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    person = petition.petitioner
    forms = {name: kind(prefix_id=name) for name, kind in FORMS.items()}
    if form is not None:
        forms[what] = form
    context = {
        "petition": petition,
        "person": person,
        "forms": forms,
        "form": form,
        "what": what,
        "is_over": erasure.is_over(petition),
        "consents": [(one, consents.holds(person, one)) for one in rights.offered(petition, OFFERED)] if person else [],
        "version": notice.VERSION,
    }
    return render(request, "petitions/resident/data.html", context, status=status)

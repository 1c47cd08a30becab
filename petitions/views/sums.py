"""The sum between a form and what it does, when a limit is near. What was typed travels on in the page."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from petitions import sums, throttle
from petitions.views.access import address_of

OURS = ("csrfmiddlewaretoken", "sum", "sum_token")


def sum_first(request: HttpRequest, doing: throttle.Doing, *, subject: str = "") -> HttpResponse | None:
    """Return the page with the sum; None for staff, far from every limit, and once it is answered rightly."""
    if request.user.is_authenticated or not throttle.is_near(doing, address=address_of(request), subject=subject):
        return None
    return None if is_answered(request) else sum_page(request)


def is_answered(request: HttpRequest) -> bool:
    """Tell whether the form brings the answer to a sum, and the right one; it serves once."""
    token = request.POST.get("sum_token", "")
    return bool(token) and sums.is_right(token=token, answer=request.POST.get("sum", ""))


def sum_page(request: HttpRequest) -> HttpResponse:
    """Return the page with a sum, a new one if it was answered wrongly; what was typed travels on in it."""
    token = request.POST.get("sum_token", "")
    carried = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    page = {"asked": sums.ask(), "carried": carried, "refusal": sums.refusal() if token else ""}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if token else HTTPStatus.OK
    return render(request, "petitions/resident/sum.html", page, status=status)

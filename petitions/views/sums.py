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
    token = request.POST.get("sum_token", "")
    if token and sums.is_right(token=token, answer=request.POST.get("sum", "")):
        return None
    carried = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    page = {"asked": sums.ask(), "carried": carried, "refusal": sums.refusal() if token else ""}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if token else HTTPStatus.OK
    return render(request, "petitions/resident/sum.html", page, status=status)

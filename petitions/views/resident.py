"""The residents' first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from petitions.month import this_month


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Raise a matter, see how one stands, what this month was like, whom to call in an emergency."""
    return render(request, "petitions/resident/home.html", {"month": this_month(at=timezone.now())})

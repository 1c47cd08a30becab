"""Told is not seen: the answer of somebody whom an escalation told. POST only."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deadlines.services import acknowledge
from notifications.services import mark_read_about
from people.errors import Refusal
from petitions.models import Petition, PetitionEscalation
from petitions.views.access import StaffRequest, see_other, staff_required


@require_POST
@staff_required
def case_seen(request: StaffRequest, number: str, escalation_id: int) -> HttpResponse:
    """Record that the person has seen the escalation, and show the case."""
    at = timezone.now()
    petition = get_object_or_404(Petition.objects.visible_to(request.staff), number=number)
    escalation = get_object_or_404(PetitionEscalation, pk=escalation_id, clock__petition=petition)
    try:
        acknowledge(escalation, by=request.user, at=at)
    except Refusal as no:
        messages.warning(request, str(no))
    else:
        mark_read_about(by=request.user, about=f"petition:{petition.number}", at=at)
        messages.success(request, _("Recorded that you have seen it."))
    return see_other(request, "case", petition.number)

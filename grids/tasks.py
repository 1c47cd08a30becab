"""Celery's way in: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from grids import handover


@shared_task(name="grids.carry_out_handovers", ignore_result=True, acks_late=True)
def carry_out_handovers(**_added_later: object) -> None:
    """Pass on the open work of handovers whose day has come. Repeating it passes nothing twice."""
    handover.carry_out_due(at=timezone.now())

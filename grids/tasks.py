"""Celery's way in: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from grids import handover, redrawing


@shared_task(name="grids.carry_out_handovers", ignore_result=True, acks_late=True)
def carry_out_handovers(**_added_later: object) -> None:
    """Pass on the open work of handovers whose day has come. Repeating it passes nothing twice."""
    handover.carry_out_due(at=timezone.now())


@shared_task(name="grids.redraw", ignore_result=True, acks_late=True)
def redraw(**_added_later: object) -> None:
    """Carry out approved re-divisions whose day has come, each exactly once."""
    redrawing.apply_due(at=timezone.now())

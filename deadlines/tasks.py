"""Celery's way into the engine: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from deadlines import life
from deadlines import sweep as sweeping


@shared_task(name="deadlines.sweep", ignore_result=True, acks_late=True)
def sweep(**_added_later: object) -> None:
    """Run one sweep for now. Two at once share the work; a lost one is made good by the next."""
    sweeping.sweep(at=timezone.now())


@shared_task(name="deadlines.end_pauses", ignore_result=True, acks_late=True)
def end_pauses(**_added_later: object) -> None:
    """Let run on what has waited for its petitioner as long as it may."""
    life.end_pauses(at=timezone.now())

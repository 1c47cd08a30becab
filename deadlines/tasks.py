"""Celery's way into the engine: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from deadlines import sweep as sweeping


@shared_task(name="deadlines.sweep", ignore_result=True, acks_late=True)
def sweep(**_added_later: object) -> None:
    """Run one sweep for now. Two at once share the work; a lost one is made good by the next."""
    sweeping.sweep(at=timezone.now())

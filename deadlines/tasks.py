"""Celery's way into the engine: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from deadlines import alarms, life
from deadlines import recompute as recomputing
from deadlines import sweep as sweeping
from deadlines import watch as watching


@shared_task(name="deadlines.sweep", ignore_result=True, acks_late=True)
def sweep(**_added_later: object) -> None:
    """Run one sweep for now. Two at once share the work; a lost one is made good by the next."""
    sweeping.sweep(at=timezone.now())


@shared_task(name="deadlines.watch", ignore_result=True)
def watch(**_added_later: object) -> None:
    """Tell the duty list if no sweep has run for three intervals."""
    watching.watch(at=timezone.now())


@shared_task(name="deadlines.end_pauses", ignore_result=True, acks_late=True)
def end_pauses(**_added_later: object) -> None:
    """Let run on what has waited for its petitioner as long as it may."""
    life.end_pauses(at=timezone.now())


@shared_task(name="deadlines.recompute", ignore_result=True, acks_late=True)
def recompute(**_added_later: object) -> None:
    """Look whether the opening hours changed, then go on with what must be recomputed."""
    at = timezone.now()
    alarms.watch_hours(at=at)
    recomputing.run_all(at=at)


@shared_task(name="deadlines.missing_notice", ignore_result=True, acks_late=True)
def missing_notice(**_added_later: object) -> None:
    """Tell the duty list, once a week from November on, that next year's holiday notice is missing."""
    alarms.missing_notice(at=timezone.now())

"""Celery's way into petitions: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from petitions import drafts, publishing, rollups


@shared_task(name="petitions.purge_drafts", ignore_result=True, acks_late=True)
def purge_drafts(**_added_later: object) -> None:
    """Delete the photos of forms that nobody sent. A missed hour is made good by the next."""
    drafts.purge(at=timezone.now())


@shared_task(name="petitions.count_figures", ignore_result=True, acks_late=True)
def count_figures(**_added_later: object) -> None:
    """Fold what happened since into the figures. A missed minute is made good by the next."""
    rollups.count_new(at=timezone.now())


@shared_task(name="petitions.nightly_figures", ignore_result=True, acks_late=True)
def nightly_figures(**_added_later: object) -> None:
    """Look again at the last day, and publish the month before when its day has come."""
    at = timezone.now()
    rollups.count_again(at=at)
    publishing.publish_due(at=at)

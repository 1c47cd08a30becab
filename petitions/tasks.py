"""Celery's way into petitions: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from petitions import drafts


@shared_task(name="petitions.purge_drafts", ignore_result=True, acks_late=True)
def purge_drafts(**_added_later: object) -> None:
    """Delete the photos of forms that nobody sent. A missed hour is made good by the next."""
    drafts.purge(at=timezone.now())

"""What Celery calls."""

from celery import shared_task
from django.utils import timezone

from gateway import callbacks, feed, idempotency


@shared_task(name="gateway.report", ignore_result=True)
def report(**_added_later: object) -> None:
    """Number what happened and report it to whoever filed it."""
    at = timezone.now()
    feed.number(at=at)
    callbacks.deliver_due(at=at)


@shared_task(name="gateway.purge", ignore_result=True)
def purge(**_added_later: object) -> None:
    """Forget answers and changes whose time is over."""
    at = timezone.now()
    idempotency.purge(at=at)
    feed.purge(at=at)

"""What Celery calls: primitives in, one service out."""

from celery import shared_task
from django.utils import timezone

from notifications import downloads, services
from notifications.slots import free_slot


@shared_task(name="notifications.deliver", ignore_result=True)
def deliver(*, delivery_id: int, **_added_later: object) -> None:
    """Send one delivery, if it is due."""
    services.deliver(delivery_id=delivery_id, at=timezone.now())


@shared_task(name="notifications.deliver_due", ignore_result=True)
def deliver_due(**_added_later: object) -> None:
    """Send what is due, unless enough others are at it: a slow mail server must not hold every worker."""
    with free_slot() as free:
        if free:
            services.deliver_due(at=timezone.now())


@shared_task(name="notifications.make_download", ignore_result=True)
def make_download(*, download_id: str, **_added_later: object) -> None:
    """Make a file that somebody asked for."""
    downloads.make(download_id=download_id, now=timezone.now)


@shared_task(name="notifications.make_owed_downloads", ignore_result=True)
def make_owed_downloads(**_added_later: object) -> None:
    """Make files that nobody is at, and delete those whose time is over."""
    downloads.make_owed(now=timezone.now)

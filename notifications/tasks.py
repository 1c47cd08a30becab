"""What Celery calls: primitives in, one service out."""

from celery import shared_task
from django.utils import timezone

from notifications import services
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

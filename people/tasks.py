"""What Celery calls: primitives in, one service out."""

from celery import shared_task
from django.utils import timezone

from people import audit, expiry, lockout, signins


@shared_task(name="people.seal_audit", ignore_result=True)
def seal_audit(**_added_later: object) -> None:
    """Seal what was written into the audit log since the last time."""
    audit.seal(at=timezone.now())


@shared_task(name="people.carry_out_head", ignore_result=True)
def carry_out_head(**_added_later: object) -> None:
    """Write the newest digest of the audit log outside the database."""
    audit.carry_out(at=timezone.now())


@shared_task(name="people.purge_door", ignore_result=True)
def purge_door(**_added_later: object) -> None:
    """Delete sessions and counted tries whose time is over."""
    at = timezone.now()
    signins.purge(at=at)
    lockout.purge(at=at)


@shared_task(name="people.retention", ignore_result=True)
def retention(**_added_later: object) -> None:
    """End what has been kept long enough. A missed night is made good by the next."""
    expiry.run(at=timezone.now())

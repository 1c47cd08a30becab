"""Celery's way into field work: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from fieldwork import coverage, households, rounds


@shared_task(name="fieldwork.close_periods", ignore_result=True, acks_late=True)
def close_periods(**_added_later: object) -> None:
    """Count the periods of visits that are over. A missed morning is made good by the next."""
    households.follow_grids()
    coverage.close_periods(at=timezone.now())


@shared_task(name="fieldwork.patrol_rounds", ignore_result=True, acks_late=True)
def patrol_rounds(**_added_later: object) -> None:
    """Close the rounds of days that are over, make those of today. The first tick after midnight does the work."""
    at = timezone.now()
    rounds.close_days(at=at)
    rounds.make_day(at=at)

"""Celery's way into field work: fetch nothing, delegate, stop."""

from celery import shared_task
from django.utils import timezone

from fieldwork import coverage, dossier, handing, households, loans, rounds, shifts


@shared_task(name="fieldwork.close_periods", ignore_result=True, acks_late=True)
def close_periods(**_added_later: object) -> None:
    """Count the periods of visits that are over. A missed morning is made good by the next."""
    households.follow_grids()
    coverage.close_periods(at=timezone.now())
    # after the counts of the month that is over, which the version of this month holds
    dossier.keep_months(at=timezone.now())


@shared_task(name="fieldwork.patrol_rounds", ignore_result=True, acks_late=True)
def patrol_rounds(**_added_later: object) -> None:
    """Close the rounds of days that are over, make those of today. The first tick after midnight does the work."""
    at = timezone.now()
    rounds.close_days(at=at)
    rounds.make_day(at=at)


@shared_task(name="fieldwork.mind_shifts", ignore_result=True, acks_late=True)
def mind_shifts(**_added_later: object) -> None:
    """Free the shifts of who is away, and tell of those that were not handed over. A missed run is made good."""
    at = timezone.now()
    shifts.free_absent(at=at)
    handing.tell_missing(at=at)


@shared_task(name="fieldwork.mind_loans", ignore_result=True, acks_late=True)
def mind_loans(**_added_later: object) -> None:
    """Tell the keepers of stations of what did not come back. A missed morning is made good by the next."""
    loans.tell_overdue(at=timezone.now())

"""Celery's way into petitions: fetch nothing, delegate, stop."""

import uuid
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from deadlines.timetable import shanghai_date
from notifications.errors import NotSent
from petitions import board, drafts, listing, phones, pledges, publishing, reports, reveals, rollups, unsent


@shared_task(name="petitions.purge_drafts", ignore_result=True, acks_late=True)
def purge_drafts(**_added_later: object) -> None:
    """Delete the answers and photos of forms that nobody sent. A missed hour is made good by the next."""
    at = timezone.now()
    unsent.purge(at=at)
    drafts.purge(at=at)


@shared_task(name="petitions.count_figures", ignore_result=True, acks_late=True)
def count_figures(**_added_later: object) -> None:
    """Fold what happened since into the figures. A missed minute is made good by the next."""
    rollups.count_new(at=timezone.now())


@shared_task(name="petitions.nightly_figures", ignore_result=True, acks_late=True)
def nightly_figures(**_added_later: object) -> None:
    """Look again at the last day, count the pledges, and publish the month before when its day has come."""
    at = timezone.now()
    rollups.count_again(at=at)
    pledges.count(at=at)
    publishing.publish_due(at=at)


@shared_task(name="petitions.report_reveals", ignore_result=True, acks_late=True)
def report_reveals(**_added_later: object) -> None:
    """Tell heads how often personal data was looked at below them last week. Runs daily, tells once."""
    at = timezone.now()
    last_week = reveals.week_of(shanghai_date(at)) - timedelta(days=7)
    reveals.report_week(monday=last_week, at=at)


@shared_task(
    name="petitions.send_phone_code",
    ignore_result=True,
    autoretry_for=(NotSent,),
    retry_backoff=5,
    retry_jitter=False,
    max_retries=4,
)
def send_phone_code(*, code_id: str, **_added_later: object) -> None:
    """Send a code to the telephone that asked for it. Lost, it is asked for again: it lives for ten minutes."""
    phones.send(code_id=uuid.UUID(code_id), at=timezone.now())


@shared_task(name="petitions.purge_phone_codes", ignore_result=True)
def purge_phone_codes(**_added_later: object) -> None:
    """Delete codes that nobody can use any more."""
    phones.purge(at=timezone.now())


@shared_task(name="petitions.end_notices", ignore_result=True, acks_late=True)
def end_notices(**_added_later: object) -> None:
    """Take from the public board what has hung there for its time."""
    board.end_due(at=timezone.now())


@shared_task(name="petitions.sort_lists", ignore_result=True, acks_late=True)
def sort_lists(**_added_later: object) -> None:
    """Put what was accepted since on the three lists. A missed run is made good by the next."""
    listing.sort_new(at=timezone.now())


@shared_task(name="petitions.plan_reports", ignore_result=True, acks_late=True)
def plan_reports(**_added_later: object) -> None:
    """Plan the reports of what ended last, and enqueue again what nobody is writing."""
    at = timezone.now()
    reports.plan_due(at=at)
    reports.enqueue_waiting(at=at)


@shared_task(name="petitions.write_report", ignore_result=True, acks_late=True)
def write_report(*, report_id: int, **_added_later: object) -> None:
    """Write the files of one report. A second one at the same time leaves it to the first."""
    reports.write(report_id=report_id, at=timezone.now())

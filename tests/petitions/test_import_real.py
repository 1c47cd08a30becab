"""The real export: its on-time share against a count of our own. Not one of its words is shown or kept.

The files may not be copied into the project; where they are absent these tests skip (shared/data/README.md).
"""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.conf import settings

from petitions.importing import import_petitions
from petitions.kpis import kpis
from petitions.models import Petition, PetitionClock

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(600)]

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 9, 10, 0, tzinfo=SHANGHAI)
FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data"
EVER = {"start": date(2000, 1, 1), "end": date(2026, 1, 1), "at": NOW}


@pytest.fixture
def replied() -> Path:
    return existing("petitions_replied.csv")


@pytest.fixture
def city() -> Path:
    return existing("petitions_city.csv")


def existing(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not part of the project and not here")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def end_of_period(submitted: datetime, days: int) -> datetime:
    """Count day by day, the plain way: the day of receipt does not count, the last one ends at midnight."""
    day = submitted.date()
    while days:
        day += timedelta(days=1)
        days -= chinese_calendar.is_workday(day)
    return datetime.combine(day + timedelta(days=1), time())


@pytest.mark.parametrize("days", [5, 22])
def test_the_on_time_share_of_the_real_replies_is_what_counting_day_by_day_gives(replied, district, days):
    moments = [
        (datetime.fromisoformat(row["submitted_at"]), datetime.fromisoformat(row["replied_at"]))
        for row in rows_of(replied)
    ]
    kept = sum(replied_at < end_of_period(submitted_at, days) for submitted_at, replied_at in moments)

    done = import_petitions(path=replied, policy_key=f"reply_{days}wd", at=NOW)

    found = kpis(**EVER)
    assert (done.added, done.closed, len(done.errors)) == (len(moments), len(moments), 0)
    assert (found.on_time_rate.numerator, found.on_time_rate.denominator) == (kept, len(moments))
    assert found.closure_rate.rate == 1.0


def test_the_real_open_petitions_wait_to_be_placed_and_stay_out_of_the_sweep(city, district):
    rows = rows_of(city)

    done = import_petitions(path=city, policy_key="reply_15wd", at=NOW)

    assert (done.added, done.to_be_placed, done.escalations) == (len(rows), len(rows), 3 * len(rows))
    assert Petition.objects.to_be_placed().count() == len(rows)
    assert not PetitionClock.objects.filter(next_action_at__isnull=False).exists()

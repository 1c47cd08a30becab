"""Personnel data ends as its models declare: to the day, once, and what is needed to explain the past stays."""

from datetime import date, datetime, timedelta

import pytest

from grids.models import Absence, Appointment, CommunityWorker, GridMember, GridRole, StaffCard, Training
from people import expiry
from people.models import Authenticator, RecoveryCode, User
from tests.factories import SHANGHAI, make_user
from tests.people.door import set_up

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 9)
YEARS_1, YEARS_3, YEARS_5 = (datetime(year, 6, 10, 3, 10, tzinfo=SHANGHAI) for year in (2027, 2029, 2031))


def ended(rule: str, at: datetime) -> int:
    (report,) = expiry.run(at=at, only=[rule])
    assert report.failed == 0
    return report.ended


@pytest.fixture
def closed():
    """An account that was used last on the day and is closed."""
    user = make_user("离任")
    seen = datetime(2026, 6, 9, 9, 0, tzinfo=SHANGHAI)
    User.objects.filter(pk=user.pk).update(is_active=False, last_login=seen, date_joined=seen)
    return user


def test_why_somebody_was_away_goes_after_three_years_and_that_he_was_stays(district):
    term = Appointment.objects.get(user=district.worker)
    away = Absence.objects.create(
        appointment=term, starts_on=DAY - timedelta(days=3), ends_on=DAY, deputy=district.lead, reason_code="training"
    )

    assert ended("grids.absences", YEARS_3 - timedelta(days=1)) == 0
    assert ended("grids.absences", YEARS_3) == 1
    assert ended("grids.absences", YEARS_3) == 0

    away.refresh_from_db()
    assert (away.reason_code, away.ends_on, away.deputy) == ("other", DAY, district.lead)


def test_name_and_pledge_of_a_member_go_and_who_was_only_a_name_goes_altogether(district):
    role = GridRole.objects.filter(post_kind="", held_by="person").order_by("pk").first()
    facts = {"area": district.grid, "role": role, "starts_on": DAY - timedelta(days=9), "pledge": "有事随叫随到"}
    named = GridMember.objects.create(name="老王", ends_on=DAY, **facts)
    sent = GridMember.objects.create(name="老李", organisation=district.sanitation, ends_on=DAY, **facts)
    serving = GridMember.objects.create(name="老张", **facts)

    assert ended("grids.members", YEARS_3 - timedelta(days=1)) == 0
    assert ended("grids.members", YEARS_3) == 2
    assert ended("grids.members", YEARS_3) == 0

    assert not GridMember.objects.filter(pk=named.pk).exists()
    sent.refresh_from_db()
    serving.refresh_from_db()
    assert (sent.name, sent.pledge, sent.organisation) == ("", "", district.sanitation)
    assert (serving.name, serving.pledge) == ("老张", "有事随叫随到")


def test_a_pledge_ends_a_year_after_the_account_and_grade_after_three(district, closed):
    for user in (closed, district.worker):
        StaffCard.objects.create(user=user, pledge="有事随叫随到", changed_on=DAY)
        CommunityWorker.objects.create(user=user, area=district.community, grade=9)

    assert (ended("grids.pledges", YEARS_1 - timedelta(days=1)), ended("grids.pledges", YEARS_1)) == (0, 1)
    assert (ended("grids.workers", YEARS_3 - timedelta(days=1)), ended("grids.workers", YEARS_3)) == (0, 1)

    assert StaffCard.objects.get(user=closed).pledge == ""
    assert StaffCard.objects.get(user=district.worker).pledge == "有事随叫随到"
    assert list(CommunityWorker.objects.values_list("user", flat=True)) == [district.worker.pk]


def test_training_ends_five_years_after_its_day(district):
    for day in (DAY, DAY + timedelta(days=1)):
        Training.objects.create(
            user=district.worker, area=district.community, taken_on=day, subject="全科业务", hours=8
        )

    assert (ended("grids.trainings", YEARS_5), ended("grids.trainings", YEARS_5)) == (1, 0)

    assert Training.objects.get().taken_on == DAY + timedelta(days=1)


def test_a_closed_account_loses_its_second_factor_and_its_outside_identity(closed):
    set_up(closed)
    User.objects.filter(pk=closed.pk).update(identity="gov-4711")

    assert ended("people.accounts", YEARS_3 - timedelta(days=1)) == 0
    assert ended("people.accounts", YEARS_3) == 1
    assert ended("people.accounts", YEARS_3) == 0

    closed.refresh_from_db()
    assert (closed.identity, closed.email, closed.last_login) == ("", "", None)
    assert not Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()

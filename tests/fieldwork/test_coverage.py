"""Periods are counted once, grid by grid; who is told of what is missing; what the page says of a month."""

from datetime import date

import pytest

from fieldwork import coverage, households, tasks
from fieldwork.models import VisitCoverage, VisitRule
from fieldwork.periods import Period
from notifications.models import Notice
from tests.factories import TUESDAY
from tests.fieldwork.homes import at, duty, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


@pytest.fixture(autouse=True)
def monthly_alone(district):
    """Ask for the monthly visit from May on, and for contacts from June on: fewer rows to look at."""
    VisitRule.objects.filter(duty__code="household_monthly").update(valid_from=date(2026, 5, 1))
    VisitRule.objects.filter(duty__code="linked_weekly").update(valid_from=date(2026, 6, 1))


def rows(code="household_monthly"):
    return {
        (row.grid.name, row.first_on.isoformat()): (row.asked, row.visited)
        for row in VisitCoverage.objects.filter(duty__code=code).select_related("grid")
    }


def told():
    found = Notice.objects.filter(kind="visits_missed").select_related("recipient")
    return sorted((one.recipient.display_name, one.params["first_on"], one.params["count"]) for one in found)


def test_a_month_is_counted_on_the_third_day_after_it_and_worker_and_lead_are_told(district):
    """Mechanism 004-06: each household at least once a month, and who answers hears of those left out."""
    first, second, *_third = homes(district, "101-103")
    visit(district, first, at("2026-06-30"))
    visit(district, second, at("2026-07-02"), on=date(2026, 6, 30))

    assert coverage.close_periods(at=at("2026-07-02", 7)) == 1  # May
    assert told() == [("lead", "2026-05-01", 3), ("worker", "2026-05-01", 3)]
    assert coverage.close_periods(at=at("2026-07-03", 7)) == 1

    assert rows() == {("第一网格", "2026-05-01"): (3, 0), ("第一网格", "2026-06-01"): (3, 2)}
    assert told() == [
        ("lead", "2026-05-01", 3), ("lead", "2026-06-01", 1), ("worker", "2026-05-01", 3), ("worker", "2026-06-01", 1),
    ]  # fmt: skip
    notice = Notice.objects.filter(recipient=district.worker).latest("created_at")
    assert notice.url_path == "/visits/?grid=620302001001001"


def test_counting_again_counts_and_tells_nothing_more(district):
    homes(district, "101-103")
    coverage.close_periods(at=at("2026-07-03"))
    before, notices = rows(), Notice.objects.count()

    assert coverage.close_periods(at=at("2026-07-03")) == 0
    assert coverage.close_periods(at=at("2026-07-04")) == 0
    assert (rows(), Notice.objects.count()) == (before, notices)


def test_a_task_that_did_not_run_for_a_while_counts_what_it_missed(district):
    homes(district)

    assert coverage.close_periods(at=at("2026-09-10")) == 4
    assert sorted(first for _grid, first in rows()) == ["2026-05-01", "2026-06-01", "2026-07-01", "2026-08-01"]


def test_nobody_is_told_where_nobody_is_missing_and_nothing_is_counted_where_nobody_lives(district):
    (home,) = homes(district)
    visit(district, home, at("2026-05-11"))
    visit(district, home, at("2026-06-11"))

    coverage.close_periods(at=at("2026-07-03"))

    assert rows() == {("第一网格", "2026-05-01"): (1, 1), ("第一网格", "2026-06-01"): (1, 1)}
    assert told() == []


def test_who_came_or_left_within_the_month_is_not_asked_for_in_it(district):
    (left,) = homes(district, "101")
    homes(district, "102", since=at("2026-06-02"))
    homes(district, "103", since=at("2026-06-01"))
    households.close(left, by=district.as_staff(district.lead), at=at("2026-06-29"))

    coverage.close_periods(at=at("2026-07-03"))

    assert rows()["第一网格", "2026-06-01"] == (1, 0)


def test_what_is_written_down_later_changes_no_count(district):
    (home,) = homes(district)
    coverage.close_periods(at=at("2026-07-03"))
    written = visit(district, home, at("2026-07-03"))

    type(written).objects.update(on=date(2026, 6, 30))
    coverage.close_periods(at=at("2026-07-05"))

    assert rows()["第一网格", "2026-06-01"] == (1, 0)


def test_a_linked_person_is_told_of_his_own(district):
    """003, 鸡西城子河: weekly contact of linked members."""
    first, second, third = homes(district, "101-103")
    lead = district.as_staff(district.lead)
    for home in (first, second):
        households.link(home, user=district.window, by=lead, at=at("2026-06-01"))
    households.link(third, user=district.secretary, by=lead, at=at("2026-06-01"))
    visit(district, first, at("2026-06-03"), by=district.window)

    coverage.close_periods(at=at("2026-06-10"))

    assert rows("linked_weekly") == {("第一网格", "2026-06-01"): (3, 1)}
    week = [(name, count) for name, first_on, count in told() if first_on == "2026-06-01"]
    assert week == [("lead", 2), ("secretary", 1), ("window", 1), ("worker", 2)]


def test_the_task_counts(district):
    homes(district)

    tasks.close_periods()

    assert VisitCoverage.objects.exists()


# -- the page of a month --------------------------------------------------------------------------------------------


def page(district, who, area, on, month=JUNE):
    duties, found = coverage.of_month(
        district.as_staff(getattr(district, who)), area, month=month, on=date.fromisoformat(on)
    )
    names = [one.code for one in duties]
    return {
        row.area.label: {
            name: (share.asked, share.visited) for name, share in zip(names, row.shares, strict=True) if share
        }
        for row in found
    }


def test_the_running_month_is_counted_now_and_a_finished_one_stands(district):
    first, *_others = homes(district, "101-103")
    visit(district, first)

    assert page(district, "secretary", district.community, "2026-06-09") == {
        "第一网格": {"household_monthly": (3, 1)}, "第二网格": {},
    }  # fmt: skip
    coverage.close_periods(at=at("2026-07-03"))
    type(first).objects.update(valid_from=date(2026, 6, 15))
    assert page(district, "secretary", district.community, "2026-07-03")["第一网格"] == {"household_monthly": (3, 1)}


def test_weekly_contacts_are_summed_over_the_weeks_that_end_in_the_month(district):
    (home,) = homes(district)
    households.link(home, user=district.window, by=district.as_staff(district.lead), at=at("2026-06-01"))
    visit(district, home, at("2026-06-03"), by=district.window)
    coverage.close_periods(at=at("2026-06-10"))

    # the first week is counted for good; the second, and the third that has just begun, are counted now
    assert page(district, "secretary", district.community, "2026-06-16")["第一网格"]["linked_weekly"] == (3, 1)


def test_a_street_sees_its_communities_and_no_reason_has_a_column(district):
    (home,) = homes(district)
    households.note(home, duty=duty("must_alone"), agreed=True, by=district.as_staff(district.lead), at=TUESDAY)

    assert page(district, "leader", district.street, "2026-06-09") == {"龙集里社区": {"household_monthly": (1, 0)}}


def test_a_small_share_says_so():
    assert coverage.Share(9, 3).is_small
    assert not coverage.Share(10, 3).is_small
    assert coverage.Share(3, 1).percent == 33.3

"""Who is to be visited, by which rule, since when in vain (002-35, 004-06)."""

from datetime import date, timedelta

import pytest

from fieldwork import due, households
from fieldwork.duties import load_rules, standings
from fieldwork.enums import Cadence, State, VisitMode
from fieldwork.models import Household, VisitRule
from tests.factories import TUESDAY
from tests.fieldwork.homes import at, duty, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TODAY = date(2026, 6, 9)


def lines(district, on=TODAY, **asked):
    return due.lines(Household.objects.all(), {district.grid.pk: district.grid.path}, on=on, **asked)


def states(district, on=TODAY, **asked):
    return {
        line.household.door: [(one.standing.duty.code, one.state.value) for one in line.dues]
        for line in lines(district, on, **asked)
    }


def rule(code, cadence, area=None, *, since=date(2026, 1, 1), until=None, modes=("door",)):
    return VisitRule.objects.create(
        duty=duty(code), area=area, cadence=cadence, modes=list(modes), valid_from=since, valid_to=until
    )


# -- which rule holds ------------------------------------------------------------------------------------------


def cadences(path, on=TODAY):
    return {one.duty.code: one.cadence.value for one in standings(load_rules(on), path)}


def test_the_reference_data_asks_for_a_monthly_visit_five_must_visits_care_and_a_weekly_contact(district):
    assert cadences(district.grid.path) == {
        "household_monthly": "month", "must_new": "month", "must_help": "week", "must_alone": "week",
        "must_quarrel": "month", "must_event": "month", "linked_weekly": "week", "care_weekly": "week",
        "care_monthly": "month", "care_quarterly": "quarter",
    }  # fmt: skip


def test_the_nearest_areas_rule_holds(district):
    rule("household_monthly", Cadence.QUARTER, district.street)
    rule("household_monthly", Cadence.WEEK, district.grid)

    assert cadences(district.grid.path)["household_monthly"] == "week"
    assert cadences(district.other_grid.path)["household_monthly"] == "quarter"
    assert cadences(district.other_street.path)["household_monthly"] == "month"


def test_a_rule_holds_from_its_first_to_its_last_day(district):
    rule("household_monthly", Cadence.WEEK, district.grid, since=date(2026, 6, 1), until=date(2026, 6, 8))

    assert cadences(district.grid.path, date(2026, 5, 31))["household_monthly"] == "month"
    assert cadences(district.grid.path, date(2026, 6, 8))["household_monthly"] == "week"
    assert cadences(district.grid.path, date(2026, 6, 9))["household_monthly"] == "month"


def test_of_two_rules_of_one_area_the_younger_holds(district):
    rule("household_monthly", Cadence.WEEK, since=date(2026, 1, 1))
    rule("household_monthly", Cadence.YEAR, since=date(2026, 5, 1))

    assert cadences(district.grid.path)["household_monthly"] == "year"


def test_what_the_nearest_area_never_asks_for_is_not_asked_for(district):
    rule("household_monthly", Cadence.NEVER, district.community)
    homes(district)

    assert "household_monthly" not in cadences(district.grid.path)
    assert states(district) == {}


# -- due, late, done -------------------------------------------------------------------------------------------


def test_a_household_nobody_visited_is_due_and_late_since_the_month_before(district):
    old, *_ = homes(district, "101")
    homes(district, "102", since=TUESDAY)
    visit(district, old, at("2026-05-20"))
    homes(district, "103")

    assert states(district) == {
        "103": [("household_monthly", "late")],
        "101": [("household_monthly", "due")],
        "102": [("household_monthly", "due")],
    }


def test_due_becomes_soon_in_the_last_days(district):
    (home,) = homes(district)
    visit(district, home, at("2026-05-20"))

    assert states(district, date(2026, 6, 24)) == {"101": [("household_monthly", "due")]}
    assert states(district, date(2026, 6, 25)) == {"101": [("household_monthly", "soon")]}


@pytest.mark.parametrize(("mode", "counts"), [("door", True), ("phone", False), ("group", False), ("absent", False)])
def test_a_monthly_visit_is_one_at_the_door(district, mode, counts):
    (home,) = homes(district)
    visit(district, home, mode=VisitMode(mode))

    assert (states(district) == {}) is counts


def test_a_vain_attempt_is_shown_and_one_taken_back_is_none(district):
    (home,) = homes(district)
    visit(district, home, mode=VisitMode.ABSENT)
    visit(district, home, mode=VisitMode.ABSENT, when=at("2026-05-30"))
    visit(district, home)
    assert lines(district) == []

    home.visits.filter(mode="door").update(struck_at=TUESDAY)

    (line,) = lines(district)
    assert (line.tried, line.state) == (1, State.LATE)


def test_who_has_moved_is_not_asked_for(district):
    (home,) = homes(district)
    households.close(home, by=district.as_staff(district.worker), at=TUESDAY)

    assert states(district) == {"101": [("household_monthly", "late")]}
    assert states(district, TODAY + timedelta(days=1)) == {}


def test_a_reason_noted_is_asked_for_in_its_own_rhythm_from_the_first_day(district):
    """Mechanism 002-35: five must-visits, each with its interval."""
    (home,) = homes(district)
    visit(district, home, at("2026-06-08"))
    households.note(home, duty=duty("must_alone"), agreed=True, by=district.as_staff(district.lead), at=TUESDAY)

    assert states(district) == {}  # Monday's visit is of this week
    assert states(district, date(2026, 6, 15)) == {"101": [("must_alone", "due")]}
    visit(district, home, at("2026-06-16"), mode=VisitMode.PHONE)
    assert states(district, date(2026, 6, 16)) == {}
    # the second full week passed without anybody
    assert states(district, date(2026, 6, 29)) == {"101": [("must_alone", "late")]}


def test_a_weekly_contact_is_the_linked_persons_own(district):
    """003, 鸡西城子河: members keep weekly contact with their households."""
    (home,) = homes(district)
    visit(district, home)
    households.link(home, user=district.window, by=district.as_staff(district.lead), at=at("2026-06-01"))

    mine = {"user_id": district.window.pk}
    assert states(district) == {}  # it is nobody else's to do
    assert states(district, every_kind=True) == {"101": [("linked_weekly", "late")]}
    assert states(district, **mine) == {"101": [("linked_weekly", "late")]}
    visit(district, home, by=district.worker, mode=VisitMode.GROUP)
    assert states(district, **mine) == {"101": [("linked_weekly", "late")]}
    visit(district, home, by=district.window, mode=VisitMode.GROUP)
    assert states(district, **mine) == {}
    assert states(district, user_id=district.lead.pk) == {}


def test_the_list_goes_house_by_house_as_people_count(district):
    homes(district, "1001 102 9 10")

    assert [line.household.door for line in lines(district)] == ["9", "10", "102", "1001"]


def test_the_list_costs_the_same_however_long_it_is(district, django_assert_num_queries):
    homes(district, "101-180")

    with django_assert_num_queries(2):
        found = lines(district)

    assert len(found) == 80
    assert found[0].household.address() == "3号楼 2单元 101"


def test_counts_say_what_the_list_shows_and_linked_ones_are_the_persons_own(district, django_assert_num_queries):
    first, *_others = homes(district, "101-105")
    visit(district, first, at("2026-05-20"))
    households.link(first, user=district.window, by=district.as_staff(district.lead), at=at("2026-06-01"))
    worker, window = district.as_staff(district.worker), district.as_staff(district.window)

    with django_assert_num_queries(2):
        counted = due.counts(worker, on=TODAY)

    assert counted == due.Counts(due=5, late=4)
    assert due.counts(window, on=TODAY) == due.Counts(due=1, late=1)
    assert due.counts(district.as_staff(district.dispatcher), on=TODAY) is None

"""Policies and the calendar as files: a new version from a day, a year as a whole, errors at their columns."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from deadlines.models import CalendarDay, CalendarYear, Policy, RecomputeRun, Stage
from deadlines.resources import CalendarResource, PolicyResource

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
KEY = "reply_5wd"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def exported() -> list[list[str]]:
    stages = Stage.objects.filter(policy__key=KEY, policy__valid_to=None).order_by("position")
    data = PolicyResource().export(stages)
    return [list(data.headers), *[[str(cell) for cell in row] for row in data]]


def with_column(rows: list[list[str]], name: str, value: str, at: int = 1) -> list[list[str]]:
    rows[at][rows[0].index(name)] = value
    return rows


def take_in(kind, rows, *, dry_run=False):
    resource = kind(at=NOW)
    result = resource.read_rows(rows, dry_run=dry_run)
    return resource, [(one.row, one.column.split(" ", 1)[-1], one.message) for one in resource.problems(result)]


def test_an_exported_policy_that_comes_back_makes_no_version():
    _resource, problems = take_in(PolicyResource, exported())

    assert problems == []
    assert Policy.objects.filter(key=KEY).count() == 1


def test_a_changed_limit_is_the_next_version_from_tomorrow_and_the_old_one_keeps_its_days():
    before = Policy.objects.get(key=KEY)
    ladder = [rung.at for rung in before.stages.first().rungs.order_by("position")]

    resource, problems = take_in(PolicyResource, with_column(exported(), "limit_value", "9"))

    before.refresh_from_db()
    new = Policy.objects.get(key=KEY, valid_to=None)
    assert problems == []
    assert (before.valid_to, new.version, new.valid_from, new.edited) == (date(2026, 6, 9), 2, date(2026, 6, 10), True)
    changed = new.stages.get(position=0)
    assert (changed.limit_value, [rung.at for rung in changed.rungs.order_by("position")]) == (9, ladder)
    assert new.rules == before.rules
    assert resource.remarks == ["reply_5wd v2 holds for new cases from 2026-06-10; what runs keeps its version."]


def test_a_check_stores_nothing():
    take_in(PolicyResource, with_column(exported(), "limit_value", "9"), dry_run=True)

    assert Policy.objects.filter(key=KEY).count() == 1


@pytest.mark.parametrize(
    ("column", "value", "heading"),
    [
        ("limit_value", "many", "Limit"),
        ("limit_value", "99999", "Limit"),
        ("anchor", "yesterday", "Starts with"),
        ("nature", "hope", "Nature"),
        ("ladder", "overdue nowhere - red", "Ladder"),
        ("ladder", "80% grid grid_lead remind", "Ladder"),
        ("new_from", "2026-06-09", "New version from"),
        ("applies_when", "a b", "Applies when"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(column: str, value: str, heading: str):
    rows = with_column(exported(), column, value)
    if column == "ladder":
        with_column(rows, "nature", "duty")

    _resource, problems = take_in(PolicyResource, rows)

    assert [(row, name) for row, name, _said in problems] == [(2, heading)]
    assert Policy.objects.filter(key=KEY).count() == 1


def test_a_new_policy_gets_the_default_ladder_and_needs_a_name():
    head = ["policy", "policy_name_zh", "policy_name_en", "stage", "name_zh", "name_en", "limit_value", "limit_unit",
            "clock", "anchor", "stopped_by", "nature"]  # fmt: skip
    row = [
        "park",
        "公园",
        "Park",
        "resolve",
        "办结",
        "Resolve",
        "3",
        "workday",
        "working",
        "accepted",
        "resolved",
        "duty",
    ]

    _resource, unnamed = take_in(PolicyResource, [head, [*row[:1], "", *row[2:]]])
    _resource, problems = take_in(PolicyResource, [head, row])

    assert [(at, column) for at, column, _said in unnamed] == [(2, "Policy (Chinese)")]
    assert problems == []
    park = Policy.objects.get(key="park")
    assert (park.version, park.valid_from) == (1, date(2026, 6, 10))
    assert [rung.at for rung in park.stages.get().rungs.order_by("position")] == [
        "overdue", "overdue+1wd", "overdue+3wd",
    ]  # fmt: skip


HEAD = ["date", "kind", "code", "name_zh", "name_en", "notice", "confirmed"]
NEW_YEAR = ["2031-01-01", "holiday", "new_year", "元旦", "New Year's Day", "No. 9", "1"]
SUNDAY = ["2031-01-05", "makeup_workday", "new_year", "元旦", "New Year's Day", "No. 9", "1"]


def test_a_year_comes_in_with_its_notice_and_what_it_no_longer_names_goes(district):
    district.petition()  # something is open, whose dates may depend on it
    _resource, problems = take_in(CalendarResource, [HEAD, NEW_YEAR, SUNDAY])
    assert problems == []
    resource, _none = take_in(CalendarResource, [HEAD, NEW_YEAR])

    year = CalendarYear.objects.get(year=2031)
    assert (year.notice, year.confirmed) == ("No. 9", True)
    assert list(CalendarDay.objects.filter(year=2031).values_list("date", flat=True)) == [date(2031, 1, 1)]
    assert resource.remarks[0] == "2031-01-05 is not in the file and is taken out."
    assert resource.remarks[1] == "Open clocks that cross a changed day are computed anew."
    assert RecomputeRun.objects.get().since == date(2031, 1, 1)  # the run that waits reaches back far enough


def test_the_same_year_again_has_nothing_computed_anew(district):
    district.petition()
    take_in(CalendarResource, [HEAD, NEW_YEAR])
    before = RecomputeRun.objects.count()

    resource, problems = take_in(CalendarResource, [HEAD, NEW_YEAR])

    assert (problems, resource.remarks, RecomputeRun.objects.count()) == ([], [], before)


def test_a_day_that_cannot_be_is_refused_at_its_column():
    monday = ["2031-01-06", *SUNDAY[1:]]
    other = ["2031-01-02", *NEW_YEAR[1:5], "No. 10", "1"]

    _resource, problems = take_in(
        CalendarResource, [HEAD, NEW_YEAR, monday, other, NEW_YEAR, ["1031-01-01", *SUNDAY[1:]]]
    )

    assert [(row, column) for row, column, _said in problems] == [
        (3, "Kind"), (4, "Notice"), (5, "Date"), (6, "Date"),
    ]  # fmt: skip
    assert not CalendarDay.objects.filter(date__year=2031).exists()

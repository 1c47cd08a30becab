"""A clock that stood still: within a day, over midnight or a holiday, twice in a minute, from the start, still now."""

from datetime import timedelta

import pytest

from deadlines.calendar import Limit, StillPaused, counted, due
from tests.deadlines.beijing_calendar import at, calendar_2024_2026, office


def pauses(*spans):
    return [(at(begins), None if ends is None else at(ends)) for begins, ends in spans]


def paused_due(start, limit, *spans, kind="working", **rules):
    return due(at(start), limit, kind, calendar_2024_2026(), office(), pauses=pauses(*spans), **rules).at


FOUR_HOURS, THREE_DAYS = Limit(4, "hour"), Limit(3, "workday")


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        # Monday 3 March 10:00; without a pause 15:30
        ([], "2025-03-03 15:30"),
        ([("2025-03-03 10:30", "2025-03-03 11:00")], "2025-03-03 16:00"),
        ([("2025-03-03 10:30", "2025-03-03 14:00")], "2025-03-03 17:30"),  # two open hours of it
        ([("2025-03-03 12:00", "2025-03-03 13:30")], "2025-03-03 15:30"),  # lunch: nothing lost
        ([("2025-03-03 15:00", "2025-03-04 10:00")], "2025-03-04 10:30"),  # over midnight
        ([("2025-03-03 15:00", "2025-03-03 20:00")], "2025-03-04 09:30"),
        ([("2025-03-03 15:30", "2025-03-05 10:00")], "2025-03-03 15:30"),  # begins as the limit is used up
        ([("2025-03-03 10:00", "2025-03-06 10:00")], "2025-03-06 15:30"),  # paused from the start
        ([("2025-03-02 10:00", "2025-03-06 10:00")], "2025-03-06 15:30"),  # and from before it
        # two pauses in the same minute, and two that overlap
        ([("2025-03-03 10:30:10", "2025-03-03 10:30:20"), ("2025-03-03 10:30:40", "2025-03-03 10:30:50")],
         "2025-03-03 15:30:20"),
        ([("2025-03-03 10:30", "2025-03-03 11:00"), ("2025-03-03 10:45", "2025-03-03 11:15")], "2025-03-03 16:15"),
        ([("2025-03-03 10:45", "2025-03-03 11:15"), ("2025-03-03 10:30", "2025-03-03 11:00")], "2025-03-03 16:15"),
        ([("2025-03-03 10:30", "2025-03-03 10:30")], "2025-03-03 15:30"),  # no pause at all
    ],
)  # fmt: skip
def test_open_hours_inside_a_pause_do_not_count(spans, expected):
    """Case 10: within a day, over midnight, from the start, two in the same minute."""
    assert paused_due("2025-03-03 10:00", FOUR_HOURS, *spans) == at(expected)


def test_hours_paused_over_a_holiday_block():
    # 30 September 16:00 + 4 h; paused from 17:00 until 8 October 10:00: 1 h before, 3 h after it
    found = paused_due("2024-09-30 16:00", FOUR_HOURS, ("2024-09-30 17:00", "2024-10-08 10:00"))

    assert found == at("2024-10-08 14:30")


def test_a_natural_clock_loses_exactly_the_pause():
    found = paused_due("2025-03-03 23:00", Limit(2, "hour"), ("2025-03-03 23:30", "2025-03-05 07:10"), kind="natural")

    assert found == at("2025-03-05 08:40")


@pytest.mark.parametrize(
    ("spans", "last"),
    [
        # Monday 3 March 10:00 + 3 working days: Tuesday, Wednesday, Thursday 6
        ([], "2025-03-06"),
        ([("2025-03-04 09:00", "2025-03-04 17:00")], "2025-03-06"),  # within a day
        ([("2025-03-04 00:01", "2025-03-04 23:59")], "2025-03-06"),
        ([("2025-03-04 17:00", "2025-03-05 09:00")], "2025-03-07"),  # over one midnight: Wednesday began paused
        ([("2025-03-04 00:00", "2025-03-04 08:00")], "2025-03-07"),  # from midnight on: so did Tuesday
        ([("2025-03-04 08:00", "2025-03-05 00:00")], "2025-03-06"),  # up to midnight: Wednesday begins running
        ([("2025-03-04 10:00", "2025-03-06 15:00")], "2025-03-10"),  # Wednesday and Thursday lost; Friday, Monday
        ([("2025-03-03 10:05", "2025-03-05 16:00")], "2025-03-10"),  # the day of resumption is like one of receipt
        ([("2025-03-03 10:00", "2025-03-05 16:00")], "2025-03-10"),  # paused from the start
        ([("2025-03-03 11:00", "2025-03-03 12:00")], "2025-03-06"),  # within the day of receipt
        ([("2025-03-05 10:00", "2025-03-09 20:00")], "2025-03-10"),  # Thursday, Friday lost; the weekend is none
        ([("2025-03-04 23:59", "2025-03-05 00:01"), ("2025-03-05 23:59", "2025-03-06 00:01")], "2025-03-10"),
        ([("2025-03-04 23:59:10", "2025-03-04 23:59:20"), ("2025-03-04 23:59:30", "2025-03-04 23:59:50")],
         "2025-03-06"),
    ],
)  # fmt: skip
def test_a_day_counts_if_the_clock_runs_as_it_begins(spans, last):
    assert paused_due("2025-03-03 10:00", THREE_DAYS, *spans) == at(last) + timedelta(days=1)


@pytest.mark.parametrize(
    ("spans", "last"),
    [
        # the clock stands when the last day, Thursday 6 March, ends: that day is given again after the pause
        ([("2025-03-06 10:00", "2025-03-07 09:00")], "2025-03-10"),
        ([("2025-03-06 10:00", "2025-03-08 09:00")], "2025-03-10"),
        ([("2025-03-06 10:00", "2025-03-07 00:00")], "2025-03-07"),
        # and so is the day given again, if need be
        ([("2025-03-06 10:00", "2025-03-07 09:00"), ("2025-03-10 22:00", "2025-03-11 08:00")], "2025-03-12"),
        # too late: it was due when the pause began
        ([("2025-03-07 00:00", "2025-03-09 09:00")], "2025-03-06"),
    ],
)
def test_no_limit_in_days_ends_inside_a_pause(spans, last):
    assert paused_due("2025-03-03 10:00", THREE_DAYS, *spans) == at(last) + timedelta(days=1)


def test_days_paused_over_the_spring_festival():
    """Case 10: several days, across a holiday."""
    # Thursday 8 February 2024 + 2 wd: 9 and Sunday 18; paused on the 9th at 15:00 until Monday 19 at 09:00
    found = paused_due("2024-02-08 10:00", Limit(2, "workday"), ("2024-02-09 15:00", "2024-02-19 09:00"))

    # 9 counted; 18 and 19 began in the pause; Tuesday 20 is the second
    assert found == at("2024-02-21")


def test_a_pause_over_rest_days_alone_costs_no_working_day():
    assert paused_due("2025-03-06 10:00", Limit(2, "workday"), ("2025-03-08 08:00", "2025-03-09 20:00")) == at(
        "2025-03-11"
    )


def test_calendar_days_lose_rest_days_too():
    found = paused_due("2025-03-06 10:00", Limit(5, "day"), ("2025-03-08 08:00", "2025-03-09 20:00"), kind="natural")

    # 7, 8, 10, 11, 12: the 9th began in the pause
    assert found == at("2025-03-13")


@pytest.mark.parametrize(
    ("ends", "last"),
    [("2025-03-04 12:00", "2025-03-04"), ("2025-03-04 00:00", "2025-03-04"), ("2025-03-08 08:00", "2025-03-08")],
)
def test_zero_days_paused_over_midnight_end_with_the_day_of_resumption(ends, last):
    found = paused_due("2025-03-03 10:00", Limit(0, "workday"), ("2025-03-03 12:00", ends))

    assert found == at(last) + timedelta(days=1)


def test_a_rolled_last_day_that_ends_in_a_pause_is_given_again():
    # five days from Monday end on Saturday 8, rolled to Monday 10; it stands at the end of Monday
    spans = ("2025-03-10 10:00", "2025-03-11 09:00")

    assert paused_due("2025-03-03 10:00", Limit(5, "day"), spans, roll=True) == at("2025-03-13")
    assert paused_due("2025-03-03 10:00", Limit(5, "day"), spans) == at("2025-03-09")


def test_a_last_day_rolls_to_a_working_day_that_begins_running():
    # one day from Friday is Saturday 8, rolled to Monday 10, which began in the pause: Tuesday
    spans = ("2025-03-08 00:01", "2025-03-10 00:01")

    assert paused_due("2025-03-07 10:00", Limit(1, "day"), spans, roll=True) == at("2025-03-12")


@pytest.mark.parametrize("limit", [FOUR_HOURS, THREE_DAYS, Limit(3, "day")])
def test_an_open_pause_leaves_the_date_open(limit):
    with pytest.raises(StillPaused, match="has stood still since 2025-03-03 10:30"):
        paused_due("2025-03-03 10:00", limit, ("2025-03-03 10:30", None))


def test_an_open_pause_on_the_last_day_leaves_the_date_open():
    with pytest.raises(StillPaused, match="2025-03-06 10:30"):
        paused_due("2025-03-03 10:00", THREE_DAYS, ("2025-03-06 10:30", None))


def test_a_pause_after_the_due_date_changes_nothing():
    assert paused_due("2025-03-03 10:00", FOUR_HOURS, ("2025-03-03 16:00", None)) == at("2025-03-03 15:30")
    assert paused_due("2025-03-03 10:00", THREE_DAYS, ("2025-03-07 08:00", None)) == at("2025-03-07")


def test_an_open_pause_swallows_those_inside_it():
    spans = [("2025-03-03 16:00", None), ("2025-03-03 17:00", "2025-03-03 17:10")]

    assert paused_due("2025-03-03 10:00", FOUR_HOURS, *spans) == at("2025-03-03 15:30")
    with pytest.raises(StillPaused):
        paused_due("2025-03-03 10:00", Limit(6, "hour"), *spans)


def test_a_pause_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="cannot end"):
        paused_due("2025-03-03 10:00", FOUR_HOURS, ("2025-03-03 12:00", "2025-03-03 11:00"))


def test_counted_leaves_the_pauses_out_and_an_open_one_lasts_until_the_end():
    spans = pauses(("2025-03-03 10:30", "2025-03-04 09:30"), ("2025-03-06 10:00", None))

    found = counted(
        at("2025-03-03 10:00"), at("2025-03-10 09:00"), "working", calendar_2024_2026(), office(), pauses=spans
    )

    # 30 min on Monday, 6.5 h on Tuesday, 7 h on Wednesday, 1 h on Thursday; Wednesday and Thursday began running
    assert found.time == timedelta(hours=15)
    assert (found.workdays, found.days) == (2, 2)


# -- extensions


@pytest.mark.parametrize(
    ("limit", "extensions", "expected"),
    [
        (THREE_DAYS, [Limit(10, "workday")], "2025-03-21"),  # 4-6, 7, 10-14, 17-20 March
        (THREE_DAYS, [Limit(1, "workday"), Limit(1, "workday")], "2025-03-11"),
        (FOUR_HOURS, [Limit(2, "hour")], "2025-03-03 17:30"),
        (THREE_DAYS, [Limit(2, "day")], "2025-03-09"),  # on from Friday 00:00: Friday and Saturday
        (FOUR_HOURS, [Limit(1, "workday")], "2025-03-05"),  # Monday afternoon is the day of receipt
        (THREE_DAYS, [Limit(90, "minute")], "2025-03-07 10:30"),
        (THREE_DAYS, [Limit(2, "day"), Limit(1, "day"), Limit(2, "hour")], "2025-03-10 11:00"),
    ],
)
def test_an_extension_lengthens_the_limit_or_counts_on_from_it(limit, extensions, expected):
    found = due(at("2025-03-03 10:00"), limit, "working", calendar_2024_2026(), office(), extensions=extensions)

    assert found.at == at(expected)


def test_an_extension_in_another_unit_respects_the_pauses():
    found = paused_due(
        "2025-03-03 10:00", THREE_DAYS,
        ("2025-03-04 17:00", "2025-03-05 09:00"), ("2025-03-08 10:00", "2025-03-10 09:30"),
        extensions=[Limit(1, "day"), Limit(1, "hour")],
    )  # fmt: skip

    # Tuesday, Thursday, Friday; one day more would be Saturday but ends in the pause: Tuesday 11; then one open hour
    assert found == at("2025-03-12 10:00")


def test_an_extension_over_the_year_end_is_provisional():
    found = due(
        at("2026-12-21 10:00"), Limit(2, "workday"), "working", calendar_2024_2026(), extensions=[Limit(5, "workday")]
    )

    assert (found.at, found.provisional) == (at("2026-12-31"), True)


def test_limits_add_up_only_in_the_same_unit():
    assert Limit(3, "workday").plus(Limit(10, "workday")) == Limit(13, "workday")
    with pytest.raises(ValueError, match="cannot be added up"):
        Limit(3, "workday").plus(Limit(1, "day"))

"""Why a date is what it is, as facts."""

from datetime import date, time

import pytest

from deadlines.calendar import Hours, Limit, MakeupDay, Opening, Rule, SkippedDay, SkipReason, due, explain
from tests.deadlines.beijing_calendar import at, calendar_2024_2026, office


def skipped(*days):
    return tuple(SkippedDay(date.fromisoformat(day), SkipReason(reason), name) for day, reason, name in days)


def test_the_national_day_is_explained_day_by_day():
    found = explain(at("2024-09-27 16:30"), Limit(7, "workday"), "working", calendar_2024_2026(), office())

    assert (found.rule, found.kind, found.limit) == (Rule.WORKING_DAYS, "working", Limit(7, "workday"))
    assert found.counts_from == at("2024-09-29")
    assert found.skipped == skipped(
        ("2024-09-28", "weekend", ""),
        ("2024-10-01", "holiday", "National Day"),
        ("2024-10-02", "holiday", "National Day"),
        ("2024-10-03", "holiday", "National Day"),
        ("2024-10-04", "holiday", "National Day"),
        ("2024-10-05", "weekend", ""),
        ("2024-10-06", "weekend", ""),
        ("2024-10-07", "holiday", "National Day"),
    )
    assert found.makeup == (
        MakeupDay(date(2024, 9, 29), "National Day"),
        MakeupDay(date(2024, 10, 12), "National Day"),
    )
    assert (found.last_day, found.due, found.provisional) == (date(2024, 10, 12), at("2024-10-13"), False)
    assert (found.pauses, found.extensions) == ((), ())


def test_a_natural_clock_has_nothing_to_skip():
    found = explain(at("2024-09-30 23:55"), Limit(10, "minute"), "natural", calendar_2024_2026())

    assert (found.rule, found.counts_from, found.due) == (
        Rule.EVERY_MINUTE, at("2024-09-30 23:55"), at("2024-10-01 00:05"),
    )  # fmt: skip
    assert (found.skipped, found.makeup, found.last_day) == ((), (), None)


def test_open_hours_name_the_closed_days_and_the_next_opening():
    found = explain(at("2024-09-28 10:00"), Limit(15, "hour"), "working", calendar_2024_2026(), office())

    assert (found.rule, found.counts_from) == (Rule.OPEN_HOURS, at("2024-09-29 09:00"))
    assert found.skipped[0] == SkippedDay(date(2024, 9, 28), SkipReason.WEEKEND, "")
    assert [each.reason.value for each in found.skipped[1:]] == ["holiday"] * 4 + ["weekend"] * 2 + ["holiday"]
    assert found.makeup == (MakeupDay(date(2024, 9, 29), "National Day"),)
    assert (found.last_day, found.due) == (None, at("2024-10-08 10:00"))


def test_a_desk_closed_on_mondays_says_so():
    hours = Hours(calendar_2024_2026(), tuple(Opening(day, time(9), time(12)) for day in (1, 2, 3, 4)))

    found = explain(at("2025-03-10 10:00"), Limit(1, "hour"), "service_hours", calendar_2024_2026(), hours)

    assert found.skipped == skipped(("2025-03-10", "closed", ""))
    assert found.due == at("2025-03-11 10:00")


def test_days_that_began_in_a_pause_are_named_and_so_is_the_day_given_again():
    # Tuesday and Wednesday count; Thursday, the last, ends standing; Friday begins so; Monday takes Thursday's place
    pauses = [(at("2025-03-06 10:00"), at("2025-03-07 09:00"))]

    found = explain(at("2025-03-03 10:00"), Limit(3, "workday"), "working", calendar_2024_2026(), pauses=pauses)

    assert found.skipped == skipped(
        ("2025-03-06", "paused", ""), ("2025-03-07", "paused", ""), ("2025-03-08", "weekend", ""),
        ("2025-03-09", "weekend", ""),
    )  # fmt: skip
    assert (found.last_day, found.pauses) == (date(2025, 3, 10), tuple(pauses))


def test_calendar_days_skip_only_pauses_and_the_rest_days_a_rolled_end_passes_over():
    start, limit = at("2024-09-20 11:00"), Limit(15, "day")

    plain = explain(start, limit, "calendar_day", calendar_2024_2026())
    rolled = explain(start, limit, "calendar_day", calendar_2024_2026(), roll=True)

    assert (plain.rule, plain.skipped, plain.makeup, plain.last_day) == (
        Rule.CALENDAR_DAYS, (), (), date(2024, 10, 5),
    )  # fmt: skip
    assert rolled.skipped == skipped(
        ("2024-10-05", "weekend", ""), ("2024-10-06", "weekend", ""), ("2024-10-07", "holiday", "National Day")
    )
    assert rolled.last_day == date(2024, 10, 8)


def test_an_extension_is_part_of_the_explanation():
    found = explain(
        at("2025-03-03 10:00"), Limit(3, "workday"), "working", calendar_2024_2026(), office(),
        extensions=[Limit(2, "workday"), Limit(2, "hour")],
    )  # fmt: skip

    assert found.extensions == (Limit(2, "workday"), Limit(2, "hour"))
    assert (found.due, found.last_day) == (at("2025-03-11 11:00"), None)


def test_while_the_clock_stands_the_date_is_open_and_the_days_so_far_are_named():
    found = explain(
        at("2025-03-07 10:00"), Limit(3, "workday"), "working", calendar_2024_2026(),
        pauses=[(at("2025-03-10 15:00"), None)],
    )  # fmt: skip

    assert (found.due, found.last_day, found.provisional) == (None, None, False)
    assert found.skipped == skipped(("2025-03-08", "weekend", ""), ("2025-03-09", "weekend", ""))
    assert found.counts_from == at("2025-03-10")


def test_a_clock_that_never_ran_has_no_first_day():
    found = explain(
        at("2025-03-07 10:00"), Limit(3, "workday"), "working", calendar_2024_2026(),
        pauses=[(at("2025-03-07 10:00"), None)],
    )  # fmt: skip

    assert (found.counts_from, found.skipped, found.due) == (None, (), None)


def test_a_provisional_date_says_so():
    assert explain(at("2026-12-28 10:00"), Limit(5, "workday"), "working", calendar_2024_2026()).provisional is True


@pytest.mark.parametrize(("limit", "kind"), [(Limit(0, "workday"), "working"), (Limit(0, "minute"), "natural")])
def test_a_limit_of_zero_is_explained_too(limit, kind):
    start = at("2025-03-03 10:00")

    found = explain(start, limit, kind, calendar_2024_2026())

    assert (found.due, found.skipped) == (due(start, limit, kind, calendar_2024_2026()).at, ())

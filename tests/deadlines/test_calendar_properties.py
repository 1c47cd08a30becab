"""The arithmetic against an oracle that walks day by day and minute by minute, over drawn calendars, hours and pauses.

Every property runs 200 examples (``EXAMPLES``); the walk over minutes 100.
"""

from datetime import datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from deadlines.calendar import (
    BEIJING,
    Limit,
    Rule,
    counted,
    due,
    explain,
)
from tests.deadlines.calendar_oracle import (
    EXAMPLES,
    FEWER_EXAMPLES,
    MINUTE,
    ONE_DAY,
    OPEN_KINDS,
    cases,
    day_limits,
    is_open,
    limits,
    minute_limits,
    walked_days,
    walked_minutes,
)

# -- due dates are what the walk finds


@EXAMPLES
@given(cases(limits=day_limits), st.booleans())
def test_days_end_where_the_walk_over_the_days_ends(case, roll):
    start, limit, kind, cal, hours, pauses = case

    found = due(start, limit, kind, cal, hours, pauses=pauses, roll=roll)

    assert found.at == walked_days(start, limit, cal, pauses, roll=roll)


@FEWER_EXAMPLES
@given(cases(limits=minute_limits))
def test_minutes_end_where_the_walk_over_the_minutes_ends(case):
    start, limit, kind, cal, hours, pauses = case

    assert due(start, limit, kind, cal, hours, pauses=pauses).at == walked_minutes(start, limit, kind, hours, pauses)


@EXAMPLES
@given(cases())
def test_a_date_is_provisional_if_a_day_it_rests_on_is(case):
    start, limit, kind, cal, hours, pauses = case

    found = due(start, limit, kind, cal, hours, pauses=pauses)

    day, end = (
        start.astimezone(BEIJING).date(),
        found.at - (timedelta(microseconds=1) if limit.in_days else timedelta(0)),
    )
    span = [day + i * ONE_DAY for i in range((end.date() - day).days + 1)]
    rests_on_notices = limit.unit == "workday" or (not limit.in_days and kind in OPEN_KINDS)
    assert found.provisional is (rests_on_notices and any(_unsure(cal, each) for each in span))


def _unsure(cal, day):
    if day.year not in cal.confirmed_years:
        return True
    return (day.month, day.day) >= (12, 26) and day.year + 1 not in cal.confirmed_years


# -- inverses


@EXAMPLES
@given(cases(limits=minute_limits))
def test_what_has_counted_until_the_due_date_is_the_limit(case):
    start, limit, kind, cal, hours, pauses = case
    due_at = due(start, limit, kind, cal, hours, pauses=pauses).at

    length, moment = timedelta(microseconds=limit.microseconds), timedelta(microseconds=1)
    assert counted(start, due_at, kind, cal, hours, pauses=pauses).time == length
    if limit.value:
        assert counted(start, due_at - moment, kind, cal, hours, pauses=pauses).time == length - moment


@EXAMPLES
@given(cases(limits=day_limits))
def test_the_days_counted_until_the_due_date_are_the_limit_and_a_day_given_again(case):
    start, limit, kind, cal, hours, pauses = case
    due_at = due(start, limit, kind, cal, hours, pauses=pauses).at

    found = counted(start, due_at, kind, cal, hours, pauses=pauses)
    days_counted = found.workdays if limit.unit == "workday" else found.days

    assert limit.value <= days_counted <= limit.value + len(pauses)
    if not pauses:
        assert days_counted == limit.value


@EXAMPLES
@given(cases(), st.integers(0, 20000), st.integers(0, 20000))
def test_time_counted_adds_up(case, one, other):
    start, _, kind, cal, hours, pauses = case
    middle, end = start + one * MINUTE, start + (one + other) * MINUTE

    first, second, whole = (
        counted(begins, ends, kind, cal, hours, pauses=pauses).time
        for begins, ends in ((start, middle), (middle, end), (start, end))
    )

    assert first + second == whole


@EXAMPLES
@given(cases(limits=minute_limits), minute_limits)
def test_a_limit_split_in_two_ends_at_the_same_moment(case, more):
    start, limit, kind, cal, hours, pauses = case
    whole = Limit(limit.microseconds // 60_000_000 + more.microseconds // 60_000_000, "minute")

    first = due(start, limit, kind, cal, hours, pauses=pauses).at

    # from where the first part ended: the pauses before that are over
    assume(whole.value > 0 and more.value > 0)
    assert due(first, more, kind, cal, hours, pauses=pauses).at == due(start, whole, kind, cal, hours, pauses=pauses).at


@EXAMPLES
@given(cases(), limits)
def test_an_extension_ends_after_the_limit_and_in_the_same_unit_as_one_limit(case, more):
    start, limit, kind, cal, hours, pauses = case

    plain, extended = (
        due(start, limit, kind, cal, hours, pauses=pauses, extensions=extensions).at for extensions in ([], [more])
    )

    assert extended >= plain
    if more.unit == limit.unit:
        assert extended == due(start, limit.plus(more), kind, cal, hours, pauses=pauses).at


# -- explanations


@EXAMPLES
@given(cases(), st.booleans())
def test_an_explanation_accounts_for_every_day(case, roll):
    start, limit, kind, cal, hours, pauses = case
    arguments = {"pauses": pauses, "roll": roll}

    found = explain(start, limit, kind, cal, hours, **arguments)

    assert (found.due, found.provisional) == (
        due(start, limit, kind, cal, hours, **arguments).at,
        due(start, limit, kind, cal, hours, **arguments).provisional,
    )
    if found.rule in (Rule.WORKING_DAYS, Rule.CALENDAR_DAYS):
        first = start.astimezone(BEIJING).date()
        assert found.last_day == (found.due - ONE_DAY).date()
        if limit.value:  # else a day of receipt that ended in a pause is given again
            assert (found.last_day - first).days - len(found.skipped) == limit.value
        assert {each.day for each in found.makeup}.isdisjoint(each.day for each in found.skipped)
    if found.rule is Rule.WORKING_DAYS:
        assert all(cal.days.get(each.day) == "makeup_workday" for each in found.makeup)
    if found.rule is Rule.OPEN_HOURS:
        opened = [each.day for each in found.skipped if _opens(hours, each.day)]
        assert opened == []


def _opens(hours, day):
    return any(is_open(hours, datetime.combine(day, each.opens, BEIJING)) for each in hours.openings)

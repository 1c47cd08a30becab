"""Order: longer, later or paused never ends earlier; rungs stand around the due date; shares never fall.

The same drawn cases and the same oracle as ``test_calendar_properties``.
"""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deadlines.calendar import (
    BEIJING,
    Limit,
    counted,
    due,
    elapsed_share,
    fire_at,
    offset,
)
from tests.deadlines.calendar_oracle import EXAMPLES, MINUTE, ONE_DAY, cases, day_limits, is_worked, walked_minutes


@EXAMPLES
@given(cases(), st.integers(0, 20))
def test_a_longer_limit_never_ends_earlier(case, more):
    start, limit, kind, cal, hours, pauses = case
    longer = Limit(limit.value + more, limit.unit)

    assert (
        start
        <= due(start, limit, kind, cal, hours, pauses=pauses).at
        <= due(start, longer, kind, cal, hours, pauses=pauses).at
    )


@EXAMPLES
@given(cases(), st.integers(0, 10000))
def test_a_later_start_never_ends_earlier(case, minutes):
    start, limit, kind, cal, hours, pauses = case
    assume(limit.value > 0 or limit.in_days)

    assert (
        due(start, limit, kind, cal, hours, pauses=pauses).at
        <= due(start + minutes * MINUTE, limit, kind, cal, hours, pauses=pauses).at
    )


@EXAMPLES
@given(cases(), st.integers(-600, 12000), st.integers(1, 5000))
def test_one_more_pause_never_makes_a_date_earlier(case, begins, length):
    start, limit, kind, cal, hours, pauses = case
    one_more = (start + begins * MINUTE, start + (begins + length) * MINUTE)

    assert (
        due(start, limit, kind, cal, hours, pauses=pauses).at
        <= due(start, limit, kind, cal, hours, pauses=[one_more, *pauses]).at
    )


@EXAMPLES
@given(cases(limits=day_limits), st.integers(0, 15), st.integers(0, 1438), st.integers(0, 1439))
def test_a_pause_within_one_day_moves_no_limit_in_days(case, days_after, begins, length):
    start, limit, kind, cal, hours, _ = case
    midnight = datetime.combine(start.astimezone(BEIJING).date() + days_after * ONE_DAY, time(), BEIJING)
    begins = max(begins, 1)
    ends = min(begins + length, 1439)
    pause = (midnight + begins * MINUTE, midnight + ends * MINUTE)

    assert due(start, limit, kind, cal, hours, pauses=[pause]) == due(start, limit, kind, cal, hours)


@EXAMPLES
@given(cases())
def test_no_due_date_lies_inside_a_pause(case):
    start, limit, kind, cal, hours, pauses = case

    found = due(start, limit, kind, cal, hours, pauses=pauses).at

    assert not any(max(begins, start) < found < ends for begins, ends in pauses)


@EXAMPLES
@given(cases(), st.integers(1, 99), st.integers(1, 5), st.sampled_from(["min", "h", "d", "wd"]), st.integers(1, 90))
def test_rungs_stand_in_order_around_the_due_date_and_never_in_a_pause(case, share, amount, unit, minutes):
    start, limit, kind, cal, hours, pauses = case
    due_at = due(start, limit, kind, cal, hours, pauses=pauses).at
    arguments = {"start": start, "due": due_at, "limit": limit, "kind": kind, "cal": cal, "hours": hours}

    def fires(rung):
        return fire_at(rung, **arguments, pauses=pauses)

    ladder = [
        f"-{amount + 1}{unit}",
        f"-{amount}{unit}",
        "overdue",
        f"overdue+{amount}{unit}",
        f"overdue+{amount + 1}{unit}",
    ]
    moments = [fires(rung) for rung in ladder]

    assert start <= moments[0] <= moments[1] <= moments[2] == due_at < moments[3] < moments[4]
    assert start <= fires(f"{share}%") <= fires(f"{share + 1}%") <= due_at
    assert fires(f"overdue+{minutes}min") < fires(f"overdue+{minutes + 1}min")
    for moment in (*moments, fires(f"{share}%")):
        assert moment == due_at or not any(max(begins, start) < moment < ends for begins, ends in pauses)


@EXAMPLES
@given(cases(paused=False), st.integers(1, 99))
def test_a_share_fires_when_that_share_is_used(case, share):
    start, limit, kind, cal, hours, _ = case
    assume(limit.value > 0)
    moment = fire_at(
        f"{share}%",
        start=start,
        due=due(start, limit, kind, cal, hours).at,
        limit=limit,
        kind=kind,
        cal=cal,
        hours=hours,
    )

    assert elapsed_share(start, moment, limit, kind, cal, hours) == pytest.approx(share / 100)
    assert elapsed_share(start, moment - timedelta(microseconds=1), limit, kind, cal, hours) < share / 100 + 1e-12


@EXAMPLES
@given(cases(), st.integers(0, 20000), st.integers(0, 5000))
def test_the_share_used_never_falls(case, minutes, more):
    start, limit, kind, cal, hours, pauses = case
    earlier, later = start + minutes * MINUTE, start + (minutes + more) * MINUTE

    first, second = (elapsed_share(start, at, limit, kind, cal, hours, pauses=pauses) for at in (earlier, later))

    assert 0 <= first <= second


@EXAMPLES
@given(cases(paused=False), st.integers(1, 600))
def test_working_days_and_open_minutes_after_and_before_match_the_walk(case, minutes):
    start, _, kind, cal, hours, _ = case
    local = start.astimezone(BEIJING)

    after = offset(local, 1, Limit(minutes, "minute"), kind, cal, hours)
    before = offset(after, -1, Limit(minutes, "minute"), kind, cal, hours)
    workday = offset(local, 1, Limit(1, "workday"), kind, cal, hours)

    assert after == walked_minutes(start, Limit(minutes, "minute"), kind, hours, [])
    # back again: at the start, or at the next opening if it lay outside the hours
    assert before >= local
    assert counted(local, before, kind, cal, hours).time == timedelta(0)
    assert workday == _one_working_day_later(local, cal)


def _one_working_day_later(local, cal):
    rest, moment = ONE_DAY, local
    while True:
        midnight = datetime.combine(moment.date() + ONE_DAY, time(), BEIJING)
        if is_worked(cal, moment.date()):
            if rest <= midnight - moment:
                return moment + rest
            rest -= midnight - moment
        moment = midnight

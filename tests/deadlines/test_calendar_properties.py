"""The arithmetic against an oracle that walks day by day and minute by minute, over drawn calendars, hours and pauses.

Every property runs 200 examples (``EXAMPLES``); the walk over minutes 100.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deadlines.calendar import (
    BEIJING,
    Hours,
    Limit,
    OnHoliday,
    OnMakeup,
    Opening,
    Rule,
    WorkCalendar,
    counted,
    due,
    elapsed_share,
    explain,
    fire_at,
    office_hours,
    offset,
)

EXAMPLES = settings(max_examples=200, deadline=None, derandomize=True)
FEWER_EXAMPLES = settings(max_examples=100, deadline=None, derandomize=True)

KINDS = ("natural", "working", "service_hours", "calendar_day")
OPEN_KINDS = ("working", "service_hours")
MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = (BEIJING, UTC, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati"))
FIRST, LAST = date(2024, 2, 1), date(2024, 6, 30)

days = st.dates(FIRST, LAST)
calendars = st.builds(
    lambda exceptions, years: WorkCalendar(exceptions, {}, frozenset(years), reach=(2023, 2026)),
    st.dictionaries(days, st.sampled_from(["holiday", "makeup_workday"]), max_size=60),
    st.sets(st.integers(2023, 2026)),
)
starts = st.builds(
    lambda day, minute, zone: (datetime.combine(day, time(), BEIJING) + minute * MINUTE).astimezone(zone),
    st.dates(date(2024, 2, 20), date(2024, 4, 30)),
    st.integers(0, 1439),
    st.sampled_from(ZONES),
)
day_limits = st.builds(Limit, st.integers(0, 15), st.sampled_from(["workday", "day"]))
minute_limits = st.one_of(
    st.builds(Limit, st.integers(0, 1200), st.just("minute")), st.builds(Limit, st.integers(0, 20), st.just("hour"))
)
limits = st.one_of(day_limits, minute_limits)


@st.composite
def openings(draw):
    found = []
    for weekday in range(7):
        for _ in range(draw(st.integers(0, 2))):
            opens, length = draw(st.integers(0, 1435)), draw(st.integers(1, 600))
            closes = min(opens + length, 1440)
            season = draw(st.sampled_from([(1, 12), (3, 3), (4, 9), (10, 3), (12, 2)]))
            found.append(Opening(weekday, _clock(opens), _clock(closes % 1440), *season))
    found.append(Opening(draw(st.integers(0, 6)), time(9), time(11)))  # always open at some time
    return tuple(found)


def _clock(minute):
    return time(minute // 60, minute % 60)


@st.composite
def desks(draw, cal):
    if draw(st.booleans()):
        return office_hours(cal)
    return Hours(cal, draw(openings()), draw(st.sampled_from(OnHoliday)), draw(st.sampled_from(OnMakeup)))


@st.composite
def pause_lists(draw, start):
    """Up to four closed pauses, in any order: short and long, touching, overlapping, empty, before the start."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begins = start + draw(st.integers(-600, 12000)) * MINUTE
        length = draw(st.one_of(st.integers(0, 30), st.integers(0, 6000), st.sampled_from([1440, 2880])))
        found.append((begins, begins + length * MINUTE))
    return found


@st.composite
def cases(draw, kinds=KINDS, limits=limits, paused=True):
    cal, start = draw(calendars), draw(starts)
    hours = draw(desks(cal))
    pauses = draw(pause_lists(start)) if paused else []
    return start, draw(limits), draw(st.sampled_from(kinds)), cal, hours, pauses


# -- the oracle: no index, no search, only walking


def is_worked(cal, day):
    kind = cal.days.get(day)
    return kind == "makeup_workday" if kind else day.weekday() < 5


def is_open(hours, moment):
    day, weekday, kind = moment.date(), moment.weekday(), hours.cal.days.get(moment.date())
    if kind == "makeup_workday" and hours.on_makeup == "as_monday":
        weekday = 0
    if kind == "holiday" and hours.on_holiday == "closed":
        return False
    if kind == "holiday" and hours.on_holiday == "as_sunday":
        weekday = 6
    clock = moment.hour * 60 + moment.minute
    for each in hours.openings:
        months = [(each.month_from + i - 1) % 12 + 1 for i in range((each.month_to - each.month_from) % 12 + 1)]
        opens, closes = each.opens.hour * 60 + each.opens.minute, each.closes.hour * 60 + each.closes.minute
        if each.weekday == weekday and day.month in months and opens <= clock < (closes or 1440):
            return True
    return False


def stands(moment, pauses):
    return any(begins <= moment < ends for begins, ends in pauses)


def walked_days(start, limit, cal, pauses, *, roll=False):
    """Return the due moment of a limit in days by walking the days."""
    day, found = start.astimezone(BEIJING).date(), 0
    pauses = [(max(begins, start), ends) for begins, ends in pauses if ends > start]

    def next_day(day, *, worked):
        day += ONE_DAY
        while (worked and not is_worked(cal, day)) or stands(datetime.combine(day, time(), BEIJING), pauses):
            day += ONE_DAY
        return day

    while found < limit.value:
        day, found = next_day(day, worked=limit.unit == "workday"), found + 1
    while True:
        if roll and not is_worked(cal, day):
            day = next_day(day, worked=True)
        closing = datetime.combine(day, time(), BEIJING) + ONE_DAY
        stood = [ends.astimezone(BEIJING) for begins, ends in pauses if begins < closing <= ends]
        if not stood:
            return closing
        day = next_day(day, worked=limit.unit == "workday") if limit.value else max(stood).date()


def walked_minutes(start, limit, kind, hours, pauses):
    """Return the due moment of a limit in minutes or hours by walking the minutes."""
    moment = start.astimezone(BEIJING)
    rest = limit.value * (60 if limit.unit == "hour" else 1)
    while rest:
        if (kind in ("natural", "calendar_day") or is_open(hours, moment)) and not stands(moment, pauses):
            rest -= 1
        moment += MINUTE
    return moment


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


# -- order


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

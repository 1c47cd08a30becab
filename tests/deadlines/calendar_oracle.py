"""Calendars, hours, starts, limits and pauses drawn at random; and the oracle, which only walks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from deadlines.calendar import (
    BEIJING,
    Hours,
    Limit,
    OnHoliday,
    OnMakeup,
    Opening,
    WorkCalendar,
    office_hours,
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

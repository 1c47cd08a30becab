"""The one door to the deadline arithmetic. Pure: no database, no clock, no Django.

Prepare once, share, never change::

    WorkCalendar(days: Mapping[date, DayKind], names: Mapping[date, str] = {}, confirmed_years: frozenset[int] = {},
                 *, weekdays=Monday to Friday, reach=(2000, 2060))
    Opening(weekday, opens, closes, month_from=1, month_to=12)
    Hours(cal, openings: tuple[Opening, ...], on_holiday=OnHoliday.CLOSED, on_makeup=OnMakeup.AS_MONDAY)
    office_hours(cal, times=OFFICE_TIMES) -> Hours                       09:00-12:00, 13:30-17:30 on working days

Then ask. ``kind`` and units are the words of the policy data (any str enum with those values will do); ``hours`` are
needed where minutes count on the kinds working and service_hours; ``pauses`` are (from, to or None)::

    due(start, limit, kind, cal, hours=None, *, pauses=(), extensions=(), roll=False) -> Due(at, provisional)
    counted(start, end, kind, cal, hours=None, *, pauses=()) -> Counted(workdays, days, time); .seconds
    elapsed_share(start, at, limit, kind, cal, hours=None, *, pauses=()) -> float
    is_late(due_at, at, *, start=None) -> bool;  late_by(due_at, at) -> timedelta (negative = early)
    offset(due_at, sign, amount: Limit, kind, cal, hours=None, *, pauses=()) -> datetime
    parse_rung_at("resolve:overdue+1wd") -> RungAt(stage, kind, amount, unit)
    fire_at(at: str | RungAt, *, start, due, limit, kind, cal, hours=None, pauses=()) -> datetime
    explain(start, limit, kind, cal, hours=None, *, pauses=(), extensions=(), roll=False) -> Explanation
    beijing(moment) -> datetime on the clocks of Asia/Shanghai

Errors: ``CalendarError`` (no working day, never open, out of reach), its child ``StillPaused`` (an open pause leaves
the date open), ``RungAtError``; ValueError for naive datetimes, missing hours, negative limits.

The rules
---------
1. Every civil date is one of Asia/Shanghai, whatever zone the datetime carries. Naive datetimes are refused.
2. **Days** (workday, day), on every kind of clock: the day of receipt does not count; due at 00:00 after the Nth
   counted day; late from that moment on. A limit of zero days ends with the day of receipt. (Civil Code art. 201:
   periods in days leave out the first day, periods in hours run at once; rules.md d.) So ``day`` on a natural clock
   is a calendar day as on calendar_day (utility 3 d, public notice 15 d); who means 72 hours writes 72 hours.
3. ``workday`` counts the working days of the work calendar, on every kind, service_hours too.
4. **Minutes and hours** on natural and calendar_day count always; on working and service_hours they count while the
   hours are open. A start outside the hours counts from the next opening; a limit used up at closing time is due then,
   not at the next opening. Zero is due at once.
5. A last calendar day on a rest day stays where it is; ``roll=True`` moves it to the next working day
   (Civil Code art. 203).
6. **Pauses**, minutes and hours: what lies inside a pause does not count, to the microsecond.
   Pauses, days: a day counts if the clock runs at its 00:00. So a pause within one day moves nothing, a pause from
   Monday to Thursday costs Tuesday, Wednesday, Thursday: the day of resumption is like a day of receipt. If the clock
   stands when the last day ends, that day is given again: the first counted day after the pause takes its place
   (under a limit of zero, the day of resumption). No due date and no rung lies inside a pause.
7. **Extensions** in the unit of the limit lengthen it, in another unit they count on from the due date.
8. **Provisional**: the span touches a day that a notice still to come may change: a year not confirmed, or the days
   from 26 December on while the next year is not confirmed (its New Year block has reached back to 29 December).
9. **Rungs**: ``80%`` of the counted time; under days, of the counted days, and within the day begun of its open time
   (of its 24 hours on kinds without hours), so 80% of 5 working days is closing time of the 4th, 80% of 1 working day
   is 16:06. ``-Nwd`` opening of the Nth working day before the day of the due date; ``-Nd`` N times 24 hours;
   ``-Nh`` and ``-Nmin`` as the kind counts them. ``overdue+Nwd``: N times 24 hours of working days have passed since
   (due Saturday 00:00: Tuesday 00:00; due Friday 15:00: Monday 15:00). Rungs before the due date never fire before
   the start or after the due date.
"""

from deadlines.duedates import ClockKind, Counted, Due, Limit, Unit, counted, due, is_late, late_by
from deadlines.explanation import Explanation, MakeupDay, Rule, SkippedDay, SkipReason, explain
from deadlines.hours import OFFICE_TIMES, Hours, OnHoliday, OnMakeup, Opening, office_hours
from deadlines.measures import Pause, Pauses, StillPaused
from deadlines.rungs import RungAt, RungAtError, RungKind, elapsed_share, fire_at, offset, parse_rung_at
from deadlines.workdays import BEIJING, REACH, CalendarError, DayKind, WorkCalendar, beijing

__all__ = [
    "BEIJING",
    "OFFICE_TIMES",
    "REACH",
    "CalendarError",
    "ClockKind",
    "Counted",
    "DayKind",
    "Due",
    "Explanation",
    "Hours",
    "Limit",
    "MakeupDay",
    "OnHoliday",
    "OnMakeup",
    "Opening",
    "Pause",
    "Pauses",
    "Rule",
    "RungAt",
    "RungAtError",
    "RungKind",
    "SkipReason",
    "SkippedDay",
    "StillPaused",
    "Unit",
    "WorkCalendar",
    "beijing",
    "counted",
    "due",
    "elapsed_share",
    "explain",
    "fire_at",
    "is_late",
    "late_by",
    "office_hours",
    "offset",
    "parse_rung_at",
]

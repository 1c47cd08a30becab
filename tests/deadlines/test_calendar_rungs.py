"""The moments of a ladder: read from the policy data, computed around a due date."""

import json
from datetime import time
from pathlib import Path

import pytest

import deadlines
from deadlines.calendar import (
    CalendarError,
    Hours,
    Limit,
    Opening,
    RungAt,
    RungAtError,
    RungKind,
    StillPaused,
    WorkCalendar,
    due,
    elapsed_share,
    fire_at,
    offset,
    parse_rung_at,
)
from tests.deadlines.beijing_calendar import at, calendar_2024_2026, office


def fires(rung, start, limit, kind="working", *, hours=True, pauses=()):
    desk = office() if hours else None
    due_at = due(start, limit, kind, calendar_2024_2026(), desk, pauses=pauses).at
    return fire_at(
        rung, start=start, due=due_at, limit=limit, kind=kind, cal=calendar_2024_2026(), hours=desk, pauses=pauses
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("resolve:overdue+1wd", RungAt("resolve", RungKind.AFTER, 1, "workday")),
        ("ack:overdue+5min", RungAt("ack", RungKind.AFTER, 5, "minute")),
        ("resolve_small:overdue+1d", RungAt("resolve_small", RungKind.AFTER, 1, "day")),
        ("overdue+2h", RungAt("", RungKind.AFTER, 2, "hour")),
        ("resolve:overdue", RungAt("resolve", RungKind.OVERDUE)),
        ("overdue", RungAt("", RungKind.OVERDUE)),
        ("resolve:-1wd", RungAt("resolve", RungKind.BEFORE, 1, "workday")),
        ("register:-3d", RungAt("register", RungKind.BEFORE, 3, "day")),
        ("arrive:80%", RungAt("arrive", RungKind.SHARE, 80)),
        ("100%", RungAt("", RungKind.SHARE, 100)),
    ],
)
def test_the_words_of_the_policy_data_are_read(text, expected):
    assert parse_rung_at(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no moment"),
        ("resolve:", "is no moment"),
        ("resolve:late", "is no moment"),
        ("resolve:overdue-1wd", "is no moment"),
        ("resolve:+1wd", "is no moment"),
        ("resolve:overdue+1", "is no moment"),
        ("resolve: overdue", "is no moment"),
        ("Resolve:overdue", "is no moment"),
        ("resolve:overdue+１wd", "is no moment"),
        ("resolve:overdue+1week", "unknown unit 'week', known are min, h, wd and d"),
        ("resolve:-2w", "unknown unit 'w'"),
        ("resolve:0%", "between 1% and 100%"),
        ("resolve:101%", "between 1% and 100%"),
        ("resolve:overdue+0d", "nothing lies zero d from the due date"),
        ("resolve:-0wd", "nothing lies zero wd"),
    ],
)
def test_what_is_no_moment_is_refused_with_a_reason(text, message):
    with pytest.raises(RungAtError, match=message) as caught:
        parse_rung_at(text)

    assert repr(text) in str(caught.value)


def test_every_rung_of_the_shipped_policies_can_be_read():
    data = json.loads((Path(deadlines.__file__).parent / "data" / "sla_policies.json").read_text(encoding="utf-8"))

    default = [parse_rung_at(rung["at"]) for rung in data["default_ladder"]["rungs"]]

    assert data["policies"]
    for policy in data["policies"]:
        stages = {parse_rung_at(rung["at"]).stage for rung in policy["escalation"]}
        assert stages <= {stage["code"] for stage in policy["stages"]}
    assert [(rung.kind.value, rung.amount, rung.unit) for rung in default] == [
        ("overdue", 0, ""), ("after", 1, "workday"), ("after", 3, "workday"),
    ]  # fmt: skip


# -- five working days from Friday 27 September 2024 16:30: 29, 30 September, 8, 9, 10 October


@pytest.mark.parametrize(
    ("rung", "expected"),
    [
        ("20%", "2024-09-29 17:30"),  # the first day's closing time
        ("50%", "2024-10-08 14:00"),  # half of the third day's seven hours
        ("80%", "2024-10-09 17:30"),
        ("90%", "2024-10-10 14:00"),
        ("100%", "2024-10-10 17:30"),
        ("-1wd", "2024-10-10 09:00"),
        ("-3wd", "2024-10-08 09:00"),
        ("-4wd", "2024-09-30 09:00"),
        ("-5wd", "2024-09-29 09:00"),
        ("-9wd", "2024-09-27 16:30"),  # before the start: at the start
        ("-1d", "2024-10-10 00:00"),
        ("-3d", "2024-10-08 00:00"),
        ("-2h", "2024-10-10 15:30"),
        ("-8h", "2024-10-09 16:30"),
        ("overdue", "2024-10-11 00:00"),
        ("overdue+30min", "2024-10-11 09:30"),
        ("overdue+1wd", "2024-10-12 00:00"),  # Friday 11 has passed
        ("overdue+2wd", "2024-10-13 00:00"),  # Saturday 12 is worked
        ("overdue+3wd", "2024-10-15 00:00"),
        ("overdue+1d", "2024-10-12 00:00"),
        ("overdue+3d", "2024-10-14 00:00"),
    ],
)
def test_rungs_around_a_due_date_after_the_national_day(rung, expected):
    assert fires(rung, at("2024-09-27 16:30"), Limit(5, "workday")) == at(expected)


def test_one_working_day_is_eighty_per_cent_used_in_the_afternoon_of_its_day():
    # 80 % of 7 open hours are 5 h 36 min: 3 h in the morning, 2 h 36 min after 13:30
    assert fires("80%", at("2025-03-03 10:00"), Limit(1, "workday")) == at("2025-03-04 16:06")


def test_without_hours_a_share_of_a_day_is_one_of_its_24_hours():
    assert fires("80%", at("2025-03-03 10:00"), Limit(1, "workday"), hours=False) == at("2025-03-04 19:12")
    assert fires("-1wd", at("2025-03-03 10:00"), Limit(1, "workday"), hours=False) == at("2025-03-04 00:00")
    assert fires("50%", at("2025-03-03 10:00"), Limit(3, "day"), "natural") == at("2025-03-05 12:00")


@pytest.mark.parametrize(
    ("rung", "expected"),
    [
        ("50%", "2025-03-07 16:45"),
        ("80%", "2025-03-10 09:36"),
        ("-30min", "2025-03-10 10:00"),
        ("-2h", "2025-03-07 17:00"),
        ("-90min", "2025-03-10 09:00"),  # at Monday's opening rather than Friday's closing time
        ("-1wd", "2025-03-07 14:30"),  # Friday 09:00 lies before the start
        ("overdue", "2025-03-10 10:30"),
        ("overdue+5min", "2025-03-10 10:35"),
        ("overdue+7h", "2025-03-11 10:30"),
        ("overdue+1wd", "2025-03-11 10:30"),
        ("overdue+5wd", "2025-03-17 10:30"),
    ],
)
def test_rungs_of_open_hours_over_a_weekend(rung, expected):
    # Friday 14:30 + 4 h 30 min: three hours on Friday, an hour and a half on Monday
    assert fires(rung, at("2025-03-07 14:30"), Limit(270, "minute")) == at(expected)


@pytest.mark.parametrize(
    ("rung", "expected"),
    [
        ("50%", "2025-03-07 23:52:30"),
        ("80%", "2025-03-07 23:57"),
        ("overdue", "2025-03-08 00:00"),
        ("overdue+5min", "2025-03-08 00:05"),
        ("overdue+1d", "2025-03-09 00:00"),
        ("overdue+1wd", "2025-03-11 00:00"),  # Saturday and Sunday are none; Monday has passed
    ],
)
def test_rungs_of_a_natural_clock_over_a_weekend(rung, expected):
    assert fires(rung, at("2025-03-07 23:45"), Limit(15, "minute"), "natural") == at(expected)


def test_a_working_day_after_friday_afternoon_is_monday_afternoon():
    offsets = [
        offset(at("2025-03-07 15:00"), 1, Limit(days, "workday"), "natural", calendar_2024_2026()) for days in (1, 2)
    ]

    assert offsets == [at("2025-03-10 15:00"), at("2025-03-11 15:00")]


def test_a_rung_beyond_the_calendar_is_an_error():
    short = WorkCalendar({}, reach=(2025, 2025))

    with pytest.raises(CalendarError, match="does not reach that far: 2025-2025"):
        offset(at("2025-12-31 15:00"), 1, Limit(1, "workday"), "working", short)


def test_nothing_lies_between_a_moment_and_itself():
    for sign in (1, -1):
        for unit in ("minute", "workday", "day"):
            assert offset(
                at("2025-03-08 15:00"), sign, Limit(0, unit), "working", calendar_2024_2026(), office()
            ) == at("2025-03-08 15:00")


def test_the_opening_of_a_closed_day_is_its_midnight():
    # a desk that opens on Tuesdays only: the last working day before the due date is a Friday
    tuesdays = Hours(calendar_2024_2026(), (Opening(1, time(9), time(17)),))
    arguments = {"limit": Limit(1, "workday"), "kind": "service_hours", "cal": calendar_2024_2026(), "hours": tuesdays}
    start, due_at = at("2025-03-06 10:00"), at("2025-03-08")

    assert fire_at("-1wd", start=start, due=due_at, **arguments) == at("2025-03-07 00:00")
    assert fire_at("80%", start=start, due=due_at, **arguments) == at("2025-03-07 19:12")


def test_a_limit_of_zero_fires_everything_as_it_is_due():
    start = at("2025-03-08 22:10")

    assert [fires(rung, start, Limit(0, "minute"), "natural") for rung in ("80%", "-3d", "overdue")] == [start] * 3
    assert [fires(rung, start, Limit(0, "workday")) for rung in ("80%", "-1wd")] == [at("2025-03-09"), start]


# -- rungs and pauses


def test_a_warning_that_would_fall_into_a_pause_comes_when_it_ends():
    # Monday + 3 wd; paused over Thursday 6 at 09:00 only
    pauses = [(at("2025-03-06 08:30"), at("2025-03-06 11:20"))]

    assert fires("-1wd", at("2025-03-03 10:00"), Limit(3, "workday"), pauses=pauses) == at("2025-03-06 11:20")
    assert fires("70%", at("2025-03-03 10:00"), Limit(3, "workday"), pauses=pauses) == at("2025-03-06 11:20")
    assert fires("50%", at("2025-03-03 10:00"), Limit(3, "workday"), pauses=pauses) == at("2025-03-05 14:00")


def test_a_share_leaves_the_pauses_out():
    pauses = [(at("2025-03-04 17:00"), at("2025-03-05 09:00"))]

    # Tuesday, Thursday, Friday count: 66 % are used late on Thursday, 67 % early on Friday
    assert fires("66%", at("2025-03-03 10:00"), Limit(3, "workday"), pauses=pauses) == at("2025-03-06 17:21:36")
    assert fires("67%", at("2025-03-03 10:00"), Limit(3, "workday"), pauses=pauses) == at("2025-03-07 09:04:12")
    assert fires("50%", at("2025-03-04 16:00"), Limit(4, "hour"), pauses=pauses) == at("2025-03-05 10:00")


def test_pauses_after_the_due_date_push_what_comes_later():
    arguments = {"start": at("2025-03-03 10:00"), "due": at("2025-03-05"), "limit": Limit(1, "workday")}
    arguments |= {"kind": "working", "cal": calendar_2024_2026(), "hours": office()}
    pauses = [(at("2025-03-05 06:00"), at("2025-03-06 06:00"))]

    assert fire_at("overdue", pauses=pauses, **arguments) == at("2025-03-05")
    assert fire_at("overdue+1wd", pauses=pauses, **arguments) == at("2025-03-07")
    assert fire_at("overdue+30min", pauses=pauses, **arguments) == at("2025-03-06 09:30")


def test_an_open_pause_leaves_later_rungs_open():
    arguments = {"start": at("2025-03-03 10:00"), "due": at("2025-03-05"), "limit": Limit(1, "workday")}
    arguments |= {"kind": "working", "cal": calendar_2024_2026(), "hours": office()}

    with pytest.raises(StillPaused):
        fire_at("overdue+1wd", pauses=[(at("2025-03-05 06:00"), None)], **arguments)
    with pytest.raises(StillPaused):
        fire_at("80%", pauses=[(at("2025-03-04 15:00"), None)], **arguments)
    assert fire_at("-1wd", pauses=[(at("2025-03-04 15:00"), None)], **arguments) == at("2025-03-04 09:00")


# -- how much of the limit is used


@pytest.mark.parametrize(
    ("moment", "share"),
    [
        ("2024-09-27 16:30", 0.0),
        ("2024-09-28 12:00", 0.0),
        ("2024-09-29 09:00", 0.0),
        ("2024-09-29 17:30", 0.2),
        ("2024-10-03 12:00", 0.4),
        ("2024-10-08 14:00", 0.5),
        ("2024-10-10 23:59", 1.0),
        ("2024-10-11 17:30", 1.2),
        ("2024-10-12 10:00", 1.2 + 0.2 / 7),
    ],
)
def test_the_share_used_of_five_working_days(moment, share):
    used = elapsed_share(
        at("2024-09-27 16:30"), at(moment), Limit(5, "workday"), "working", calendar_2024_2026(), office()
    )

    assert used == pytest.approx(share)


def test_the_share_stands_while_the_clock_stands():
    arguments = (Limit(2, "workday"), "working", calendar_2024_2026(), office())
    pauses = [(at("2025-03-04 12:30"), at("2025-03-06 10:00"))]

    shares = [
        elapsed_share(at("2025-03-03 10:00"), at(moment), *arguments, pauses=pauses)
        for moment in (
            "2025-03-04 12:00",
            "2025-03-05 15:00",
            "2025-03-06 09:59",
            "2025-03-06 12:00",
            "2025-03-07 12:00",
        )
    ]

    assert shares == pytest.approx([1.5 / 7, 1.5 / 7, 1.5 / 7, 0.5, 0.5 + 1.5 / 7])


def test_the_share_of_open_hours_and_of_nothing():
    arguments = ("working", calendar_2024_2026(), office())

    assert elapsed_share(at("2025-03-03 16:30"), at("2025-03-04 08:00"), Limit(4, "hour"), *arguments) == 0.25
    assert elapsed_share(at("2025-03-03 16:30"), at("2025-03-03 16:30"), Limit(0, "hour"), *arguments) == 1.0
    assert (
        elapsed_share(at("2025-03-03 12:00"), at("2025-03-05 06:00"), Limit(2, "day"), "natural", arguments[1]) == 0.625
    )
    with pytest.raises(ValueError, match="lies before"):
        elapsed_share(at("2025-03-03 16:30"), at("2025-03-03 16:29"), Limit(4, "hour"), *arguments)

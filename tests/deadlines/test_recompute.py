"""After a change of calendar or hours only the clocks it touches move, once, wherever a run was cut off."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time

import pytest
from django.core.management import call_command

from deadlines import alarms, life, recompute, redating
from deadlines.calendar_data import CalendarData, CalendarRow, DayKind
from deadlines.calendar_loading import load_calendar
from deadlines.enums import RecomputeReason
from deadlines.models import CalendarDay, CalendarYear, RecomputeRun
from deadlines.sweep import sweep
from grids.models import ServiceHours
from petitions.clocks import FAMILY
from petitions.enums import Status
from petitions.models import Petition, PetitionClock, PetitionClockRung, PetitionEscalation
from tests.factories import SHANGHAI, TUESDAY

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2026, 12, 29, 10, 0, tzinfo=SHANGHAI)  # a Tuesday


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def holiday(day, *, kind="holiday"):
    CalendarYear.objects.get(year=day.year).save()
    CalendarDay.objects.create(date=day, kind=kind, code="test", name_zh="测试", name_en="Test", year_id=day.year)


def ask(since):
    return recompute.ask(reason=RecomputeReason.CALENDAR, at=TUESDAY, since=since)


def due(petition, stage="resolve"):
    return PetitionClock.objects.get(petition=petition, stage__code=stage).due_at


def test_only_clocks_whose_span_crosses_the_changed_day_move(district):
    # given one petition due on Thursday 11 June, one filed a week earlier and already past, and 1365 on natural time
    crossing = district.petition(status=Status.ACCEPTED)
    past = district.petition(at("2026-06-02 10:00"), status=Status.ACCEPTED)
    natural = district.petition(status=Status.ACCEPTED, policy="rapid_1365")
    before = {clock.pk: clock.due_at for clock in PetitionClock.objects.all()}

    # when Wednesday becomes a holiday
    holiday(date(2026, 6, 10))
    ask(date(2026, 6, 10))
    changed = recompute.run_all(at=TUESDAY)

    # then only what counts working time and reaches that day has another date
    moved = {clock.pk: clock for clock in PetitionClock.objects.all() if clock.due_at != before[clock.pk]}
    assert {clock.petition_id for clock in moved.values()} == {crossing.pk}
    assert len(moved) <= changed
    assert not {past.pk, natural.pk} & {clock.petition_id for clock in moved.values()}


def test_a_second_run_over_the_same_change_changes_nothing(district):
    district.petition(status=Status.ACCEPTED)
    holiday(date(2026, 6, 10))
    ask(date(2026, 6, 10))
    recompute.run_all(at=TUESDAY)

    run = ask(date(2026, 6, 10))
    assert recompute.run_all(at=TUESDAY) == 0

    run.refresh_from_db()
    assert (run.changed, run.finished_at) == (0, TUESDAY)


def test_the_petition_keeps_the_new_next_due_date(district):
    petition = district.petition(status=Status.ACCEPTED)
    holiday(date(2026, 6, 10))
    ask(date(2026, 6, 10))

    recompute.run_all(at=TUESDAY)

    petition.refresh_from_db()
    running = PetitionClock.objects.filter(petition=petition, state="running", stage__nature="duty")
    first = min(running, key=lambda clock: clock.due_at)
    assert (petition.next_due_at, petition.next_stage_id) == (first.due_at, first.stage_id)


def test_dates_that_move_later_arm_the_rungs_that_have_not_fired_and_those_only(district):
    """Case 22: moved later, the rungs ahead are armed again."""
    # given the first rung has fired
    petition = district.petition(status=Status.ACCEPTED)
    clock = PetitionClock.objects.get(petition=petition, stage__code="resolve")
    rungs = list(PetitionClockRung.objects.filter(clock=clock).order_by("fire_at"))
    sweep(at=rungs[0].fire_at)
    moments = {rung.pk: rung.fire_at for rung in rungs}

    # when two days more are holidays
    for day in (date(2026, 6, 10), date(2026, 6, 11)):
        holiday(day)
    ask(date(2026, 6, 10))
    recompute.run_all(at=TUESDAY)

    # then the fired one stays, the others wait for later moments, and nothing fires twice
    now = {rung.pk: rung.fire_at for rung in PetitionClockRung.objects.filter(clock=clock)}
    assert now[rungs[0].pk] == moments[rungs[0].pk]
    assert all(now[rung.pk] > moments[rung.pk] for rung in rungs[1:])
    clock.refresh_from_db()
    assert clock.next_action_at == min(now[rung.pk] for rung in rungs[1:])
    sweep(at=clock.due_at + timedelta(days=30))
    assert PetitionEscalation.objects.filter(clock=clock).count() == len(rungs)


def test_a_date_that_moves_earlier_fires_once_at_the_next_sweep(district):
    """Case 22: moved earlier, it fires once."""
    petition = district.petition(at("2026-06-12 16:00"), status=Status.ACCEPTED)  # a Friday
    before = due(petition)

    # Saturday is worked after all; by Sunday noon the date has passed
    holiday(date(2026, 6, 13), kind="makeup_workday")
    holiday(date(2026, 6, 14), kind="makeup_workday")
    ask(date(2026, 6, 13))
    recompute.run_all(at=at("2026-06-12 17:00"))

    assert due(petition) < before
    sweep(at=due(petition))
    sweep(at=due(petition))
    fired = PetitionEscalation.objects.filter(clock__petition=petition, clock__stage__code="resolve")
    assert [one.rung.at for one in fired.order_by("fell_due_at")] == ["80%", "overdue"]


def test_confirming_a_year_recomputes_its_provisional_clocks_once(district):
    """Case 6: an unknown year is provisional, and recomputed once when loaded."""
    # given 2027 has no notice, and a petition that reaches into it
    petition = district.petition(NEW_YEAR, status=Status.ACCEPTED, policy="committed_tier")
    provisional = PetitionClock.objects.filter(petition=petition, provisional=True, state="running")
    assert provisional.count() == 3

    # when the notice comes
    known = [
        CalendarRow(day.date, DayKind(day.kind), day.code, day.name_en, day.name_zh, "notice", True)
        for day in CalendarDay.objects.all()
    ]
    new = CalendarRow(date(2027, 1, 4), DayKind.HOLIDAY, "new_year", "New Year", "元旦", "notice", True)
    load_calendar(at=NEW_YEAR, data=CalendarData((*known, new), frozenset({*range(2004, 2028)}), frozenset()))
    first = recompute.run_all(at=NEW_YEAR)

    # then they are certain, and a second run finds nothing
    assert first == 3
    assert provisional.count() == 0
    assert RecomputeRun.objects.get().since == date(2027, 1, 1)
    assert recompute.run_all(at=NEW_YEAR) == 0


def test_a_run_cut_off_in_its_second_batch_goes_on_there(district, monkeypatch):
    for _ in range(5):
        district.petition(status=Status.ACCEPTED)
    holiday(date(2026, 6, 10))
    run = ask(date(2026, 6, 10))
    whole, calls = redating._store, []

    def dies(*args, **more):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit("killed")  # no Exception: nothing of ours catches it
        whole(*args, **more)

    # when the worker dies after the second batch was computed
    monkeypatch.setattr(redating, "_store", dies)
    with pytest.raises(SystemExit):
        recompute.run_all(at=TUESDAY, batch=2)
    run.refresh_from_db()
    done = run.batches.filter(done_at=TUESDAY)
    assert (run.finished_at, run.batches.count(), [one.changed for one in done]) == (None, 5, [2])

    # then the next one does the rest, nothing twice
    monkeypatch.setattr(redating, "_store", whole)
    assert recompute.run_all(at=TUESDAY, batch=2) == 8
    run.refresh_from_db()
    assert (run.seen, run.changed, run.finished_at, run.batches.count()) == (10, 10, TUESDAY, 0)
    assert len({clock.due_at for clock in PetitionClock.objects.filter(state="running", stage__code="resolve")}) == 1


def test_stopped_and_cancelled_clocks_never_change(district):
    closed = district.petition(status=Status.CLOSED)
    district.petition(status=Status.ACCEPTED)
    frozen = list(PetitionClock.objects.filter(petition=closed).order_by("pk").values())

    holiday(date(2026, 6, 9))
    holiday(date(2026, 6, 10))
    ask(date(2026, 6, 9))
    recompute.run_all(at=TUESDAY)

    assert list(PetitionClock.objects.filter(petition=closed).order_by("pk").values()) == frozen
    assert not Petition.objects.filter(pk=closed.pk, next_due_at__isnull=False).exists()


def test_a_clock_that_stands_gets_its_date_when_it_runs_on(district):
    petition = district.petition(status=Status.DISPATCHED, policy="committed_tier")
    life.pause(FAMILY, petition.pk, at=at("2026-06-09 11:00"), reason="supplement")
    clock = PetitionClock.objects.filter(petition=petition, state="paused").order_by("pk").first()
    due_at, cap = clock.due_at, clock.pause_ends_at

    holiday(date(2026, 6, 10))
    ask(date(2026, 6, 10))
    recompute.run_all(at=TUESDAY)

    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == ("paused", due_at)
    assert clock.pause_ends_at > cap


def test_changed_opening_hours_are_seen_whoever_changed_them(district):
    # given hours once looked at, and a clock in service hours
    petition = district.petition()
    assert not alarms.watch_hours(at=TUESDAY)
    before = due(petition, "triage")

    # when the community opens at eleven from now on
    ServiceHours.objects.bulk_create(
        ServiceHours(area=district.community, weekday=day, opens=clock_time(11), closes=clock_time(17))
        for day in range(7)
    )
    assert alarms.watch_hours(at=TUESDAY)
    assert not alarms.watch_hours(at=TUESDAY)
    recompute.run_all(at=TUESDAY)

    # then its clocks count by them
    assert (before, due(petition, "triage")) == (at("2026-06-09 10:30"), at("2026-06-09 11:30"))


def test_the_command_says_how_many_changed(district, capsys):
    district.petition()
    holiday(date(2026, 6, 9))

    call_command("recompute", since="2026-06-09")

    assert capsys.readouterr().out.startswith("1 ")
    assert RecomputeRun.objects.get().changed == 1


def test_without_an_open_clock_nothing_is_owed():
    assert ask(date(2026, 6, 9)) is None
    assert not RecomputeRun.objects.exists()

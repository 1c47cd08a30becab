"""Several workers share a recomputation; rows held by others, rows that are wrong and killed workers lose nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from deadlines import recompute
from deadlines.enums import RecomputeReason
from deadlines.models import CalendarDay, CalendarYear, RecomputeRun
from deadlines.sweep import sweep
from petitions.enums import Status
from petitions.models import Petition, PetitionClock, PetitionClockRung, PetitionEscalation
from tests.factories import SHANGHAI, TUESDAY

WEDNESDAY = date(2026, 6, 10)
ROOT = Path(__file__).parents[2]
WORKER = """
import sys, time, django
django.setup()
from datetime import datetime
from deadlines import recompute, redating
if sys.argv[2:]:  # stop in the middle of the batch that writes this one's clocks
    whole, calls = redating._store, []
    def stands(*args, **more):
        whole(*args, **more)
        calls.append(1)
        if len(calls) == int(sys.argv[2]):
            print("written", flush=True)
            time.sleep(60)
    redating._store = stands
print(recompute.run_all(at=datetime.fromisoformat(sys.argv[1]), batch=2), flush=True)
"""


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def make_holiday():
    CalendarYear.objects.get(year=2026).save()
    CalendarDay.objects.create(date=WEDNESDAY, kind="holiday", code="test", name_zh="", name_en="", year_id=2026)
    return recompute.ask(reason=RecomputeReason.CALENDAR, at=TUESDAY, since=WEDNESDAY)


def resolving():
    return PetitionClock.objects.filter(state="running", stage__code="resolve").order_by("pk")


def worker(*more, **options):
    """A worker of its own process on the tests' database."""
    name = connection.settings_dict["NAME"]
    path, question, rest = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"]).partition("?")
    env = {**os.environ, "DATABASE_OWNER_URL": f"{path.rpartition('/')[0]}/{name}{question}{rest}"}
    command = [sys.executable, "-W", "ignore", "-c", WORKER, TUESDAY.isoformat(), *map(str, more)]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, **options)


def in_threads(number, work):
    """Run ``work`` in so many threads with connections of their own; return what they returned."""
    start, answers, failures = threading.Barrier(number), [], []

    def run():
        try:
            start.wait()
            answers.append(work())
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return answers


@pytest.fixture
def nine_cases(district):
    """Nine matters to be resolved by the 16th; a holiday on the 10th moves them all to the 17th."""
    for _ in range(9):
        district.petition(status=Status.ACCEPTED, policy="committed_tier")
    assert {clock.due_at for clock in resolving()} == {at("2026-06-17 00:00")}
    return district


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_date_each_clock_once(nine_cases):
    run = make_holiday()
    recompute.plan(run.pk, at=TUESDAY, batch=2)

    changed = in_threads(4, lambda: recompute.run_all(at=TUESDAY))
    recompute.run_all(at=TUESDAY)

    run.refresh_from_db()
    clocks = PetitionClock.objects.filter(state="running").exclude(stage__policy__key="intake").count()
    assert sum(changed) == run.changed == run.seen <= clocks
    assert run.finished_at == TUESDAY
    assert {clock.due_at for clock in resolving()} == {at("2026-06-18 00:00")}


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_batch_leaves_it_to_the_next(nine_cases):
    run = make_holiday()

    # given a worker that has written its second batch and not committed it
    with worker(2) as first:
        assert first.stdout.readline() == "written\n"
        first.send_signal(signal.SIGKILL)
    assert run.batches.exclude(done_at=None).count() == 1

    # when two more go on
    with worker() as second, worker() as third:
        rest = int(second.stdout.read()) + int(third.stdout.read())
    recompute.run_all(at=TUESDAY)

    # then the rest is done, nothing twice
    run.refresh_from_db()
    assert (run.changed, run.finished_at) == (2 + rest, TUESDAY)
    assert {clock.due_at for clock in resolving()} == {at("2026-06-18 00:00")}


@pytest.mark.django_db(transaction=True)
def test_who_is_held_by_somebody_is_tried_again_and_not_lost(nine_cases):
    run = make_holiday()
    held = resolving().first()
    at_work, free = threading.Event(), threading.Event()

    def colleague():
        with transaction.atomic():
            Petition.objects.select_for_update().get(pk=held.petition_id)
            at_work.set()
            free.wait(20)
        connection.close()

    thread = threading.Thread(target=colleague)
    thread.start()
    at_work.wait(20)

    # when somebody works on one of them, the others are dated without waiting for him
    before = time.monotonic()
    recompute.run_all(at=TUESDAY, batch=4)
    assert time.monotonic() - before < 10
    run.refresh_from_db()
    assert run.finished_at is None
    assert [clock.pk for clock in resolving() if clock.due_at == at("2026-06-17 00:00")] == [held.pk]

    # and he is done at the next tick
    free.set()
    thread.join()
    later = TUESDAY + timedelta(minutes=1)
    recompute.run_all(at=later)
    run.refresh_from_db()
    assert run.finished_at == later
    assert {clock.due_at for clock in resolving()} == {at("2026-06-18 00:00")}


@pytest.mark.django_db
def test_a_clock_that_cannot_be_computed_is_named_and_stops_neither_the_others_nor_later_runs(nine_cases, caplog):
    bad = resolving()[4]
    PetitionClock.objects.filter(pk=bad.pk).update(life=[*bad.life, {"what": "extend", "value": -1, "unit": "day"}])
    run = make_holiday()
    other = RecomputeRun.objects.create(reason="command", since=WEDNESDAY, asked_at=TUESDAY)

    recompute.run_all(at=TUESDAY, batch=3)

    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.broken, run.finished_at, other.broken, other.finished_at) == ([bad.pk], TUESDAY, [bad.pk], TUESDAY)
    assert {clock.due_at for clock in resolving().exclude(pk=bad.pk)} == {at("2026-06-18 00:00")}
    assert resolving().get(pk=bad.pk).due_at == at("2026-06-17 00:00")


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_named_and_the_others_are_stored(nine_cases, caplog):
    bad = resolving()[4]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE petitions_petitionclock ADD CONSTRAINT refuses"
            f" CHECK (id <> {bad.pk} OR due_at < '2026-06-17 12:00+00')"
        )
    run = make_holiday()

    recompute.run_all(at=TUESDAY)

    run.refresh_from_db()
    assert (run.broken, run.changed, run.finished_at) == ([bad.pk], run.seen - 1, TUESDAY)
    assert {clock.due_at for clock in resolving().exclude(pk=bad.pk)} == {at("2026-06-18 00:00")}
    assert resolving().get(pk=bad.pk).due_at == at("2026-06-17 00:00")


@pytest.mark.django_db
def test_a_run_that_fails_does_not_stop_the_next(nine_cases, monkeypatch, caplog):
    first = make_holiday()
    second = RecomputeRun.objects.create(reason="command", since=WEDNESDAY, asked_at=TUESDAY)
    whole = recompute.walk_of

    def fails(run_id):
        if run_id == first.pk:
            raise RuntimeError(run_id)
        return whole(run_id)

    monkeypatch.setattr(recompute, "walk_of", fails)
    recompute.run_all(at=TUESDAY)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.finished_at, second.finished_at) == (None, TUESDAY)
    assert {clock.due_at for clock in resolving()} == {at("2026-06-18 00:00")}


@pytest.mark.django_db
def test_rungs_in_working_days_of_a_clock_that_counts_every_minute_move_too(district):
    # given a matter to be assigned within thirty minutes, told to the street one working day after it was late
    petition = district.petition(status=Status.ACCEPTED, policy="utility_24h")
    rungs = PetitionClockRung.objects.filter(clock__petition=petition, rung__at="overdue+1wd", clock__state="running")
    before = {rung.pk: rung.fire_at for rung in rungs}
    dates = dict(PetitionClock.objects.filter(petition=petition).values_list("pk", "due_at"))
    assert before

    make_holiday()
    recompute.run_all(at=TUESDAY)

    # then those rungs come a day later; no date of the clock itself moves
    assert {rung.pk: rung.fire_at - before[rung.pk] for rung in rungs.all()} == dict.fromkeys(before, timedelta(days=1))
    assert dict(PetitionClock.objects.filter(petition=petition).values_list("pk", "due_at")) == dates


@pytest.mark.django_db
def test_a_rung_behind_the_next_one_that_crosses_the_day_moves_though_the_clock_is_past_it(district):
    # given a matter due on Tuesday at half past ten, told to the street on Wednesday at half past ten
    petition = district.petition()
    late = PetitionClockRung.objects.get(clock__petition=petition, rung__at="overdue+1wd", clock__state="running")
    assert late.fire_at == at("2026-06-10 10:30")

    make_holiday()
    recompute.run_all(at=TUESDAY)

    late.refresh_from_db()
    assert late.fire_at == at("2026-06-11 10:30")
    sweep(at=at("2026-06-10 12:00"))
    assert [one.rung.at for one in PetitionEscalation.objects.all()] == ["overdue"]

"""The numbered cases of escalation (cases/petitions.md) that no other file has word by word, with real threads."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from deadlines import alarms
from deadlines import sweep as sweeping
from deadlines.sweep import sweep
from deadlines.timetable import timetable
from grids.models import Absence, Appointment
from notifications.models import Notice
from petitions import joining, supplements, transitions
from petitions.enums import Status
from petitions.models import Petition, PetitionEscalation
from tests.bench import sweep_data
from tests.factories import SHANGHAI, TUESDAY


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


TEN_THIRTY = at("2026-06-09 10:30")
LATER = at("2026-07-30 09:00")


def told():
    return [(one.route, one.told) for one in PetitionEscalation.objects.order_by("fell_due_at", "pk")]


def at_once(*works):
    """Run each in a thread with a connection of its own; return when all have ended."""
    start, failures = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait()
            work()
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_after_a_missed_day_and_once_more_leave_one_event_a_rung(district):
    """Case 17: run twice, in two workers at once, after a missed day."""
    for _ in range(6):
        district.petition()

    # nobody swept on Tuesday; on Wednesday two workers do at once, and then again
    for _ in range(2):
        at_once(*[lambda: sweep(at=at("2026-06-10 10:30"), batch=2)] * 2)

    fired = PetitionEscalation.objects.order_by("clock__petition", "rung__at")
    numbers = Petition.objects.order_by("pk").values_list("pk", flat=True)
    assert list(fired.values_list("clock__petition", "rung__at")) == [
        (pk, rung) for pk in numbers for rung in ("overdue", "overdue+1wd")
    ]
    assert Notice.objects.filter(kind="escalation").count() == 12


def unassigned(district):
    return [district.secretary.pk], "holder"


def vacant(district):
    Appointment.objects.filter(user=district.secretary).delete()
    return [district.dispatcher.pk], "level_up"


def absent(district):
    seat = Appointment.objects.get(user=district.secretary)
    day = TUESDAY.date()
    Absence.objects.create(appointment=seat, deputy=district.worker, starts_on=day, ends_on=day)
    return [district.worker.pk], "deputy"


def absent_without_deputy(district):
    day = TUESDAY.date()
    Absence.objects.create(appointment=Appointment.objects.get(user=district.secretary), starts_on=day, ends_on=day)
    return [district.dispatcher.pk], "level_up"


def disabled(district):
    type(district.secretary).objects.filter(pk=district.secretary.pk).update(is_active=False)
    return [district.dispatcher.pk], "level_up"


def all_vacant(district):
    Appointment.objects.all().delete()
    return [district.duty.pk], "duty_list"


@pytest.mark.django_db
@pytest.mark.parametrize("world", [unassigned, vacant, absent, absent_without_deputy, disabled, all_vacant])
def test_somebody_is_always_told(district, world):
    """Case 20: unassigned, vacant post, absent holder, disabled user."""
    district.petition()
    people, route = world(district)

    sweep(at=TEN_THIRTY)

    assert told() == [(route, people)]


def passing_over(family, user):
    """As the family describes its clocks, but for this user, who may not be told."""
    real = family.describe

    def describe(ids):
        from dataclasses import replace

        return {pk: replace(subject, excluded=frozenset({user.pk})) for pk, subject in real(ids).items()}

    return describe


@pytest.mark.django_db
def test_a_recused_holder_is_passed_over_for_his_superior_and_so_is_his_line(district):
    """Cases 20 and 23: who is recused or complained of is not told, nor are those under him."""
    from petitions.clocks import FAMILY

    district.petition()
    real = FAMILY.describe
    object.__setattr__(FAMILY, "describe", passing_over(FAMILY, district.secretary))
    try:
        sweep(at=TEN_THIRTY)
    finally:
        object.__setattr__(FAMILY, "describe", real)

    assert told() == [("level_up", [district.dispatcher.pk])]


def closed(district):
    return district.petition(status=Status.CLOSED)


def declined(district):
    by = district.as_staff(district.secretary)
    return transitions.decline(district.petition(), by=by, at=TUESDAY, reason="不属受理范围。")


def merged(district):
    by, text = district.as_staff(district.secretary), "同一处的垃圾桶又满了。"
    double, master = district.petition(text=text), district.petition(status=Status.ACCEPTED)
    joining.merge(double, into=master, by=by, at=TUESDAY + timedelta(hours=1), reason="同一件事。")
    return double


def paused(district):
    petition = district.petition(status=Status.IN_PROGRESS, policy="reply_10wd")
    by = district.as_staff(district.worker)
    supplements.ask_supplement(petition, by=by, at=TUESDAY + timedelta(hours=1), words="请说明是哪个单元。")
    return petition


@pytest.mark.django_db
@pytest.mark.parametrize("how", [closed, declined, merged, paused])
def test_what_does_not_run_never_escalates(district, how):
    """Case 21: closed, declined, merged, paused, each by its own verb."""
    petition = how(district)
    at_once = list(petition.clocks.filter(state="running").values_list("stage__policy__key", flat=True))
    before = PetitionEscalation.objects.filter(clock__petition=petition).count()

    sweep(at=LATER)

    assert at_once == []
    assert PetitionEscalation.objects.filter(clock__petition=petition).count() == before == 0


@pytest.mark.django_db(transaction=True)
def test_a_batch_of_ten_thousand_costs_as_many_statements_as_one_of_ten(monkeypatch):
    """Case 24: the query count is constant in the size of the backlog."""
    monkeypatch.setattr(sweeping, "PULSE_SECONDS", 3600)  # a slow machine beats its heart once more
    due, now = at("2026-06-08 12:00"), at("2026-06-08 12:05")
    timetable()  # the calendar is read once a process
    statements = []
    with connection.cursor() as cursor:
        with transaction.atomic():
            sweep_data.build_district(cursor)
            sweep_data.build_petitions(cursor, 1, 10_010, start=due - timedelta(days=20))
        for first, last in ((1, 10), (11, 10_010)):
            with transaction.atomic():
                sweep_data.build_clocks(cursor, first, last, due=due, spread=60)
            with CaptureQueriesContext(connection) as captured:
                assert sweep(at=now, batch=10_000).clocks == last - first + 1
            statements.append(len(captured))

    assert statements == [20, 20]


@pytest.mark.django_db(transaction=True)
def test_a_sweep_beside_somebody_who_edits_the_matter_overwrites_nothing_and_waits_for_nobody(district):
    """Case 25: escalation never overwrites a concurrent edit."""
    petition = district.petition()
    swept, edited = threading.Event(), threading.Event()

    def editor():
        with transaction.atomic():
            mine = Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
            mine.title = "Edited meanwhile"
            mine.save(update_fields=["title"])
            edited.set()
            assert swept.wait(30)

    def sweeper():
        assert edited.wait(30)
        assert sweep(at=TEN_THIRTY).escalations == 1
        swept.set()

    at_once(editor, sweeper)

    petition.refresh_from_db()
    assert petition.title == "Edited meanwhile"
    assert PetitionEscalation.objects.filter(clock__petition=petition).count() == 1


@pytest.mark.django_db
def test_a_guarded_job_does_nothing_twice_in_its_period_and_works_again_after_it(district):
    """Case 48: second call in the period does nothing; after the period it runs again."""
    monday = at("2026-11-02 09:00")

    told = [alarms.missing_notice(at=monday + timedelta(days=days)) for days in (0, 0, 3, 6, 7, 8)]

    assert told == [1, 0, 0, 0, 1, 0]

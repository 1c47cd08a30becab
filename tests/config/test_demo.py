"""The demo district in small: everything in it came about by the real verbs and the real sweep."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import override_settings

from config.demo.loading import load_demo
from config.demo.scale import SMALL
from deadlines.models import Heartbeat
from deadlines.sweep import sweep
from fieldwork import due
from fieldwork.models import Campaign, Household, PatrolDuty, ServiceStation, Visit, VisitCoverage
from grids.enums import Level, PostKind
from grids.models import Absence, Area, DutyMember, Organisation, Post
from grids.posts import holders, staff_for
from notifications.models import Delivery, Download, Notice
from people.models import User
from petitions.enums import DONE, EventCode, Status
from petitions.models import (
    Petition,
    PetitionClock,
    PetitionEscalation,
    PetitionEvent,
    PledgeFact,
    PledgeMonth,
    Rating,
    Report,
    Whistle,
    WhistleCall,
)
from petitions.numbers import code_fits

pytestmark = pytest.mark.django_db

# a Friday afternoon
NOW = datetime(2026, 6, 12, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
POSTS = {
    "unit_head", "building_head", "grid_worker", "grid_lead", "community_secretary", "community_worker", "dispatcher",
    "street_leader", "department_handler", "department_head", "supervisor", "district_command", "system_administrator",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Load it once for this module; every test below stands on a savepoint of this transaction."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        transaction.atomic(),
    ):
        yield load_demo(scale=SMALL, at=NOW, progress=lambda _count: None)
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    return loaded


def test_the_district_stands_from_the_province_to_the_stairwell(demo):
    levels = {level: Area.objects.filter(level=level).count() for level in Level}

    # 2 streets, 1 community each, 2 grids, 2 buildings, 2 units
    assert list(levels.values()) == [1, 1, 1, 2, 2, 4, 8, 16]
    assert sorted(Area.objects.filter(level=Level.COMMUNITY).values_list("code", "short_name")) == [
        ("620302001001", "龙集里社区"), ("620302002001", "昌文里社区"),
    ]  # fmt: skip
    assert not Area.objects.filter(level__lt=Level.DISTRICT, served=True).exists()
    assert not Area.objects.filter(level__gte=Level.DISTRICT, served=False).exists()


def test_every_post_has_an_account_that_opens_and_an_address(demo):
    assert {login.account.post for login in demo.logins} == POSTS
    for login in demo.logins:
        user = User.objects.get(username=login.account.post)
        assert user.email == f"{login.account.post}@example.org"
        assert login.account.post in {held.kind for held in staff_for(user, NOW.date()).holdings}
    assert User.objects.get(username="grid_worker").check_password(demo.logins[2].password)
    assert len({login.password for login in demo.logins}) == len(POSTS)
    assert User.objects.exclude(email="").count() == len(POSTS)


def test_one_worker_is_away_today_and_the_shown_worker_stands_in(demo):
    absence = Absence.objects.get()
    away = absence.appointment

    assert (absence.deputy.username, away.post.kind) == ("grid_worker", PostKind.GRID_WORKER)
    assert holders(away.post.area, PostKind.GRID_WORKER, NOW.date()) == [absence.deputy]
    assert holders(away.post.area, PostKind.GRID_WORKER, NOW.date() - timedelta(days=1)) == [away.user]


def test_the_duty_list_is_filled_and_departments_have_handler_and_head(demo):
    assert DutyMember.objects.at(NOW.date()).count() >= 1
    units = Organisation.objects.handling_units()
    assert units.count() > 20
    kinds = Post.objects.filter(organisation__in=units).values_list("organisation", "kind")
    assert len(set(kinds)) == 2 * units.count()


def test_petitions_stand_at_every_status(demo):
    assert Petition.objects.count() == 45  # and 5 of them ask for a service at the window
    assert set(Petition.objects.values_list("status", flat=True)) == set(Status.values)


def test_every_petition_has_the_history_that_its_status_needs(demo):
    for petition in Petition.objects.all():
        events = list(petition.events.exclude(to_status="").order_by("at", "id"))
        assert events[0].code == EventCode.SUBMITTED
        assert events[-1].to_status == petition.status
        assert [event.to_status for event in events[:-1]] == [event.from_status for event in events[1:]]
        assert all(event.at <= NOW for event in events)
        assert petition.submitted_at > NOW - timedelta(days=15)
    assert (
        not PetitionEvent.objects.filter(by=None)
        .exclude(
            code__in=(
                EventCode.SUBMITTED,
                EventCode.ESCALATED,
                EventCode.RATED,
                EventCode.REOPENED,
                EventCode.WITHDRAWN,
            )
        )
        .exists()
    )


def test_what_was_late_was_escalated_by_the_sweep_when_it_became_late(demo):
    late = PetitionEscalation.objects.filter(rung__at__startswith="overdue")

    assert late.count() > 0
    assert PetitionEscalation.objects.filter(historic=True).count() == 0
    assert not PetitionEscalation.objects.filter(fired_at__gt=NOW).exists()
    told = PetitionEvent.objects.filter(code=EventCode.ESCALATED).exclude(refs__has_key="unseen")
    assert told.count() == PetitionEscalation.objects.count()
    assert timedelta() <= Heartbeat.objects.get(name="deadlines.sweep").last_run_at - NOW < timedelta(minutes=1)
    assert sweep(at=NOW).escalations == 0
    missed = PetitionClock.objects.filter(state="stopped", met=False).exclude(
        escalations__rung__at__startswith="overdue"
    )
    assert not missed.exclude(stage__rungs=None).exists()


def test_residents_rate_reopen_withdraw_and_find_their_matter_filed_already(demo):
    sources = set(Rating.objects.values_list("source", flat=True))
    assert "page" in sources
    assert sources <= {"page", "callback"}
    assert Rating.objects.count() >= 5
    joined = Petition.objects.filter(status=Status.MERGED)
    assert joined.count() >= 1
    assert all(one.master.status != Status.MERGED for one in joined)
    assert not PetitionClock.objects.filter(petition__in=joined, state__in=("running", "paused")).exists()
    assert Petition.objects.filter(status=Status.WITHDRAWN).count() >= 1


def test_services_are_asked_for_at_the_window_and_their_pledges_counted(loaded):
    asked = Petition.objects.filter(service_item__code__in=("Z-01", "Z-02", "J-06"))
    done = asked.filter(status__in=DONE, service_item__pledge_value__isnull=False, resolved_at__lte=NOW)

    assert asked.count() == SMALL.requests == 5
    assert PledgeFact.objects.count() == done.count() >= 1
    assert sum(PledgeMonth.objects.values_list("done", flat=True)) == done.count()


def test_the_desk_has_a_report_and_an_export_to_watch(demo):
    secretary = User.objects.get(username="community_secretary")

    assert Report.objects.get().asked_by == secretary
    assert [one.maker for one in Download.objects.filter(owner=secretary)] == ["petitions.petition"]


def test_nothing_of_the_past_is_mailed(demo, django_capture_on_commit_callbacks):
    assert Notice.objects.count() > 100
    assert (Delivery.objects.count(), len(mail.outbox)) == (0, 0)


def test_old_notices_of_the_shown_people_are_read(demo):
    secretary = User.objects.get(username="community_secretary")

    assert not secretary.notices.filter(read_at=None, created_at__lt=NOW - timedelta(days=2)).exists()
    assert secretary.notices.exclude(read_at=None).exists()


def test_no_telephone_number_stands_in_the_database_in_clear(demo):
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table} AS row WHERE row::text ~ '1990000[0-9]{{4}}'")
            assert (table, cursor.fetchone()[0]) == (table, 0)


def test_a_visitor_can_follow_a_closed_petition_as_its_resident(demo):
    petition = Petition.objects.get(number=demo.follow.number)

    assert petition.status == Status.CLOSED
    assert NOW - petition.closed_at < timedelta(days=15), "it can be taken up again"
    assert code_fits(petition.code_hash, petition.number, demo.follow.code)


def test_the_shown_grid_has_households_visits_a_campaign_and_counts_of_the_months_that_are_over(loaded):
    """Whoever opens the worker's list of visits finds some late, some due and some done."""
    worker = staff_for(User.objects.get(username="grid_worker"), NOW.date())

    lines = due.lines(Household.objects.visible_to(worker), due.grids_of(worker), on=NOW.date())

    assert Household.objects.count() == 24  # two buildings of two stairwells, six doors each
    assert 0 < len(lines) < 24
    assert Visit.objects.count() > 40
    assert Campaign.objects.running(NOW.date()).get().visits.exists()
    assert set(VisitCoverage.objects.filter(duty__code="household_monthly").values_list("first_on", "asked")) == {
        (date(2026, 5, 1), 24)
    }


def test_five_departments_stand_and_the_whistle_calls_them(demo):
    called = set(WhistleCall.objects.filter(organisation__isnull=False).values_list("organisation__code", flat=True))

    # political-legal, police, health, urban management, market supervision (002-44)
    assert {code.rpartition("-")[2] for code in called} == {
        "political_legal",
        "police",
        "health",
        "urban_mgmt",
        "market",
    }
    assert set(Whistle.objects.values_list("kind", "state")) == {
        ("emergency", "closed"), ("joint", "blown"), ("routine", "waiting"), ("routine", "blown"),
    }  # fmt: skip
    for body in Organisation.objects.filter(code__in=called):
        assert Post.objects.filter(organisation=body, appointments__user__is_active=True).count() == 2


def test_the_shown_community_has_stations_and_all_its_grids_but_one_their_three_points(loaded):
    community = Area.objects.get(pk=User.objects.get(username="community_secretary").appointments.get().post.area_id)
    here = ServiceStation.objects.filter(area__path__startswith=community.path)
    grids = Area.objects.filter(parent=community, level=Level.GRID).count()

    assert here.filter(area=community).count() == 2
    assert here.filter(area__level=Level.GRID).count() == 3 * (grids - 1)


def test_the_shown_worker_has_two_rounds_today_with_their_places(loaded):
    duties = PatrolDuty.objects.all()

    assert duties.count() == 2
    assert [duty.route.points.count() for duty in duties.order_by("due_by")] == [3, 2]

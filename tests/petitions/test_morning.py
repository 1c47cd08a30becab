"""The morning page: each number opens a list of exactly as many, and it says who stands in and whether clocks run."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deadlines import heartbeat
from grids.models import Absence, Appointment
from people.models import User
from petitions import desk, requests, sampling
from petitions.desk import Pile
from petitions.enums import Status
from petitions.models import Petition, VerificationRule
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def busy(district, now, monkeypatch):
    """A morning with something of everything: pages hold two rows, so that lists go on."""
    monkeypatch.setattr(desk, "PAGE", 2)
    for days in (1, 3, 5):
        district.petition(now - timedelta(days=days))
    district.petition(now, status=Status.ACCEPTED)
    district.petition(now - timedelta(days=2), status=Status.RESOLVED)
    asked = district.petition(now, status=Status.SIGNED, policy="committed_tier", category="0103")
    requests.ask_extension(
        asked,
        by=district.as_staff(district.worker, timezone.localdate(now)),
        at=now,
        value=1,
        reason="配件要下周才到货",
    )
    ordered = district.petition(now - timedelta(days=9), status=Status.DISPATCHED)
    requests.supervise(
        ordered, by=district.as_staff(district.dispatcher, timezone.localdate(now)), at=now, words="请说明进展"
    )
    district.petition(now, place=district.other_community)
    return asked


def away(user: User, deputy: User | None, now) -> None:
    seat = Appointment.objects.get(user=user)
    Absence.objects.create(
        appointment=seat, starts_on=timezone.localdate(now), ends_on=timezone.localdate(now), deputy=deputy
    )


def walked(client, url: str) -> int:
    """Count the rows of a list by going through all of its pages."""
    rows = 0
    while url:
        page = client.get(url)
        assert page.status_code == 200, url
        rows += len(page.context["cards"])
        after = re.search(r'href="(\?pile=[^"]*after=[^"]+)"', page.content.decode())
        url = f"/admin/queue/{after.group(1)}".replace("&amp;", "&") if after else ""
    return rows


@pytest.mark.parametrize("who", ["secretary", "dispatcher", "handler"])
def test_each_number_opens_a_list_of_exactly_as_many(client, district, busy, who):
    client.force_login(getattr(district, who))

    tiles = client.get("/admin/").context["tiles"]

    assert [tile.pile for tile in tiles] == list(Pile)
    assert {tile.pile.value: walked(client, f"/admin/queue/?pile={tile.pile}") for tile in tiles} == {
        tile.pile.value: tile.count for tile in tiles
    }
    if who == "secretary":
        counts = {tile.pile.value: tile.count for tile in tiles}
        assert {name: counts[name] for name in ("open", "orders", "extension")} == {
            "open": 7, "orders": 1, "extension": 0,
        }  # fmt: skip
        assert counts["late"] > counts["new_late"] > 0


def test_what_is_late_since_yesterday_comes_first(district, busy, now):
    tiles = desk.tiles(district.as_staff(district.secretary, timezone.localdate(now)), at=now)

    assert [tile.pile.value for tile in tiles][:3] == ["new_late", "late", "today"]


def test_an_extension_waits_for_who_decides_on_it_and_for_nobody_else(district, busy, now):
    waiting = {}
    for who in ("secretary", "dispatcher", "leader", "worker", "stranger", "supervisor"):
        staff = district.as_staff(getattr(district, who), timezone.localdate(now))
        waiting[who] = requests.to_decide(staff, Petition.objects.visible_to(staff).open(), at=now)

    assert waiting == {
        "secretary": [], "dispatcher": [busy.pk], "leader": [], "worker": [], "stranger": [], "supervisor": [],
    }  # fmt: skip
    for who in ("secretary", "dispatcher", "leader"):
        staff = district.as_staff(getattr(district, who), timezone.localdate(now))
        assert requests.decides(staff, busy, asked_by=district.worker.pk, at=now) == bool(waiting[who])


def test_many_extensions_cost_what_one_costs(district, busy, now, django_assert_max_num_queries):
    worker = district.as_staff(district.worker, timezone.localdate(now))
    for _more in range(4):
        other = district.petition(now, status=Status.SIGNED, policy="committed_tier", category="0103")
        requests.ask_extension(other, by=worker, at=now, value=1, reason="配件要下周才到货")
    staff = district.as_staff(district.dispatcher, timezone.localdate(now))

    with django_assert_max_num_queries(6):
        waiting = requests.to_decide(staff, Petition.objects.visible_to(staff).open(), at=now)

    assert len(waiting) == 5


def test_checks_vacancies_and_absences_open_lists_of_as_many(client, district, busy, now):
    VerificationRule.objects.create(kind="on_site", share=100, valid_from=timezone.localdate(now))
    for petition in Petition.objects.filter(status=Status.RESOLVED).select_related("area"):
        sampling.plan(petition, at=now)
    Appointment.objects.filter(user=district.lead).update(ends_on=timezone.localdate(now) - timedelta(days=1))
    away(district.worker, None, now)
    client.force_login(district.secretary)

    morning = client.get("/admin/").context["morning"]

    assert (morning.checks, morning.vacant, morning.away) == (1, 1, 1)
    assert len(client.get("/checks/").context["checks"]) == 1
    assert [len(client.get(f"/admin/posts/?show={show}").context["lines"]) for show in ("vacant", "away")] == [1, 1]
    client.force_login(district.other_secretary)
    other = client.get("/admin/").context["morning"]
    assert (other.checks, other.vacant, other.away, other.covers) == (0, 0, 0, ())


def test_it_says_who_stands_in_for_whom_and_first_where_nobody_does(client, district, now):
    away(district.worker, district.lead, now)
    away(district.other_worker, None, now)
    client.force_login(district.secretary)

    page = client.get("/admin/")

    assert [(one.name, one.where, one.deputy) for one in page.context["morning"].covers] == [
        ("other_worker", "第二网格", ""), ("worker", "第一网格", "lead"),
    ]  # fmt: skip
    assert "is away: lead stands in." in page.content.decode()


def test_a_deputy_who_is_away_himself_stands_in_for_nobody(client, district, now):
    away(district.worker, district.lead, now)
    away(district.lead, None, now)
    client.force_login(district.secretary)

    assert [one.deputy for one in client.get("/admin/").context["morning"].covers] == ["", ""]


def test_it_says_when_deadlines_were_last_looked_through_and_warns_when_that_is_long_ago(client, district, now):
    client.force_login(district.secretary)
    silent = "Nobody is reminded and nothing escalates meanwhile"

    never = client.get("/admin/").content.decode()
    heartbeat.beat(heartbeat.SWEEP, at=now, handled=1)
    well = client.get("/admin/").content.decode()
    heartbeat.beat(heartbeat.SWEEP, at=now - timedelta(minutes=10), handled=1)
    long_ago = client.get("/admin/").content.decode()

    assert [silent in page for page in (never, well, long_ago)] == [True, False, True]
    assert "Deadlines were last looked through on" in well


def test_the_morning_costs_twenty_queries_at_most(client, district, busy, now, django_assert_max_num_queries):
    away(district.worker, district.lead, now)
    client.force_login(district.dispatcher)
    client.get("/admin/")

    with django_assert_max_num_queries(20):
        page = client.get("/admin/")

    assert {tile.pile: tile.count for tile in page.context["tiles"]}[Pile.EXTENSION] == 1


def test_who_holds_no_post_has_no_morning(client):
    client.force_login(make_user("nobody"))

    assert "morning" not in client.get("/admin/").context

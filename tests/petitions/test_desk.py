"""The secretary's desk: what stands in which pile, who sees it, and all or nothing for many at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions import desk
from petitions.desk import Pile
from petitions.enums import Status
from petitions.models import Petition
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return client


def counts(district, user, at):
    return {tile.pile.value: tile.count for tile in desk.tiles(district.as_staff(user), at=at) if tile.count}


def test_the_morning_counts_what_waits(district):
    # given at Tuesday 10:00: one to triage, one dispatched, one resolved, and one of another community
    district.petition()
    district.petition(status=Status.DISPATCHED)
    district.petition(status=Status.RESOLVED)
    district.petition(place=district.other_community)

    # when a day and two hours have passed: triage and arrival are late, the resolution is due at midnight
    at = TUESDAY + timedelta(hours=26)

    assert counts(district, district.secretary, at) == {
        "late": 2, "new_late": 2, "first": 1, "triage": 1, "take": 1, "verify": 1, "call": 1, "open": 3,
    }  # fmt: skip
    assert counts(district, district.dispatcher, at)["open"] == 4
    assert counts(district, district.stranger, at) == {}


def test_the_queue_shows_the_most_pressing_first(secretary, district):
    later = district.petition(TUESDAY + timedelta(days=1))
    first = district.petition(TUESDAY)

    page = secretary.get(reverse("admin:queue"))

    assert [card.petition for card in page.context["cards"]] == [first, later]


@pytest.mark.parametrize("petitions", [1, 3, 40])
def test_the_queue_costs_the_same_however_long_it_is(secretary, district, django_assert_num_queries, petitions):
    for _ in range(petitions):
        district.petition()
    secretary.get(reverse("admin:queue"))

    with django_assert_num_queries(12):
        page = secretary.get(reverse("admin:queue"))

    assert len(page.context["cards"]) == min(petitions, desk.PAGE)


def test_another_communitys_petition_is_nowhere(client, district):
    hidden = district.petition(text="楼道里停满了电动车")
    client.force_login(district.other_secretary)

    for query in ({}, {"pile": "triage"}, {"q": "电动车"}, {"q": hidden.number}, {"area": district.community.code}):
        page = client.get(reverse("admin:queue"), query)
        assert page.status_code == 200
        assert page.context["cards"] == []
        assert hidden.title not in page.content.decode()
    assert client.get(reverse("case", args=[hidden.number])).status_code == 404
    register = client.get(reverse("admin:petitions_petition_changelist"), {"q": hidden.number})
    assert register.context["cl"].result_count == 0


def test_two_characters_find_a_petition(secretary, district):
    found = district.petition(text="楼道里停满了电动车")
    district.petition(text="垃圾没人清")

    page = secretary.get(reverse("admin:queue"), {"q": "电动"})

    assert [card.petition for card in page.context["cards"]] == [found]


def test_many_are_dispatched_together(secretary, district):
    petitions = [district.petition(status=Status.ACCEPTED) for _ in range(3)]
    numbers = [petition.number for petition in petitions]

    preview = secretary.post(reverse("admin:dispatch_many"), {"number": numbers})
    assert preview.status_code == 200
    assert Petition.objects.filter(status=Status.DISPATCHED).count() == 0

    done = secretary.post(
        reverse("admin:dispatch_many"), {"number": numbers, "to": f"worker:{district.worker.pk}", "confirm": "1"}
    )
    assert done.status_code == 302
    assert Petition.objects.filter(status=Status.DISPATCHED, handler=district.worker).count() == 3


def test_one_that_cannot_be_dispatched_stops_all(secretary, district):
    ready, waiting = district.petition(status=Status.ACCEPTED), district.petition()

    page = secretary.post(
        reverse("admin:dispatch_many"),
        {"number": [ready.number, waiting.number], "to": f"worker:{district.worker.pk}", "confirm": "1"},
    )

    assert page.status_code == 409
    assert Petition.objects.get(pk=ready.pk).status == Status.ACCEPTED


def test_one_foreign_number_stops_all(secretary, district):
    mine = district.petition(status=Status.ACCEPTED)
    foreign = district.petition(place=district.other_community)

    page = secretary.post(
        reverse("admin:dispatch_many"),
        {"number": [mine.number, foreign.number], "to": f"worker:{district.worker.pk}", "confirm": "1"},
    )

    assert page.status_code == 403
    assert Petition.objects.get(pk=mine.pk).status == Status.ACCEPTED


def test_the_first_page_of_the_desk_shows_the_piles(secretary, district):
    district.petition(timezone.now() - timedelta(days=3))

    page = secretary.get(reverse("admin:index"))

    assert {tile.pile: tile.count for tile in page.context["tiles"]}[Pile.LATE] == 1


def test_a_system_administrator_sees_no_petition(client, district):
    district.petition()
    district.duty.is_superuser = True
    district.duty.save()
    client.force_login(district.duty)

    assert client.get(reverse("admin:queue")).context["cards"] == []
    assert client.get(reverse("admin:petitions_petition_changelist")).status_code == 403

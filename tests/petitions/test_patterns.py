"""Patterns worth a look: each finds its cases and no others, opens to them, and ranks nobody."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from people.models import User
from petitions import patterns, requests, transitions
from petitions.enums import EventCode, Status
from petitions.models import Petition, PetitionClock, PetitionEvent
from petitions.periods import Period
from tests.factories import SHANGHAI, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "2026-06")
DUE = datetime(2026, 6, 11, 0, 0, tzinfo=SHANGHAI)  # accepted on the 9th, one working day


def found(district, code):
    cases = patterns.cases(patterns.PATTERNS[code], Petition.objects.all(), district.street, period=JUNE)
    return set(cases)


def resolve(district, petition, at):
    return transitions.resolve(petition, by=district.as_staff(district.worker), at=at, reply="已清运。")


def test_resolved_within_minutes_before_it_was_due(district):
    taken = [district.petition(status=Status.IN_PROGRESS) for _each in range(4)]
    assert {clock.due_at for clock in PetitionClock.objects.filter(stage__code="resolve")} == {DUE}
    for petition, minutes in zip(taken, (11, 10, 1, -1), strict=True):  # the last one is late
        resolve(district, petition, DUE - timedelta(minutes=minutes))

    assert found(district, "just_before_due") == {taken[1], taken[2]}


def test_many_resolved_by_one_person_within_few_minutes(district, settings):
    settings.PATTERN_LIMITS = {"bulk_cases": 3, "bulk_minutes": 5}
    taken = [district.petition(status=Status.IN_PROGRESS) for _each in range(5)]
    noon = TUESDAY + timedelta(hours=2)
    for petition, minutes in zip(taken, (0, 2, 5, 20, 24), strict=True):
        resolve(district, petition, noon + timedelta(minutes=minutes))

    assert found(district, "in_bulk") == set(taken[:3])


def test_verified_by_a_colleague_of_the_same_team(district):
    above = district.petition(status=Status.VERIFIED)  # the secretary, one level up
    own = district.petition(status=Status.RESOLVED, organisation=True)
    Petition.objects.filter(pk=own.pk).update(status=Status.VERIFIED)
    PetitionEvent.objects.create(
        petition=own, code=EventCode.VERIFIED, at=TUESDAY + timedelta(hours=3), by=district.head
    )

    assert above not in found(district, "own_team")
    assert found(district, "own_team") == {own}


def test_resolved_without_a_word_to_the_petitioner(district):
    district.petition(status=Status.RESOLVED)  # arrived
    silent = district.petition(status=Status.SIGNED)
    resolve(district, silent, TUESDAY + timedelta(hours=1))
    anonymous = district.petition(status=Status.SIGNED, phone="")
    Petition.objects.filter(pk=anonymous.pk).update(is_anonymous=True, petitioner=None)
    resolve(district, anonymous, TUESDAY + timedelta(hours=1))

    assert found(district, "without_contact") == {silent}


def test_more_time_asked_for_at_the_last_hour(district):
    worker = district.as_staff(district.worker)
    early, late = (district.petition(status=Status.SIGNED, policy="committed_tier") for _each in range(2))
    due = PetitionClock.objects.get(petition=late, stage__code="resolve").due_at
    requests.ask_extension(early, by=worker, at=due - timedelta(minutes=61), value=1, reason="等配件。")
    asked = requests.ask_extension(late, by=worker, at=due - timedelta(minutes=60), value=1, reason="等配件。")
    # granting moves the date; the pattern judges by the date it had
    requests.decide_extension(
        asked, by=district.as_staff(district.dispatcher), at=due - timedelta(minutes=30), grant=True, reason="同意。"
    )

    assert found(district, "last_hour") == {late}


def test_given_back_again_and_again(district):
    once, twice = (district.petition(status=Status.DISPATCHED, organisation=True) for _each in range(2))
    for petition, times in ((once, 1), (twice, 2)):
        for _each in range(times):
            PetitionEvent.objects.create(petition=petition, code=EventCode.RETURNED, at=TUESDAY + timedelta(days=1))

    assert found(district, "returned_often") == {twice}


def test_a_pattern_of_another_period_is_none_of_this_one(district):
    silent = district.petition(TUESDAY - timedelta(days=30), status=Status.SIGNED)
    resolve(district, silent, TUESDAY - timedelta(days=30) + timedelta(hours=1))

    assert found(district, "without_contact") == set()


def test_the_page_counts_says_its_rules_and_opens_to_cases_in_scope(client, district, settings):
    settings.PATTERN_LIMITS = {"returns": 3}
    User.objects.filter(pk=district.worker.pk).update(display_name="郝认真")
    silent = district.petition(status=Status.SIGNED)
    resolve(district, silent, TUESDAY + timedelta(hours=1))
    asked = {"period": "2026-06", "pattern": "without_contact"}

    client.force_login(district.supervisor)
    page = client.get(reverse("admin:figures_patterns"), asked)
    counts = {pattern.code: count for pattern, count in page.context["patterns"]}
    assert counts == {
        "just_before_due": 0, "in_bulk": 0, "own_team": 0, "without_contact": 1, "last_hour": 0, "returned_often": 0,
    }  # fmt: skip
    assert page.context["cases"] == [silent]
    text = page.content.decode()
    assert "given back at least 3 times" in text
    # cases, never persons: who handled it is not named
    assert "郝认真" not in text

    client.force_login(district.stranger)
    assert client.get(reverse("admin:figures_patterns"), asked).context["cases"] == []


@pytest.mark.parametrize("who", ["worker", "window", "handler"])
def test_who_handles_is_not_shown_them(client, district, who):
    client.force_login(getattr(district, who))

    assert client.get(reverse("admin:figures_patterns")).status_code == 403


def test_the_page_costs_ten_queries_at_most(client, district, django_assert_max_num_queries):
    for _each in range(3):
        district.petition(status=Status.RESOLVED)
    client.force_login(district.supervisor)
    client.get(reverse("admin:figures_patterns"))

    with django_assert_max_num_queries(10):
        client.get(reverse("admin:figures_patterns"), {"period": "2026-06", "pattern": "without_contact"})

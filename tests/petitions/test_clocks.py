"""Which clocks start and stop with what happens to a petition, and the dates they carry."""

import uuid
from datetime import datetime, timedelta

import pytest

from petitions import services, transitions
from petitions.enums import Status
from tests.factories import SHANGHAI, TUESDAY

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clocks(petition):
    return {
        clock.stage.code: (clock.state, clock.due_at.astimezone(SHANGHAI), clock.met)
        for clock in petition.clocks.select_related("stage").order_by("pk")
    }


def test_filing_promises_triage_and_nothing_else(district):
    petition = district.petition()

    assert clocks(petition) == {"triage": ("running", at("2026-06-09 10:30"), None)}
    assert petition.next_due_at == at("2026-06-09 10:30")
    assert petition.next_stage.code == "triage"


def test_triage_starts_the_chosen_policy_at_its_own_moments(district):
    petition = district.petition(status=Status.ACCEPTED, step=timedelta(minutes=10))

    assert clocks(petition) == {
        "triage": ("stopped", at("2026-06-09 10:30"), True),
        "accept": ("stopped", at("2026-06-09 10:30"), True),
        "arrive": ("running", at("2026-06-09 12:10"), None),
        "resolve": ("running", at("2026-06-11 00:00"), None),
    }


def test_1365_counts_from_the_call_also_when_triage_was_late(district):
    petition = district.petition(
        status=Status.ACCEPTED, policy="rapid_1365", category="0702", step=timedelta(minutes=45)
    )

    assert clocks(petition) == {
        "triage": ("stopped", at("2026-06-09 10:30"), False),
        "arrive": ("running", at("2026-06-09 10:10"), None),
        "plan": ("running", at("2026-06-09 10:30"), None),
        "resolve_small": ("running", at("2026-06-09 11:00"), None),
    }
    assert petition.next_stage.code == "arrive"


def test_facts_are_frozen_when_a_clock_stops(district):
    petition = district.petition(status=Status.RESOLVED, policy="rapid_1365", step=timedelta(minutes=20))

    resolve = petition.clocks.get(stage__code="resolve_small")
    # filed 10:00, resolved five steps later at 11:40: forty minutes late
    assert (resolve.state, resolve.met, resolve.seconds_late) == ("stopped", False, 2400)
    assert resolve.stopped_at == at("2026-06-09 11:40")
    assert resolve.next_action_at is None
    assert resolve.area == district.grid


def test_a_promise_still_open_at_the_resolution_stops_there(district):
    petition = district.petition(status=Status.SIGNED, policy="committed_tier", category="0103")
    worker = district.as_staff(district.worker)

    transitions.resolve(petition, by=worker, at=TUESDAY + timedelta(hours=3), reply="已清运。")

    stopped = {clock.stage.code: clock.stopped_at for clock in petition.clocks.select_related("stage")}
    assert stopped["contact"] == stopped["promise"] == stopped["resolve"] == TUESDAY + timedelta(hours=3)


def test_the_day_of_receipt_does_not_count(district):
    petition = district.petition(at("2026-09-24 16:00"), status=Status.ACCEPTED, policy="committed_tier")

    # Thursday 24 September; 25-27 mid-autumn; 28 29 30 September are days 1-3; 1-7 October National Day; 8, 9 October
    assert clocks(petition)["resolve"][1] == at("2026-10-10 00:00")


def test_a_petition_without_a_place_belongs_to_the_root_of_the_jurisdiction(district):
    petition = services.file(text="垃圾没人清", at=TUESDAY, client_key=uuid.uuid4()).petition

    assert petition.place is None
    assert (petition.area, petition.street, petition.community, petition.grid) == (district.district, None, None, None)
    assert petition.clocks.get().area == district.district


def test_finding_the_place_hands_the_clocks_over(district):
    petition = services.file(text="垃圾没人清", at=TUESDAY, client_key=uuid.uuid4()).petition

    command = district.as_staff(district.command)
    services.place_petition(petition, place=district.unit, by=command, at=TUESDAY + timedelta(minutes=5))

    petition.refresh_from_db()
    assert (petition.place, petition.grid, petition.community) == (district.unit, district.grid, district.community)
    assert petition.clocks.get().area == district.grid


def test_the_same_client_key_twice_gives_the_same_petition_and_code(district):
    key = uuid.uuid4()

    first = services.file(text="垃圾没人清", at=TUESDAY, client_key=key, place=district.unit)
    again = services.file(text="垃圾没人清", at=TUESDAY + timedelta(minutes=1), client_key=key, place=district.unit)

    assert (first.created, again.created) == (True, False)
    assert first.petition == again.petition
    assert first.code == again.code
    assert first.petition.events.count() == 1

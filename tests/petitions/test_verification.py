"""Resolved has an owner and a date: checked within two working days by somebody else, then closed within two."""

from datetime import datetime

import pytest
from django.utils import timezone

from deadlines.sweep import sweep
from petitions import desk, transitions
from petitions.desk import Pile
from petitions.enums import Status
from petitions.models import PetitionEscalation
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clock(petition, code, generation=1):
    return petition.clocks.get(stage__policy__key="verification", stage__code=code, generation=generation)


def told(code):
    fired = PetitionEscalation.objects.filter(clock__stage__code=code).order_by("fell_due_at")
    return [(one.rung.at, one.fell_due_at.astimezone(SHANGHAI), set(one.told)) for one in fired]


def test_what_is_resolved_is_to_be_checked_within_two_working_days(district):
    petition = district.petition(status=Status.RESOLVED)

    # resolved on Tuesday; Wednesday and Thursday count
    assert clock(petition, "verify").due_at == petition.next_due_at == at("2026-06-12 00:00")
    assert petition.next_stage.code == "verify"


def test_unchecked_it_climbs_to_the_street_and_the_district(district):
    district.petition(status=Status.RESOLVED)

    for moment in ("2026-06-11 08:30", "2026-06-12 00:00", "2026-06-13 00:00", "2026-06-18 00:00"):
        sweep(at=at(moment))

    found = told("verify")
    assert [(rung, users) for rung, _at, users in found] == [
        ("-1wd", {district.secretary.pk}), ("overdue", {district.dispatcher.pk}), ("overdue+1wd", {district.leader.pk}),
        ("overdue+3wd", {district.command.pk}),
    ]  # fmt: skip
    assert found[1][1] == at("2026-06-12 00:00")


def test_checking_stops_it_and_starts_the_closing(district):
    petition = district.petition(status=Status.RESOLVED)

    transitions.verify(petition, by=district.as_staff(district.supervisor), at=at("2026-06-10 10:00"))

    assert (clock(petition, "verify").state, clock(petition, "verify").met) == ("stopped", True)
    # checked on Wednesday; Thursday and Friday count
    assert (clock(petition, "close").state, clock(petition, "close").due_at) == ("running", at("2026-06-13 00:00"))


def test_closing_leaves_nothing_running(district):
    petition = district.petition(status=Status.CLOSED)

    assert clock(petition, "close").met is True
    assert not petition.clocks.filter(state__in=("running", "paused")).exists()
    assert sweep(at=at("2026-07-10 10:00")).escalations == 0


def test_rework_is_a_check_too_and_the_next_resolution_is_checked_anew(district):
    petition = district.petition(status=Status.RESOLVED)
    secretary, worker = district.as_staff(district.secretary), district.as_staff(district.worker)

    petition = transitions.rework(petition, by=secretary, at=at("2026-06-10 10:00"), reason="没清干净。")
    assert clock(petition, "verify").state == "stopped"
    transitions.resolve(petition, by=worker, at=at("2026-06-10 15:00"), reply="清干净了。")

    again = clock(petition, "verify", generation=2)
    assert (again.state, again.due_at) == ("running", at("2026-06-13 00:00"))


def test_a_late_check_is_recorded_as_late(district):
    petition = district.petition(status=Status.RESOLVED)

    transitions.verify(petition, by=district.as_staff(district.supervisor), at=at("2026-06-12 01:00"))

    assert (clock(petition, "verify").met, clock(petition, "verify").seconds_late) == (False, 3600)


@pytest.mark.parametrize("who", ["secretary", "supervisor", "dispatcher"])
def test_it_stands_in_the_piles_of_those_who_check_and_call(district, who):
    petition = district.petition(timezone.now(), status=Status.RESOLVED)
    staff = district.as_staff(getattr(district, who), on=timezone.localdate())

    for pile in (Pile.VERIFY, Pile.CALL):
        assert list(desk.listed(staff, pile, at=timezone.now())) == [petition]

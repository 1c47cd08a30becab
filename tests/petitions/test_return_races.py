"""Two deciders at once, on two real connections: one decides, the other reads that it is decided."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from people.errors import Refusal
from petitions import returns, sending
from petitions.enums import ReturnReason, Status
from petitions.models import Petition, PetitionEvent, ReturnRequest
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db(transaction=True)

LATER = TUESDAY + timedelta(hours=1)


def at_once(*acts):
    """Run each act in a thread of its own from one start; return what each came to: a word or its refusal."""
    start, came_to = threading.Barrier(len(acts)), {}

    def run(number, act):
        try:
            with translation.override("en"):
                start.wait(timeout=30)
                act()
            came_to[number] = "done"
        except Refusal as no:
            came_to[number] = str(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [came_to[number] for number in range(len(acts))]


def asked(district):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy="committed_tier")
    request = returns.ask_return(
        petition,
        by=district.as_staff(district.handler),
        at=LATER,
        reason_code=ReturnReason.NOT_OURS,
        words="不归我们。",
    )
    return petition, request


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_deciders_one_wins(district, attempt):
    petition, request = asked(district)
    secretary, dispatcher = district.as_staff(district.secretary), district.as_staff(district.dispatcher)

    came_to = at_once(
        lambda: returns.decide_return(request, by=secretary, at=LATER, agree=True, reason="同意。"),
        lambda: returns.decide_return(request, by=dispatcher, at=LATER, agree=False, reason="不同意。"),
    )

    assert sorted(came_to) == ["This return has been decided already.", "done"]
    decided = ReturnRequest.objects.get()
    assert decided.decided_by == [district.secretary, district.dispatcher][came_to.index("done")]
    assert PetitionEvent.objects.filter(petition=petition, code__in=("returned", "return_refused")).count() == 1
    assert Petition.objects.get(pk=petition.pk).status == ("accepted" if decided.agreed else "dispatched")
    assert attempt in range(3)


def test_two_of_a_unit_return_it_at_once_and_one_return_stands(district):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy="committed_tier")
    both = [district.as_staff(district.handler), district.as_staff(district.head)]

    came_to = at_once(*(
        lambda by=by: returns.ask_return(
            petition, by=by, at=LATER, reason_code=ReturnReason.NOT_OURS, words="不归我们。"
        )
        for by in both
    ))  # fmt: skip

    assert sorted(came_to) == ["A return is waiting for its decision already.", "done"]
    assert ReturnRequest.objects.count() == 1


def test_a_decision_and_a_designation_at_once_leave_one(district):
    petition, request = asked(district)
    secretary, dispatcher = district.as_staff(district.secretary), district.as_staff(district.dispatcher)

    came_to = at_once(
        lambda: returns.decide_return(request, by=secretary, at=LATER, agree=False, reason="归你们。"),
        lambda: sending.designate(
            petition,
            by=dispatcher,
            at=LATER,
            organisation=district.sanitation,
            reason="归你们。",
            version=petition.version,
        ),
    )

    assert "done" in came_to
    now = Petition.objects.get(pk=petition.pk)
    assert (now.status, now.organisation) == ("dispatched", district.sanitation)
    assert ReturnRequest.objects.filter(decided_at=None).count() == 0

"""First-contact responsibility (000-18): who was asked first answers until the reply, whoever has the matter now."""

import itertools
from datetime import timedelta

import pytest

from petitions import desk, returns, transitions
from petitions.desk import Pile
from petitions.enums import ReturnReason, Status
from petitions.errors import NotNow
from petitions.models import Petition
from petitions.worklist import Section
from tests.factories import TUESDAY
from tests.petitions.test_transitions import do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(hours=1)


def owed(district, who):
    staff = district.as_staff(getattr(district, who))
    return set(desk.listed(staff, Pile.FIRST, at=LATER).values_list("number", flat=True))


def test_it_is_settled_once_and_stays_on_the_desk_of_who_was_asked_until_the_reply(district):
    petition = do(district, "accept", district.petition(), by=district.window, at=TUESDAY + timedelta(minutes=5))

    # dispatched, recalled, given to a unit, returned by it, given to the worker, taken: the window answers
    clock = (LATER + timedelta(minutes=number) for number in itertools.count())
    petition = do(district, "dispatch", petition, at=next(clock))
    petition = do(district, "recall", petition, at=next(clock))
    secretary, handler = district.as_staff(district.secretary), district.as_staff(district.handler)
    transitions.dispatch(petition, by=secretary, at=next(clock), organisation=district.sanitation)
    back = returns.ask_return(
        petition, by=handler, at=next(clock), reason_code=ReturnReason.NOT_OURS, words="不属环卫职责。"
    )
    returns.decide_return(back, by=secretary, at=next(clock), agree=True, reason="同意。")
    petition = do(district, "designate", Petition.objects.get(pk=petition.pk), at=next(clock))
    petition = do(district, "sign", petition, at=next(clock))

    assert petition.first_contact_owner == district.window
    assert (owed(district, "window"), owed(district, "secretary")) == ({petition.number}, set())

    petition = do(district, "resolve", petition, at=next(clock))
    assert petition.first_contact_owner == district.window
    assert owed(district, "window") == set()


def test_what_was_taken_on_is_never_given_back_to_the_resident(district):
    for status in (Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS):
        petition = district.petition(status=status)
        with pytest.raises(NotNow):
            do(district, "decline", petition)
        assert Petition.objects.get(pk=petition.pk).status == status


def test_a_worker_who_was_asked_first_finds_in_his_queue_what_others_do(client, district):
    mine = district.petition(filed_by=district.worker)
    do(district, "accept", mine, at=LATER)
    client.force_login(district.worker)

    def sections():
        pages = [
            client.get("/grid/", {"section": section.value}).context["page"]
            for section in (Section.TAKE, Section.HANDS, Section.CHECK, Section.FIRST)
        ]
        return {page.section: [card.petition.number for card in page.cards] for page in pages if page.cards}

    # it waits in the grid: his to take, shown once
    assert sections()[Section.TAKE] == [mine.number]
    assert Section.FIRST not in sections()

    sent = Petition.objects.get(pk=mine.pk)
    sending_to = {"by": district.as_staff(district.secretary), "at": LATER, "organisation": district.sanitation}
    transitions.dispatch(sent, **sending_to)
    assert sections()[Section.FIRST] == [mine.number]
    assert "First asked you, not answered yet" in client.get("/grid/").content.decode()

    handler = district.as_staff(district.handler)
    taken = transitions.sign(Petition.objects.get(pk=mine.pk), by=handler, at=LATER)
    transitions.resolve(taken, by=handler, at=LATER, reply="已清运。")
    assert Section.FIRST not in sections()

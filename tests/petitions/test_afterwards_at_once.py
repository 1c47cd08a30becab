"""Two who act at the same moment, with real threads and real connections: one does it, the other is told why not."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from people.errors import Refusal
from petitions import joining, petitioner, ratings
from petitions.enums import EventCode, Satisfaction, Status
from petitions.errors import ChangedMeanwhile, NotNow
from petitions.models import BadRating, Petition, PetitionClock, PetitionEvent, Rating
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
LATER = TUESDAY + timedelta(hours=3)


def at_once(*acts: Callable[[], object]) -> list[type[BaseException] | None]:
    """Do all of them at the same moment; return what each ended with, None if it was done."""
    start = threading.Barrier(len(acts))
    ended: list[type[BaseException] | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait(timeout=30)
        try:
            act()
        except Refusal as no:
            ended[place] = type(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return ended


@pytest.mark.parametrize("_time", range(3))
def test_who_rates_five_times_at_once_has_rated_once(district, _time):
    petition = district.petition(status=Status.RESOLVED)

    def rate() -> None:
        ratings.rate(petition, at=LATER, solved=False, satisfaction=Satisfaction.DISSATISFIED)

    ended = at_once(*[rate] * 5)

    assert (ended.count(None), ended.count(NotNow)) == (1, 4)
    assert (Rating.objects.count(), BadRating.objects.count()) == (1, 1)
    assert PetitionEvent.objects.filter(petition=petition, code=EventCode.RATED).count() == 1
    assert PetitionClock.objects.filter(petition=petition, stage__policy__key="bad_rating").count() == 1


@pytest.mark.parametrize("_time", range(3))
def test_who_reopens_five_times_at_once_has_reopened_once(district, _time):
    petition = district.petition(status=Status.CLOSED)

    ended = at_once(*[lambda: petitioner.reopen(petition, at=LATER, words="灯又不亮了。")] * 5)

    assert (ended.count(None), ended.count(NotNow)) == (1, 4)
    assert PetitionEvent.objects.filter(petition=petition, code=EventCode.REOPENED).count() == 1
    assert PetitionClock.objects.filter(petition=petition, stage__code="resolve", generation__gt=1).count() == 1
    assert Petition.objects.get(pk=petition.pk).round == 1


@pytest.mark.parametrize("_time", range(5))
def test_two_joined_to_each_other_at_once_are_joined_one_way(district, _time):
    one = district.petition(status=Status.SIGNED)
    other = district.petition(TUESDAY + timedelta(minutes=30), status=Status.SIGNED)
    secretary = district.as_staff(district.secretary)

    ended = at_once(
        lambda: joining.merge(one, into=other, by=secretary, at=LATER, reason="同一件事。"),
        lambda: joining.merge(other, into=one, by=secretary, at=LATER, reason="同一件事。"),
    )

    assert (ended.count(None), ended.count(NotNow)) == (1, 1)
    statuses = dict(Petition.objects.values_list("pk", "status"))
    assert sorted(statuses.values()) == ["merged", "signed"]
    joined = Petition.objects.get(status=Status.MERGED)
    assert joined.master_id == (other.pk if joined.pk == one.pk else one.pk)


def test_one_joined_and_withdrawn_at_once_is_one_of_the_two(district):
    master = district.petition(status=Status.SIGNED)
    petition = district.petition(TUESDAY + timedelta(minutes=30), status=Status.SIGNED)
    secretary = district.as_staff(district.secretary)

    ended = at_once(
        lambda: joining.merge(
            petition, into=master, by=secretary, at=LATER, reason="同一件事。", version=petition.version
        ),
        lambda: petitioner.withdraw(petition, at=LATER, version=petition.version),
    )

    assert ended.count(None) == 1
    assert {ChangedMeanwhile, NotNow} & set(ended)
    petition.refresh_from_db()
    assert (petition.status, petition.master) in {(Status.MERGED, master), (Status.WITHDRAWN, None)}

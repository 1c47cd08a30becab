"""Two workers take one matter at the same instant: one has it, the other is told, and it happened once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from petitions.enums import Status
from petitions.models import Petition

pytestmark = pytest.mark.django_db(transaction=True)
PART = {"HX-Request": "true", "Accept-Language": "en"}


@pytest.mark.parametrize("_round", range(3))
def test_of_two_who_take_one_matter_at_once_one_wins_and_the_other_reads_who(district, _round):
    petition = district.petition(status=Status.ACCEPTED)
    clients = {}
    for user in (district.worker, district.lead):
        clients[user.pk] = Client()
        clients[user.pk].force_login(user)
    together = Barrier(2)

    def take(user):
        try:
            together.wait(10)
            return user, clients[user.pk].post(
                f"/cases/{petition.number}/sign/",
                {"version": petition.version},
                headers={**PART, "HX-Target": f"card-{petition.number}"},
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(take, (district.worker, district.lead)))

    taken = Petition.objects.get()
    assert sorted(response.status_code for _user, response in answers) == [200, 409]
    (winner,) = (user for user, response in answers if response.status_code == 200)
    (told,) = (response.content.decode() for _user, response in answers if response.status_code == 409)
    assert taken.handler == winner
    assert f"It is with {winner.display_name} now." in told
    assert taken.events.filter(code="signed").count() == 1

"""What a filing costs the database, and the session that begins with it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grids.models import Appointment, DutyMember
from people.models import Session
from petitions.models import Petition
from tests.petitions.filing import send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def jurisdiction(settings) -> None:
    settings.JURISDICTION_CODE = "620302"


def test_a_new_browser_gets_its_session_with_its_matter_in_one_transaction(client, district):
    with CaptureQueriesContext(connection) as asked:
        response = send(client)

    assert response.status_code == 302
    writing = [one["sql"] for one in asked if "people_session" in one["sql"]]
    assert len(writing) == 1
    assert 'INSERT INTO "petitions_petitionclock"' in writing[0]  # the same trip
    session = Session.objects.get()
    petition = Petition.objects.get()
    assert client.cookies["sessionid"].value == session.session_key
    assert session.get_decoded() == {"petitions_proved": [petition.pk], "petitions_filed": [petition.pk]}
    assert client.get(response.url).status_code == 200


def test_a_browser_that_has_a_session_keeps_it_and_sees_both_matters(client, district):
    first, second = send(client), send(client, text="第二件事：楼道灯不亮")

    session = Session.objects.get()
    newest, oldest = Petition.objects.order_by("-pk").values_list("pk", flat=True)
    assert session.get_decoded()["petitions_filed"] == [newest, oldest]
    assert [client.get(response.url).status_code for response in (first, second)] == [200, 200]


def test_what_is_refused_leaves_no_session(client, district):
    DutyMember.objects.all().delete()
    Appointment.objects.all().delete()

    response = send(client)

    assert response.status_code == 422
    assert not Session.objects.exists()
    assert not Petition.objects.exists()
    assert "sessionid" not in client.cookies


def test_filing_costs_seven_statements_beside_its_transaction(client, district):
    send(client, text="先来一件，让日历和类别留在进程里")
    client.cookies.clear()

    with CaptureQueriesContext(connection) as asked:
        send(client)

    plain = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"] and one["sql"] not in {"BEGIN", "COMMIT"}]
    assert (
        len(plain) == 7
    )  # place, stamps with whether it was filed and the keys, area held, rows in two trips, seats, notices

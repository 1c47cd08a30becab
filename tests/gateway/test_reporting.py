"""Changes in an order without gaps; callbacks owed once, put off, given up, sent again."""

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from gateway import callbacks, feed
from gateway.enums import Scope
from gateway.models import Callback, Change
from notifications.enums import State
from notifications.errors import Refused, TurnedAway, Unreachable
from petitions.enums import Status
from petitions.models import Petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline(neighbour):
    one = neighbour()
    one.client.callback, one.client.secret = "https://hotline.example.org/status", "0123456789abcdef"
    one.client.save()
    return one


@pytest.fixture
def posted(monkeypatch):
    """Have a server that answers by what stands in ``answers``, else takes it."""
    sent, answers = [], []

    def post(url, payload, *, secret, delivery_key, at):
        sent.append((url, payload, delivery_key))
        if answers and (answer := answers.pop(0)) is not None:
            raise answer

    monkeypatch.setattr("notifications.http.post", post)
    post.sent, post.answers = sent, answers
    return post


def test_a_change_is_written_with_its_event_and_taken_back_with_it(district, hotline):
    with transaction.atomic():
        district.petition()
        assert Change.objects.count() == 1
        transaction.set_rollback(True)

    assert not Change.objects.exists()
    district.petition(status=Status.ACCEPTED)
    assert Change.objects.count() == 2


def test_without_any_neighbour_nothing_is_written(district):
    district.petition()

    assert not Change.objects.exists()


def test_numbers_have_no_gaps_and_a_second_run_gives_none(district, hotline):
    district.petition(status=Status.DISPATCHED)

    assert (feed.number(at=timezone.now()), feed.number(at=timezone.now())) == (3, 0)
    district.petition()
    assert feed.number(at=timezone.now()) == 1
    assert list(Change.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_slips_in_behind_nobody(district, hotline):
    """Its event has the lower id and is committed later: it gets the higher number, so no reader misses it."""
    petition = district.petition()
    slow = connections["default"].copy()
    note = (
        "INSERT INTO gateway_change (petition_id, event_id, at) SELECT petition_id, id, at FROM petitions_petitionevent"
    )
    slow.set_autocommit(False)
    with slow.cursor() as cursor:
        cursor.execute(f"{note} LIMIT 1 RETURNING id")
        early = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute(f"{note} LIMIT 1 RETURNING id")
        late = cursor.fetchone()[0]
    feed.number(at=timezone.now())
    slow.commit()
    slow.close()
    feed.number(at=timezone.now())

    numbers = dict(Change.objects.filter(petition=petition).values_list("id", "sequence"))
    assert early < late
    assert numbers[early] > numbers[late]


def test_who_filed_is_told_of_what_the_petitioner_may_know_and_nobody_else_is(district, hotline, posted):
    district.petition()
    number = hotline.file(external_id="7", place=district.unit.code).json()["number"]
    feed.number(at=timezone.now())

    assert callbacks.deliver_due(at=timezone.now()) == 1
    ((url, payload, key),) = posted.sent
    kept = Callback.objects.get()
    assert url == "https://hotline.example.org/status"
    assert payload | {"at": ""} == {
        "id": str(kept.pk), "sequence": 2, "number": number, "external_id": "7", "event": "submitted", "at": "",
        "status": "submitted", "version": 1,
    }  # fmt: skip
    assert (key, kept.state) == (f"{kept.pk.hex}.status", State.SENT)


def test_what_cannot_be_sent_waits_longer_each_time_and_is_given_up_at_last(district, hotline, posted):
    hotline.file(place=district.unit.code)
    at = timezone.now()
    feed.number(at=at)
    posted.answers += [Unreachable("timeout")] * 9

    tries = []
    for _turn in range(9):
        callbacks.deliver_due(at=at)
        kept = Callback.objects.get()
        tries.append((kept.state, kept.next_try_at and kept.next_try_at - at))
        at = kept.next_try_at or at

    minutes = [1, 5, 15, 60, 180, 480, 960, 1440]
    assert tries == [*((State.FAILED, timedelta(minutes=wait)) for wait in minutes), (State.DEAD, None)]
    assert callbacks.given_up_count() == 1
    assert callbacks.send_again(Callback.objects.all(), at=at) == 1
    assert callbacks.deliver_due(at=at) == 1
    assert Callback.objects.get().state == State.SENT


def test_who_turns_us_away_is_asked_again_and_who_refuses_is_not(district, hotline, posted):
    hotline.file(place=district.unit.code)
    at = timezone.now()
    feed.number(at=at)
    posted.answers += [TurnedAway("http_401"), Refused("http_422")]

    callbacks.deliver_due(at=at)
    assert Callback.objects.get().state == State.FAILED
    callbacks.deliver_due(at=at + timedelta(minutes=2))
    assert (Callback.objects.get().state, Callback.objects.get().error_code) == (State.DEAD, "http_422")


def test_a_server_that_is_down_is_asked_once_in_a_run(district, hotline, posted):
    for _ in range(3):
        hotline.file(place=district.unit.code)
    feed.number(at=timezone.now())
    posted.answers += [Unreachable("timeout")]

    assert callbacks.deliver_due(at=timezone.now()) == 0
    assert len(posted.sent) == 1


def test_what_was_closed_to_it_meanwhile_is_not_reported(district, hotline, posted):
    number = hotline.file(place=district.unit.code).json()["number"]
    feed.number(at=timezone.now())
    Petition.objects.filter(number=number).update(is_confidential=True)

    callbacks.deliver_due(at=timezone.now())

    assert (Callback.objects.get().state, posted.sent) == (State.SKIPPED, [])


def test_changes_are_read_from_a_number_on_in_sight_only(district, neighbour, hotline):
    community = neighbour("b", scopes=[Scope.READ], area=district.community)
    here = district.petition(status=Status.ACCEPTED)
    district.petition(place=district.other_community)
    feed.number(at=timezone.now())

    first = community.get("changes/", {"limit": 1}).json()
    second = community.get("changes/", {"after": first["next"]}).json()

    assert [row["event"] for page in (first, second) for row in page["results"]] == ["submitted", "accepted"]
    assert {row["number"] for page in (first, second) for row in page["results"]} == {here.number}
    assert community.get("changes/", {"after": second["next"]}).json() == {"results": [], "next": 3}


def test_changes_are_kept_for_months_and_who_comes_later_is_told_to_begin_anew(district, hotline):
    for _ in range(3):
        district.petition()
    at = timezone.now()
    feed.number(at=at)
    Change.objects.update(at=at)

    assert feed.purge(at=at + timedelta(days=89)) == 0
    assert feed.purge(at=at + timedelta(days=91)) == 2
    assert hotline.get("changes/", {"after": 1}).status_code == 410
    assert hotline.get("changes/", {"after": 2}).status_code == 200
    district.petition()
    feed.number(at=at)
    assert sorted(Change.objects.values_list("sequence", flat=True)) == [3, 4]


def test_the_desk_shows_what_was_given_up_and_sends_it_again(client, district, hotline, posted):
    hotline.file(place=district.unit.code)
    at = timezone.now()
    feed.number(at=at)
    posted.answers += [Refused("http_422")]
    callbacks.deliver_due(at=at)
    client.force_login(district.command)
    page = "/admin/gateway/callback/?state__exact=dead"

    assert page in client.get("/admin/").content.decode()
    assert Petition.objects.get().number in client.get(page).content.decode()
    chosen = {"action": "send_chosen_again", "_selected_action": str(Callback.objects.get().pk)}
    assert client.post(page, chosen).status_code == 302
    assert Callback.objects.get().state == State.QUEUED
    assert page not in client.get("/admin/").content.decode()
    client.force_login(district.secretary)
    assert client.get(page).status_code == 403

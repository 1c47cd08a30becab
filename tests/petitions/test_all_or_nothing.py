"""One thing wrong in a request, and nothing of it happens; the same thing twice, and it happens once.

Cases 28, 29 and 47 of cases/petitions.md.
"""

import threading
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from petitions import notices
from petitions.enums import Status, Verb
from petitions.models import Petition
from petitions.moves import lawful_pairs
from tests.digests import changed, digests
from tests.petitions.case_pages import ACCEPT, do
from tests.petitions.filing import NEW, answers, picture, send
from tests.petitions.test_transitions import reach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# what a sign-in writes
SIGNED_IN = {"people.User", "people.Session", "people.AuditEntry", "sessions.Session"}


@pytest.mark.parametrize("here", Status.values)
def test_the_database_lets_a_status_move_only_along_the_table(district, here):
    """Case 28: every pair of statuses, allowed and forbidden, written behind the back of the code."""
    petition = reach(district, here)
    lawful = {there for start, there in lawful_pairs() if start == here}
    stopped = {}

    for there in Status.values:
        try:
            with transaction.atomic():
                Petition.objects.filter(pk=petition.pk).update(status=there)
                transaction.set_rollback(True)
        except IntegrityError as error:
            stopped[there] = f"may not move from {here} to {there}" in str(error)

    forbidden = set(Status.values) - lawful - {here}
    assert {there for there, by_the_table in stopped.items() if by_the_table} == forbidden
    assert Petition.objects.get(pk=petition.pk).status == here


@pytest.mark.parametrize(
    "wrong",
    [
        {"category": "9999"},
        {"urgency": "soon"},
        {"tier": "royal"},
        {"policy": "none_such"},
        {"issue_kind": "other", "version": "0"},
    ],
)
def test_one_wrong_field_of_a_triage_leaves_the_rest_undone(client, district, wrong):
    """Case 29: the category was right, the rest was right, one thing was wrong: not a row differs."""
    petition = district.petition()
    client.force_login(district.secretary)
    before = digests()

    response = do(client, district.secretary, petition, "accept", **{**ACCEPT, **wrong})

    assert response.status_code in {409, 422}
    assert changed(before) <= SIGNED_IN
    assert Petition.objects.get().status == Status.SUBMITTED


def test_a_photo_that_is_none_takes_the_reply_back_with_it(client, district, settings, tmp_path):
    """Case 29: text, photos, status and clocks come together or not at all; and the reply stays typed."""
    settings.MEDIA_ROOT = str(tmp_path)
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)
    before = digests()
    fake = SimpleUploadedFile("after.jpg", b"<svg onload=alert(1)>", "image/jpeg")

    response = do(client, district.worker, petition, "resolve", reply="已清运。", after=[picture(), fake])

    assert response.status_code == 422
    assert "已清运。" in response.content.decode()
    assert changed(before) <= SIGNED_IN
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.DISPATCH, Verb.RESOLVE])
def test_what_breaks_at_the_very_end_undoes_everything(district, monkeypatch, verb):
    """Case 29: the notices are the last step of a move; without them there was no move."""
    from tests.petitions.test_transitions import do as move

    start = {Verb.ACCEPT: Status.SUBMITTED, Verb.DISPATCH: Status.ACCEPTED, Verb.RESOLVE: Status.SIGNED}[verb]
    petition = district.petition(status=start)
    before = digests()

    def broken(*_args, **_kwargs):
        raise RuntimeError("the outbox is full")

    monkeypatch.setattr(notices, "tell", broken)
    with pytest.raises(RuntimeError):
        move(district, verb.value, petition)

    assert changed(before) == set()


def test_the_same_form_twice_is_one_matter_and_one_answer(client, district):
    """Case 47: the network swallowed the answer, the telephone sends again, a day later once more."""
    key = str(uuid.uuid4())

    first = send(client, client_key=key)
    again = [send(Client(), client_key=key) for _ in range(2)]

    assert {(one.status_code, one.url) for one in (first, *again)} == {(302, first.url)}
    assert Petition.objects.count() == 1
    assert Petition.objects.get().events.count() == 1


def test_who_holds_the_key_sees_the_code_and_a_guessed_key_is_a_new_matter(client, district):
    """Case 47: the answer to a repeated key is the same receipt; another key opens nothing of anybody else's."""
    send(client, client_key=str(uuid.uuid4()))
    mine = Petition.objects.get()

    other = Client()
    receipt = send(other, client_key=str(uuid.uuid4())).url

    assert mine.number not in receipt
    assert Petition.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_sends_at_the_same_moment_are_one_matter(district):
    """Case 47: two taps, three retries and a second tab, all at once."""
    form = {**answers(), "step": "send"}
    start, got, failures = threading.Barrier(8), [], []

    def run():
        try:
            client = Client()
            start.wait()
            response = client.post(NEW, form)
            got.append((response.status_code, response["Location"]))
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    petition = Petition.objects.get()
    assert failures == []
    assert got == [(302, f"/petitions/receipt/{petition.number}/")] * 8
    assert petition.events.count() == 1
    assert petition.clocks.count() == 1

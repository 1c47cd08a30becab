"""A follower sees the petitions his session has proved, the words meant for him, and nothing else."""

import pytest

from petitions import records, viewers
from petitions.enums import EventCode, PhotoKind, TextKind
from petitions.models import Petition, PetitionPhoto, PetitionText
from petitions.viewers import Follower
from tests.factories import TUESDAY


def test_a_session_without_proofs_proves_nothing():
    assert Follower.of({}) == Follower((), ())


def test_the_newest_proof_comes_first_and_the_oldest_falls_out():
    session: dict[str, object] = {}

    for number in [*range(1, 21), 5, 21]:
        viewers.remember(session, number)

    assert Follower.of(session).petition_ids == (21, 5, *range(20, 5, -1), 4, 3, 2)


def test_only_what_was_filed_here_counts_as_filed():
    session: dict[str, object] = {}

    viewers.remember(session, 1)
    viewers.remember(session, 2, filed=True)

    assert Follower.of(session) == Follower((2, 1), (2,))


def test_forgetting_leaves_nothing_of_it_and_all_else():
    session: dict[str, object] = {"_auth_user_id": "7"}
    viewers.remember(session, 1, filed=True)

    viewers.forget(session)

    assert session == {"_auth_user_id": "7"}


@pytest.mark.django_db
def test_the_scope_of_a_follower(district):
    mine, other = district.petition(), district.petition()
    for petition in (mine, other):
        records.append(petition, EventCode.CONTACTED, at=TUESDAY, by=None, words="内部", public=False)
        PetitionPhoto.objects.create(
            petition=petition, kind=PhotoKind.FILED, file="x.jpg", width=1, height=1, sha256=bytes(32), added_at=TUESDAY
        )
    follower = Follower((mine.pk,))

    assert list(Petition.objects.visible_to(follower)) == [mine]
    assert [text.kind for text in PetitionText.objects.visible_to(follower)] == [TextKind.BODY]
    assert [photo.petition for photo in PetitionPhoto.objects.visible_to(follower)] == [mine]
    assert not Petition.objects.visible_to(Follower()).exists()


@pytest.mark.django_db
def test_staff_see_the_words_and_photos_of_their_own_area_only(district):
    petition = district.petition()
    PetitionPhoto.objects.create(
        petition=petition, kind=PhotoKind.FILED, file="x.jpg", width=1, height=1, sha256=bytes(32), added_at=TUESDAY
    )

    for user, rows in (
        (district.worker, 1),
        (district.secretary, 1),
        (district.other_worker, 0),
        (district.stranger, 0),
    ):
        staff = district.as_staff(user)
        assert PetitionText.objects.visible_to(staff).count() == rows
        assert PetitionPhoto.objects.visible_to(staff).count() == rows

"""Words of whistles and calls for help end with the matter they are about, or by themselves when their time is over."""

import uuid
from datetime import timedelta

import pytest

from people.expiry import rules
from petitions import broadcasts, erasure, whistles
from petitions.call_enums import WhistleKind
from petitions.enums import Status
from petitions.models import Broadcast, Petition, Whistle, WhistleEntry
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=366 * 5)


def call_all(district, petition=None):
    secretary, worker = district.as_staff(district.secretary), district.as_staff(district.worker)
    whistle = whistles.blow(
        by=secretary, at=TUESDAY, kind=WhistleKind.EMERGENCY, units=[district.sanitation], words="常小红家漏水",
        place_words="常小红家", client_key=uuid.uuid4(), petition=petition,
    )  # fmt: skip
    whistles.note(whistle, by=secretary, at=TUESDAY, words="常小红在家")
    whistles.close(whistle, by=secretary, at=TUESDAY, words="已修")
    called = broadcasts.call(
        by=worker, at=TUESDAY, place_words="常小红家", words="请来", client_key=uuid.uuid4(), petition=petition
    )
    broadcasts.cancel(called, by=worker, at=TUESDAY)


def words():
    return {
        *Whistle.objects.values_list("words", "place_words").get(),
        *WhistleEntry.objects.values_list("words", flat=True),
        *Broadcast.objects.values_list("words", "place_words", "end_words").get(),
    }


def test_a_matter_that_is_anonymised_takes_the_words_of_its_calls_with_it(district):
    petition = district.petition(status=Status.SIGNED)
    call_all(district, petition)
    Petition.objects.filter(pk=petition.pk).update(status="in_progress")
    Petition.objects.filter(pk=petition.pk).update(status="withdrawn")

    erasure.erase_contact(Petition.objects.get(), at=TUESDAY + timedelta(days=1))
    assert not any("常小红" in said for said in words())
    erasure.anonymise(Petition.objects.get(), at=TUESDAY + timedelta(days=2))
    assert words() == {""}


def test_what_is_about_no_matter_is_blanked_when_its_time_is_over(district):
    call_all(district)
    ending = {rule.name: rule for rule in rules() if rule.name in {"petitions.whistles", "petitions.broadcasts"}}
    assert not any(rule.due(TUESDAY + timedelta(days=300)).exists() for rule in ending.values())

    for rule in ending.values():
        [row] = rule.due(TUESDAY + YEARS + timedelta(days=9))
        assert rule.end(row.pk, TUESDAY + YEARS)

    assert words() == {"", "—"}
    assert not any(rule.due(TUESDAY + YEARS * 2).exists() for rule in ending.values())

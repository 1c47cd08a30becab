"""What a worker's phone sends of rounds and visits: twice at the same instant, it is done once."""

import uuid
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fieldwork import rounds
from fieldwork.models import PatrolCheck, PatrolDuty, PatrolFinding, Visit
from petitions.models import Petition
from tests.fieldwork.homes import homes
from tests.fieldwork.walks import points, route
from tests.petitions.photo_files import phone_photo
from tests.petitions.twice import twice_at_once

pytestmark = [pytest.mark.django_db(transaction=True)]


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", phone_photo(), "image/jpeg")


def test_a_confirmation_a_finding_and_a_visit_that_arrive_twice_at_once_count_once(district, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    route(district, since=timezone.now() - timedelta(days=1), times=(time(23, 59),))
    rounds.make_day(at=timezone.now())
    duty = PatrolDuty.objects.get()
    (home,) = homes(district)
    first, second, _third = points(duty)
    finding = {
        "client_key": uuid.uuid4(),
        "point": second.pk,
        "place": district.grid.code,
        "text": "灭火器过期。",
        "photos": photo,
    }
    visit = {"client_key": uuid.uuid4(), "mode": "door", "outcome": "well", "words": "都好。"}

    answers = [
        *twice_at_once(district.worker, f"/patrols/rounds/{duty.pk}/confirm/", {"point": first.pk}),
        *twice_at_once(district.worker, f"/patrols/rounds/{duty.pk}/finding/", finding),
        *twice_at_once(district.worker, f"/visits/{home.pk}/visit/", visit),
    ]

    assert [answer.status_code for answer in answers] == [302] * 6
    duty.refresh_from_db()
    assert (duty.confirmed, duty.found) == (2, 1)
    assert (PatrolCheck.objects.count(), PatrolFinding.objects.count(), Visit.objects.count()) == (2, 1, 1)
    assert Petition.objects.get().photos.count() == 1

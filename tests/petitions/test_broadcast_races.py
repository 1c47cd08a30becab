"""Two colleagues acknowledge one call for help at once, on real connections: one has it, the other reads who."""

import uuid
from datetime import timedelta

import pytest

from petitions import broadcasts
from petitions.models import Broadcast, PetitionEvent
from tests.factories import TUESDAY
from tests.petitions.test_return_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

LATER = TUESDAY + timedelta(minutes=1)


@pytest.mark.parametrize("attempt", range(3))
def test_of_three_who_acknowledge_at_once_one_takes_it_and_the_others_are_told_who(district, attempt):
    petition = district.petition()
    called = broadcasts.call(
        by=district.as_staff(district.worker),
        at=TUESDAY,
        place_words="3号楼",
        client_key=uuid.uuid4(),
        petition=petition,
    )
    comers = [district.lead, district.other_worker, district.secretary]
    staff = [district.as_staff(user) for user in comers]

    came_to = at_once(*(lambda one=one: broadcasts.take(called, by=one, at=LATER) for one in staff))

    assert came_to.count("done") == 1
    taken_by = comers[came_to.index("done")]
    assert Broadcast.objects.get().taken_by == taken_by
    said = {word for word in came_to if word != "done"}
    assert said == {f"{taken_by.display_name} was first and is coming."}
    assert PetitionEvent.objects.filter(code="help_taken").count() == 1

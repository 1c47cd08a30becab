"""What a transactional test leaves behind is gone before the next, and the small district is the same every time."""

import threading
import time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from deadlines.models import Policy, Stage
from grids.enums import Level
from grids.models import Appointment, Area, DutyMember, Organisation, Post
from people.models import AuditEntry, User
from petitions.models import Category, Petition, PetitionEvent
from tests.factories import District
from tests.pristine import Pristine

SHIPPED = (Policy, Stage, Category, ContentType)


def rows(*models):
    return [list(model.objects.order_by("pk").values_list()) for model in models]


@pytest.mark.django_db(transaction=True)
def test_what_was_written_goes_and_what_shipped_is_as_it_was():
    kept, shipped = Pristine.taken(), rows(*SHIPPED)
    assert len(shipped[2]) == 151

    petition = District.build().petition()
    Policy.objects.update(source="changed")
    Category.objects.create(code="9999", name_zh="别的", name_en="Strange", valid_from="2026-01-01")
    Category.objects.filter(code="0102").delete()
    kept.restore()

    assert rows(*SHIPPED) == shipped
    assert [model.objects.exists() for model in (Area, User, Petition, PetitionEvent, AuditEntry)] == [False] * 5
    kept.restore()  # nothing was written since: nothing changes
    assert rows(*SHIPPED) == shipped
    assert District.build().petition().pk > petition.pk  # no number is given twice


@pytest.mark.django_db(transaction=True)
def test_whoever_is_still_writing_is_waited_for():
    kept, written = Pristine.taken(), threading.Event()

    def write():
        with transaction.atomic():
            Area.objects.create(level=Level.PROVINCE, name="甘肃省", code="62")
            written.set()
            time.sleep(0.3)
        connection.close()

    late = threading.Thread(target=write)
    late.start()
    written.wait()
    kept.restore()
    late.join()

    assert not Area.objects.exists()


@pytest.mark.django_db
def test_a_district_built_again_has_the_same_rows_and_leaves_the_same_traces():
    found = []
    for _ in range(3):
        with transaction.atomic():
            district = District.build()
            entries = AuditEntry.objects.order_by("pk").values_list("kind", "about")
            found.append((rows(Area, Organisation, User, Post, Appointment, DutyMember), list(entries)))
            assert district.unit.path == Area.objects.get(pk=district.unit.pk).path
            assert district.building.parent is not None
            transaction.set_rollback(True)

    assert [len(part) for part in found[0][0]] == [11, 1, 14, 13, 13, 1]
    assert len(found[0][1]) == 28
    assert found[1:] == found[:1] * 2

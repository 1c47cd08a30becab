"""Corridor opinion boxes: emptied by when, by whom, with how many slips, and every slip filed as a matter."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deadlines.timetable import shanghai_date
from petitions import boxes
from petitions.errors import NotNow, NotYours
from petitions.models import BoxEmptying, BoxSlip, Petition, SuggestionBox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def box(district) -> SuggestionBox:
    today = shanghai_date(timezone.now())
    return SuggestionBox.objects.create(
        code="B-001", area=district.building, spot="一楼信箱旁", opened_on=today - timedelta(days=10)
    )


def emptied(box, district, *, slips=3, blank=1) -> BoxEmptying:
    by = district.as_staff(district.worker, shanghai_date(timezone.now()))
    return boxes.empty(box, slips=slips, blank=blank, client_key=uuid.uuid4(), by=by, at=timezone.now())


def slip(**given: object) -> dict[str, object]:
    return {"client_key": str(uuid.uuid4()), "channel": "visit", "text": "楼道灯不亮。", **given}


def test_a_worker_empties_a_box_and_files_each_slip(client, district, box):
    client.force_login(district.worker)
    sent = client.post(f"/grid/boxes/{box.pk}/", {"client_key": str(uuid.uuid4()), "slips": "3", "blank": "1"})
    emptying = BoxEmptying.objects.get()
    assert sent.url == f"/cases/new/?emptying={emptying.pk}"
    assert (emptying.slips_found, emptying.blank, emptying.by) == (3, 1, district.worker)
    form = client.get(sent.url).context["form"]
    assert (form["channel"].value(), form["place"].value()) == ("box", district.building.code)

    for words in ("楼道灯不亮。", "垃圾桶满了。"):
        filed = client.post("/cases/new/", slip(text=words, emptying=emptying.pk, place=district.building.code))
        assert filed.status_code == 200

    assert filed.context["slips_filed"] == 2
    found = Petition.objects.order_by("pk").values_list("channel", "place", "filed_by")
    assert list(found) == [("box", district.building.pk, district.worker.pk)] * 2
    assert BoxSlip.objects.filter(emptying=emptying).count() == 2
    page = client.get(f"/grid/boxes/{box.pk}/")
    assert [one.filed for one in page.context["log"]] == [2]
    assert len(page.context["petitions"]) == 2


def test_no_more_slips_are_filed_than_were_found(client, district, box):
    emptying = emptied(box, district, slips=1, blank=0)
    client.force_login(district.worker)
    first = slip(emptying=emptying.pk, place=district.building.code)
    client.post("/cases/new/", first)

    again = client.post("/cases/new/", first)
    second = client.post("/cases/new/", slip(emptying=emptying.pk, place=district.building.code))

    assert (again.status_code, second.status_code) == (200, 422)
    assert (Petition.objects.count(), BoxSlip.objects.count()) == (1, 1)


def test_the_same_emptying_sent_twice_is_recorded_once(client, district, box):
    client.force_login(district.worker)
    given = {"client_key": str(uuid.uuid4()), "slips": "0"}

    answers = [client.post(f"/grid/boxes/{box.pk}/", given).url for _again in range(2)]

    assert answers == [f"/grid/boxes/{box.pk}/"] * 2
    assert BoxEmptying.objects.count() == 1


def test_emptying_moves_the_day_it_is_due(district, box):
    today = shanghai_date(timezone.now())
    assert box.due_on == today - timedelta(days=3)

    emptied(box, district)

    box.refresh_from_db()
    assert (box.last_emptied_on, box.due_on) == (today, today + timedelta(days=7))


def test_overdue_boxes_are_listed_first_and_alone(client, district, box):
    today = shanghai_date(timezone.now())
    fresh = SuggestionBox.objects.create(code="A-000", area=district.grid, spot="门口", opened_on=today)
    SuggestionBox.objects.create(
        code="Z-1", area=district.grid, spot="旧", opened_on=date(2020, 1, 1), closed_on=today - timedelta(days=1)
    )
    client.force_login(district.secretary)

    page, late = client.get("/grid/boxes/"), client.get("/grid/boxes/?due=1")

    assert [one.code for one in page.context["boxes"]] == [box.code, fresh.code]
    assert page.context["overdue"] == 1
    assert [one.code for one in late.context["boxes"]] == [box.code]
    assert [one.due_by for one in page.context["boxes"]] == [today - timedelta(days=3), today + timedelta(days=7)]


def test_matters_are_counted_per_box(client, district, box):
    first, second = emptied(box, district), emptied(box, district)
    by = district.as_staff(district.worker, shanghai_date(timezone.now()))
    for emptying in (first, first, second):
        boxes.file_slip(
            emptying, by=by, at=timezone.now(), client_key=uuid.uuid4(), text="楼道灯不亮。", place=district.building
        )

    counted = SuggestionBox.objects.counted().get()

    assert (counted.times, counted.matters) == (2, 3)


@pytest.mark.parametrize("given", [{}, {"slips": "-1"}, {"slips": "x"}, {"slips": "2", "blank": "3"}, {"slips": "501"}])
def test_what_cannot_be_is_refused_and_nothing_recorded(client, district, box, given):
    client.force_login(district.worker)

    assert client.post(f"/grid/boxes/{box.pk}/", {"client_key": str(uuid.uuid4()), **given}).status_code == 422
    assert not BoxEmptying.objects.exists()


@pytest.mark.parametrize("who", ["other_worker", "other_secretary", "stranger"])
def test_whoever_does_not_serve_there_finds_no_box(client, district, box, who):
    emptying = emptied(box, district)
    client.force_login(getattr(district, who))

    assert client.get(f"/grid/boxes/{box.pk}/").status_code == 404
    assert client.get("/grid/boxes/").context["boxes"] == []
    expected = 403 if who == "stranger" else 404
    assert client.get(f"/cases/new/?emptying={emptying.pk}").status_code == expected


@pytest.mark.parametrize("key", ["x", "999999", "9" * 40])
def test_an_emptying_that_is_none_is_not_found(client, district, key):
    client.force_login(district.worker)

    assert client.get(f"/cases/new/?emptying={key}").status_code == 404


def test_the_street_sees_boxes_and_empties_none(client, district, box):
    client.force_login(district.dispatcher)

    assert client.get(f"/grid/boxes/{box.pk}/").context["may_empty"] is False
    given = {"client_key": str(uuid.uuid4()), "slips": "1"}
    assert client.post(f"/grid/boxes/{box.pk}/", given).status_code == 403
    with pytest.raises(NotYours):
        boxes.empty(
            box, slips=1, blank=0, client_key=uuid.uuid4(), by=district.as_staff(district.leader), at=timezone.now()
        )


def test_a_box_that_was_taken_down_is_emptied_no_more(district, box):
    SuggestionBox.objects.update(closed_on=shanghai_date(timezone.now()) - timedelta(days=1))

    with pytest.raises(NotNow):
        emptied(box, district)
    assert not BoxEmptying.objects.exists()


def test_a_slip_about_staff_goes_above_them(client, district, box):
    emptying = emptied(box, district)
    client.force_login(district.worker)

    client.post("/cases/new/", slip(emptying=emptying.pk, place=district.building.code, about="community"))

    assert Petition.objects.get().community is None
    assert client.get(f"/grid/boxes/{box.pk}/").context["petitions"] == []


def test_the_database_refuses_a_box_never_emptied_and_too_many_blanks(district, box):
    with pytest.raises(IntegrityError), transaction.atomic():
        SuggestionBox.objects.update(interval_days=0)
    emptied(box, district)
    with pytest.raises(IntegrityError), transaction.atomic():
        BoxEmptying.objects.update(blank=4)


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_however_long(client, district, django_assert_max_num_queries, count):
    today = shanghai_date(timezone.now())
    for number in range(count):
        SuggestionBox.objects.create(code=f"B-{number}", area=district.building, spot="x", opened_on=today)
    client.force_login(district.secretary)

    with django_assert_max_num_queries(8):
        assert len(client.get("/grid/boxes/").context["boxes"]) == count


def test_the_register_offers_places_of_ones_own_grids(client, district, box):
    client.force_login(district.secretary)
    given = {
        "code": "B-2", "area": district.grid.pk, "spot": "门口", "interval_days": "14", "opened_on": "2026-01-01",
        "closed_on": "",
    }  # fmt: skip

    wrong = client.post("/admin/petitions/suggestionbox/add/", {**given, "area": district.street.pk})
    right = client.post("/admin/petitions/suggestionbox/add/", given)

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert list(SuggestionBox.objects.order_by("code").values_list("code", "interval_days")) == [
        ("B-001", 7), ("B-2", 14),
    ]  # fmt: skip

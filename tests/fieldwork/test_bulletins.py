"""Notices to residents: who writes, who approves, who reads them where and when; taken down with a reason."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork import bulletins
from fieldwork.enums import BulletinState
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Bulletin
from grids.enums import Level
from notifications.models import Notice
from people.errors import BadInput
from tests.factories import TUESDAY, make_area

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ON = date(2026, 6, 9)
DAY = timedelta(days=1)


def write(district, *, by=None, area=None, at=TUESDAY, **facts):
    on = at.date() if at is TUESDAY else timezone.localdate(at)
    given = {
        "title": "周四停水", "words": "周四9点至17点检修水管，请提前储水。", "from_on": on, "to_on": on + 3 * DAY,
        "client_key": uuid.uuid4(), **facts,
    }  # fmt: skip
    return bulletins.write(area=area or district.grid, by=district.as_staff(by or district.lead), at=at, **given)


def shown(area, on=ON):
    return [one.title for one in bulletins.showing(area, on=on)]


def test_the_lead_writes_one_and_residents_of_the_grid_read_it_on_its_days(district):
    row = write(district)

    assert row.state == BulletinState.PUBLISHED
    for place in (district.grid, district.building, district.unit, district.community):
        assert shown(place) == ["周四停水"]
    assert [shown(place) for place in (district.other_grid, district.other_community)] == [[], []]
    assert (shown(district.grid, ON - DAY), shown(district.grid, ON + 3 * DAY), shown(district.grid, ON + 4 * DAY)) == (
        [], ["周四停水"], [],
    )  # fmt: skip


def test_one_of_some_buildings_is_read_in_those(district):
    other = make_area(Level.BUILDING, "5号楼", "620302001001001-5", district.grid)
    write(district, buildings=[district.building])

    assert (shown(district.building), shown(district.unit), shown(district.grid), shown(other)) == (
        ["周四停水"], ["周四停水"], ["周四停水"], [],
    )  # fmt: skip


def test_pinned_ones_stand_on_top_then_the_newest(district):
    for title, pinned in (("一", True), ("二", False), ("三", False)):
        write(district, by=district.secretary, area=district.community, title=title, is_pinned=pinned)

    assert shown(district.community) == ["一", "三", "二"]


def test_a_grid_worker_s_waits_until_the_lead_approves_it_and_he_is_told(district):
    row = write(district, by=district.worker, is_pinned=True)

    assert (row.state, row.is_pinned, shown(district.grid)) == (BulletinState.WAITING, False, [])
    assert list(Notice.objects.filter(kind="bulletin_waiting").values_list("recipient", flat=True)) == [
        district.lead.pk
    ]
    with pytest.raises(NotYours):
        bulletins.decide(row, agree=True, why="", by=district.as_staff(district.worker), at=TUESDAY)
    bulletins.decide(row, agree=True, why="", by=district.as_staff(district.lead), at=TUESDAY)
    assert shown(district.grid) == ["周四停水"]
    told = Notice.objects.get(kind="bulletin_decided")
    assert (told.recipient, told.params["agreed"]) == (district.worker, True)
    with pytest.raises(NotNow):
        bulletins.decide(row, agree=False, why="晚了", by=district.as_staff(district.secretary), at=TUESDAY)


def test_it_is_refused_with_a_reason(district):
    row, by = write(district, by=district.worker), district.as_staff(district.secretary)

    with pytest.raises(BadInput):
        bulletins.decide(row, agree=False, why=" ", by=by, at=TUESDAY)
    bulletins.decide(row, agree=False, why="时间不对", by=by, at=TUESDAY)

    row.refresh_from_db()
    assert (row.state, row.why, row.decided_by) == (BulletinState.REFUSED, "时间不对", district.secretary)
    assert shown(district.grid) == []


@pytest.mark.parametrize("who", ["window", "other_worker", "other_secretary", "dispatcher", "handler"])
def test_others_write_none_there(district, who):
    with pytest.raises(NotYours):
        write(district, by=getattr(district, who))
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"words": "字" * 2001}, "words"),
        ({"words": "有事找老王 13900139000"}, "words"),
        ({"to_on": ON - DAY}, "to_on"),
        ({"from_on": ON - DAY}, "to_on"),
        ({"to_on": ON + 400 * DAY}, "to_on"),
    ],
)
def test_what_cannot_be_announced_is_refused(district, facts, field):
    with pytest.raises(BadInput) as refused:
        write(district, **facts)

    assert refused.value.field == field
    assert not Bulletin.objects.exists()


def test_a_building_elsewhere_is_refused_and_the_same_form_again_writes_nothing(district):
    with pytest.raises(BadInput):
        write(district, buildings=[district.other_grid])
    key = uuid.uuid4()
    assert write(district, client_key=key) == write(district, client_key=key)
    assert Bulletin.objects.count() == 1


def test_it_is_taken_down_with_a_reason_by_its_writer_or_who_approves(district):
    row = write(district)
    with pytest.raises(NotYours):
        bulletins.withdraw(row, why="改期", by=district.as_staff(district.worker), at=TUESDAY)
    with pytest.raises(BadInput):
        bulletins.withdraw(row, why="", by=district.as_staff(district.lead), at=TUESDAY)

    bulletins.withdraw(row, why="改期", by=district.as_staff(district.secretary), at=TUESDAY)

    row.refresh_from_db()
    assert (row.state, row.why, shown(district.grid)) == (BulletinState.WITHDRAWN, "改期", [])
    with pytest.raises(NotNow):
        bulletins.withdraw(row, why="改期", by=district.as_staff(district.lead), at=TUESDAY)


# -- pages -------------------------------------------------------------------------------------------------------------


def test_residents_read_it_on_the_page_of_their_place_the_first_page_and_paper(client, district):
    row = write(district, at=timezone.now())
    code = district.community.code

    pages = [
        client.get(reverse("bulletins"), {"area": code}),
        client.get(reverse("home"), {"area": district.unit.code}),
        client.get(reverse("area_page", args=[district.grid.code])),
        client.get(reverse("bulletin", args=[row.pk])),
        client.get(reverse("bulletin_poster", args=[row.pk])),
    ]

    assert ["周四停水" in page.content.decode() for page in pages] == [True] * 5
    assert "周四停水" not in client.get(reverse("home")).content.decode()
    assert "周四停水" not in client.get(reverse("area_page", args=[district.other_grid.code])).content.decode()
    bulletins.withdraw(row, why="改期", by=district.as_staff(district.lead), at=timezone.now())
    assert client.get(reverse("bulletin", args=[row.pk])).status_code == 404


def test_the_way_in_the_browser_from_the_worker_to_the_lead(client, district):
    today = timezone.localdate()
    client.force_login(district.worker)
    url = f"{reverse('bulletin_new')}?area={district.grid.code}"
    given = {"client_key": str(uuid.uuid4()), "title": "周四停水", "words": "", "from_on": today, "to_on": today + DAY}

    refused = client.post(url, given)
    assert (refused.status_code, "周四停水" in refused.content.decode()) == (422, True)
    assert client.post(url, {**given, "words": "请储水。", "buildings": [district.building.pk]}).status_code == 302
    row = Bulletin.objects.get()
    do = reverse("bulletin_do", args=[row.pk, "decide"])
    assert client.post(do, {"agree": "yes"}).status_code == 403
    client.force_login(district.lead)
    assert "周四停水" in client.get(reverse("bulletin_desk")).content.decode()
    assert client.post(do, {"agree": "no"}).status_code == 422
    assert client.post(do, {"agree": "yes"}).status_code == 302
    assert client.get(reverse("bulletin_work", args=[row.pk])).context["is_showing"] is True
    client.force_login(district.other_secretary)
    assert client.get(reverse("bulletin_work", args=[row.pk])).status_code == 404


def test_the_pages_of_residents_cost_the_same_however_many_there_are(client, district, django_assert_max_num_queries):
    for number in range(6):
        write(district, at=timezone.now(), title=f"停水 {number}", buildings=[district.building])

    with django_assert_max_num_queries(8):
        client.get(reverse("bulletins"), {"area": district.grid.code})
    with django_assert_max_num_queries(8):
        client.get(reverse("home"), {"area": district.grid.code})

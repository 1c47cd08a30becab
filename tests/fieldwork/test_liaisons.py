"""Liaisons and elderly people's telephones: the register, a call recognised by its number, and who hears of it."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from fieldwork import households, liaisons, listening
from fieldwork.enums import Cadence, LiaisonKind
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Liaison
from fieldwork.periods import period_of
from grids.models import Appointment, Area
from notifications.models import Notice
from people import expiry
from people.errors import BadInput
from people.models import RevealLog
from petitions.enums import Channel
from petitions.models import Petition
from tests.factories import TUESDAY
from tests.fieldwork.homes import homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBER = "13900139000"
WORDS = "楼道的灯不亮，老人下楼看不清。"


def add(district, *, by=None, answers=None, phone=NUMBER, at=TUESDAY, **facts):
    given = {"kind": LiaisonKind.ELDERLY, "place": district.unit, "name": "常大爷", "agreed": True, **facts}
    return liaisons.add(
        phone=phone, answers=answers or district.worker, client_key=given.pop("client_key", None) or uuid.uuid4(),
        by=district.as_staff(by or district.secretary), at=at, **given,
    )  # fmt: skip


def call(district, line, *, by=None, words=WORDS, at=TUESDAY, key=None):
    return liaisons.take_call(
        line, words=words, client_key=key or uuid.uuid4(), by=district.as_staff(by or district.window), at=at
    )


# -- the register --------------------------------------------------------------------------------------------------


def test_the_number_is_sealed_and_found_however_it_is_typed(district):
    line = add(district)

    assert (line.grid, line.person.phone, line.person.context) == (district.grid, NUMBER, "liaison")
    window = district.as_staff(district.window)
    assert liaisons.find("+86 139-0013-9000", by=window) == line
    assert liaisons.find("13900139001", by=window) is None
    assert liaisons.find(NUMBER, by=district.as_staff(district.other_secretary)) is None


@pytest.mark.parametrize("facts", [{"agreed": False}, {"phone": ""}, {"phone": "123"}])
def test_without_consent_or_number_nobody_is_written_down(district, facts):
    with pytest.raises(BadInput):
        add(district, **facts)
    assert not Liaison.objects.exists()


@pytest.mark.parametrize("who", ["worker", "other_secretary", "dispatcher", "handler"])
def test_the_community_keeps_the_register(district, who):
    with pytest.raises(NotYours):
        add(district, by=getattr(district, who))
    assert not Liaison.objects.exists()


def test_who_answers_holds_a_post_there(district):
    with pytest.raises(BadInput):
        add(district, answers=district.other_worker)


def test_one_number_stands_there_once_and_the_same_form_again_adds_nothing(district):
    key = uuid.uuid4()
    first = add(district, client_key=key)

    assert add(district, client_key=key) == first
    with pytest.raises(NotNow):
        add(district)
    assert Liaison.objects.count() == 1


def test_when_it_ends_name_and_number_are_gone_at_once_and_the_row_after_a_year(district):
    line = add(district)

    liaisons.end(line, by=district.as_staff(district.secretary), at=TUESDAY)

    line.person.refresh_from_db()
    assert (line.person.name, line.person.phone, line.person.phone_index) == ("", "", None)
    assert liaisons.find(NUMBER, by=district.as_staff(district.window)) is None
    with pytest.raises(NotNow):
        call(district, line)
    rule = next(rule for rule in expiry.rules() if rule.name == "fieldwork.liaisons")
    assert not rule.due(TUESDAY + timedelta(days=360)).exists()
    assert [rule.end(row.pk, TUESDAY) for row in rule.due(TUESDAY + timedelta(days=370))] == [True]
    assert not Liaison.objects.exists()


def test_the_line_follows_its_house_to_another_grid(district):
    line = add(district)
    house = f"{district.other_grid.path}{district.building.pk}/"
    Area.objects.filter(pk=district.building.pk).update(parent=district.other_grid, path=house)
    Area.objects.filter(pk=district.unit.pk).update(path=f"{house}{district.unit.pk}/")

    assert households.follow_grids() == 0  # households alone are counted
    line.refresh_from_db()
    assert line.grid == district.other_grid


# -- a call --------------------------------------------------------------------------------------------------------


def test_a_call_is_filed_with_its_place_and_number_and_the_worker_who_answers_hears_of_it(district):
    filed = call(district, add(district))

    petition = filed.petition
    assert (petition.channel, petition.place, petition.grid) == (Channel.DEVICE, district.unit, district.grid)
    assert (petition.petitioner.name, petition.petitioner.phone) == ("常大爷", NUMBER)
    assert (petition.filed_by, petition.first_contact_owner) == (district.window, district.worker)
    told = Notice.objects.filter(kind="petition_submitted", recipient=district.worker)
    assert [one.about for one in told] == [f"petition:{petition.number}"]


def test_the_same_form_again_files_nothing(district):
    line, key = add(district), uuid.uuid4()

    first, again = call(district, line, key=key), call(district, line, key=key)

    assert (first.created, again.created, again.petition) == (True, False, first.petition)
    assert Petition.objects.count() == 1
    assert Notice.objects.filter(kind="petition_submitted", recipient=district.worker).count() == 1


def test_a_call_about_staff_reaches_nobody_below_them(district):
    petition = call(district, add(district), words="网格员收钱不办事，我要投诉网格员。").petition

    assert petition.barred_from is not None
    assert petition.first_contact_owner is None
    assert not Notice.objects.filter(about=f"petition:{petition.number}", recipient=district.worker).exists()


def test_where_the_worker_has_left_the_grid_s_worker_of_today_answers(district):
    line = add(district, answers=district.lead)
    Appointment.objects.filter(user=district.lead).update(ends_on=date(2026, 6, 8))

    assert call(district, line).petition.first_contact_owner == district.worker


@pytest.mark.parametrize("who", ["other_secretary", "dispatcher"])
def test_who_does_not_file_for_others_there_takes_no_call(district, who):
    line = add(district)

    with pytest.raises(NotYours):
        call(district, line, by=getattr(district, who))
    assert not Petition.objects.exists()


# -- the pages -----------------------------------------------------------------------------------------------------


def test_from_writing_down_to_a_filed_call_on_the_pages(client, district):
    client.force_login(district.secretary)
    sent = {
        "client_key": uuid.uuid4(), "kind": "elderly", "place": district.unit.code, "name": "常大爷",
        "phone": "139 0013 9000", "answers": district.worker.pk, "agreed": "on", "lent": "LL-07",
    }  # fmt: skip
    refused = client.post("/liaisons/new/", {**sent, "agreed": ""})
    assert refused.status_code == 422
    assert "LL-07" in refused.content.decode()
    added = client.post("/liaisons/new/", sent)
    line = Liaison.objects.get()
    assert added.url == f"/liaisons/{line.pk}/"

    client.force_login(district.window)
    listed = client.get("/liaisons/").content.decode()
    assert "139****9000" in listed
    assert NUMBER not in listed
    unknown = client.post("/liaisons/call/", {"phone": "13900139001"})
    assert unknown.status_code == 422
    assert "13900139001" in unknown.content.decode()
    assert client.post("/liaisons/call/", {"phone": NUMBER}).url == added.url
    empty = client.post(f"{added.url}told/", {"client_key": uuid.uuid4(), "words": ""})
    assert empty.status_code == 422
    filed = client.post(f"{added.url}told/", {"client_key": uuid.uuid4(), "words": WORDS})

    assert Petition.objects.get().number in filed.content.decode()


def test_the_number_is_shown_once_with_a_reason_that_is_written_down(client, district):
    line = add(district)
    client.force_login(district.worker)

    seen = client.post(f"/liaisons/{line.pk}/look/", {"field": "phone", "reason": "回电确认地点"})

    assert NUMBER in seen.content.decode()
    assert RevealLog.objects.get().about == f"liaison:{line.pk}"


@pytest.mark.parametrize(("who", "status"), [("other_worker", 404), ("stranger", 404), ("worker", 403)])
def test_others_neither_find_nor_end_it(client, district, who, status):
    line = add(district)
    client.force_login(getattr(district, who))

    assert client.post(f"/liaisons/{line.pk}/end/").status_code == status
    assert Liaison.objects.get().ends_on is None


def test_the_community_says_who_answers_from_now_on(client, district):
    line = add(district)
    client.force_login(district.secretary)

    assert client.post(f"/liaisons/{line.pk}/answers/", {"answers": district.stranger.pk}).status_code == 422
    assert client.post(f"/liaisons/{line.pk}/answers/", {"answers": district.lead.pk}).status_code == 302
    assert Liaison.objects.get().answers == district.lead


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_costs_the_same_however_long_it_is(client, district, django_assert_max_num_queries, number):
    for one in range(number):
        add(district, phone=f"1390013900{one}")
    client.force_login(district.secretary)

    with django_assert_max_num_queries(8):
        page = client.get("/liaisons/")
    assert len(page.context["liaisons"]) == number


# -- the six ways --------------------------------------------------------------------------------------------------


def uses(district, on):
    areas = [district.grid, district.other_grid]
    rows = listening.of_month(district.as_staff(district.secretary), areas, month=period_of(Cadence.MONTH, on))
    return {row.area: row for row in rows}


def test_the_six_ways_of_a_month_by_grid_and_which_was_not_used(district):
    call(district, add(district))
    (home,) = homes(district)
    visit(district, home)
    district.petition(channel=Channel.PHONE)
    district.petition(channel=Channel.WEB)

    rows = uses(district, TUESDAY.date())

    here, there = rows[district.grid], rows[district.other_grid]
    assert [(use.channel, use.matters, use.done) for use in here.uses] == [
        ("visit", 0, 1), ("phone", 1, 0), ("box", 0, 0), ("group", 0, 0), ("device", 1, 0), ("diary", 0, 0),
    ]  # fmt: skip
    assert (here.unused, here.lines, there.unused, there.lines) == (3, 1, 6, 0)
    assert uses(district, date(2026, 5, 1))[district.grid].unused == 6


def test_the_street_sees_its_communities_and_no_doors(client, district, django_assert_max_num_queries):
    add(district, at=timezone.now())
    client.force_login(district.leader)

    with django_assert_max_num_queries(14):
        page = client.get("/listening/")

    assert [row.area for row in page.context["rows"]] == [district.community, district.other_community]
    assert [row.lines for row in page.context["rows"]] == [1, 0]
    assert client.get("/liaisons/").context["liaisons"] == []


def test_the_counts_of_others_are_not_found(client, district):
    client.force_login(district.secretary)

    assert client.get("/listening/", {"area": district.other_community.code}).status_code == 404
    assert client.get("/listening/", {"area": district.community.code, "month": "x"}).status_code == 200

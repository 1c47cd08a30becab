"""The pages of visits: in a browser without JavaScript, from the list to what is written down."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork import campaigns, households
from fieldwork.models import Campaign, Household, Visit
from people.models import Person, RevealLog
from petitions.models import Petition
from tests.fieldwork.homes import duty, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST = "/visits/"


def page_of(home):
    return f"/visits/{home.pk}/"


def do(client, home, what, **sent):
    return client.post(f"/visits/{home.pk}/{what}/", sent)


def send_visit(client, home, **sent):
    given = {"client_key": uuid.uuid4(), "mode": "door", "outcome": "well", "on": timezone.localdate().isoformat()}
    return do(client, home, "visit", **(given | sent))


def test_the_list_shows_doors_of_the_grid_thirty_a_page(client, district):
    homes(district, "101-145")
    client.force_login(district.worker)

    first = client.get(LIST)
    second = client.get(LIST, {"grid": district.grid.code, "page": "2"}, headers={"HX-Request": "true"})

    assert [line.household.door for line in first.context["lines"]] == [str(door) for door in range(101, 131)]
    assert re.findall(r"2单元 (\d+)<", second.content.decode()) == [str(door) for door in range(131, 146)]
    assert first.context["counts"] == {"late": 45, "soon": 0, "due": 0}
    assert second.content.decode().lstrip().startswith("<li")


def test_a_list_names_no_reason(client, district):
    (home,) = homes(district)
    households.note(home, duty=duty("must_alone"), agreed=True, by=district.as_staff(district.lead), at=timezone.now())
    client.force_login(district.worker)

    listed, page = client.get(LIST).content.decode(), client.get(page_of(home)).content.decode()

    assert "elderly person living alone" not in listed
    assert "elderly person living alone" in page


@pytest.mark.parametrize("number", [1, 60])
def test_the_list_and_a_household_cost_the_same_however_many_there_are(
    client, district, django_assert_num_queries, number
):
    home, *_others = homes(district, f"101-{100 + number}", name="常小红" if number == 1 else "")
    for _ in range(3):
        visit(district, home, timezone.now())
    client.force_login(district.worker)

    # session, user, posts held, stood in for, grids, linked grids, rules, households, unread
    with django_assert_num_queries(9):
        client.get(LIST)
    with django_assert_num_queries(12):
        client.get(page_of(home))


def test_a_community_chooses_a_grid_and_another_communitys_does_not_exist(client, district):
    homes(district)
    client.force_login(district.secretary)

    response = client.get(LIST, {"grid": district.grid.code})

    assert len(response.context["lines"]) == 1
    assert [grid.name for grid in response.context["grids"]] == ["第一网格", "第二网格"]
    client.force_login(district.other_secretary)
    assert client.get(LIST, {"grid": district.grid.code}).status_code == 404
    assert client.get(LIST, {"grid": "mine"}).status_code == 404


def test_who_has_no_households_is_told_so(client, district):
    client.force_login(district.dispatcher)

    response = client.get(LIST)

    assert response.status_code == 200
    assert "No household is yours to visit" in response.content.decode()


def test_a_visit_is_written_down_at_the_door_with_one_tap(client, district):
    (home,) = homes(district)
    client.force_login(district.worker)

    response = send_visit(client, home, words="暖气不热，已记下。")

    assert (response.status_code, response.url) == (302, page_of(home))
    row = Visit.objects.get()
    assert (row.household, row.mode, row.outcome, row.words) == (home, "door", "well", "暖气不热，已记下。")
    assert client.get(LIST).context["lines"] == []


def test_nobody_at_home_asks_for_nothing_more(client, district):
    (home,) = homes(district)
    client.force_login(district.worker)

    assert send_visit(client, home, mode="absent", outcome="").status_code == 302

    assert (Visit.objects.get().mode, Visit.objects.get().outcome) == ("absent", "none")


@pytest.mark.parametrize(
    "wrong", [{"mode": ""}, {"outcome": ""}, {"mode": "window"}, {"on": "2020-01-01"}, {"client_key": "x"}]
)
def test_a_wrong_visit_keeps_the_words_typed(client, district, wrong):
    (home,) = homes(district)
    client.force_login(district.worker)

    response = send_visit(client, home, words="暖气不热", **wrong)

    assert response.status_code == 422
    assert "暖气不热" in response.content.decode()
    assert not Visit.objects.exists()


def test_a_matter_they_raised_is_filed_with_the_house_as_its_place_and_nothing_else_of_them(client, district):
    (home,) = homes(district, "101", name="常小红", phone="13800138000")
    client.force_login(district.worker)

    response = send_visit(client, home, outcome="raised")

    assert response.url == f"/cases/new/?place={district.unit.code}&channel=visit"
    form = client.get(response.url).context["form"]
    assert (form["place"].value(), form["channel"].value()) == (district.unit.code, "visit")
    sent = {
        "client_key": form["client_key"].value(), "text": "暖气不热。", "channel": "visit", "about": "",
        "place": form["place"].value(),
    }  # fmt: skip
    response = client.post("/cases/new/", sent)
    assert response.status_code == 200, response.context["form"].errors
    petition = Petition.objects.get()
    assert (petition.place, petition.channel, petition.petitioner) == (district.unit, "visit", None)


@pytest.mark.parametrize("query", ["place=x&channel=x", "text=hello", "place=&channel=web"])
def test_an_address_that_says_nonsense_begins_an_empty_form(client, district, query):
    client.force_login(district.worker)

    form = client.get(f"/cases/new/?{query}").context["form"]

    assert form["text"].value() is None
    assert form.area is None


def test_doors_are_written_down_in_one_go(client, district):
    client.force_login(district.worker)
    new = reverse("household_new")

    page = client.get(new, {"place": district.building.code})
    assert page.context["form"]["place"].value() == district.building.code
    found = client.post(new, {"find": "1", "q": "3号楼 2单元", "doors": "101-103"})
    assert "101-103" in found.content.decode()
    assert not Household.objects.exists()
    response = client.post(new, {"place": district.unit.code, "doors": "101-103"})

    assert response.status_code == 302
    assert Household.objects.count() == 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"doors": ""}, 422), ({"doors": "101", "phone": "12"}, 422), ({"doors": "101 102", "name": "常小红"}, 422)],
)
def test_wrong_doors_change_nothing(client, district, sent, status):
    client.force_login(district.worker)

    response = client.post(reverse("household_new"), {"place": district.unit.code, **sent})

    assert response.status_code == status
    assert not Household.objects.exists()
    assert not Person.objects.exists()


def test_a_strange_house_is_refused_and_a_street_keeps_no_households(client, district):
    client.force_login(district.other_worker)
    assert client.post(reverse("household_new"), {"place": district.unit.code, "doors": "1"}).status_code == 422
    client.force_login(district.leader)
    assert client.get(reverse("household_new")).status_code == 403
    assert not Household.objects.exists()


def test_a_number_is_shown_once_for_a_reason(client, district):
    (home,) = homes(district, "101", phone="13800138000")
    client.force_login(district.worker)
    assert "13800138000" not in client.get(page_of(home)).content.decode()
    assert do(client, home, "look", field="phone", reason="").status_code == 422
    assert not RevealLog.objects.exists()

    response = do(client, home, "look", field="phone", reason="约走访时间")

    assert "13800138000" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert RevealLog.objects.get().about == f"household:{home.pk}"


def test_reasons_links_contact_and_closing_on_the_page(client, district):
    (home,) = homes(district)
    client.force_login(district.lead)

    assert do(client, home, "note", duty=duty("must_new").pk).status_code == 422
    assert do(client, home, "note", duty=duty("must_new").pk, agreed="on").status_code == 302
    assert do(client, home, "link", user=district.window.pk).status_code == 302
    assert do(client, home, "link", user=district.stranger.pk).status_code == 422
    assert do(client, home, "who", name="常小红", phone="13800138000").status_code == 302
    page = client.get(page_of(home)).content.decode()
    assert "Must-visit: moved in lately" in page
    assert "window keeps contact every week" in page
    assert "138****8000" in page
    assert do(client, home, "end-note", key=duty("must_new").pk).status_code == 302
    assert do(client, home, "unlink", key=district.window.pk).status_code == 302
    assert do(client, home, "unlink", key=district.window.pk).status_code == 409
    assert do(client, home, "close").status_code == 302
    assert do(client, home, "close").status_code == 409
    assert "Closed. Last day here" in client.get(page_of(home)).content.decode()


def test_a_worker_arranges_nothing_and_a_stranger_finds_nothing(client, district):
    (home,) = homes(district)
    client.force_login(district.worker)
    assert do(client, home, "note", duty=duty("must_new").pk, agreed="on").status_code == 403
    client.force_login(district.other_worker)
    for what in ("visit", "who", "look", "note", "link", "take-back", "end-note", "unlink", "close"):
        assert do(client, home, what).status_code == 404
    assert client.get(page_of(home)).status_code == 404
    assert Household.objects.get().valid_to is None


def test_a_visit_is_taken_back_on_the_page(client, district):
    (home,) = homes(district)
    other, *_ = homes(district, "102")
    written = visit(district, home, timezone.now())
    client.force_login(district.worker)

    assert do(client, other, "take-back", key=written.pk).status_code == 404
    assert do(client, home, "take-back", key="x").status_code == 404
    assert do(client, home, "gone").status_code == 404
    assert do(client, home, "take-back", key=written.pk).status_code == 302

    assert Visit.objects.get().struck_at is not None


def test_a_campaign_from_starting_to_its_checklist_at_the_door(client, district):
    """Mechanism 004-07: a campaign with a checklist; its contents are configurable."""
    (home,) = homes(district)
    client.force_login(district.secretary)
    form = client.get(reverse("visit_campaign_new"), {"from": "knock"}).context["form"]
    sent = {name: form[name].value() for name in ("name", "items")}
    assert sent["name"] == "敲门连心"
    today = timezone.localdate().isoformat()
    sent |= {"area": district.community.code, "starts_on": today, "ends_on": today, "words": "", "goal": ""}
    assert client.post(reverse("visit_campaign_new"), sent | {"items": " "}).status_code == 422
    response = client.post(reverse("visit_campaign_new"), sent)
    campaign = Campaign.objects.get()
    assert response.url == f"/visits/campaigns/{campaign.pk}/"

    client.force_login(district.worker)
    item = campaign.items.get(position=1)
    assert item.text in client.get(page_of(home)).content.decode()
    send_visit(client, home, campaign=campaign.pk, **{f"items_{campaign.pk}": item.pk})

    shown = client.get(response.url).context["progress"]
    assert (shown.share.asked, shown.share.visited) == (1, 1)
    assert [done for _item, done in shown.items] == [1, 0, 0, 0]
    assert client.post(response.url).status_code == 403
    assert campaign.name in client.get(reverse("visit_campaigns")).content.decode()
    client.force_login(district.stranger)
    assert client.get(response.url).status_code == 404
    assert client.get(reverse("visit_campaigns")).context["running"].count() == 0


def test_a_campaign_is_ended_on_its_page(client, district):
    now = timezone.now()
    campaign = campaigns.start(
        by=district.as_staff(district.secretary), at=now, area=district.community, name="访千家", items=["听民意"],
        starts_on=timezone.localdate(), ends_on=timezone.localdate() + timezone.timedelta(days=9),
    )  # fmt: skip
    client.force_login(district.secretary)

    assert client.post(reverse("visit_campaign", args=[campaign.pk])).status_code == 302
    assert client.post(reverse("visit_campaign", args=[campaign.pk])).status_code == 409

    campaign.refresh_from_db()
    assert campaign.ends_on == timezone.localdate()


def test_the_page_of_coverage_goes_down_from_the_street_to_the_grid(client, district):
    first, *_others = homes(district, "101-112")
    visit(district, first, timezone.now())
    client.force_login(district.leader)
    url = reverse("visit_coverage")

    street = client.get(url)
    community = client.get(url, {"area": district.community.code})

    assert street.context["rows"][0].area.name == "龙集里社区"
    assert "8.3%" in community.content.decode()
    assert "1/12" in community.content.decode()
    assert client.get(url, {"area": district.other_street.code}).status_code == 404
    assert client.get(url, {"month": "2020-13"}).status_code == 200
    client.force_login(district.handler)
    assert client.get(url).status_code == 403


def test_my_day_says_how_many_visits_are_due(client, district):
    homes(district, "101-103")
    client.force_login(district.worker)

    (part,) = client.get("/grid/").context["parts"]

    assert (part.context["counts"].due, part.context["counts"].late) == (3, 3)
    client.force_login(district.handler)
    assert client.get("/grid/").context["parts"] == []


@pytest.mark.parametrize("url", ["/visits/households/new/", "/liaisons/new/"])
def test_the_search_of_a_place_comes_back_alone_and_leads_to_its_own_page(client, district, url):
    client.force_login(district.secretary)

    part = client.post(url, {"find": "1", "q": "3号楼"}, headers={"HX-Request": "true"}).content.decode()

    assert (f'hx-post="{url}"' in part, "3号楼" in part, "<html" in part) == (True, True, False)

"""Registering, deciding and one's own data in the browser."""

import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import RevealLog
from tests.petitions.telephone import code_in
from tests.volunteers.world import NUMBER, OTHER, child, register, taken_on
from volunteers import transitions
from volunteers.models import Guardian, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache", "sent_at_once", "no_sums")]
SELF, CHILD, OWN = "/volunteers/register/", "/volunteers/register/child/", "/mine/volunteer/"


def prove(client, gateway, *, at=SELF, phone=NUMBER):
    """Prove a number on the page of registration."""
    client.post(at, {"step": "phone", "phone": phone})
    return client.post(at, {"step": "prove", "code": code_in(gateway)})


def filled(district, **facts):
    return {
        "step": "send", "client_key": str(uuid.uuid4()), "name": "常帮忙", "phone": NUMBER,
        "home": district.community.code, "work": "", "skills": ["repairs", "hair"], "free": ["1", "53"],
        "paper_1": "first_aid", "until_1": "2099-01-01", "paper_2": "", "until_2": "", "agreed": "on", **facts,
    }  # fmt: skip


def do(client, what, key, **facts):
    return client.post(f"{OWN}{what}/", {"key": str(key), **facts})


# -- residents ---------------------------------------------------------------------------------------------------------


def test_a_resident_proves_a_number_registers_and_reads_how_it_stands(client, district, gateway):
    assert "Register" in client.get("/volunteers/").content.decode()
    assert prove(client, gateway).url == SELF
    refused = client.post(SELF, filled(district, phone=OTHER))
    assert (refused.status_code, "常帮忙" in refused.content.decode()) == (422, True)
    assert not Volunteer.objects.exists()

    sent = client.post(SELF, filled(district))

    row = Volunteer.objects.get()
    page = client.get(sent.url).content.decode()
    assert (sent.status_code, sent.url, row.state, row.free, row.added_by) == (302, OWN, "waiting", [1, 53], None)
    assert row.qualifications.get().kind == "first_aid"
    assert ("常**" in page, "waits for the community" in page, "Saturday evening" in page) == (True, True, True)
    again = client.get(SELF)
    assert (again.status_code, again.url) == (302, OWN)
    assert client.post(SELF, filled(district)).url == OWN
    assert Volunteer.objects.count() == 1


def test_without_a_proof_nothing_is_registered_and_a_stranger_sees_nothing(client, district):
    register(district)

    assert client.post(SELF, filled(district, phone=OTHER)).status_code == 200  # no text messages here: it says so
    for url in (OWN, f"{OWN}leave/"):
        answer = client.get(url) if url == OWN else client.post(url)
        assert (answer.status_code, answer.url) == (302, "/petitions/mine/")
    assert Volunteer.objects.count() == 1


def test_a_parent_registers_a_child_takes_the_consent_back_and_gives_it_again(client, district, gateway):
    prove(client, gateway, at=CHILD)
    sent = filled(district, name="常小朋", phone="", guardian_name="林小红", guardian_phone=NUMBER)

    assert client.post(CHILD, {**sent, "born_year": "2008", "born_month": "1"}).status_code == 422
    assert client.post(CHILD, {**sent, "born_year": "2016", "born_month": "1"}).status_code == 302
    row = Volunteer.objects.get()
    assert Guardian.objects.get().is_proved
    assert "Under 18: not between 22:00 and 6:00." in client.get(OWN).content.decode()
    transitions.approve(row, by=district.as_staff(district.secretary), at=timezone.now())
    assert "Under 18: no visits to homes." in client.get(OWN).content.decode()

    assert do(client, "withdraw", row.pk).status_code == 302
    row.refresh_from_db()
    assert row.state == "suspended"
    assert do(client, "withdraw", row.pk).status_code == 409
    assert do(client, "agree", row.pk).status_code == 302
    row.refresh_from_db()
    assert row.state == "active"
    purposes = Guardian.objects.get().person.consents.order_by("pk").values_list("purpose", "withdrawn_at")
    assert [(purpose, at is None) for purpose, at in purposes] == [("guardian", False), ("guardian", True)]


def test_a_consent_taken_back_after_a_refusal_ends_it(client, district, gateway):
    row = child(district)
    transitions.refuse(row, why="请先来面谈", by=district.as_staff(district.secretary), at=timezone.now())
    prove(client, gateway)

    assert do(client, "withdraw", row.pk).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.person.name) == ("left", "")
    assert do(client, "again", row.pk).status_code == 404


def test_the_own_page_changes_copies_and_lets_go(client, district, gateway):
    row = taken_on(district, at=timezone.now())
    prove(client, gateway)
    change = {
        "name": "常新名",
        "phone": NUMBER,
        "home": district.other_community.code,
        "skills": ["law"],
        "free": ["2"],
    }

    assert do(client, "change", row.pk, **{**change, "home": "nowhere"}).status_code == 422
    assert do(client, "change", row.pk, **change).status_code == 302
    assert do(client, "paper", row.pk, kind="driver", until="2020-01-01").status_code == 422
    assert do(client, "paper", row.pk, kind="driver", until="").status_code == 302
    row.refresh_from_db()
    assert (row.home, row.skills, row.free, row.person.name) == (district.other_community, ["law"], [2], "常新名")
    (copied,) = json.loads(client.post(f"{OWN}copy/").content)["volunteers"]
    assert (copied["name"], copied["phone"], copied["qualifications"][0]["kind"]) == (
        "常新名",
        NUMBER,
        "driving licence",
    )
    assert do(client, "drop", row.pk, kind="driver").status_code == 302
    assert do(client, "drop", row.pk, kind="driver").status_code == 409
    assert do(client, "again", row.pk).status_code == 409
    assert do(client, "leave", uuid.uuid4()).status_code == 404
    assert do(client, "leave", row.pk).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.person.name) == ("left", "")
    assert "Nobody is registered" in client.get(OWN).content.decode()


def test_another_ones_registration_is_not_his(client, district, gateway):
    theirs = register(district, phone=OTHER)
    prove(client, gateway)

    assert do(client, "leave", theirs.pk).status_code == 404
    assert do(client, "paper", theirs.pk, kind="driver").status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "waiting"


def test_a_number_that_is_taken_is_not_taken_over(client, district, gateway):
    row, _other = register(district), register(district, phone=OTHER, name="别人")
    prove(client, gateway)
    change = {"name": "常帮忙", "phone": OTHER, "home": district.community.code}

    assert do(client, "change", row.pk, **change).status_code == 409
    row.refresh_from_db()
    assert row.person.phone == NUMBER


@pytest.mark.parametrize("children", [1, 3])
def test_the_own_page_costs_the_same_however_many_it_shows(
    client, district, gateway, children, django_assert_max_num_queries
):
    for place in range(children):
        child(district, name=f"常{place}")
    register(district)
    prove(client, gateway)

    with django_assert_max_num_queries(6):  # session, own, children, papers, communities
        page = client.get(OWN).content.decode()

    assert page.count("l-panel") == children + 1


# -- staff -------------------------------------------------------------------------------------------------------------


def test_the_community_reads_masked_finds_by_whole_name_and_decides(client, district):
    row = register(district, at=timezone.now(), by=district.worker)
    child(district, at=timezone.now())
    client.force_login(district.secretary)
    desk, url = reverse("volunteer_list"), reverse("volunteer", args=[row.pk])

    page = client.get(desk).content.decode()
    assert ("常帮忙" in page, NUMBER in page, page.count("139****9000")) == (False, False, 1)
    for asked, found in (
        ({"name": "常帮忙"}, 1), ({"name": "常帮"}, 0), ({"skill": "repairs"}, 2), ({"skill": "law"}, 0),
        ({"free": "1"}, 2), ({"free": "2"}, 0), ({"minors": "1"}, 1), ({"state": "active"}, 0),
    ):  # fmt: skip
        assert len(client.post(desk, asked).context["rows"]) == found
    assert "on behalf" in client.get(url).content.decode()
    assert client.post(f"{url}refuse/", {"why": ""}).status_code == 422
    assert client.post(f"{url}approve/").status_code == 302
    assert client.post(f"{url}approve/").status_code == 409
    shown = client.post(f"{url}look/", {"field": "phone", "reason": "联系清理楼道"})
    assert NUMBER in shown.content.decode()
    assert RevealLog.objects.get().about == f"volunteer:{row.pk}"
    assert client.post(f"{url}leave/").url == desk
    assert client.post(f"{url}look/", {"field": "phone", "reason": "再看一次"}).status_code in {409, 422}
    assert "Nothing is kept" in client.get(url).content.decode()
    assert RevealLog.objects.count() == 1


def test_the_worker_writes_down_but_does_not_decide_and_strangers_see_nothing(client, district):
    client.force_login(district.worker)
    sent = filled(district, phone="")
    assert client.post(reverse("volunteer_new"), {**sent, "home": district.other_community.code}).status_code == 422
    made = client.post(reverse("volunteer_new"), sent)
    row = Volunteer.objects.get()
    assert (made.status_code, made.url, row.added_by) == (302, reverse("volunteer", args=[row.pk]), district.worker)
    assert client.post(f"{made.url}approve/").status_code == 403
    for stranger in (district.other_secretary, district.dispatcher):
        client.force_login(stranger)
        assert client.get(made.url).status_code == 404
        assert client.post(f"{made.url}approve/").status_code == 404
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(client, district, rows, django_assert_num_queries):
    for place in range(rows):
        register(district, phone=f"1390013900{place}")
    client.force_login(district.secretary)
    client.get(reverse("volunteer_list"))

    with django_assert_num_queries(6):  # session, user, posts, stand-ins, rows, notices in the head
        page = client.get(reverse("volunteer_list"))

    assert len(page.context["rows"]) == rows


def test_the_list_goes_on_page_by_page_without_gap_or_double(client, district, monkeypatch):
    monkeypatch.setattr("volunteers.register.PAGE", 2)
    made = [register(district, phone=f"1390013900{place}").pk for place in range(5)]
    client.force_login(district.secretary)

    seen, after = [], ""
    while True:
        page = client.post(reverse("volunteer_list"), {"after": after})
        seen += [row.pk for row in page.context["rows"]]
        after = page.context["after"]
        if not after:
            break

    assert sorted(seen) == sorted(made)
    assert client.post(reverse("volunteer_list"), {"after": "x_y"}).status_code == 200


def test_the_morning_counts_what_waits_for_the_community(client, district):
    register(district)
    register(district, phone=OTHER, home=district.other_community)
    client.force_login(district.secretary)

    parts = client.get("/admin/").context["morning_parts"]

    assert [part.context for part in parts] == [{"waiting": 1}]
    client.force_login(district.worker)
    assert client.get("/admin/").context["morning_parts"] == []

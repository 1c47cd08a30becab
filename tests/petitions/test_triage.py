"""Triage at one go: the reasons beside every suggestion, one press to follow it, and on to the next matter."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from petitions import advice
from petitions.enums import Status, Tier
from petitions.models import Category, DutyItem, Petition
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(hours=3)
URL = "/admin/queue/triage/"


def advise(district, petition, code="0102", who="secretary"):
    category = Category.objects.select_related("parent").get(code=code)
    return advice.advise(petition, category, by=district.as_staff(getattr(district, who)), at=LATER)


def on_list(district, code, kind="own", lead=""):
    return DutyItem.objects.create(
        area=district.community, code=f"D{code}{kind}", kind=kind, name_zh="清扫楼道", lead_zh=lead,
        category=Category.objects.get(code=code) if code else None, valid_from=date(2026, 1, 1),
    )  # fmt: skip


def test_the_category_proposes_the_tier_and_the_grids_worker_is_offered_first(district):
    petition = district.petition()

    found = advise(district, petition)

    assert (found.tier.tier, len(found.tier.because)) == (Tier(found.category.tier), 1)
    assert found.handlers[0].key == f"worker:{district.worker.pk}:{district.grid.pk}"
    assert found.handlers[0].because == ("Works in 第一网格, where it is.", "Has 0 matters in hand.")


def test_what_the_last_ones_became_outweighs_the_category_and_is_counted(district):
    for _time in range(4):
        past = district.petition(status=Status.DISPATCHED, organisation=True, phone="")
        Petition.objects.filter(pk=past.pk).update(tier=Tier.REFERRED)
    petition = district.petition()

    found = advise(district, petition)

    assert found.tier.tier == Tier.REFERRED
    assert found.tier.because == ("4 of the last 4 of this kind here were handled so.",)
    assert [one.key for one in found.handlers] == [f"unit:{district.sanitation.pk}"]
    assert found.handlers[0].because[-1] == "It had 4 of the last 4 of this kind here."


def test_what_is_on_no_list_of_duties_goes_up_and_an_assisted_item_names_its_lead(district):
    on_list(district, "0803")
    petition = district.petition()
    off = advise(district, petition)
    on_list(district, "0102", "assist", "环卫所")
    assisted = advise(district, petition)

    assert off.tier.tier == Tier.REFERRED
    assert off.level == "A handling unit of the subdistrict: the community's list of duties does not hold it."
    assert not any(one.key.startswith("worker") for one in off.handlers)
    assert assisted.level.startswith("环卫所 leads, 龙集里社区 assists")
    assert assisted.handlers[0].because[0] == "The list of duties names it as the lead."


def test_one_press_accepts_as_suggested_and_one_more_dispatches_then_the_next_one_is_shown(client, district):
    first, second = district.petition(), district.petition(TUESDAY + timedelta(minutes=1), text="楼道灯不亮了。")
    client.force_login(district.secretary)
    page = client.get(URL)
    chosen = page.context["chosen"]
    assert (chosen.petition, page.context["next"], len(page.context["rows"])) == (first, second.number, 2)
    tier = chosen.advice.tier.tier

    accepted = client.post(
        f"/cases/{first.number}/accept/",
        {
            "back": "triage", "next": second.number, "version": first.version, "issue_kind": "small",
            "category": chosen.advice.category.code, "tier": tier, "urgency": "",
        },
    )  # fmt: skip
    first.refresh_from_db()
    assert (accepted.status_code, accepted["Location"]) == (302, f"{URL}?number={first.number}")
    assert (first.status, first.tier, first.category) == ("accepted", tier, chosen.advice.category)

    offered = client.get(accepted["Location"]).context["chosen"]
    assert "dispatch" in offered.verbs
    sent = client.post(
        f"/cases/{first.number}/dispatch/",
        {"back": "triage", "next": second.number, "version": first.version, "to": offered.advice.handlers[0].key},
    )
    first.refresh_from_db()
    assert (sent["Location"], first.status) == (f"{URL}?number={second.number}", "dispatched")
    assert client.get(sent["Location"]).context["chosen"].petition == second


def test_what_is_refused_comes_back_on_the_case_and_leads_to_triage_all_the_same(client, district):
    petition = district.petition()
    client.force_login(district.secretary)

    page = client.post(f"/cases/{petition.number}/decline/", {"back": "triage", "version": petition.version})

    assert page.status_code == 422
    assert (page.context["leads_to"], page.context["do"]) == ("triage", "decline")
    done = client.post(
        f"/cases/{petition.number}/decline/", {"back": "triage", "version": petition.version, "reason": "不归我们管。"}
    )
    assert done["Location"] == URL


@pytest.mark.parametrize("do", ["accept", "decline"])
def test_each_form_opens_in_the_middle_without_a_script(client, district, do):
    petition = district.petition()
    client.force_login(district.secretary)

    page = client.get(f"{URL}?number={petition.number}&do={do}")

    assert page.context["form"].verb == do
    assert f'action="/cases/{petition.number}/{do}/"' in page.content.decode()


def test_what_is_gone_or_of_another_community_is_not_shown_and_the_next_one_is(client, district):
    mine = district.petition()
    done = district.petition(status=Status.CLOSED)
    client.force_login(district.secretary)
    assert client.get(f"{URL}?number={done.number}").context["gone"] == done.number
    client.force_login(district.other_secretary)

    page = client.get(f"{URL}?number={mine.number}")

    assert (page.context["chosen"], page.context["rows"]) == (None, [])
    assert mine.title not in page.content.decode()


def test_who_neither_triages_nor_dispatches_does_not_come_in(client, district):
    client.force_login(district.worker)

    assert client.get(URL).status_code == 403


def test_the_page_costs_the_same_however_many_wait(client, district, django_assert_num_queries):
    district.petition()
    client.force_login(district.secretary)
    client.get(URL)
    with django_assert_num_queries(20):
        client.get(URL)
    for minutes in range(1, 4):
        district.petition(TUESDAY + timedelta(minutes=minutes), phone="")

    with django_assert_num_queries(20):
        page = client.get(URL)

    assert len(page.context["rows"]) == 4


def test_duplicates_nearby_stand_beside_it_and_lead_to_the_joining(client, district):
    now = timezone.now()
    petition, alike = district.petition(now - timedelta(minutes=2)), district.petition(now - timedelta(minutes=1))
    client.force_login(district.secretary)

    page = client.get(f"{URL}?number={petition.number}")

    assert page.context["chosen"].alike == [alike]
    assert f"/cases/{petition.number}/joining/?into={alike.number}" in page.content.decode()

"""Of what nothing is pushed, nobody is called: whoever handles it is told so (rules.md e.1)."""

import pytest

from petitions.enums import Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HIDDEN = "我丈夫昨天晚上又打我，我很害怕。"
SAYS = "Do not call or write to the petitioner."


@pytest.fixture(params=["triaged", "before triage"])
def hushed(request, district):
    if request.param == "triaged":
        return district.petition(status=Status.DISPATCHED, category="0903")
    return district.petition(text=HIDDEN)


def pages(client, who, petition):
    client.force_login(who)
    page = client.get(f"/cases/{petition.number}/").content.decode()
    shown = client.post(f"/cases/{petition.number}/reveal/", {"field": "phone", "reason": "当面约定时间"})
    return page, shown.content.decode()


def test_case_and_contact_say_not_to_call_and_offer_no_call(client, district, hushed):
    page, shown = pages(client, district.secretary, hushed)

    assert SAYS in page
    assert SAYS in shown
    assert "13800138000" in shown
    assert "tel:13800138000" not in shown


def test_an_ordinary_matter_says_nothing_of_it_and_offers_the_call(client, district):
    page, shown = pages(client, district.secretary, district.petition(status=Status.DISPATCHED))

    assert SAYS not in page + shown
    assert 'href="tel:13800138000"' in shown


def test_the_workers_card_says_it_before_the_case_is_opened(client, district):
    district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)
    assert "Do not call" not in client.get("/grid/").content.decode()

    district.petition(status=Status.DISPATCHED, category="0903")

    assert client.get("/grid/").content.decode().count("Do not call") == 1

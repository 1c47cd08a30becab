"""Returning, deciding, designating, correcting and stepping back in a browser without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions.enums import Status
from petitions.models import Petition, Recusal, ReturnRequest
from tests.petitions.case_pages import do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def sent(district):
    """Return a matter that was sent to a unit some minutes ago, so that its window is open now."""
    start = timezone.now() - timedelta(minutes=12)
    return district.petition(start, status=Status.DISPATCHED, organisation=True, policy="committed_tier")


def url(petition, what):
    return reverse("case_handing", args=[petition.number, what])


def post(client, who, petition, what, **data):
    client.force_login(who)
    petition.refresh_from_db()
    return client.post(url(petition, what), {"version": petition.version, **data})


def page_of(client, who, petition):
    client.force_login(who)
    return client.get(reverse("case", args=[petition.number]))


def test_a_return_from_the_case_page_to_the_deciders_pile_and_back(client, district, sent):
    page = page_of(client, district.handler, sent)
    assert page.context["back"].may_return
    assert url(sent, "return") in page.content.decode()
    assert "It may be returned until" in page.content.decode()
    assert client.get(url(sent, "return")).status_code == 200
    assert not ReturnRequest.objects.exists()

    lacking = post(client, district.handler, sent, "return", words="归绿化所。")
    assert lacking.status_code == 422
    assert "归绿化所。" in lacking.content.decode()
    assert (
        post(client, district.handler, sent, "return", words="归绿化所。", reason_code="other_unit").status_code == 302
    )

    client.force_login(district.secretary)
    pile = client.get(reverse("admin:queue"), {"pile": "returned"})
    assert [card.petition for card in pile.context["cards"]] == [sent]
    client.force_login(district.other_secretary)
    assert client.get(reverse("admin:queue"), {"pile": "returned"}).context["cards"] == []
    page = page_of(client, district.secretary, sent)
    assert page.context["back"].may_decide
    assert "归绿化所。" in page.content.decode()
    assert post(client, district.secretary, sent, "return-decision", agree="yes", words="同意。").status_code == 302
    assert Petition.objects.get(pk=sent.pk).status == "accepted"
    client.force_login(district.secretary)
    assert client.get(reverse("admin:queue"), {"pile": "returned"}).context["cards"] == []


def test_the_second_return_is_designated_on_the_case_page(client, district, sent):
    given = {"words": "不归我们。", "reason_code": "not_ours"}
    post(client, district.handler, sent, "return", **given)
    post(client, district.secretary, sent, "return-decision", agree="no", words="归你们。")
    assert post(client, district.handler, sent, "return", **given).status_code == 302

    page = page_of(client, district.dispatcher, sent)
    assert page.context["back"].must_designate
    assert "?do=designate" in page.content.decode()
    sent.refresh_from_db()
    form = client.get(reverse("case", args=[sent.number]), {"do": "designate"})
    assert "Who is designated may not return the matter." in form.content.decode()
    done = do(
        client, district.dispatcher, sent, "designate", to=f"unit:{district.sanitation.pk}", reason="垃圾桶归环卫。"
    )
    assert done.status_code == 302
    petition = Petition.objects.get(pk=sent.pk)
    assert petition.designated_at is not None
    page = page_of(client, district.handler, petition)
    assert not page.context["back"].may_return
    refused = post(client, district.handler, petition, "return", **given)
    assert refused.status_code == 409
    assert "you must handle it" in refused.content.decode()
    assert "不归我们。" in refused.content.decode()


@pytest.mark.parametrize("what", ["return", "return-decision", "step-back", "about-staff", "place"])
def test_a_matter_out_of_scope_does_not_exist(client, district, sent, what):
    client.force_login(district.stranger)

    assert client.get(url(sent, what)).status_code == 404
    assert client.post(url(sent, what), {"words": "看看。"}).status_code == 404
    assert client.get(url(sent, "nothing")).status_code == 404


def test_a_place_is_searched_and_corrected_without_script(client, district):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.secretary)

    found = client.get(url(petition, "place"), {"q": "第二网格"})
    assert district.other_grid.code in found.content.decode()
    lacking = post(client, district.secretary, petition, "place", place=district.other_grid.code)
    assert lacking.status_code == 422
    outside = post(client, district.secretary, petition, "place", place=district.other_community.code, reason="不对。")
    assert outside.status_code == 422
    done = post(client, district.secretary, petition, "place", place=district.other_grid.code, reason="在第二网格。")
    assert done.status_code == 302
    assert Petition.objects.get(pk=petition.pk).grid == district.other_grid
    client.force_login(district.worker)
    assert client.get(url(petition, "place")).status_code == 404


def test_who_may_not_correct_a_place_reads_why(client, district):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)

    page = client.get(url(petition, "place"))

    assert page.status_code == 403
    assert "does not correct the place" in page.content.decode()


def test_who_steps_back_is_sent_home_and_no_longer_finds_it(client, district):
    petition = district.petition(status=Status.SIGNED)

    done = post(client, district.worker, petition, "step-back", words="当事人是我弟弟。")

    assert (done.status_code, done.url) == (302, reverse("staff_home"))
    assert Recusal.objects.get().user == district.worker
    assert page_of(client, district.worker, petition).status_code == 404
    assert "has stepped back" in page_of(client, district.secretary, petition).content.decode()


def test_a_matter_about_staff_is_passed_up_from_the_page(client, district):
    petition = district.petition()

    done = post(client, district.window, petition, "about-staff", person=district.secretary.pk, words="反映书记本人。")

    assert done.url == reverse("staff_home")
    assert page_of(client, district.secretary, petition).status_code == 404
    assert page_of(client, district.dispatcher, petition).status_code == 200


def test_a_head_gives_it_to_his_own_people_on_the_page(client, district, sent):
    client.force_login(district.head)
    form = client.get(reverse("case", args=[sent.number]), {"do": "dispatch"}).content.decode()
    assert f"member:{district.handler.pk}" in form
    assert f"worker:{district.worker.pk}" not in form
    assert f"unit:{district.sanitation.pk}" not in form

    assert do(client, district.head, sent, "dispatch", to=f"member:{district.handler.pk}").status_code == 302
    assert Petition.objects.get(pk=sent.pk).handler == district.handler


def test_a_recall_on_the_page(client, district, sent):
    assert do(client, district.secretary, sent, "recall", reason="").status_code == 422
    assert do(client, district.secretary, sent, "recall", reason="派错了。").status_code == 302
    assert Petition.objects.get(pk=sent.pk).status == "accepted"

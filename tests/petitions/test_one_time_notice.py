"""One-time full notification 一次性告知 (000-19): the list of the item, one notice for all of it, one round alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Notice
from petitions import supplements
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Petition, PetitionEvent, ServiceItem, SupplementRequest
from tests.factories import SINCE, TUESDAY
from tests.petitions.filing import prove, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(hours=2)
MATERIALS = "居民身份证\n户口簿\n家庭收入说明"


@pytest.fixture
def item() -> ServiceItem:
    return ServiceItem.objects.create(
        code="L-1", kind="government", name_zh="低保申请", name_en="Allowance", materials_zh=MATERIALS,
        materials_en="Identity card\nHousehold register\nStatement of income", valid_from=SINCE,
    )  # fmt: skip


@pytest.fixture
def petition(district, item) -> Petition:
    petition = district.petition(timezone.now() - timedelta(hours=1), status="accepted", policy="committed_tier")
    Petition.objects.filter(pk=petition.pk).update(service_item=item)
    return Petition.objects.get(pk=petition.pk)


def ask(district, petition: Petition, **how: object) -> SupplementRequest:
    how = {"words": "", "materials": [0, 2], **how}
    return supplements.ask_supplement(petition, by=district.as_staff(district.window), at=timezone.now(), **how)


def test_one_notice_and_one_text_name_everything(district, petition):
    request = ask(district, petition, words="请写明2025年的收入")

    assert request.missing == ["居民身份证", "家庭收入说明"]
    words = petition.texts.get(pk=request.words_id)
    assert words.original == "· 居民身份证\n· 家庭收入说明\n请写明2025年的收入"
    assert Notice.objects.filter(kind="resident_supplement_asked", person=petition.petitioner).count() == 1


def test_the_names_are_in_the_petitioners_language(district, petition):
    Petition.objects.filter(pk=petition.pk).update(language="en")

    assert ask(district, petition).missing == ["Identity card", "Statement of income"]


def test_a_second_round_is_refused_with_the_reason_and_changes_nothing(district, petition):
    ask(district, petition)
    supplements.answer_supplement(petition, at=timezone.now(), words="", brought=[0])

    with pytest.raises(NotNow, match="asked once already"):
        ask(district, petition, materials=[1])

    assert SupplementRequest.objects.get().missing == ["居民身份证", "家庭收入说明"]
    assert PetitionEvent.objects.filter(code="supplement_asked").count() == 1


@pytest.mark.parametrize("how", [{"materials": []}, {"materials": [99, -1]}])
def test_who_names_nothing_asks_for_nothing(district, petition, how):
    with pytest.raises(WordsMissing):
        ask(district, petition, **how)

    assert not SupplementRequest.objects.exists()


def test_materials_cannot_be_ticked_where_the_matter_is_no_item(district, petition):
    Petition.objects.filter(pk=petition.pk).update(service_item=None)

    with pytest.raises(WordsMissing):
        ask(district, petition)


def test_what_came_and_what_did_not_is_kept(district, petition):
    ask(district, petition)

    supplements.answer_supplement(petition, at=timezone.now(), words="收入说明明天送来", brought=[0, 7])

    request = SupplementRequest.objects.get()
    assert (request.answered, request.brought) == (True, [0])
    assert request.materials == (("居民身份证", True), ("家庭收入说明", False))
    said = PetitionEvent.objects.get(code="supplemented")
    assert petition.texts.get(pk=said.text_id).original == "· 居民身份证\n收入说明明天送来"


def test_from_the_case_page_to_the_follow_page_and_back(client, district, petition):
    client.force_login(district.window)
    case = f"/cases/{petition.number}/"
    assert 'id="supplement-2" name="materials" value="2"' in client.get(case).content.decode()
    empty = client.post(f"{case}request/supplement/", {"words": ""})
    crooked = client.post(f"{case}request/supplement/", {"materials": ["9"]})
    asked = client.post(f"{case}request/supplement/", {"materials": ["0", "1"], "words": ""})
    assert (empty.status_code, crooked.status_code, asked.status_code) == (422, 422, 302)
    client.logout()
    prove(client, petition)
    url = f"/petitions/follow/{petition.number}/"

    page = client.get(url)
    wrong = client.post(f"{url}supplement/", {"words": ""})
    answered = client.post(f"{url}supplement/", {"materials": ["1"], "words": ""})

    assert [name for _place, name, _ticked in page.context["missing"]] == ["居民身份证", "户口簿"]
    assert (wrong.status_code, answered.status_code) == (422, 302)
    assert SupplementRequest.objects.get().brought == [1]
    client.force_login(district.window)
    assert "未补" in client.get(case).content.decode()


def test_ticks_and_words_that_are_not_taken_come_back(client, district, petition):
    ask(district, petition)
    prove(client, petition)
    SupplementRequest.objects.update(answered=False)
    url = f"/petitions/follow/{petition.number}/supplement/"

    page = client.post(url, {"materials": ["1"], "words": "字" * 2001})

    assert page.status_code == 422
    assert [ticked for _place, _name, ticked in page.context["missing"]] == [False, True]
    assert "字" * 2001 in page.content.decode()


def test_staff_take_down_what_came_at_the_window(client, district, petition):
    ask(district, petition)
    client.force_login(district.window)

    client.post(f"/cases/{petition.number}/request/supplemented/", {"materials": ["0", "1"]})

    assert SupplementRequest.objects.get().brought == [0, 1]


# -- which item a matter is --------------------------------------------------------------------------------------


def test_a_resident_comes_from_the_page_of_an_item(client, district, item):
    form = client.get("/petitions/new/?item=L-1")
    assert form.context["item"] == item
    assert 'name="item" value="L-1"' in form.content.decode()

    sent = send(client, item="L-1", text="想办这个")

    petition = Petition.objects.get()
    assert (sent.status_code, petition.service_item) == (302, item)
    assert "/services/L-1/?area=620302001001" in client.get(f"/petitions/follow/{petition.number}/").content.decode()


@pytest.mark.parametrize("code", ["GONE", "'; --", "\x00", "x" * 99])
def test_an_item_that_is_none_hinders_nobody(client, district, code):
    assert client.get("/petitions/new/", {"item": code}).status_code == 200
    send(client, item=code[:20].replace("\x00", ""))

    assert Petition.objects.get().service_item is None


def test_staff_name_the_item_on_its_page(client, district, item):
    petition = district.petition(timezone.now(), status="accepted", policy="committed_tier")
    client.force_login(district.window)
    url = f"/cases/{petition.number}/item/"
    assert url in client.get(f"/cases/{petition.number}/").content.decode()

    none = client.post(url, {"code": "", "version": petition.version})
    named = client.post(url, {"code": "L-1", "version": petition.version})
    late = client.post(url, {"code": "Z-01", "version": petition.version})

    assert (none.status_code, named.status_code, late.status_code) == (422, 302, 409)
    assert Petition.objects.get().service_item == item
    event = PetitionEvent.objects.get(code="item_named")
    assert (event.by, event.refs) == (district.window, {"item": "L-1"})


@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("supervisor", 403), ("other_secretary", 404)])
def test_nobody_else_names_it(client, district, petition, who, status):
    client.force_login(getattr(district, who))

    assert client.post(f"/cases/{petition.number}/item/", {"code": "Z-01"}).status_code == status
    with pytest.raises(NotYours):
        supplements.name_item(
            petition, ServiceItem.objects.get(code="Z-01"), by=district.as_staff(getattr(district, who)), at=LATER
        )
    assert Petition.objects.get().service_item.code == "L-1"

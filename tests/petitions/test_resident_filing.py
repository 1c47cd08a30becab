"""Filing as a resident: the form, the page to check, the sending. Nothing typed is ever lost."""

import uuid

import pytest
from django.test import Client

from grids.models import Appointment, DutyMember
from people.models import Person
from petitions.models import Petition, PetitionText
from tests.petitions.filing import BUILDING, FOLLOW, NEW, WORDS, answers, check, hidden, poster, search, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def jurisdiction(settings) -> None:
    settings.JURISDICTION_CODE = "620302"


def test_a_matter_checked_and_sent_is_filed_with_its_place_and_contact(client, district):
    given = answers(name="常小红", phone="138-0013 8000", place_words="东头", confidential="on")

    checked = client.post(NEW, {**given, "step": "check"})
    sent = client.post(NEW, {**given, "step": "send"})

    petition = Petition.objects.get()
    assert checked.status_code == 200
    assert (sent.status_code, sent.url) == (302, f"/petitions/receipt/{petition.number}/")
    assert (petition.channel, petition.status, petition.language) == ("web", "submitted", "en")
    assert (petition.place, petition.grid, petition.community) == (district.building, district.grid, district.community)
    assert (petition.petitioner.name, petition.petitioner.phone) == ("常小红", "13800138000")
    assert petition.is_confidential
    assert dict(petition.texts.values_list("kind", "masked")) == {"body": WORDS, "place": "东头"}


def test_checking_stores_nothing(client, district):
    response = check(client, name="常小红", phone="13800138000")

    assert response.status_code == 200
    assert not Petition.objects.exists()
    assert not Person.objects.exists()
    assert "sessionid" not in client.cookies


def test_the_page_to_check_carries_every_answer_on(client, district):
    given = answers(
        name="常小红", phone="13800138000", email="hong@example.org", place_words="东头", confidential="on",
        text='第一行\r\n第二行 <b>&"',
    )  # fmt: skip

    checked = client.post(NEW, {**given, "step": "check"})
    carried = {name: hidden(checked, name) for name in ("name", "phone", "email", "place_words", "client_key", "place")}

    assert carried == {name: given[name] for name in carried}
    assert "第一行\n第二行 &lt;b&gt;&amp;&quot;" in checked.content.decode()
    assert 'name="anonymous"' not in checked.content.decode()


def test_going_back_to_change_something_brings_everything_back(client, district):
    response = client.post(NEW, {**answers(name="常小红", confidential="on"), "step": "edit"})

    page = response.content.decode()
    assert response.status_code == 200
    assert WORDS in page
    assert 'value="常小红"' in page
    assert 'name="confidential" class="govuk-checkboxes__input" id="id_confidential" checked' in page.replace(
        'aria-describedby="id_confidential_helptext" ', ""
    )
    assert f'value="{BUILDING}" checked' in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": "长" * 5001}, "text"),
        ({"text": "nul \x00 byte"}, "text"),
        ({"place": ""}, "q"),
        ({"place": "620302999"}, "place"),
        ({"phone": "123"}, "phone"),
        ({"email": "no address"}, "email"),
        ({"anonymous": "on", "phone": "13800138000"}, "anonymous"),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
def test_a_wrong_answer_is_said_at_its_field_and_nothing_is_lost(client, district, step, changes, field):
    given = answers(**{"place_words": None, "name": "常小红" if field != "anonymous" else None, **changes})

    response = client.post(NEW, {**given, "step": step})

    page = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Please look at this again" in page
    assert given["client_key"] in page
    if "name" in given:
        assert 'value="常小红"' in page
    assert not Petition.objects.exists()


def test_five_thousand_characters_may_have_line_breaks_as_a_browser_sends_them(client, district):
    lines = "\r\n".join(["字" * 99] * 50)

    response = send(client, text=lines)

    assert response.status_code == 302
    assert PetitionText.objects.get(kind="body").masked == "\n".join(["字" * 99] * 50)


def test_the_same_form_sent_twice_is_one_matter_with_one_receipt(client, district):
    given = answers()

    first = client.post(NEW, {**given, "step": "send"})
    second = client.post(NEW, {**given, "step": "send"})

    assert first.url == second.url
    assert Petition.objects.count() == 1
    assert client.get(first.url).context["code"] == client.get(second.url).context["code"]


def test_another_matter_under_a_used_key_is_not_swallowed(client, district):
    key = str(uuid.uuid4())

    first = send(client, client_key=key)
    other = send(client, client_key=key, text="路灯也坏了。")
    again = send(client, client_key=key, text="路灯也坏了。")

    assert first.url != other.url
    assert again.url == other.url
    assert sorted(PetitionText.objects.values_list("masked", flat=True)) == sorted([WORDS, "路灯也坏了。"])


def test_a_form_without_a_usable_key_gets_one(client, district):
    response = check(client, client_key="no key")

    assert response.status_code == 200
    assert uuid.UUID(hidden(response, "client_key"))


def test_an_anonymous_matter_has_no_petitioner_even_with_a_number_in_its_words(client, district):
    send(client, anonymous="on", text="请打13800138000找我")

    petition = Petition.objects.get()
    assert petition.is_anonymous
    assert petition.petitioner is None
    assert not Person.objects.exists()
    assert petition.texts.get().masked == "请打138****8000找我"


def test_a_place_in_words_alone_waits_for_its_place_at_the_root(client, district):
    send(client, place="", place_words="粮站门口")

    petition = Petition.objects.get()
    assert petition.place is None
    assert petition.area == district.district
    assert list(Petition.objects.to_be_placed()) == [petition]


@pytest.mark.parametrize("step", [check, send])
def test_where_nobody_answers_for_matters_without_a_place_one_is_asked_for(client, district, settings, step):
    settings.JURISDICTION_CODE = "000000"

    response = step(client, place="", place_words="粮站门口")

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "q": ["Please choose a place from the list; without one we cannot pass the matter on here."]
    }
    assert "粮站门口" in response.content.decode()
    assert not Petition.objects.exists()


def test_when_nobody_can_be_told_the_words_stay_on_the_page_and_the_log_raises_the_alarm(client, district, caplog):
    Appointment.objects.all().delete()
    DutyMember.objects.all().delete()

    response = send(client)

    assert response.status_code == 422
    assert WORDS in response.content.decode()
    assert not Petition.objects.exists()
    assert "the duty list is empty" in caplog.text


# -- the building's code ---------------------------------------------------------------------------------------


def test_the_code_on_the_wall_chooses_the_building(client, district):
    page = client.get(NEW, {"b": poster()}).content.decode()

    assert f'value="{BUILDING}" checked' in page
    assert "滨河路街道 › 龙集里社区 › 第一网格" in page


def test_filing_through_the_code_is_recorded_as_such_unless_the_place_was_changed(client, district):
    send(client, b=poster())
    send(client, b=poster(), place=district.other_community.code)
    send(client, b=BUILDING)

    assert list(Petition.objects.order_by("pk").values_list("channel", flat=True)) == ["qr", "web", "web"]


@pytest.mark.parametrize("code", ["", BUILDING, f"{BUILDING}:1w2x3y:forged", "x" * 400, "' OR 1=1 --", "\x00", ":::"])
def test_a_code_we_did_not_print_is_said_in_a_friendly_way_and_filing_is_one_step_away(client, district, code):
    response = client.get(NEW, {"b": code})

    assert response.status_code == 404
    assert "This code does not work any more" in response.content.decode()
    assert f'href="{NEW}"' in response.content.decode()


def test_the_poster_of_a_closed_building_is_gone(client, district):
    token = poster()
    district.building.valid_to = "2025-01-01"
    district.building.save()

    assert client.get(NEW, {"b": token}).status_code == 410


# -- the search ------------------------------------------------------------------------------------------------


def test_searching_keeps_what_was_typed_and_complains_of_nothing(client, district):
    response = search(client, text="", q="3号", place="", phone="123", name="常小红")

    page = response.content.decode()
    assert response.status_code == 200
    assert not response.context["form"].errors
    assert [found.code for found in response.context["results"]] == [BUILDING]
    assert 'value="常小红"' in page
    assert 'value="123"' in page


def test_a_name_typed_and_not_looked_for_is_looked_for_before_anything_else(client, district):
    """The Enter key in the search field sends the form as it stands."""
    response = check(client, q="3号", place="")

    assert response.status_code == 200
    assert [found.code for found in response.context["results"]] == [BUILDING]
    assert check(client, q="3号", searched="3号").context["carried"]


def test_a_search_without_any_result_says_so(client, district):
    page = search(client, q="<月亮湾>", place="").content.decode()

    assert "We found no place for “&lt;月亮湾&gt;”." in page


def test_the_place_chosen_before_stays_chosen_beside_new_results(client, district):
    response = search(client, q="龙泉里")

    assert [found.code for found in response.context["chosen"]] == [BUILDING]
    assert [found.code for found in response.context["results"]] == [district.other_community.code]


# -- emergencies, suggestion -----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [check, search])
def test_words_of_an_emergency_show_its_number_before_anything_else(client, district, step):
    page = step(client, text="楼道里很浓的煤气味").content.decode()

    assert page.index('href="tel:119"') < page.index("<h1")


def test_an_emergency_can_still_be_filed_and_its_receipt_shows_the_numbers_again(client, district):
    response = send(client, text="楼道里很浓的煤气味")

    page = client.get(response.url).content.decode()
    assert Petition.objects.get().urgency == "emergency"
    assert page.index('href="tel:119"') < page.index("<h1")


def test_an_ordinary_matter_shows_no_alarm(client, district):
    assert "l-emergency" not in check(client).content.decode()


def test_a_category_is_suggested_with_the_words_that_speak_for_it(client, district):
    page = check(client, text="垃圾桶满了两天").content.decode()

    assert "because you wrote “垃圾桶满”." in page


def test_violence_at_home_is_never_spelt_out_on_the_screen(client, district):
    response = check(client, text="他又家暴")

    page = response.content.decode()
    assert 'href="tel:110"' in page
    assert response.context["suggestion"] is None
    assert "家庭暴力" not in page
    assert "violence" not in page


# -- what must never happen ------------------------------------------------------------------------------------


def test_words_are_never_markup(client, district):
    script = "<script>alert('x')</script><img src=x onerror=alert(1)>"

    pages = [check(client, text=script, name=script[:50], place_words=script[:90]).content.decode()]
    receipt = send(client, text=script, name=script[:50], place_words=script[:90])
    pages += [
        client.get(url).content.decode() for url in (receipt.url, receipt.url.replace("receipt", "follow"), FOLLOW)
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "text", ["🤮👵🏻𠮷", "\u202eabc\u202c", "a" * 5000, "٣٤٥", "\ufeff。", "{{ 7|add:7 }}{% now %}", "%(x)s %s {0}"]
)
def test_any_words_pass_through_whole(client, district, text):
    response = send(client, text=text)

    assert response.status_code == 302
    assert PetitionText.objects.get(kind="body").original == text


def test_the_form_needs_the_token_of_its_page(district):
    response = Client(enforce_csrf_checks=True).post(NEW, {**answers(), "step": "send"})

    assert response.status_code == 403
    assert not Petition.objects.exists()


def test_no_cache_keeps_the_receipt_and_the_back_button_keeps_the_form(client, district):
    receipt = client.get(send(client).url)
    followed = client.get(f"/petitions/follow/{Petition.objects.get().number}/")

    for response in (receipt, followed):
        assert "no-store" in response["Cache-Control"]
    for response in (client.get(NEW), check(client)):
        assert response["Cache-Control"] == "private, no-cache, max-age=0"


def test_asking_for_the_form_costs_no_query_but_the_places(client, district, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(NEW)
    token = poster()
    with django_assert_num_queries(3):  # the building, whether its code was withdrawn, what it lies in
        client.get(NEW, {"b": token})


def test_ten_megabytes_of_words_are_a_bad_request_and_not_an_accident(client, district):
    response = send(client, text="字" * 3_500_000)

    assert response.status_code == 400
    assert not Petition.objects.exists()


def test_a_broken_upload_is_a_bad_request(client, district):
    response = client.post(NEW, b"--x\r\nnonsense", content_type="multipart/form-data; boundary=")

    assert response.status_code == 400


@pytest.mark.parametrize("name", ["q", "name", "place_words", "b", "kept", "drop", "searched", "place", "step"])
def test_a_nul_byte_is_no_accident_anywhere(client, district, name):
    for step in (check, search, send):
        assert step(client, **{name: "\x00"}).status_code in {200, 302, 422}

"""The follow page: who may look, and what nobody reads there."""

import pytest

from people.models import Session
from petitions import records
from petitions.enums import EventCode, TextKind
from petitions.models import Petition, PetitionEvent
from petitions.numbers import code_for
from tests.factories import TUESDAY
from tests.petitions.filing import FOLLOW, add_photo, follow_url, hidden, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]

UNKNOWN = "PX20260609999939"  # its check digit fits, no petition has it

# -- who may look ----------------------------------------------------------------------------------------------


def test_number_and_code_open_the_matter(client, district):
    petition = district.petition()

    proved = prove(client, petition)

    assert (proved.status_code, proved.url) == (302, follow_url(petition))
    assert client.get(proved.url).context["petition"] == petition


@pytest.mark.parametrize(
    "write",
    [
        lambda number, code: (number.lower(), code.lower()),
        lambda number, code: (f" {number[2:]} ", f"{code[:5]}-{code[5:]}"),
        lambda number, code: ("".join(chr(ord(char) + 0xFEE0) for char in number), code[:5] + "　" + code[5:]),
    ],
)
def test_both_are_taken_as_people_type_them(client, district, write):
    petition = district.petition()
    number, code = write(petition.number, code_for(petition.client_key))

    assert client.post(FOLLOW, {"number": number, "code": code}).url == follow_url(petition)


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(client, district):
    mine, other = district.petition(), district.petition()

    wrong_code = client.post(FOLLOW, {"number": mine.number, "code": code_for(other.client_key)})
    wrong_number = client.post(FOLLOW, {"number": UNKNOWN, "code": code_for(mine.client_key)})

    words = "Number and follow-up code do not belong together. Please compare both again."
    for response in (wrong_code, wrong_number):
        assert response.status_code == 422
        assert response.context["form"].non_field_errors() == [words]
        assert "sessionid" not in client.cookies
    same = [
        hide(response.content.decode(), number, response)
        for response, number in ((wrong_code, mine.number), (wrong_number, UNKNOWN))
    ]
    assert same[0].replace(code_for(other.client_key), "") == same[1].replace(code_for(mine.client_key), "")


def hide(page: str, number: str, response) -> str:
    """The page without what differs by request: the number typed, the token, the clock."""
    page = page.replace(number, "").replace(hidden(response, "csrfmiddlewaretoken"), "")
    return "\n".join(line for line in page.splitlines() if "server-time" not in line and "csrf" not in line)


def test_a_wrong_code_costs_the_database_no_more_than_an_unknown_number(client, district, django_assert_num_queries):
    petition = district.petition()

    for number in (petition.number, UNKNOWN):
        with django_assert_num_queries(1):  # the petition
            client.post(FOLLOW, {"number": number, "code": "ABCDEFGHJK"})


@pytest.mark.parametrize(
    ("number", "code", "field"),
    [
        ("", "ABCDEFGHJK", "number"),
        ("PX20260609000011", "ABCDEFGHJK", "number"),
        ("PX", "ABCDEFGHJK", "number"),
        ("PX\x00", "ABCDEFGHJK", "number"),
        ("PX٢٠٢٦", "ABCDEFGHJK", "number"),
        (UNKNOWN, "ABCDEFGHJ", "code"),
        (UNKNOWN, "ABCDEFGHJ0", "code"),
    ],
)
def test_slips_are_told_before_anything_is_looked_up(client, django_assert_num_queries, number, code, field):
    with django_assert_num_queries(0):
        response = client.post(FOLLOW, {"number": number, "code": code})

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_an_imported_matter_without_a_code_opens_to_nobody(client, district):
    petition = district.petition()
    Petition.objects.filter(pk=petition.pk).update(code_hash=None)

    assert prove(client, petition).status_code == 422


def test_the_page_sends_whoever_has_not_proved_it_to_the_form_known_or_not(client, district):
    mine, other = district.petition(), district.petition()
    prove(client, mine)

    for number in (other.number, UNKNOWN):
        for page in ("follow", "receipt"):
            response = client.get(f"/petitions/{page}/{number}/")
            assert (response.status_code, response.url) == (302, f"/petitions/follow/?number={number}")


def test_what_can_be_no_number_is_not_found(client):
    assert client.get("/petitions/follow/PX123/").status_code == 404
    assert client.get("/petitions/receipt/PX20260609000011/").status_code == 404


def test_a_session_keeps_its_twenty_newest_proofs(client, district):
    petitions = [district.petition() for _ in range(21)]

    for petition in petitions:
        prove(client, petition)

    assert client.get(follow_url(petitions[0])).status_code == 302
    assert client.get(follow_url(petitions[1])).status_code == 200
    assert len(client.get(FOLLOW).context["mine"]) == 20


def test_proving_gives_the_session_a_new_key(client, district):
    prove(client, district.petition())
    before = client.session.session_key

    prove(client, district.petition())

    assert client.session.session_key != before
    assert Session.objects.count() == 1


def test_a_device_forgets_on_demand(client, district):
    petition = district.petition()
    prove(client, petition)

    assert client.get("/petitions/follow/forget/").status_code == 405
    client.post("/petitions/follow/forget/")

    assert client.get(follow_url(petition)).status_code == 302


def test_looking_changes_nothing(client, district):
    petition = district.petition()
    prove(client, petition)
    before = list(Petition.objects.values()), list(PetitionEvent.objects.values()), list(Session.objects.values())

    for url in (follow_url(petition), f"/petitions/receipt/{petition.number}/", FOLLOW, f"{FOLLOW}?number=x"):
        client.get(url)

    after = list(Petition.objects.values()), list(PetitionEvent.objects.values()), list(Session.objects.values())
    assert after == before


# -- what must not be seen -----------------------------------------------------------------------------------------


def test_words_for_staff_and_clear_numbers_stay_inside(client, district):
    petition = district.petition(text="请打我13800138000，身份证620302199001011234。")
    records.append(
        petition, EventCode.CONTACTED, at=TUESDAY, by=district.worker, words="他家养狗，小心", text_kind=TextKind.NOTE,
        public=False,
    )  # fmt: skip
    prove(client, petition)

    page = client.get(follow_url(petition)).content.decode()

    assert "We spoke with you about it." in page
    for secret in ("13800138000", "620302199001011234", "他家养狗", "常小红", district.worker.username):
        assert secret not in page


def test_anothers_words_and_photos_are_not_on_my_page(client, district, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    mine, other = district.petition(), district.petition(text="别人家的事")
    photos = [add_photo(petition) for petition in (mine, other)]
    prove(client, mine)

    page = client.get(follow_url(mine)).content.decode()

    assert f"/photos/{photos[0].pk}/" in page
    assert f"/photos/{photos[1].pk}/" not in page
    assert "别人家的事" not in page
    assert client.get(f"/photos/{photos[1].pk}/").status_code == 404


def test_the_list_of_this_device_shows_its_own_matters_only(client, district):
    mine, other = district.petition(), district.petition()
    prove(client, mine)

    page = client.get(FOLLOW).content.decode()

    assert mine.number in page
    assert other.number not in page


# -- what it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proved", [1, 3])
def test_the_form_costs_the_same_however_many_matters_are_open_on_the_device(
    client, district, django_assert_num_queries, proved
):
    for _ in range(proved):
        prove(client, district.petition())

    with django_assert_num_queries(2):  # session, petitions
        client.get(FOLLOW)

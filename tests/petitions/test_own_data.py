"""What a petitioner may do about his own data, on his page and at the window (PIPL 44-50; architecture 12)."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from people import notice
from people.enums import ConsentPurpose
from people.models import Consent, Person
from petitions import erasure, reveals, rights
from petitions.enums import EventCode
from petitions.models import PetitionPhoto, PetitionText, Transfer
from petitions.numbers import code_for
from tests.factories import TUESDAY
from tests.petitions.filing import prove
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]
NAME, PHONE, PLATE = "常小红", "13800138000", "鲁D12345"
TEXT = f"我是{NAME}，{PLATE}占了车位，请打{PHONE}或写信到 chang@example.org。"
YEARS_3 = TUESDAY.replace(year=2029)
YEARS_5 = TUESDAY.replace(year=2031)
DAY = timedelta(days=1)
OPEN_ONES = ["submitted", "accepted", "dispatched", "signed", "in_progress", "resolved", "verified"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def petition(district):
    return district.petition(text=TEXT, status="closed", uploads=[io.BytesIO(phone_photo())])


def everything(petition):
    petition.refresh_from_db()
    person = Person.objects.get(pk=petition.petitioner_id)
    rows = PetitionText.objects.filter(petition=petition)
    return f"{person.name}{person.phone}{person.email}{petition.title}{[row.original + row.masked for row in rows]}"


# -- the petitioner's own page ---------------------------------------------------------------------------------


def page(petition, *rest):
    return "/".join([f"/petitions/follow/{petition.number}/data", *rest, ""])


def do(client, petition, what, **given):
    return client.post(page(petition, what), {"code": code_for(petition.client_key), **given})


def test_the_way_leads_from_the_follow_page_and_nothing_stands_there_in_clear(client, petition):
    followed = prove(client, petition)
    assert page(petition) in client.get(followed.url).content.decode()

    body = client.get(page(petition)).content.decode()

    assert "常**" in body
    assert "138****8000" in body
    assert PHONE not in body
    assert NAME not in body


@pytest.mark.parametrize("what", ["copy", "contact", "erase"])
def test_without_a_proof_there_is_no_page_and_no_deed(client, petition, what):
    assert client.get(page(petition)).status_code == 302
    assert do(client, petition, what, sure="on").status_code == 302
    petition.refresh_from_db()
    assert petition.anonymised_at is None


def test_a_proof_of_one_matter_opens_no_other(client, district, petition):
    other = district.petition()
    prove(client, other)

    assert client.get(page(petition)).url.startswith("/petitions/follow/?")


@pytest.mark.parametrize("what", ["copy", "contact", "erase"])
def test_the_code_is_asked_for_once_more_and_a_wrong_one_does_nothing(client, petition, what):
    prove(client, petition)

    wrong = do(client, petition, what, code="ABCDEFGH23", sure="on", name="别人")
    missing = do(client, petition, what, code="", sure="on")

    assert (wrong.status_code, missing.status_code) == (422, 422)
    assert "not the follow-up code" in wrong.content.decode()
    assert PHONE in everything(petition)


def test_wrong_codes_are_counted(client, petition):
    prove(client, petition)

    answers = [do(client, petition, "copy", code="ABCDEFGH23").status_code for _turn in range(11)]

    assert answers == [422] * 10 + [429]


def test_a_copy_holds_everything_in_clear_to_read_and_for_machines(client, district, petition):
    reveals.look(petition, field="phone", reason="回访一下", by=district.as_staff(district.secretary), at=TUESDAY)
    prove(client, petition)

    answer = do(client, petition, "copy")

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="{petition.number}.zip"'
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        data = json.loads(archive.read("data.json"))
        html = archive.read("data.html").decode()
        photo = archive.read(names[2])
    photo_id = PetitionPhoto.objects.get(petition=petition).pk
    assert names == ["data.json", "data.html", f"photos/{photo_id}.jpg"]
    assert data["contact"] == {"name": NAME, "phone": PHONE, "email": "", "language": "zh-hans"}
    assert TEXT in [text["text"] for text in data["words"]]
    assert data["looked_at"] == [{"at": "2026-06-09 10:00", "field": "Phone number", "post": "community secretary"}]
    assert data["privacy_notice"] == {"version": notice.VERSION, "accepted_at": "2026-06-09 10:00"}
    assert [one["purpose"] for one in data["consents"]] == [ConsentPurpose.CONTACT.label]
    assert "secretary" not in data["history"][0]["what"]
    assert PHONE in html
    assert b"Exif" not in photo
    assert petition.events.filter(code=EventCode.DATA_COPIED).count() == 1


def test_where_no_file_can_be_kept_it_is_read_on_a_page(client, petition):
    prove(client, petition)

    answer = do(client, petition, "copy", **{"as": "page"})

    assert answer["Content-Type"].startswith("text/html")
    assert "Content-Disposition" not in answer.headers
    assert "no-store" in answer["Cache-Control"]
    assert PHONE in answer.content.decode()
    assert petition.events.filter(code="data_copied").count() == 1


def test_a_copy_says_which_units_were_given_the_matter_and_what_they_could_see(district):
    petition = district.petition(text=TEXT, status="dispatched", organisation=True)

    given = rights.data_of(petition)["given_to"]

    assert [(one["unit"], one["could_see"]) for one in given] == [
        (
            "环卫所",
            [
                "Words, masked",
                "Place",
                "Name, masked; in clear with a reason",
                "Phone number, masked; in clear with a reason",
            ],
        )
    ]


def test_a_confidential_matter_gives_a_unit_no_contact(district):
    petition = district.petition(text=TEXT, status="dispatched", organisation=True, confidential=True)

    assert Transfer.objects.get(petition=petition).fields == ["words", "place"]


def test_correcting_the_contact_changes_index_and_all(client, petition):
    prove(client, petition)

    answer = do(client, petition, "contact", name="常红", phone="137 0013 7000", email="c@d.cn")

    assert answer.status_code == 302
    person = Person.objects.get(pk=petition.petitioner_id)
    assert (person.name, person.phone, person.email) == ("常红", "13700137000", "c@d.cn")
    assert Person.objects.with_phone("13700137000", context="petitioner").get() == person
    assert not Person.objects.with_phone(PHONE, context="petitioner").exists()
    assert petition.events.filter(code=EventCode.CONTACT_CORRECTED).count() == 1


def test_a_number_that_is_none_is_refused_and_what_was_typed_stays(client, petition):
    prove(client, petition)

    answer = do(client, petition, "contact", name="常红", phone="12")

    assert answer.status_code == 422
    assert 'value="常红"' in answer.content.decode()
    assert PHONE in everything(petition)


def test_taking_consent_to_the_contact_back_is_one_button_and_the_matter_goes_on(client, district):
    petition = district.petition(text="垃圾桶满了")
    prove(client, petition)

    answer = client.post(page(petition, "consent"), {"purpose": "contact", "give": "0"}, follow=True)

    assert "Your matter goes on" in answer.content.decode()
    person = Person.objects.get(pk=petition.petitioner_id)
    assert (person.name, person.phone) == ("", "")
    petition.refresh_from_db()
    assert petition.status == "submitted"
    assert client.post(page(petition, "consent"), {"purpose": "contact", "give": "0"}).status_code == 302


def test_a_consent_is_given_and_taken_back_by_the_same_button(client, petition):
    prove(client, petition)
    for give in ("1", "1", "0"):
        client.post(page(petition, "consent"), {"purpose": "publication", "give": give})

    (row,) = Consent.objects.filter(person=petition.petitioner, purpose="publication")
    assert row.version == notice.VERSION
    assert row.withdrawn_at is not None
    assert client.post(page(petition, "consent"), {"purpose": "sensitive", "give": "1"}).status_code == 404
    assert client.get(page(petition, "consent")).status_code == 405


def test_erasing_asks_to_be_sure_and_then_erases_for_good(client, petition):
    prove(client, petition)
    unsure = do(client, petition, "erase")
    assert unsure.status_code == 422

    answer = do(client, petition, "erase", sure="on")

    assert answer.status_code == 200
    assert "Everything is erased" in answer.content.decode()
    for secret in (NAME, PHONE, PLATE):
        assert secret not in everything(petition)
    assert client.get(page(petition)).status_code == 302  # the device has forgotten it
    assert prove(client, petition).status_code == 422  # and the code opens nothing


def test_erasing_an_open_matter_is_refused_on_the_page_with_the_reason(client, district):
    petition = district.petition(text=TEXT)
    prove(client, petition)
    assert "still being dealt with" in client.get(page(petition)).content.decode()

    answer = do(client, petition, "erase", sure="on")

    assert answer.status_code == 409
    assert "PIPL art. 13(3)" in answer.content.decode()
    assert PHONE in everything(petition)


def test_the_pages_of_an_erased_matter_still_open_for_staff(client, district, petition):
    erasure.anonymise(petition, at=TUESDAY + DAY)
    client.force_login(district.secretary)

    shown = client.get(f"/cases/{petition.number}/")

    assert shown.status_code == 200
    assert "Anonymised" in shown.content.decode()
    assert client.get(reverse("admin:petitions_petition_changelist")).status_code == 200


# -- the command -----------------------------------------------------------------------------------------------


def test_the_command_copies_corrects_and_erases_and_writes_down_by_whom(district, petition, tmp_path, capsys):
    by, file = district.window.username, tmp_path / "copy.zip"

    call_command("data_subject", "copy", petition.number, by=by, file=str(file))
    call_command("data_subject", "correct", petition.number, by=by, phone="13700137000")
    person = Person.objects.get(pk=petition.petitioner_id)
    assert (person.name, person.phone) == (NAME, "13700137000")
    call_command("data_subject", "erase", petition.number, by=by)
    call_command("data_subject", "erase", petition.number, by=by)

    said = capsys.readouterr().out
    assert "It had been erased already" in said
    assert PHONE not in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert zipfile.is_zipfile(file)
    own = {EventCode.DATA_COPIED, EventCode.CONTACT_CORRECTED, EventCode.CONTACT_ERASED, EventCode.ANONYMISED}
    assert {(e.code, e.by) for e in petition.events.filter(code__in=own)} == {(code, district.window) for code in own}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "nobody"}, "no open account"),
        ({"number": "PX20260101000000"}, "no matter with that number"),
        ({"what": "copy"}, "--file"),
        ({"what": "correct"}, "--name, --phone, --email"),
        ({"what": "correct", "phone": "12"}, "11 digits"),
    ],
)
def test_the_command_says_what_is_wrong_and_does_nothing(district, petition, options, said):
    given = {"what": "erase", "number": petition.number, "by": district.window.username, **options}

    with pytest.raises(CommandError, match=re.escape(said)):
        call_command("data_subject", given.pop("what"), given.pop("number"), **given)

    assert PHONE in everything(petition)

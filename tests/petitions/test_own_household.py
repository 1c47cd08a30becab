"""A resident's own data in the ledger of households: found by the proved telephone, seen, copied, corrected, erased."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork import care, households, owndata, residents
from fieldwork.models import CareRecipient, FileVersion, Household, NotedHousehold, Resident
from people.models import AuditEntry, Person
from petitions import phones
from petitions.models import PhoneCode
from petitions.viewers import ProvedPhone, remember_phone
from tests.factories import TUESDAY
from tests.fieldwork.homes import duty, homes
from tests.fieldwork.test_care import add as add_care
from tests.petitions.telephone import MINE, ask, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBER, OTHER = "13900139000", "13700137000"


def proved(number=NUMBER):
    until = int(timezone.now().timestamp()) + 600
    elsewhere = (("care", owndata.care_index_of(number).hex()), ("household", owndata.index_of(number).hex()))
    return ProvedPhone(phones.index_of(number), until, elsewhere)


@pytest.fixture
def resident(client):
    """A browser that has proved the number."""
    session = client.session
    remember_phone(session, proved())
    session.save()
    return client


@pytest.fixture
def home(district):
    """A household that may be asked under the number, with somebody else who has another."""
    (row,) = homes(district, name="常小红", phone=NUMBER)
    residents.add(row, name="常大伟", phone=OTHER, by=district.as_staff(district.worker), at=TUESDAY)
    return row


def of(number=NUMBER):
    return owndata.of(owndata.index_of(number), owndata.care_index_of(number))


def changes(home):
    return list(FileVersion.objects.filter(household=home, by=None).order_by("pk").values_list("what", flat=True))


# -- the proof ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fresh_cache", "sent_at_once")
def test_a_code_is_sent_to_who_stands_in_the_ledger_alone_and_opens_his_data(client, home, gateway):
    ask(client, "13500135000")
    assert gateway.posted == []  # nothing is kept under that number

    client.post(MINE, {"step": "again"})
    assert prove(client, gateway, NUMBER).status_code == 302

    page = client.get(MINE).content.decode()
    assert page.count(reverse("own_data")) == 1
    assert "3号楼 2单元 101" in client.get(reverse("own_data")).content.decode()
    assert PhoneCode.objects.filter(used_at__isnull=False).get().phone == ""


def test_the_indexes_of_two_contexts_differ_so_that_nobody_joins_them_behind_his_back():
    assert len({phones.index_of(NUMBER), owndata.index_of(NUMBER), owndata.care_index_of(NUMBER)}) == 3


# -- what he sees ------------------------------------------------------------------------------------------------------


def test_he_finds_himself_and_nobody_else(home):
    (entry,) = of().entries

    assert (entry.household, entry.person.name, entry.resident) == (home, "常小红", None)
    (other,) = of(OTHER).entries
    assert (other.person.name, other.resident) == ("常大伟", Resident.objects.get())
    assert not of("13500135000")


def test_the_page_shows_him_masked(resident, home):
    page = resident.get(reverse("own_data")).content.decode()

    assert ("常**" in page, "139****9000" in page) == (True, True)
    for word in ("常小红", "常大伟", "137****7000", NUMBER):
        assert word not in page


def test_without_a_proof_one_proves_the_number_first(client, home):
    for answer in (client.get(reverse("own_data")), client.post(reverse("own_data_do", args=["copy"]))):
        assert (answer.status_code, answer.url) == (302, reverse("petitions_mine"))
    assert changes(home) == []


def test_the_copy_says_what_is_kept_of_him_and_that_it_was_taken(resident, home, district):
    households.look(home, field="phone", reason="核对电话", by=district.as_staff(district.worker), at=TUESDAY)

    data = json.loads(resident.post(reverse("own_data_do", args=["copy"])).content)

    (entry,) = data["households"]
    assert (entry["name"], entry["phone"], entry["address"]) == ("常小红", NUMBER, "3号楼 2单元 101")
    assert [one["field"] for one in entry["looked_at"]] == ["Phone number"]
    assert "常大伟" not in json.dumps(data, ensure_ascii=False)
    assert changes(home) == ["copied"]
    assert AuditEntry.objects.filter(about=f"fieldwork.household:{home.pk}").count() == 1


# -- what he does ------------------------------------------------------------------------------------------------------


def test_he_corrects_name_and_number(resident, home):
    (entry,) = of().entries
    url = reverse("own_data_do", args=["correct"])

    empty = resident.post(url, {"key": entry.key, "name": "", "phone": ""})
    assert empty.status_code == 422
    wrong = resident.post(url, {"key": entry.key, "name": "常晓红", "phone": "12"})
    assert (wrong.status_code, "常晓红" in wrong.content.decode()) == (422, True)
    assert resident.post(url, {"key": entry.key, "name": "常晓红", "phone": NUMBER}).status_code == 302

    home.refresh_from_db()
    assert (home.contact.name, home.contact.phone) == ("常晓红", NUMBER)
    assert changes(home) == ["corrected"]


def test_he_is_taken_out_and_the_household_stays_with_the_others(resident, home):
    (entry,) = of().entries
    url = reverse("own_data_do", args=["erase"])

    assert resident.post(url, {"key": entry.key}).status_code == 422
    assert resident.post(url, {"key": entry.key, "sure": "on"}).status_code == 302

    home.refresh_from_db()
    assert (home.contact, home.people, home.valid_to) == (None, 1, None)
    assert Person.objects.get(pk=entry.person.pk).name == ""
    assert changes(home) == ["erased"]
    assert not of()


def test_who_lives_there_is_taken_out_too(client, home):
    (entry,) = of(OTHER).entries

    owndata.erase(entry, at=TUESDAY)

    home.refresh_from_db()
    assert (Resident.objects.get().ends_on, home.contact.name, home.people) == (TUESDAY.date(), "常小红", 1)


def test_nobody_touches_another_under_his_key(resident, home):
    (other,) = of(OTHER).entries

    for what, more in (("correct", {"name": "林"}), ("erase", {"sure": "on"}), ("object", {}), ("care", {})):
        answer = resident.post(reverse("own_data_do", args=[what]), {"key": other.key, **more})
        assert answer.status_code == 404
    assert Resident.objects.get().person.name == "常大伟"
    assert changes(home) == []


def test_he_takes_back_the_consent_to_visits_for_a_reason(resident, home, district):
    by = district.as_staff(district.lead)
    noted = households.note(home, duty=duty("must_alone"), agreed=True, by=by, at=TUESDAY)
    assert "elderly person living alone" in resident.get(reverse("own_data")).content.decode()

    assert resident.post(reverse("own_data_do", args=["object"]), {"key": noted.pk}).status_code == 302

    assert NotedHousehold.objects.get().ends_on == timezone.localdate()
    assert changes(home) == ["note_ended"]


def test_he_leaves_care_and_the_sheet_is_gone(resident, district):
    (home,) = homes(district, "102")
    row = add_care(district, home)
    page = resident.get(reverse("own_data")).content.decode()
    assert "Elderly person who needs a hand" in page

    assert resident.post(reverse("own_data_do", args=["care"]), {"key": row.pk}).status_code == 302

    row.refresh_from_db()
    row.person.refresh_from_db()
    assert (row.ended, row.kind, row.person.phone_index) == ("withdrawn", "", None)
    assert not care.withdraw(row, at=TUESDAY)
    assert CareRecipient.objects.filter(ends_on=None).count() == 0
    assert Household.objects.get(pk=home.pk).valid_to is None

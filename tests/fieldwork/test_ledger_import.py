"""A file of houses and households: read as people write it, all or nothing, repeatable, sealed, nothing left behind."""

import io
import json
import uuid
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from fieldwork import ledgerfiles
from fieldwork.errors import NotNow
from fieldwork.models import Dwelling, FileVersion, Household, LedgerFile, Resident
from grids.errors import ImportRefused
from people import expiry
from people.errors import BadInput
from people.models import Person
from tests.factories import TUESDAY
from tests.fieldwork.homes import at, homes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEAD = ["place_code", "door", "floor", "use", "state", "since", "name", "phone", "others"]


def xlsx(*rows, head=HEAD) -> bytes:
    book = Workbook()
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take_in(district, data: bytes):
    by = district.as_staff(district.secretary)
    kept = ledgerfiles.keep(ledgerfiles.read(data), by=by, at=TUESDAY)
    return ledgerfiles.write(kept.pk, by=by, at=TUESDAY)


def errors(district, data: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(ImportRefused) as caught:
        ledgerfiles.check(ledgerfiles.read(data), by=district.as_staff(district.secretary), at=TUESDAY)
    return [(one.row, str(one.message)) for one in caught.value.errors]


def a_file(district) -> bytes:
    unit = district.unit.code
    return xlsx(
        [unit, 101.0, 1, "home", None, datetime(2024, 3, 1), "常小红", 13800138000.0, "常大明、李 四"],
        [None] * 9,
        [f" {unit} ", "102", "1.0", "", "", "2024/3/1", "王五", "+86 138 0013 8001", ""],
        [unit, "201", "", "", "empty", "", "", "", ""],
        [unit, "S1", "", "business", "", "", "", "", ""],
    )


def test_a_file_is_written_down_and_the_same_again_changes_nothing(district):
    told = take_in(district, a_file(district))

    assert (told.houses_new, told.households_new, told.persons_new) == (4, 2, 4)
    assert set(Dwelling.objects.values_list("number", "floor", "use", "state")) == {
        ("101", 1, "home", "lived_in"), ("102", 1, "home", "lived_in"), ("201", None, "home", "empty"),
        ("S1", None, "business", "unknown"),
    }  # fmt: skip
    first = Household.objects.select_related("contact").get(door="101")
    assert (first.people, str(first.valid_from), first.grid_id) == (3, "2024-03-01", district.grid.pk)
    assert (first.contact.name, first.contact.phone, first.contact.context) == ("常小红", "13800138000", "household")
    assert sorted(one.person.name for one in Resident.objects.all()) == ["常大明", "李 四"]
    assert Household.objects.get(door="102").contact.phone == "13800138001"
    assert FileVersion.objects.filter(what="imported", by=district.secretary).count() == 6

    again = take_in(district, a_file(district))

    assert (again.houses_new, again.houses_changed, again.houses_same) == (0, 0, 4)
    assert (again.households_new, again.households_changed, again.persons_new) == (0, 0, 0)
    assert (Household.objects.count(), Person.objects.count(), FileVersion.objects.count()) == (2, 4, 6)


def test_no_row_of_the_database_holds_a_name_or_number_in_clear(district):
    by = district.as_staff(district.secretary)
    kept = ledgerfiles.keep(ledgerfiles.read(a_file(district)), by=by, at=TUESDAY)
    assert "常小红".encode() not in bytes(LedgerFile.objects.get().rows_sealed)
    ledgerfiles.write(kept.pk, by=by, at=TUESDAY)

    assert not LedgerFile.objects.exists()
    for person in Person.objects.all():
        for sealed in (person.name_sealed, person.phone_sealed):
            assert not any(word.encode() in bytes(sealed or b"") for word in ("常小红", "13800138000", "李 四"))
    assert "常" not in json.dumps(list(FileVersion.objects.values("what", "details")), ensure_ascii=False)


def test_a_changed_row_changes_its_house_and_contact_and_keeps_who_else_lives_there(district):
    take_in(district, a_file(district))
    before = Household.objects.get(door="101").contact

    told = take_in(
        district,
        xlsx(
            [district.unit.code, "101", "2", "", "", "", "常小红", "13800138009", "赵六"],
            [district.unit.code, "201", "", "", "", "", "", "", ""],
        ),
    )

    assert (told.houses_changed, told.houses_same, told.households_changed, told.persons_new) == (1, 1, 1, 1)
    home = Household.objects.select_related("contact").get(door="101")
    assert (home.contact.phone, home.people) == ("13800138009", 4)
    before.refresh_from_db()
    assert before.name == ""
    assert Dwelling.objects.get(number="101").floor == 2
    assert Dwelling.objects.get(number="201").state == "empty"


def test_every_wrong_row_is_named_by_its_line_without_saying_anybodys_data_and_nothing_is_written(district):
    unit = district.unit.code
    data = xlsx(
        [unit, "101", "", "", "", "", "常小红", "12345", ""],
        ["nowhere", "102", "", "", "", "", "", "", ""],
        [None] * 9,
        [unit, "", "", "", "", "", "", "", ""],
        [unit, "103", "ground", "castle", "", "", "", "", ""],
        [unit, datetime(2026, 3, 2), "", "", "", "", "", "", ""],
        [unit, "104", "", "", "", "", "常小红", "1.38E+10", ""],
        [unit, "105", "", "", "", "2030-01-01", "", "", ""],
        [unit, "106", "", "", "empty", "", "李四", "", ""],
        [unit, "107", "", "", "", "", "", "", ""],
        [unit, "107", "", "", "", "", "", "", ""],
        [district.community.code, "1", "", "", "", "", "", "", ""],
    )

    found = errors(district, data)

    assert [row for row, _message in found] == [2, 3, 5, 6, 6, 7, 8, 9, 10, 12, 13]
    words = " ".join(message for _row, message in found)
    assert "常小红" not in words
    assert "12345" not in words
    assert "row 11" in dict(found)[12]
    assert (Dwelling.objects.count(), Household.objects.count(), Person.objects.count()) == (0, 0, 0)


def test_rows_outside_the_community_are_refused(district):
    found = errors(district, xlsx([district.other_community.code, "1", *[""] * 7]))
    assert len(found) == 1
    with pytest.raises(ImportRefused, match="outside"):
        ledgerfiles.check(
            ledgerfiles.read(xlsx([district.unit.code, "101", *[""] * 7])),
            by=district.as_staff(district.other_secretary),
            at=TUESDAY,
        )


def test_csv_with_chinese_headings_from_a_spreadsheet_in_gb18030_is_read(district):
    text = f"楼栋或单元编码;房号;联系人;电话\n{district.unit.code};0301;周七;010-62345678\n"

    told = take_in(district, text.encode("gb18030"))

    assert (told.houses_new, told.persons_new) == (1, 1)
    assert Household.objects.get(door="0301").contact.phone == "01062345678"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04rubbish", b"a,b\n1,2\n", b"place_code,door\n", b"x" * (2 * 1024 * 1024 + 1)]
)
def test_what_is_no_file_of_houses_is_refused(data):
    with pytest.raises(BadInput):
        ledgerfiles.read(data)


def test_a_kept_file_is_its_senders_alone_for_one_day(district):
    by = district.as_staff(district.secretary)
    rows = ledgerfiles.read(a_file(district))
    first = ledgerfiles.keep(rows, by=by, at=TUESDAY)
    kept = ledgerfiles.keep(rows, by=by, at=TUESDAY)

    for key, who, when in (
        (first.pk, "secretary", TUESDAY), (kept.pk, "other_secretary", TUESDAY), (uuid.uuid4(), "secretary", TUESDAY),
        (kept.pk, "secretary", at("2026-06-11")),
    ):  # fmt: skip
        with pytest.raises(NotNow):
            ledgerfiles.write(key, by=district.as_staff(getattr(district, who)), at=when)
    expiry.run(at=at("2026-06-11"), only=["fieldwork.files"])
    assert not LedgerFile.objects.exists()


def test_the_secretary_sends_a_file_sees_what_it_would_do_and_says_yes(district, client):
    client.force_login(district.secretary)
    file = SimpleUploadedFile("fangwu.xlsx", a_file(district))

    answer = client.post(reverse("ledger_import"), {"file": file})

    assert answer.status_code == 200
    page = answer.content.decode()
    assert '<dd class="govuk-summary-list__value" id="houses-new">4</dd>' in page
    assert "常**" in page
    assert "常小红" not in page
    assert Household.objects.count() == 0
    assert client.post(reverse("ledger_import_do", args=[LedgerFile.objects.get().pk])).status_code == 302
    assert Household.objects.count() == 2
    refused = client.post(reverse("ledger_import_do", args=[uuid.uuid4()]))
    assert refused.status_code == 409


def test_a_wrong_file_is_answered_with_its_rows_and_a_dropped_one_is_gone(district, client):
    client.force_login(district.secretary)
    wrong = SimpleUploadedFile("a.csv", f"place_code,door\n{district.unit.code},\n".encode())
    answer = client.post(reverse("ledger_import"), {"file": wrong})
    assert answer.status_code == 422
    assert "Row 2" in answer.content.decode()
    assert client.post(reverse("ledger_import"), {}).status_code == 422

    client.post(reverse("ledger_import"), {"file": SimpleUploadedFile("b.xlsx", a_file(district))})
    client.post(reverse("ledger_import_do", args=[LedgerFile.objects.get().pk]), {"drop": "1"})
    assert (LedgerFile.objects.count(), Household.objects.count()) == (0, 0)


def test_the_template_holds_headings_and_the_codes_of_ones_own_buildings(district, client):
    client.force_login(district.secretary)

    book = load_workbook(io.BytesIO(client.get(reverse("ledger_template")).content))

    assert [cell.value for cell in book.worksheets[0][1]] == HEAD
    codes = [row[0].value for row in book.worksheets[2].iter_rows()]
    assert codes == [district.building.code, district.unit.code]
    client.force_login(district.worker)
    assert client.get(reverse("ledger_template")).status_code == 403


def test_a_big_file_asks_few_questions_a_row(district, django_assert_max_num_queries):
    by = district.as_staff(district.secretary)
    rows = ledgerfiles.read(xlsx(*([district.unit.code, f"{number}", *[""] * 7] for number in range(1, 301))))

    with django_assert_max_num_queries(40):
        assert ledgerfiles.check(rows, by=by, at=TUESDAY).houses_new == 300
    assert not Dwelling.objects.exists()


def test_a_known_household_is_not_asked_for_again(district):
    homes(district, "101", name="常小红", phone="13800138000")

    told = take_in(district, xlsx([district.unit.code, "101", "", "", "", "", "常小红", "138 0013 8000", ""]))

    assert (told.households_new, told.households_changed, told.houses_same) == (0, 0, 1)

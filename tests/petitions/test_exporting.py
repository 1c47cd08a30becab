"""Files of petitions and registers: masked unless there is a right and a reason, marked with who and when, logged."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from grids.models import Post
from people import exports
from people.errors import BadInput
from people.models import ExportLog
from petitions import exporting
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NAME, PHONE = "常小红", "13800138000"
DAY = date(2026, 6, 9)


def take(district, who, **changes):
    wanted = exporting.Wanted(**{"since": DAY, "until": DAY, "form": "csv", **changes})
    return exporting.export(wanted, by=district.as_staff(getattr(district, who)), at=TUESDAY)


def rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", ["secretary", "dispatcher", "leader", "supervisor", "command"])
def test_an_export_is_masked_whoever_takes_it(district, who):
    petition = district.petition(text=f"请打{PHONE}")

    made = take(district, who)

    head, line, mark = rows(made.data)
    assert head[0] == "Number"
    assert (line[0], line[-2:]) == (petition.number, ["常**", "138****8000"])
    assert PHONE not in made.data.decode()
    assert NAME not in made.data.decode()
    user = getattr(district, who)
    assert mark == [
        f"# Export {made.mark.log.mark} by {who} ({user.username}), 2026-06-09 10:00, 1 rows, masked",
    ]


def test_the_log_says_who_what_how_many_and_when_and_never_changes(district):
    district.petition()
    made = take(district, "secretary")

    log = ExportLog.objects.get()
    assert (log.by, log.what, log.rows, log.masked, log.reason, log.at) == (
        district.secretary,
        "petitions.petition",
        1,
        True,
        "",
        TUESDAY,
    )
    assert made.name == f"petitions-petition-20260609-{log.mark}.csv"
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        ExportLog.objects.update(rows=0)


@pytest.mark.parametrize("who", ["secretary", "dispatcher", "supervisor"])
def test_who_has_no_right_to_it_takes_nothing_in_clear(district, who):
    district.petition()

    with pytest.raises(BadInput, match="masked data only"):
        take(district, who, clear=True, reason="年度核对")

    assert not ExportLog.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "abc"])
def test_in_clear_needs_a_reason(district, reason):
    with pytest.raises(BadInput) as refused:
        take(district, "leader", clear=True, reason=reason)

    assert refused.value.field == "reason"
    assert not ExportLog.objects.exists()


def test_in_clear_with_right_and_reason_says_so_in_file_and_log_and_hides_the_confidential(district):
    district.petition()
    hidden = district.petition(confidential=True)
    about_staff = district.petition()
    about_staff.barred_from = 5
    about_staff.save(update_fields=["barred_from"])

    made = take(district, "leader", clear=True, reason="年度核对 13911112222")

    lines = {row[0]: row[-2:] for row in rows(made.data)[1:-1]}
    assert sorted(lines.values()) == [["", ""], ["", ""], [NAME, PHONE]]
    assert lines[hidden.number] == lines[about_staff.number] == ["", ""]
    assert "in clear" in rows(made.data)[-1][0]
    log = ExportLog.objects.get()
    assert (log.masked, log.reason) == (False, "年度核对 139****2222")


def test_an_export_holds_ones_own_area_and_days_alone(district):
    mine = district.petition()
    district.petition(place=district.other_street)
    district.petition(at=TUESDAY + timedelta(days=1))

    assert [row[0] for row in rows(take(district, "secretary").data)[1:-1]] == [mine.number]


def test_a_workbook_has_the_mark_on_a_sheet_of_its_own_and_on_every_printed_page(district):
    petition = district.petition()

    made = take(district, "secretary", form="xlsx")

    book = load_workbook(io.BytesIO(made.data))
    first, second = book.worksheets
    assert [cell.value for cell in first["A"]] == ["Number", petition.number]
    assert book.active == first
    assert second["A1"].value == made.mark.sentence == first.oddFooter.center.text
    assert made.name.endswith(".xlsx")


def test_no_cell_is_a_formula(district):
    district.petition(text="=HYPERLINK(1)", title="=1+1")

    assert rows(take(district, "secretary").data)[1][1] == "'=1+1"


def test_too_many_are_refused(district, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 1)
    for _turn in range(2):
        district.petition()

    with pytest.raises(BadInput, match="More than 1 petitions"):
        take(district, "secretary")


def test_the_page_gives_the_file_and_keeps_what_was_typed_when_it_does_not(client, district):
    district.petition()
    client.force_login(district.leader)
    assert client.get("/exports/petitions/").status_code == 200
    given = {"since": "2026-06-01", "until": "2026-06-30", "form": "csv"}

    made = client.post("/exports/petitions/", given)
    unreasoned = client.post("/exports/petitions/", {**given, "clear": "on"})
    backwards = client.post("/exports/petitions/", {**given, "until": "2026-05-01"})

    assert made["Content-Disposition"].startswith('attachment; filename="petitions-petition-')
    assert "no-store" in made["Cache-Control"]
    assert made.content.decode("utf-8-sig").count("138****8000") == 1
    assert (unreasoned.status_code, backwards.status_code) == (422, 422)
    assert 'value="2026-06-01"' in unreasoned.content.decode()
    assert ExportLog.objects.count() == 1


@pytest.mark.parametrize("who", ["worker", "lead", "window", "handler", "head"])
def test_other_posts_have_no_such_page(client, district, who):
    client.force_login(getattr(district, who))

    assert client.get("/exports/petitions/").status_code == 403
    assert client.post("/exports/petitions/", {"since": "2026-06-01", "until": "2026-06-30"}).status_code == 403


def test_without_the_right_the_form_does_not_offer_it(client, district):
    district.petition()
    client.force_login(district.secretary)

    assert 'name="clear"' not in client.get("/exports/petitions/").content.decode()
    given = {"since": "2026-06-01", "until": "2026-06-30", "form": "csv", "clear": "on", "reason": "年度核对"}
    assert PHONE not in client.post("/exports/petitions/", given).content.decode()


# -- registers -------------------------------------------------------------------------------------------------


def register(client, form):
    fields = ["area", "kind", "organisation", "title", "seats", "office_phone", "valid_from", "valid_to"]
    return client.post(
        reverse("admin:grids_post_export"),
        {"format": form, "resource": "", **{f"postresource_{f}": "on" for f in fields}},
    )


def test_a_register_is_marked_and_written_down_and_its_name_holds_nobodys(client, district):
    client.force_login(district.leader)

    made = register(client, "0")

    log = ExportLog.objects.get()
    assert (log.what, log.by, log.masked) == ("grids.post", district.leader, True)
    assert made["Content-Disposition"].endswith(f'-{log.mark}.csv"')
    assert district.leader.username not in made["Content-Disposition"]
    last = made.content.decode().splitlines()[-1]
    assert last.startswith(('"# Export ', "# Export "))
    assert district.leader.username in last


@pytest.mark.parametrize(
    ("form", "name", "kind"), [("0", "posts.csv", "text/csv"), ("1", "posts.xlsx", "application/zip")]
)
def test_a_marked_register_is_read_back_as_if_it_had_no_mark(client, district, form, name, kind):
    client.force_login(district.leader)
    made = register(client, form).content
    before = Post.objects.count()

    page = client.post(
        reverse("admin:grids_post_import"),
        {"import_file": SimpleUploadedFile(name, made, kind)},
    )

    assert page.status_code == 200
    assert page.context["counts"] == {"new": 0, "update": 0, "delete": 0, "same": 11}
    assert Post.objects.count() == before


def test_remarks_are_no_rows():
    assert exports.without_remarks('a,b\r\n1,2\r\n"# Export X, by Y"\r\n') == "a,b\r\n1,2\r\n"
    assert exports.without_remarks("a\n#1\n") == "a\n#1\n"

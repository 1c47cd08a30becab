"""A register as a file at the desk: template, check, preview, yes; errors by row and column in the reader's words."""

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from grids.models import Area, Community, Grid, IncomingFile, Post
from people.models import AuditEntry, User
from tests.factories import District, make_user

pytestmark = pytest.mark.django_db
IMPORT, WRITE = "admin:grids_grid_import", "admin:grids_grid_process_import"
ROW = "620302001001009,第九网格,九网格,620302001001,general_grid,2026-01-01,\n"
HEAD = "code,name,short_name,parent_code,division_type,valid_from,valid_to\n"


def send(client, data: bytes | str, register: str = "grid"):
    data = data.encode() if isinstance(data, str) else data
    return client.post(reverse(f"admin:grids_{register}_import"), {"import_file": SimpleUploadedFile("rows", data)})


def root() -> User:
    user = make_user("root")
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    user.refresh_from_db()
    return user


def book(client, register: str = "grid"):
    answer = client.get(reverse(f"admin:grids_{register}_template"))
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def packed(workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_the_template_has_chinese_headings_an_example_that_is_no_row_and_notes(client, district: District):
    client.force_login(district.secretary)

    rows, notes = book(client).worksheets

    headings = [cell.value for cell in rows[1]]
    assert len(set(headings)) == len(headings) == 7
    assert "code" not in headings
    assert rows["A2"].value.startswith("# ")
    assert "general_grid" in next(row[3].value for row in notes.iter_rows() if row[1].value == "division_type")


@pytest.mark.parametrize("register", ["street", "community", "grid", "building", "unit", "post", "appointment"])
def test_every_template_comes_back_as_a_file_without_a_row(client, district: District, register: str):
    client.force_login(root())

    answer = send(client, packed(book(client, register)), register)

    assert answer.status_code == 422
    assert "import_file" in answer.context["form"].errors


def test_a_filled_template_is_shown_first_and_written_after_a_yes(client, district: District):
    client.force_login(district.secretary)
    workbook = book(client)
    workbook.worksheets[0].append(["620302001001009", "第九网格", "九网格", "620302001001", "", "2026-01-01", ""])

    shown = send(client, packed(workbook))
    assert (shown.status_code, shown.context["counts"]) == (200, {"new": 1, "update": 0, "delete": 0, "same": 0})
    assert "parent_code" not in shown.context["headings"]  # they are in the reader's language, as in the template
    assert not Grid.objects.filter(code="620302001001009").exists()
    kept = IncomingFile.objects.get()
    assert "第九网格".encode() not in bytes(kept.rows_sealed)

    done = client.post(reverse(WRITE), {"key": str(kept.pk)})

    assert done.status_code == 302
    grid = Grid.objects.get(code="620302001001009")
    assert (grid.parent_id, grid.served) == (district.community.pk, True)
    assert not IncomingFile.objects.exists()
    entry = AuditEntry.objects.filter(kind="edited").latest("pk")
    assert (entry.about, entry.actor_id) == (f"grids.grid:{grid.pk}", district.secretary.pk)


def test_errors_name_row_and_column_as_the_spreadsheet_does_and_nothing_is_written(client, district: District):
    client.force_login(district.secretary)
    text = HEAD + "# 1,example,,,,,\n" + ROW + "\n" + "620302001001010,第十网格,,620302001001,king,2026-13-01,\n"

    answer = send(client, text)

    assert answer.status_code == 422
    found = [(one.row, one.column.split()[0]) for one in answer.context["problems"]]
    assert found == [(5, "E"), (5, "F")]
    assert "king" in answer.context["problems"][0].message
    assert (Grid.objects.count(), IncomingFile.objects.count()) == (2, 0)


@pytest.mark.parametrize(
    ("data", "field"),
    [(b"PK\x03\x04 no workbook", True), (b"\xff\xfe\xfd\x00", True), (b"", True), (b"name\nx\n", False),
     (b"code,code\n1,2\n", False)],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_words(client, district: District, data: bytes, field: bool):
    client.force_login(district.secretary)

    answer = send(client, data)

    assert answer.status_code == 422
    assert bool(answer.context.get("form") and answer.context["form"].errors) is field
    assert len(answer.context.get("problems", ())) == (0 if field else 1)


def test_what_changed_between_check_and_yes_is_told_and_nothing_is_written(client, district: District):
    client.force_login(district.secretary)
    key = send(client, HEAD + ROW).context["key"]
    Area.objects.filter(pk=district.community.pk).update(code="620302001999")

    answer = client.post(reverse(WRITE), {"key": str(key)})

    assert (answer.status_code, [one.row for one in answer.context["problems"]]) == (422, [2])
    assert not Grid.objects.filter(code="620302001001009").exists()


def test_a_file_is_for_its_sender_for_one_day_and_one_register(client, district: District):
    client.force_login(district.secretary)
    key = send(client, HEAD + ROW).context["key"]

    client.force_login(root())
    assert client.post(reverse(WRITE), {"key": str(key)}).status_code == 409
    client.force_login(district.secretary)
    assert client.post(reverse("admin:grids_building_process_import"), {"key": str(key)}).status_code == 409
    assert client.post(reverse(WRITE), {"key": str(uuid4())}).status_code == 409
    assert client.post(reverse(WRITE), {"key": "no key"}).status_code == 409
    assert client.get(reverse(WRITE)).status_code == 405
    IncomingFile.objects.update(at=timezone.now() - timedelta(days=1))
    assert client.post(reverse(WRITE), {"key": str(key)}).status_code == 409
    assert not Grid.objects.filter(code="620302001001009").exists()


def test_who_says_no_has_the_file_deleted(client, district: District):
    client.force_login(district.secretary)
    key = send(client, HEAD + ROW).context["key"]

    assert client.post(reverse(WRITE), {"key": str(key), "drop": "1"}).status_code == 302

    assert (IncomingFile.objects.count(), Grid.objects.count()) == (0, 2)


def test_an_export_comes_back_as_it_left(client, district: District):
    client.force_login(root())
    fields = ("area", "kind", "organisation", "title", "seats", "office_phone", "valid_from", "valid_to")
    chosen = {"format": "1", **{f"postresource_{name}": "on" for name in fields}}
    out = client.post(reverse("admin:grids_post_export"), chosen).content

    shown = send(client, out, "post")

    assert shown.context["counts"] == {"new": 0, "update": 0, "delete": 0, "same": Post.objects.count()}


def test_a_worker_has_neither_template_nor_import(client, district: District):
    client.force_login(district.worker)

    for name in ("template", "import", "export"):
        assert client.get(reverse(f"admin:grids_grid_{name}")).status_code == 403
    assert client.post(reverse(WRITE), {"key": str(uuid4())}).status_code == 403
    assert Community.objects.count() == 2

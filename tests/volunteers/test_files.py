"""The register as a file: in on behalf with a preview and errors by row, out masked and marked."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from people.models import ExportLog
from tests.volunteers.world import NUMBER, OTHER, register
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEAD = "name,phone,home,work,skills,adult,agreed"
IN = "admin:volunteers_volunteer_import"


def send(client, *rows):
    file = SimpleUploadedFile("volunteers.csv", "\n".join([HEAD, *rows]).encode(), "text/csv")
    return client.post(reverse(IN), {"import_file": file})


def row_of(district, **facts):
    given = {
        "name": "常帮忙",
        "phone": NUMBER,
        "work": "",
        "skills": "repairs|law",
        "adult": "1",
        "agreed": "1",
        **facts,
    }
    given.setdefault("home", district.community.code)
    return ",".join(given[name] for name in HEAD.split(","))


def test_a_file_is_shown_first_and_then_written_down_on_behalf(client, district):
    register(district, phone=OTHER)
    client.force_login(district.secretary)

    shown = send(client, row_of(district), row_of(district, phone=OTHER, name="老朋友"))

    assert (shown.status_code, shown.context_data["counts"]["new"], shown.context_data["counts"]["same"]) == (200, 1, 1)
    assert Volunteer.objects.count() == 1
    done = client.post(reverse("admin:volunteers_volunteer_process_import"), {"key": str(shown.context_data["key"])})
    assert done.status_code == 302
    made = Volunteer.objects.get(added_by=district.secretary)
    assert (made.state, made.skills, made.person.phone) == ("waiting", ["law", "repairs"], NUMBER)
    assert Volunteer.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"agreed": ""}, "agreeing"),
        ({"adult": "0"}, "18"),
        ({"phone": "12"}, "11 digits"),
        ({"skills": "flying"}, "flying"),
        ({"home": "620302001002"}, "outside"),
        ({"name": ""}, "name"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_written(client, district, facts, said):
    client.force_login(district.secretary)

    refused = send(client, row_of(district, phone=OTHER), row_of(district, **facts))

    (problem,) = refused.context_data["problems"]
    assert (refused.status_code, problem.row, said in problem.message) == (422, 3, True)
    assert not Volunteer.objects.exists()


def test_the_file_that_goes_out_is_masked_marked_and_written_down(client, district):
    register(district)
    register(district, phone=OTHER, home=district.other_community)
    client.force_login(district.secretary)

    answer = client.post(reverse("admin:volunteers_volunteer_export"), {"format": "0", "resource": "", **EVERY})

    body = answer.content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(body)) if row and "***" in " ".join(row)]
    assert (answer.status_code, len(rows), NUMBER in body, "常帮忙" in body) == (200, 1, False, False)
    assert ExportLog.objects.get().what == "volunteers.volunteer"
    for stranger in (district.worker, district.dispatcher):
        client.force_login(stranger)
        assert client.post(reverse("admin:volunteers_volunteer_export"), {"format": "0", **EVERY}).status_code == 403


EVERY = {f"volunteerresource_{name}": "on" for name in (*HEAD.split(","), "state", "applied_at")}

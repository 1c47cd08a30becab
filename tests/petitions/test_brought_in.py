"""Categories and matters on paper as files: what does not change is refused, what was received counts from then."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from notifications.models import Notice
from petitions.enums import Channel, Status
from petitions.models import Category, Petition, PetitionClockRung, PetitionEscalation
from petitions.paper_rows import PaperResource
from petitions.resources import CategoryResource
from tests.factories import District

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 9, 10, tzinfo=SHANGHAI)
HEAD = ["number", "channel", "received_at", "place_code", "text", "name", "phone"]


def rows_of(district: District, *given: list[str]) -> list[list[str]]:
    return [HEAD, *[[*row[:3], row[3] or district.grid.code, *row[4:]] for row in given]]


OLD = ["2026-017", "window", "2026-05-11 14:20", "", "门口路灯不亮一周了", "王小美", "13900000001"]
NEW = ["2026-018", "box", "2026-06-09 09:58", "", "楼道堆物挡路", "", ""]


def take_in(district: District, rows, *, dry_run=False, by=None):
    resource = PaperResource(staff=district.as_staff(by or district.secretary), at=NOW)
    result = resource.read_rows(rows, dry_run=dry_run)
    return resource, [(one.row, one.message) for one in resource.problems(result)]


def test_a_matter_on_paper_counts_from_when_it_was_received_and_its_past_tells_nobody(district: District):
    resource, problems = take_in(district, rows_of(district, OLD, NEW))

    assert problems == []
    old, new = Petition.objects.order_by("submitted_at")
    received = datetime(2026, 5, 11, 14, 20, tzinfo=SHANGHAI)
    assert (old.submitted_at, old.channel, old.status, old.filed_by) == (
        received, Channel.WINDOW, Status.SUBMITTED, district.secretary,
    )  # fmt: skip
    assert old.external_id == "window:paper:2026-017"
    assert old.petitioner.name == "王小美"
    assert new.petitioner is None
    assert old.next_due_at < NOW
    past = PetitionEscalation.objects.filter(clock__petition=old)
    assert set(past.values_list("historic", flat=True)) == {True}
    assert not PetitionClockRung.objects.filter(clock__petition=old, fired_at=None, fire_at__lte=NOW).exists()
    assert not PetitionEscalation.objects.filter(clock__petition=new).exists()
    assert Notice.objects.filter(kind="petitions_imported").count() == 1
    assert Notice.objects.filter(kind="overdue").count() == 0
    assert len(resource.remarks) == 2


def test_the_same_file_again_files_nothing_and_a_check_neither(district: District):
    take_in(district, rows_of(district, OLD), dry_run=True)
    assert not Petition.objects.exists()
    take_in(district, rows_of(district, OLD))

    _resource, problems = take_in(district, rows_of(district, OLD, NEW))

    assert (problems, Petition.objects.count()) == ([], 2)


@pytest.mark.parametrize(
    ("place", "value"), [(0, ""), (1, "web"), (2, "soon"), (2, "2026-06-10 09:00"), (3, "620302"), (4, ""), (6, "12")]
)
def test_one_wrong_cell_keeps_all_out(district: District, place: int, value: str):
    wrong = [*OLD]
    wrong[place] = value
    rows = rows_of(district, NEW, wrong)
    rows[2][place] = value

    _resource, problems = take_in(district, rows)

    assert [row for row, _message in problems] == [3]
    assert not Petition.objects.exists()


def test_nobody_files_for_a_place_he_does_not_keep(district: District):
    rows = rows_of(district, [*OLD[:3], district.other_community.code, *OLD[4:]])

    _resource, problems = take_in(district, rows)

    assert [row for row, _message in problems] == [2]


def test_a_number_stands_once_in_a_file(district: District):
    _resource, problems = take_in(district, rows_of(district, OLD, OLD))

    assert problems == [(3, "This number stands in row 2 already.")]


def test_at_the_desk_the_preview_names_nobody(client, district: District):
    client.force_login(district.secretary)
    rows = rows_of(district, OLD)
    text = "\n".join(",".join(row) for row in rows).encode()

    shown = client.post(
        reverse("admin:petitions_petition_import"), {"import_file": SimpleUploadedFile("paper.csv", text)}
    )
    assert (shown.status_code, shown.context["counts"]["new"]) == (200, 1)
    assert "王小美" not in shown.content.decode()
    assert "13900000001" not in shown.content.decode()
    done = client.post(reverse("admin:petitions_petition_process_import"), {"key": str(shown.context["key"])})

    assert (done.status_code, Petition.objects.get().external_id) == (302, "window:paper:2026-017")
    assert client.get(reverse("admin:petitions_petition_template")).status_code == 200
    client.force_login(district.worker)
    gone = client.post(reverse("admin:petitions_petition_process_import"), {"key": str(uuid.uuid4())})
    assert gone.status_code == 403


def categories(*rows: list[str]):
    resource = CategoryResource(at=NOW)
    head = ["code", "parent", "name_zh", "name_en", "policy_key", "keywords", "valid_from", "valid_to"]
    result = resource.read_rows([head, *rows], dry_run=False)
    return [(one.row, one.column.split(" ", 1)[-1]) for one in resource.problems(result)]


def test_a_category_is_added_changed_and_ended_and_its_file_comes_back(district: District):
    assert (
        categories(["0199", "01", "长椅损坏", "Broken bench", "immediate_tier", "长椅坏|座椅断", "2026-01-01", ""])
        == []
    )
    bench = Category.objects.get(code="0199")
    assert (bench.keywords, bench.parent.code, bench.urgency) == (["长椅坏", "座椅断"], "01", "normal")

    assert categories(["0199", "01", "座椅", "Bench", "immediate_tier", "座椅断", "2026-01-01", "2026-06-30"]) == []

    bench.refresh_from_db()
    assert (bench.name_zh, str(bench.valid_to)) == ("座椅", "2026-06-30")
    out = CategoryResource().export(Category.objects.order_by("code"))
    result = CategoryResource(at=NOW).import_rows(out)
    assert (result.totals["skip"], result.totals["update"]) == (Category.objects.count(), 0)


def test_a_category_keeps_its_main_group_and_its_first_day(district: District):
    light = Category.objects.exclude(parent=None).filter(parent__code="01").first()
    row = [light.code, "01", light.name_zh, light.name_en, light.policy_key, "", str(light.valid_from), ""]

    assert categories([row[0], "02", *row[2:]]) == [(2, "Code of the main group")]
    assert categories([*row[:6], "2026-01-01", ""]) == [(2, "Valid from")]
    assert categories([*row[:7], "2026-06-08"]) == [(2, "Valid to")]
    assert categories([*row[:4], "no_policy", *row[5:]]) == [(2, "Default policy")]
    assert categories([row[0], light.code, *row[2:]]) == [(2, "Code of the main group")]
    light.refresh_from_db()
    assert (light.parent.code, light.valid_to) == ("01", None)

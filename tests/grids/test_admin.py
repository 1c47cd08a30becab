"""The registers in the admin: what a person may not see is in no list, search, choice, preview or history."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grids.models import (
    Absence,
    Appointment,
    Area,
    Building,
    Community,
    DutyMember,
    Grid,
    Organisation,
    Post,
    ServiceHours,
    Street,
    Unit,
)
from grids.scoped import ScopedAdmin
from tests.factories import PASSWORD, District, make_area, make_user

pytestmark = pytest.mark.django_db
MODELS = [Area, Street, Community, Grid, Building, Unit, Organisation, Post, Appointment, DutyMember, ServiceHours]


@pytest.fixture
def root(client):
    user = make_user("root")
    user.is_superuser = True
    user.save()
    client.force_login(user)
    return user


def listed(client, model, **query) -> set:
    response = client.get(reverse(f"admin:grids_{model._meta.model_name}_changelist"), query)
    assert response.status_code == 200
    return set(response.context["cl"].result_list)


def change(row, view="change") -> str:
    return reverse(f"admin:grids_{row._meta.model_name}_{view}", args=[row.pk])


@pytest.mark.parametrize("model", MODELS)
def test_every_register_stands_on_the_scoped_base(model):
    assert isinstance(admin.site._registry[model], ScopedAdmin)


@pytest.mark.parametrize("model", MODELS)
def test_every_register_opens_and_is_searched_by_an_administrator(client, root, district: District, model):
    ServiceHours.objects.create(area=district.street, weekday=0, opens="09:00", closes="12:00")
    name = model._meta.model_name

    assert client.get(reverse(f"admin:grids_{name}_changelist"), {"q": "ljlsq"}).status_code == 200
    row = model.objects.first()
    assert client.get(change(row)).status_code == 200
    assert client.get(change(row, "history")).status_code == 200
    if model is not Area:
        assert client.get(reverse(f"admin:grids_{name}_add")).status_code == 200


@pytest.mark.parametrize(
    ("who", "model", "seen"),
    [
        ("secretary", Grid, {"620302001001001", "620302001001002"}),
        ("other_secretary", Grid, set()),
        ("secretary", Community, {"620302001001"}),
        ("dispatcher", Community, {"620302001001", "620302001002"}),
        ("stranger", Community, set()),
        ("stranger", Street, {"620302002"}),
        ("command", Street, {"620302001", "620302002"}),
        ("supervisor", Unit, {"620302001001001-3-2"}),
    ],
)
def test_a_list_holds_what_the_post_reaches(client, district: District, who, model, seen):
    client.force_login(getattr(district, who))

    assert {area.code for area in listed(client, model)} == seen


def test_posts_appointments_and_bodies_of_others_are_in_no_list(client, district: District):
    client.force_login(district.stranger)

    assert {post.area for post in listed(client, Post)} == {district.other_street}
    assert {row.user for row in listed(client, Appointment)} == {district.stranger}
    assert listed(client, Organisation) == set()
    assert listed(client, DutyMember) == set()


def test_a_row_out_of_sight_does_not_exist(client, district: District):
    client.force_login(district.stranger)
    post = Post.objects.get(area=district.grid, kind="grid_worker")

    for row in (Grid.objects.get(pk=district.grid.pk), post, Appointment.objects.get(user=district.worker)):
        assert client.get(change(row)).status_code == 404
        assert client.get(change(row, "history")).status_code == 404
        assert client.get(change(row, "delete")).status_code in {403, 404}


def test_who_keeps_no_register_reads_and_changes_nothing(client, district: District):
    client.force_login(district.supervisor)
    grid = Grid.objects.get(pk=district.grid.pk)

    assert client.get(change(grid)).status_code == 200
    assert client.post(change(grid), {"name": "x"}).status_code == 403
    assert client.get(reverse("admin:grids_grid_add")).status_code == 403
    assert client.get(reverse("admin:grids_grid_import")).status_code == 403
    assert client.get(reverse("admin:grids_grid_export")).status_code == 403
    grid.refresh_from_db()
    assert grid.name == "第一网格"


def test_a_secretary_adds_a_grid_to_the_own_community_only(client, district: District):
    client.force_login(district.secretary)
    url = reverse("admin:grids_grid_add")
    facts = {"code": "620302001001009", "name": "第九网格"}

    refused = client.post(url, {**facts, "parent": district.other_community.pk})
    assert refused.status_code == 200
    assert "parent" in refused.context["adminform"].form.errors
    refused = client.post(url, {**facts, "parent": district.street.pk})  # seen as a name above, not kept
    assert "parent" in refused.context["adminform"].form.errors
    assert not Grid.objects.filter(code="620302001001009").exists()

    assert client.post(url, {**facts, "parent": district.community.pk}).status_code == 302
    grid = Grid.objects.get(code="620302001001009")
    assert (grid.served, grid.initials, grid.line_ids()[-2]) == (True, "djwg", district.community.pk)


def test_code_and_place_of_an_area_are_settled_once(client, root, district: District):
    grid = Grid.objects.get(pk=district.grid.pk)

    client.post(
        change(grid), {"name": "曙光网格", "code": "other", "parent": district.other_community.pk, "division_type": ""}
    )

    grid.refresh_from_db()
    assert (grid.name, grid.code, grid.parent, grid.initials) == (
        "曙光网格", "620302001001001", district.community, "sgwg",
    )  # fmt: skip


def test_look_ups_offer_own_areas_of_our_jurisdiction(client, district: District):
    make_area(6, "第三网格", "620302001002001", district.other_community)
    client.force_login(district.secretary)

    found = client.get(
        reverse("admin:autocomplete"),
        {"term": "620302001", "app_label": "grids", "model_name": "post", "field_name": "area"},
    ).json()["results"]

    assert {int(row["id"]) for row in found} >= {district.grid.pk, district.other_grid.pk, district.building.pk}
    assert not {int(row["id"]) for row in found} & {district.other_community.pk}


def test_an_appointment_is_made_to_a_post_in_sight_only(client, district: District):
    Post.objects.filter(kind="dispatcher").update(seats=5)
    client.force_login(district.secretary)
    facts = {
        "user": district.window.username, "starts_on": "2026-06-01",
        "absences-TOTAL_FORMS": 0, "absences-INITIAL_FORMS": 0,
    }  # fmt: skip

    foreign = client.post(
        reverse("admin:grids_appointment_add"), {**facts, "post": Post.objects.get(area=district.other_street).pk}
    )

    assert "post" in foreign.context["adminform"].form.errors
    assert Appointment.objects.filter(user=district.window).count() == 1


def test_an_absence_is_entered_with_the_appointment(client, district: District):
    client.force_login(district.secretary)
    mine = Appointment.objects.get(user=district.worker)
    url = change(mine)

    response = client.post(url, {
        "post": mine.post_id, "user": district.worker.username, "starts_on": "2020-01-01",
        "absences-TOTAL_FORMS": 1, "absences-INITIAL_FORMS": 0, "absences-0-starts_on": "2026-06-09",
        "absences-0-ends_on": "2026-06-10", "absences-0-deputy": district.lead.username,
        "absences-0-reason_code": "leave",
    })  # fmt: skip

    assert response.status_code == 302
    assert Absence.objects.get(appointment=mine).deputy == district.lead


def test_areas_and_posts_are_never_deleted_here(client, root, district: District):
    for row in (Grid.objects.get(pk=district.other_grid.pk), Post.objects.first(), Appointment.objects.first()):
        assert client.post(change(row, "delete"), {"post": "yes"}).status_code == 403

    assert Grid.objects.filter(pk=district.other_grid.pk).exists()


def test_a_deletion_preview_counts_what_is_out_of_sight_and_refuses(rf, district: District):
    request = rf.get("/")
    request.user = district.secretary
    register = admin.site._registry[Organisation]

    listed, counts, needed, _protected = register.get_deleted_objects([district.sanitation], request)

    text = str(listed)
    assert "环卫所" in text
    request.staff = district.as_staff(district.stranger)
    listed, counts, needed, _protected = register.get_deleted_objects([district.sanitation], request)
    assert "环卫所" not in str(listed)
    assert needed
    assert sum(counts.values()) >= 1


def test_jurisdiction_is_taken_and_let_go_by_administrators(client, root, district: District):
    url = reverse("admin:grids_area_changelist")
    pick = {"action": "let_go", "_selected_action": [district.other_street.pk]}

    client.post(f"{url}?served=all", pick)
    assert not Area.objects.get(pk=district.other_street.pk).served
    client.post(f"{url}?served=all", {**pick, "action": "take_in"})
    assert Area.objects.get(pk=district.other_street.pk).served

    client.force_login(district.command)
    client.post(f"{url}?served=all", pick)
    assert Area.objects.get(pk=district.other_street.pk).served


@pytest.mark.parametrize("grids", [1, 3, 30])
def test_a_register_costs_the_same_however_long_it_is(client, district: District, django_assert_max_num_queries, grids):
    for number in range(grids):
        make_area(6, f"网格{number}", f"g{number}", district.community)
    client.force_login(district.secretary)
    client.get(reverse("admin:grids_grid_changelist"))

    with django_assert_max_num_queries(10):  # session, user, posts 2, filter, count, rights 2, rows, notices
        assert len(listed(client, Grid)) == grids + 2


def test_a_file_is_imported_in_two_steps_and_a_foreign_row_stops_it(client, district: District):
    client.force_login(district.secretary)
    url = reverse("admin:grids_grid_import")
    text = "code,name,parent_code\nn-1,新一网格,620302001001\n"

    def upload(content: str):
        return client.post(url, {"import_file": SimpleUploadedFile("grids.csv", content.encode())})

    bad = upload(text + "n-2,新二网格,620302001002\n")
    assert (bad.status_code, [one.row for one in bad.context["problems"]]) == (422, [3])
    good = upload(text)
    client.post(reverse("admin:grids_grid_process_import"), {"key": str(good.context["key"])})

    assert list(Grid.objects.filter(code__startswith="n-").values_list("code", flat=True)) == ["n-1"]


def test_an_export_holds_the_list_and_no_more(client, district: District):
    make_area(6, "第三网格", "620302001002001", district.other_community)
    client.force_login(district.secretary)

    response = client.post(
        reverse("admin:grids_grid_export"),
        {"format": "0", **{f"gridresource_{name}": "on" for name in ("code", "name", "parent")}},
    )

    text = response.content.decode("utf-8-sig")
    assert "620302001001001" in text
    assert "620302001002001" not in text


def test_an_account_without_any_post_sees_no_register(client):
    user = make_user("nobody")
    client.force_login(user)

    assert client.get(reverse("admin:grids_grid_changelist")).status_code == 403
    assert user.check_password(PASSWORD)

"""The keepers' pages: who holds what, what is vacant, who is away; the vacancy report; the handover by hand."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from grids.enums import PostKind
from grids.models import Appointment, GridMember, GridRole, Handover, StaffingChoice, StaffingRule
from grids.services import record_absence
from tests.factories import District, appoint, make_user

pytestmark = pytest.mark.django_db
POSTS = "admin:posts"
STAFFING = "admin:staffing"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ruled(district: District) -> District:
    StaffingChoice.objects.create(area=district.district, rule=StaffingRule.objects.get(key="one_lead_four_officers"))
    return district


def opened(client, user, name, **query):
    client.force_login(user)
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response


def holders(response) -> set[str]:
    return {seat.appointment.user.display_name for line in response.context["lines"] for seat in line.seats}


# -- who holds what -------------------------------------------------------------------------------------------------


def test_a_secretary_sees_the_posts_of_the_community_and_no_others(client, district: District):
    assert holders(opened(client, district.secretary, POSTS)) == {
        "secretary", "window", "worker", "other_worker", "lead",
    }  # fmt: skip
    assert holders(opened(client, district.other_secretary, POSTS)) == {"other_secretary"}


def test_vacant_ending_away_and_uncovered_are_counted_and_opened(client, district: District, today):
    Appointment.objects.filter(user=district.lead).update(ends_on=today - timedelta(days=1))
    Appointment.objects.filter(user=district.window).update(ends_on=today + timedelta(days=30))
    worker, other = (Appointment.objects.get(user=user) for user in (district.worker, district.other_worker))
    record_absence(appointment=worker, starts_on=today, ends_on=today, deputy=district.other_worker)
    record_absence(appointment=other, starts_on=today, ends_on=today)

    page = opened(client, district.secretary, POSTS)

    assert {kind.value: number for kind, number in page.context["counts"].items()} == {
        "all": 5, "vacant": 1, "ending": 1, "away": 2, "uncovered": 1, "several": 0,
    }  # fmt: skip
    lists = {kind: opened(client, district.secretary, POSTS, show=kind) for kind in ("ending", "away", "uncovered")}
    assert {kind: holders(response) for kind, response in lists.items()} == {
        "ending": {"window"}, "away": {"worker", "other_worker"}, "uncovered": {"other_worker"},
    }  # fmt: skip
    vacant = opened(client, district.secretary, POSTS, show="vacant").context["lines"]
    assert [(line.post.kind, line.post.area, line.free) for line in vacant] == [("grid_lead", district.grid, 1)]


def test_a_term_that_ends_in_31_days_does_not_end_soon(client, district: District, today):
    Appointment.objects.filter(user=district.window).update(ends_on=today + timedelta(days=31))

    assert holders(opened(client, district.secretary, POSTS, show="ending")) == set()


def test_somebody_with_several_posts_is_listed_with_how_many_more_he_has(client, district: District):
    appoint(district.worker, PostKind.BUILDING_HEAD, district.building)
    appoint(district.worker, PostKind.UNIT_HEAD, district.unit)

    page = opened(client, district.secretary, POSTS, show="several")

    assert [seat.others for line in page.context["lines"] for seat in line.seats] == [2, 2, 2]


def test_why_somebody_is_away_is_not_on_the_page(client, district: District, today):
    worker = Appointment.objects.get(user=district.worker)
    record_absence(appointment=worker, starts_on=today, ends_on=today, reason="training")

    text = opened(client, district.secretary, POSTS, show="away").content.decode()

    assert "worker" in text
    assert "培训" not in text


def test_an_area_of_others_narrows_to_nothing_of_theirs(client, district: District):
    page = opened(client, district.secretary, POSTS, area=district.other_community.code)

    assert page.context["area"] is None
    assert "other_secretary" not in holders(page)


def test_a_search_finds_by_name_and_bad_input_does_no_harm(client, district: District):
    assert holders(opened(client, district.secretary, POSTS, q="other_w")) == {"other_worker"}
    for query in (
        {"q": "\0"},
        {"show": "x"},
        {"after": "~~"},
        {"after": "1/2/~9999999999999999999999"},
        {"area": "\0"},
    ):
        opened(client, district.secretary, POSTS, **query)


def test_who_keeps_no_posts_reads_without_anything_to_do(client, district: District):
    page = opened(client, district.supervisor, POSTS)

    assert not any(line.may_keep for line in page.context["lines"])
    assert "/admin/handover/" not in page.content.decode()


# -- the vacancy report ---------------------------------------------------------------------------------------------


def test_the_report_goes_down_from_the_street_to_the_grid(client, ruled: District):
    page = opened(client, ruled.leader, STAFFING)

    found = page.context["totals"]
    assert (found.grids, found.full, found.roles_lacking, found.missing) == (2, 0, 7, 7)
    assert [(part.code, total.roles_lacking) for part, total in page.context["groups"]] == [("620302001001", 7)]
    below = opened(client, ruled.leader, STAFFING, area=ruled.community.code)
    assert [(part.code, total.roles_lacking) for part, total in below.context["groups"]] == [
        ("620302001001001", 3), ("620302001001002", 4),
    ]  # fmt: skip
    grid = opened(client, ruled.leader, STAFFING, area=ruled.grid.code)
    assert [row.grid for row in grid.context["rows"]] == [ruled.grid]


def test_the_list_of_gaps_leaves_out_full_grids(client, ruled: District):
    for key in ("police_officer", "supervisor_officer", "information_officer"):
        GridMember.objects.create(
            area=ruled.grid, role=GridRole.objects.get(key=key), name="某某", starts_on="2026-01-01"
        )

    page = opened(client, ruled.secretary, STAFFING, gaps="1")

    assert [row.grid for row in page.context["rows"]] == [ruled.other_grid]
    assert page.context["totals"].percent == 50.0


def test_duties_are_said_in_words_beside_each_role(client, ruled: District):
    text = opened(client, ruled.secretary, STAFFING, area=ruled.grid.code).content.decode()

    assert "巡查、走访、采集信息，接单办事。" in text
    assert ruled.grid.code in text
    assert "一长四员" in text


def test_the_number_on_the_first_page_opens_its_list(client, ruled: District):
    page = opened(client, ruled.secretary, "admin:index")

    assert page.context["staffing"].roles_lacking == 7
    link = f"{reverse(STAFFING)}?gaps=1"
    assert f'href="{link}"' in page.content.decode()
    assert sum(len(row.gaps) for row in client.get(link).context["rows"]) == 7


def test_without_a_rule_the_first_page_claims_nothing(client, district: District):
    assert opened(client, district.secretary, "admin:index").context["staffing"] is None


def test_others_areas_are_in_no_report_and_no_export(client, ruled: District):
    page = opened(client, ruled.other_secretary, STAFFING, area=ruled.community.code)
    assert (page.context["area"], page.context["totals"].grids) == (None, 0)

    sheet = exported(client, ruled.other_secretary, area=ruled.community.code)
    assert len(sheet) == 2  # the heading, and who exported


def exported(client, user, **query) -> list[tuple]:
    response = opened(client, user, "admin:staffing_export", **query)
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return list(load_workbook(BytesIO(response.content)).active.values)


def test_the_export_holds_a_line_for_every_role_and_who_exported(client, ruled: District, today):
    rows = exported(client, ruled.secretary)

    assert len(rows) == 1 + 2 * 5 + 1
    assert rows[1] == ("龙集里社区", "第一网格", "620302001001001", "一长四员", "网格长", 1, 1, 0)
    assert ("龙集里社区", "第二网格", "620302001001002", "一长四员", "网格长", 1, 0, 1) in rows
    assert "secretary" in rows[-1][0]
    assert today.isoformat() in rows[-1][0]


def test_a_name_that_looks_like_a_formula_is_text_in_the_export(client, ruled: District):
    ruled.grid.name = "=1+1"
    ruled.grid.save()

    assert exported(client, ruled.secretary)[1][1] == "'=1+1"


# -- the handover by hand -------------------------------------------------------------------------------------------


def asked(client, district: District, **fields):
    client.force_login(district.secretary)
    row = Appointment.objects.get(user=district.worker)
    data = {
        "receiver": district.other_worker.username,
        "first_day": timezone.localdate().isoformat(),
        "appointments": [row.pk],
        **fields,
    }
    return client.post(reverse("admin:handover", args=[district.worker.pk]), data)


def test_a_handover_is_chosen_reviewed_and_done(client, district: District):
    client.force_login(district.secretary)
    assert client.get(reverse("admin:handover", args=[district.worker.pk])).status_code == 200

    review = asked(client, district)
    assert review.status_code == 200
    assert not Handover.objects.exists()
    done = asked(client, district, token=review.context["review"].token, confirm="1")

    assert done.status_code == 302
    assert Handover.objects.get().receiver == district.other_worker
    page = client.get(done["Location"])
    assert page.status_code == 200
    assert district.other_worker.display_name in page.content.decode()


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(client, district: District):
    nobody = asked(client, district, receiver="nobody-of-that-name")
    assert nobody.status_code == 422
    assert "nobody-of-that-name" in nobody.content.decode()
    assert list(nobody.context["form"].errors) == ["receiver"]

    himself = asked(client, district, receiver=district.worker.username)
    assert (himself.status_code, list(himself.context["form"].errors)) == (422, ["receiver"])
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert list(asked(client, district, first_day=yesterday).context["form"].errors) == ["first_day"]
    assert list(asked(client, district, appointments=[]).context["form"].errors) == ["appointments"]
    assert not Handover.objects.exists()


def test_a_review_that_is_out_of_date_is_shown_anew(client, district: District):
    review = asked(client, district)
    Appointment.objects.filter(user=district.worker).update(ends_on=timezone.localdate() + timedelta(days=90))

    again = asked(client, district, token=review.context["review"].token, confirm="1")

    assert again.status_code == 409
    assert again.context["review"].token != review.context["review"].token
    assert asked(client, district, token=again.context["review"].token, confirm="1").status_code == 302


def test_a_post_of_others_cannot_be_slipped_in(client, district: District):
    foreign = Appointment.objects.get(user=district.stranger)

    response = asked(client, district, appointments=[foreign.pk])

    assert response.status_code == 422
    assert Appointment.objects.get(pk=foreign.pk).ends_on is None


@pytest.mark.parametrize("who", ["worker", "lead", "window", "supervisor", "other_secretary", "stranger"])
def test_the_page_of_a_person_whose_posts_are_not_yours_does_not_exist(client, district: District, who):
    client.force_login(getattr(district, who))

    assert client.get(reverse("admin:handover", args=[district.worker.pk])).status_code == 404
    assert client.post(reverse("admin:handover", args=[district.worker.pk])).status_code == 404


def test_a_handover_done_is_no_page_for_others(client, district: District):
    review = asked(client, district)
    asked(client, district, token=review.context["review"].token, confirm="1")
    page = reverse("handover", args=[Handover.objects.get().pk])

    # the leaver's sessions ended with his posts
    for who, status in (("worker", 302), ("other_worker", 200), ("leader", 200), ("other_secretary", 404)):
        client.force_login(getattr(district, who))
        assert client.get(page).status_code == status, who
    client.logout()
    assert client.get(page).status_code == 302


def test_who_left_without_a_handover_is_found_at_the_vacant_post(client, district: District):
    today = timezone.localdate()
    Appointment.objects.filter(user=district.worker).update(ends_on=today - timedelta(days=3))

    line = next(line for line in opened(client, district.secretary, POSTS, show="vacant").context["lines"] if line.last)
    review = asked(client, district)
    done = asked(client, district, token=review.context["review"].token, confirm="1")

    assert line.last.user == district.worker
    assert done.status_code == 302
    assert Appointment.objects.get(user=district.worker).ends_on == today - timedelta(days=3)
    assert Appointment.objects.filter(user=district.other_worker, starts_on=today).count() == 1
    assert client.get(reverse("admin:handover", args=[district.worker.pk])).status_code == 404


def test_reading_changes_nothing(client, district: District):
    client.force_login(district.secretary)
    client.get(reverse("admin:handover", args=[district.worker.pk]), {"confirm": "1", "receiver": "x"})

    assert not Handover.objects.exists()


def test_nobody_without_a_post_enters(client, district: District):
    client.force_login(make_user("without"))

    for name in (POSTS, STAFFING, "admin:staffing_export"):
        assert client.get(reverse(name)).status_code == 403

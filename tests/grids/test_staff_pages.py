"""Public staff pages and notice boards: names, posts, pledges, offices; no private number, no reason of absence."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from grids import boards
from grids.enums import Level, PostKind
from grids.models import (
    Appointment,
    Area,
    GridMember,
    GridRole,
    Post,
    PublicContact,
    ServiceHours,
    StaffCard,
    StaffingChoice,
    StaffingRule,
    WeekdayDuty,
)
from grids.services import appoint as give_seat
from grids.services import end_appointment, record_absence, record_pledge
from tests.factories import District, appoint, make_area, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def posted(district: District) -> District:
    """A grid with telephone numbers, hours, a pledge, somebody from the police and window days."""
    Post.objects.filter(area=district.grid, kind="grid_worker").update(office_phone="0935-8210001")
    PublicContact.objects.create(area=district.community, office_phone="0935-8210000", address="新华路 1 号")
    PublicContact.objects.create(area=district.street, office_phone="0935-8219999", supervision_phone="0935-8212345")
    for weekday in range(5):
        for opens, closes in (("09:00", "12:00"), ("14:30", "18:00")):
            ServiceHours.objects.create(area=district.community, weekday=weekday, opens=opens, closes=closes)
    record_pledge(user=district.worker, pledge="有事找我，当天回话。", on=timezone.localdate())
    GridMember.objects.create(
        area=district.grid,
        role=GridRole.objects.get(key="police_officer"),
        name="马警官",
        organisation=district.sanitation,
        pledge="守好这一片。",
        starts_on=date(2026, 1, 1),
    )
    WeekdayDuty.objects.create(area=district.community, user=district.window, weekday=0, place="window")
    WeekdayDuty.objects.create(
        area=district.community, user=district.worker, weekday=1, place="grid", grid=district.grid
    )
    return district


def page(client, area, view="area_page") -> str:
    response = client.get(reverse(view, args=[area.code]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_grid_shows_its_people_without_anybody_signing_in(client, posted: District):
    text = page(client, posted.grid)

    for said in ("worker", "lead", "secretary", "马警官", "环卫所", "有事找我，当天回话。", "守好这一片。"):
        assert said in text, said
    for number in ("0935-8210001", "0935-8210000", "0935-8212345", "新华路 1 号"):
        assert number in text, number
    assert "0935-8219999" not in text  # the street's office: the community has its own
    assert "other_worker" not in text


def test_a_grids_team_is_its_own_line_and_no_colleagues(posted: District, today):
    names = [(one.name, one.title) for one in boards.board(posted.grid, on=today).names]

    assert [name for name, _title in names] == ["secretary", "lead", "worker", "马警官"]
    assert [one.name for one in boards.board(posted.community, on=today).names] == ["secretary", "window"]


def test_hours_window_and_visits_are_said_in_words(posted: District, today):
    board = boards.board(posted.grid, on=today)

    with translation.override("en"):
        again = boards.board(posted.grid, on=today)
    assert [(one.days, one.times) for one in again.hours] == [("Monday to Friday", "09:00–12:00, 14:30–18:00")]
    assert [one.name for one in board.windows] == ["window"]
    assert [one.name for one in board.visits] == ["worker"]


def test_somebody_away_is_named_with_who_stands_in_and_without_the_reason(client, posted: District, today):
    record_absence(
        appointment=Appointment.objects.get(user=posted.worker),
        starts_on=today,
        ends_on=today + timedelta(days=2),
        deputy=posted.other_worker,
        reason="training",
    )

    text = page(client, posted.grid)

    assert "other_worker" in text
    for reason in ("培训", "training", "休假"):
        assert reason not in text


def test_no_private_address_or_user_name_is_on_the_page(client, posted: District):
    text = page(client, posted.grid) + page(client, posted.grid, "area_board") + page(client, posted.community)

    assert "@example.org" not in text
    for user in (posted.worker, posted.lead, posted.secretary):
        assert user.username not in text


@pytest.mark.parametrize("code", ["62030200100100", "nowhere", "%00"])
def test_a_code_that_is_none_of_ours_is_no_page(client, district: District, code):
    for view in ("area_page", "area_board"):
        assert client.get(reverse(view, args=[code])).status_code == 404


def test_streets_districts_closed_and_foreign_areas_have_no_page(client, district: District, today):
    foreign = make_area(Level.GRID, "外", "999999001001001", district.other_community)
    Area.objects.filter(pk=foreign.pk).update(served=False)
    closed = make_area(Level.GRID, "旧", "620302001002009", district.other_community)
    Area.objects.filter(pk=closed.pk).update(valid_to=today - timedelta(days=1))

    for area in (district.street, district.district, foreign, closed):
        for view in ("area_page", "area_board"):
            assert client.get(reverse(view, args=[area.code])).status_code == 404, (area, view)
    assert client.get(reverse("area_page", args=[district.building.code])).status_code == 404
    assert client.get(reverse("area_board", args=[district.building.code])).status_code == 200


def test_a_community_lists_its_window_and_its_grids(client, posted: District):
    text = page(client, posted.community)

    assert "window" in text
    for grid in (posted.grid, posted.other_grid):
        assert reverse("area_page", args=[grid.code]) in text


def test_a_community_without_anybody_says_so(client, district: District):
    Appointment.objects.all().update(ends_on=date(2026, 1, 1))

    assert "l-empty" in page(client, district.grid)


# -- the boards -----------------------------------------------------------------------------------------------------


def test_a_stairwells_board_names_its_line_and_opens_the_filing_page_of_that_stairwell(
    client, posted: District, monkeypatch
):
    from grids.views import public

    drawn = []
    real = public.segno.make
    monkeypatch.setattr(public.segno, "make", lambda text, **how: drawn.append(text) or real(text, **how))
    appoint(make_user("楼口长甲"), PostKind.UNIT_HEAD, posted.unit)
    appoint(make_user("楼栋长乙"), PostKind.BUILDING_HEAD, posted.building)

    text = page(client, posted.unit, "area_board")

    for said in ("楼口长甲", "楼栋长乙", "worker", "lead", "马警官", "0935-8212345"):
        assert said in text, said
    assert [address.split("/", 3)[3].split(":")[0] for address in drawn] == ["petitions/new/?b=620302001001001-3-2"]
    assert "<svg" in text
    assert client.get("/" + drawn[0].split("/", 3)[3]).context["form"].area == posted.unit


def test_the_board_of_a_grid_names_the_heads_of_its_buildings_with_their_building(posted: District, today):
    appoint(make_user("楼栋长乙"), PostKind.BUILDING_HEAD, posted.building)

    [head] = [one for one in boards.board(posted.grid, on=today).names if one.name == "楼栋长乙"]

    assert head.where == "3号楼"


def test_the_local_title_stands_on_the_board(posted: District, today):
    StaffingChoice.objects.create(area=posted.community, rule=StaffingRule.objects.get(key="four_levels"))
    Post.objects.update(title="")

    titles = {one.name: one.title for one in boards.board(posted.grid, on=today).names}

    assert (titles["lead"], titles["worker"]) == ("院长", "专职网格员")


def test_updated_on_is_the_day_staff_last_changed(posted: District, today):
    tomorrow, later = today + timedelta(days=1), today + timedelta(days=9)
    assert boards.board(posted.grid, on=today).updated_on == today

    appointment = Appointment.objects.get(user=posted.worker)
    end_appointment(appointment=appointment, ends_on=today + timedelta(days=4))
    give_seat(post=appointment.post, user=posted.other_worker, starts_on=today + timedelta(days=7))

    days = {n: boards.board(posted.grid, on=today + timedelta(days=n)).updated_on for n in (1, 4, 5, 6, 7, 9)}
    assert days == {
        1: today,
        4: today,
        5: today + timedelta(days=5),
        6: today + timedelta(days=5),
        7: today + timedelta(days=7),
        9: today + timedelta(days=7),
    }
    assert boards.board(posted.other_grid, on=later).updated_on == today
    assert tomorrow


def test_a_new_pledge_changes_the_day_too(posted: District, today):
    later = today + timedelta(days=3)
    record_pledge(user=posted.worker, pledge="随叫随到。", on=later)

    assert boards.board(posted.grid, on=later).updated_on == later
    assert boards.board(posted.other_grid, on=later).updated_on == today


@pytest.mark.parametrize("units", [1, 8])
def test_boards_cost_the_same_for_any_number_of_stairwells(posted: District, today, django_assert_num_queries, units):
    for number in range(units):
        make_area(Level.UNIT, f"{number}单元", f"620302001001001-3-9{number}", posted.building)
    areas = list(Area.objects.filter(parent=posted.building))

    with django_assert_num_queries(20):
        assert len(boards.boards(areas, on=today)) == units + 1


# -- printing a community -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "sheets"), [("grids", 2), ("buildings", 1), ("units", 1)])
def test_all_boards_of_a_community_print_together(client, posted: District, kind, sheets):
    client.force_login(posted.secretary)

    response = client.get(reverse("admin:boards"), {"area": posted.community.code, "kind": kind})

    assert response.status_code == 200
    assert response.content.decode().count("l-sheet") == sheets


def test_the_choice_of_boards_shows_my_communities_alone(client, posted: District):
    make_area(Level.GRID, "第一网格", "620302001002001", posted.other_community)
    client.force_login(posted.secretary)

    text = client.get(reverse("admin:boards")).content.decode()

    assert posted.community.label in text
    assert posted.other_community.label not in text
    foreign = {"area": posted.other_community.code, "kind": "grids"}
    assert client.get(reverse("admin:boards"), foreign).status_code == 404


# -- one's own pledge -----------------------------------------------------------------------------------------------


def test_everybody_writes_his_own_pledge_and_it_stands_on_the_page(client, posted: District):
    client.force_login(posted.lead)

    assert client.get(reverse("pledge")).status_code == 200
    response = client.post(reverse("pledge"), {"pledge": " 说到做到。 "})

    assert response.status_code == 302
    assert StaffCard.objects.get(user=posted.lead).pledge == "说到做到。"
    assert "说到做到。" in page(client, posted.grid)


def test_a_pledge_that_is_too_long_is_kept_in_the_form_and_not_published(client, posted: District):
    client.force_login(posted.lead)

    response = client.post(reverse("pledge"), {"pledge": "好" * 201})

    assert response.status_code == 422
    assert "好" * 201 in response.content.decode()
    assert not StaffCard.objects.filter(user=posted.lead).exists()


def test_a_pledge_is_markup_to_nobody(client, posted: District):
    record_pledge(user=posted.lead, pledge="<script>alert(1)</script>", on=timezone.localdate())

    for view in ("area_page", "area_board"):
        assert "<script>alert" not in page(client, posted.grid, view)

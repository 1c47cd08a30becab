"""Grids drawn anew: planned, decided one level up, carried out on the day in one transaction, history left in place."""

from datetime import date, timedelta

import pytest

from grids import redivision, redrawing
from grids.enums import Level, PostKind, RedivisionState
from grids.errors import ChangedSinceReview, NotYourRegister, PlanIncomplete, PlanOvertaken
from grids.models import (
    Absence,
    Appointment,
    Area,
    AreaSuccession,
    GridMember,
    GridRole,
    Post,
    Redivision,
    WeekdayDuty,
)
from grids.outlook import outlook
from grids.posts import holders
from grids.services import record_absence
from notifications.models import Notice
from people.errors import BadInput, NotAllowedNow
from tests.factories import TUESDAY, District, appoint, make_area, make_user
from tests.redrawing import FIRST_DAY, ON, approve, carry_out, draft, line_of, merge, more_buildings, split

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 14)


def tree(community: Area) -> list[tuple[str, str, str]]:
    """Every area of the community in words: code, code of what it lies in, the codes of its path from the grid on."""
    rows = list(Area.objects.under(community.path).order_by("code"))
    codes = {row.pk: row.code for row in rows}
    return [
        (row.code, codes[row.parent_id], ">".join(codes[pk] for pk in row.line_ids() if pk in codes))
        for row in rows
        if row.pk != community.pk
    ]


def test_a_plan_begins_with_everything_as_it_is(district: District):
    more_buildings(district)

    plan = draft(district)

    assert list(plan.grids.order_by("code").values_list("name", "ends", "is_new")) == [
        ("第一网格", False, False),
        ("第二网格", False, False),
    ]
    assert sorted(plan.buildings.values_list("building__name", "from_grid__name", "to__name")) == [
        ("3号楼", "第一网格", "第一网格"),
        ("5号楼", "第一网格", "第一网格"),
        ("9号楼", "第二网格", "第二网格"),
    ]
    assert sorted(plan.seats.values_list("appointment__user__display_name", "to__name")) == [
        ("lead", "第一网格"),
        ("other_worker", "第二网格"),
        ("worker", "第一网格"),
    ]
    assert plan.state == RedivisionState.DRAFT


def test_a_split_moves_a_building_with_its_stairwells_on_its_day(district: District):
    more_buildings(district)
    plan = split(district)
    before = tree(district.community)

    approve(district, plan)
    assert redrawing.apply_due(at=FIRST_DAY - timedelta(minutes=10)) == 0
    assert tree(district.community) == before
    assert redrawing.apply_due(at=FIRST_DAY) == 1

    root = "620302001001"
    assert tree(district.community) == [
        (f"{root}001", root, f"{root}>{root}001"),
        (f"{root}001-3", f"{root}003", f"{root}>{root}003>{root}001-3"),
        (f"{root}001-3-2", f"{root}001-3", f"{root}>{root}003>{root}001-3>{root}001-3-2"),
        (f"{root}001-5", f"{root}001", f"{root}>{root}001>{root}001-5"),
        (f"{root}002", root, f"{root}>{root}002"),
        (f"{root}002-9", f"{root}002", f"{root}>{root}002>{root}002-9"),
        (f"{root}003", root, f"{root}>{root}003"),
    ]
    new = Area.objects.get(code=f"{root}003")
    assert (new.name, new.level, new.valid_from, new.valid_to, new.served) == ("第三网格", Level.GRID, ON, None, True)
    assert new.name_key
    kinds = Post.objects.filter(area=new).values_list("kind", flat=True)
    assert sorted(kinds) == ["grid_lead", "grid_worker"]
    assert list(AreaSuccession.objects.values_list("predecessor", "successor", "on", "is_heir")) == [
        (district.grid.pk, new.pk, ON, False)
    ]


def test_carried_out_exactly_once(district: District):
    more_buildings(district)
    carry_out(district, split(district))

    assert redrawing.apply_due(at=FIRST_DAY + timedelta(days=1)) == 0
    with pytest.raises(NotAllowedNow):
        redrawing.apply_now(Redivision.objects.get(), by=district.as_staff(district.secretary), at=FIRST_DAY)

    assert Area.objects.filter(level=Level.GRID, parent=district.community).count() == 3
    assert Redivision.objects.get().taken == {
        "buildings": 1,
        "persons": 0,
        "petitions": 0,
        "households": 0,
        "patrols": 0,
        "stations": 0,
        "micro_grids": 0,
    }


def test_a_merge_closes_the_old_grid_with_its_posts_and_says_what_followed(district: District):
    more_buildings(district)

    done = carry_out(district, merge(district))

    district.grid.refresh_from_db()
    assert (district.grid.valid_to, district.grid.code) == (LAST, "620302001001001")
    assert set(Area.objects.filter(parent=district.other_grid).values_list("name", flat=True)) == {
        "3号楼", "5号楼", "9号楼",
    }  # fmt: skip
    row = AreaSuccession.objects.get()
    assert (row.predecessor, row.successor, row.is_heir) == (district.grid, district.other_grid, True)
    assert set(Post.objects.filter(area=district.grid).values_list("valid_to", flat=True)) == {LAST}
    spans = Appointment.objects.filter(user=district.worker).order_by("starts_on")
    assert [(one.post.area, one.starts_on, one.ends_on) for one in spans] == [
        (district.grid, date(2020, 1, 1), LAST),
        (district.other_grid, ON, None),
    ]
    assert set(holders(district.other_grid, PostKind.GRID_WORKER, ON)) == {district.worker, district.other_worker}
    assert holders(district.other_grid, PostKind.GRID_LEAD, ON) == [district.lead]
    assert holders(district.grid, PostKind.GRID_WORKER, ON) == []
    assert done.taken == {
        "buildings": 2, "persons": 2, "petitions": 0, "households": 0, "patrols": 0, "stations": 0, "micro_grids": 0,
    }  # fmt: skip


def test_who_goes_where_and_whose_post_ends_is_as_the_plan_says(district: District):
    more_buildings(district)
    plan, by = split(district), district.as_staff(district.secretary)
    new = plan.grids.get(is_new=True)
    seats = {seat.appointment.user: seat for seat in plan.seats.all()}
    plan = redivision.place_people(
        plan,
        places=[(seats[district.worker].pk, new.pk), (seats[district.lead].pk, None)],
        by=by,
        version=plan.version,
    )
    record_absence(
        appointment=Appointment.objects.get(user=district.worker),
        starts_on=date(2026, 6, 12),
        ends_on=date(2026, 6, 20),
        deputy=district.other_worker,
    )

    carry_out(district, plan)

    grid = Area.objects.get(name="第三网格")
    assert holders(grid, PostKind.GRID_WORKER, ON) == [district.other_worker]  # stands in still
    assert holders(grid, PostKind.GRID_WORKER, date(2026, 6, 21)) == [district.worker]
    assert holders(district.grid, PostKind.GRID_WORKER, ON) == []
    assert Appointment.objects.get(user=district.lead).ends_on == LAST
    spans = sorted(Absence.objects.values_list("starts_on", "ends_on"))
    assert spans == [(date(2026, 6, 12), LAST), (ON, date(2026, 6, 20))]


def test_visit_days_and_team_roles_of_a_grid_that_ends_go_on_in_its_heir(district: District):
    more_buildings(district)
    WeekdayDuty.objects.create(
        area=district.community, user=district.window, weekday=1, place="grid", grid=district.grid
    )
    role = GridRole.objects.get(key="information_officer")
    GridMember.objects.create(area=district.grid, role=role, name="王五", starts_on=date(2026, 1, 1))

    carry_out(district, merge(district))

    days = WeekdayDuty.objects.order_by("pk").values_list("grid", "valid_from", "valid_to")
    assert list(days) == [(district.grid.pk, None, LAST), (district.other_grid.pk, ON, None)]
    members = GridMember.objects.order_by("pk").values_list("area", "name", "starts_on", "ends_on")
    assert list(members) == [
        (district.grid.pk, "王五", date(2026, 1, 1), LAST),
        (district.other_grid.pk, "王五", ON, None),
    ]


def test_the_preview_counts_and_names_what_is_vacant(district: District):
    more_buildings(district)
    plan = split(district)
    district.petition()

    seen = outlook(plan, by=district.secretary, at=TUESDAY)

    rows = {column.line.name: ([*column.counts[:2], column.counts[-2]], len(column.vacant)) for column in seen.columns}
    assert rows == {"第一网格": ([1, 0, 0], 0), "第二网格": ([1, 0, 0], 1), "第三网格": ([1, 1, 1], 2)}
    assert [[row.building.name for row in column.arriving] for column in seen.columns] == [[], [], ["3号楼"]]
    assert [*seen.totals[:2], seen.totals[-2]] == [3, 1, 1]
    assert Area.objects.get(pk=district.building.pk).parent == district.grid


def test_an_empty_grid_left_without_mention_is_refused(district: District):
    more_buildings(district)
    plan, by = draft(district), district.as_staff(district.secretary)
    heir = line_of(plan, district.other_grid)
    mine = [district.building.pk, Area.objects.get(name="5号楼").pk]
    plan = redivision.move_buildings(plan, buildings=mine, to=heir.pk, by=by, version=plan.version)

    with pytest.raises(PlanIncomplete) as no:
        redivision.propose(plan, by=by, at=TUESDAY, version=plan.version)

    assert len(no.value.problems) == 1
    assert "第一网格" in no.value.problems[0]
    here = line_of(plan, district.grid)
    plan = redivision.set_fate(plan, line=here.pk, fate="empty", by=by, version=plan.version)
    assert redivision.propose(plan, by=by, at=TUESDAY, version=plan.version).state == RedivisionState.PROPOSED


def test_a_grid_that_ends_with_buildings_leaves_them_in_no_grid_and_is_refused(district: District):
    plan, by = draft(district), district.as_staff(district.secretary)
    here, heir = line_of(plan, district.grid), line_of(plan, district.other_grid)
    plan = redivision.set_fate(plan, line=here.pk, fate="ends", heir=heir.pk, by=by, version=plan.version)

    with pytest.raises(PlanIncomplete, match="3号楼"):
        redivision.propose(plan, by=by, at=TUESDAY, version=plan.version)

    assert Redivision.objects.get().state == RedivisionState.DRAFT


@pytest.mark.parametrize("on", [date(2026, 6, 8), date(2025, 1, 1)])
def test_a_day_in_the_past_is_refused(district: District, on):
    with pytest.raises(BadInput) as no:
        draft(district, on=on)

    assert no.value.field == "on"
    assert not Redivision.objects.exists()


def test_nothing_changed_is_no_plan(district: District):
    plan = draft(district)

    with pytest.raises(PlanIncomplete):
        redivision.propose(plan, by=district.as_staff(district.secretary), at=TUESDAY, version=plan.version)


def test_a_stale_form_changes_nothing(district: District):
    plan = split(district)

    with pytest.raises(ChangedSinceReview):
        redivision.withdraw(plan, by=district.as_staff(district.secretary), version=plan.version - 1)

    assert Redivision.objects.get().state == RedivisionState.DRAFT


def test_only_the_level_above_decides_and_never_who_proposed(district: District):
    more_buildings(district)
    plan = redivision.propose(split(district), by=district.as_staff(district.secretary), at=TUESDAY, version=3)

    for who in (district.secretary, district.other_secretary, district.dispatcher, district.stranger, district.window):
        with pytest.raises(NotYourRegister):
            redivision.decide(plan, by=district.as_staff(who), at=TUESDAY, agree=True, words="", version=plan.version)

    assert set(Notice.objects.values_list("kind", "recipient")) == {("redivision_proposed", district.leader.pk)}
    decided = redivision.decide(
        plan,
        by=district.as_staff(district.leader),
        at=TUESDAY,
        agree=False,
        words="先与居民商量。",
        version=plan.version,
    )
    assert (decided.state, decided.decided_by, decided.decision) == ("refused", district.leader, "先与居民商量。")


def test_a_street_leader_s_plan_is_decided_by_the_district(district: District):
    more_buildings(district)
    plan = split(district, by=district.leader)
    plan = redivision.propose(plan, by=district.as_staff(district.leader), at=TUESDAY, version=plan.version)

    assert not redivision.may_decide(district.as_staff(district.leader), plan)
    assert redivision.may_decide(district.as_staff(district.command), plan)
    assert list(Notice.objects.values_list("recipient", flat=True)) == [district.command.pk]


def test_of_two_plans_the_second_is_overtaken_and_its_author_told(district: District):
    more_buildings(district)
    first = approve(district, split(district))
    second = approve(district, merge(district, on=ON + timedelta(days=1)))

    assert redrawing.apply_due(at=FIRST_DAY + timedelta(days=1)) == 1

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (RedivisionState.APPLIED, RedivisionState.STUCK)
    assert Notice.objects.get(kind="redivision_stuck").recipient == district.secretary
    district.grid.refresh_from_db()
    assert district.grid.valid_to is None
    with pytest.raises(PlanOvertaken, match="3号楼"):
        redrawing.apply_now(second, by=district.as_staff(district.secretary), at=FIRST_DAY + timedelta(days=1))


def test_a_plan_that_got_stuck_is_brought_up_to_date_and_proposed_anew(district: District):
    more_buildings(district)
    approve(district, split(district))
    second = approve(district, merge(district, on=ON + timedelta(days=1)))
    later, by = FIRST_DAY + timedelta(days=1), district.as_staff(district.secretary, ON + timedelta(days=1))
    redrawing.apply_due(at=later)

    second.refresh_from_db()
    plan = redivision.reopen(second, by=by, version=second.version)
    plan = redivision.refresh(plan, by=by, version=plan.version, at=later)

    assert sorted(plan.buildings.values_list("building__name", "from_grid__name", "to__name")) == [
        ("3号楼", "第三网格", "第三网格"),
        ("5号楼", "第一网格", "第二网格"),
        ("9号楼", "第二网格", "第二网格"),
    ]
    assert redivision.propose(plan, by=by, at=later, version=plan.version).state == RedivisionState.PROPOSED


def test_a_building_added_meanwhile_stays_in_a_grid_that_goes_on(district: District):
    more_buildings(district)
    plan = approve(district, split(district))
    make_area(Level.BUILDING, "7号楼", "620302001001001-7", district.grid)

    assert redrawing.apply_due(at=FIRST_DAY) == 1

    plan.refresh_from_db()
    assert plan.state == RedivisionState.APPLIED
    assert Area.objects.get(name="7号楼").parent == district.grid


def test_a_building_added_meanwhile_to_a_grid_that_ends_stops_the_plan(district: District):
    more_buildings(district)
    plan = approve(district, merge(district))
    make_area(Level.BUILDING, "7号楼", "620302001001001-7", district.grid)

    assert redrawing.apply_due(at=FIRST_DAY) == 0

    plan.refresh_from_db()
    assert plan.state == RedivisionState.STUCK
    assert Area.objects.get(pk=district.building.pk).parent == district.grid


def test_a_taken_code_or_name_is_refused_and_no_code_comes_twice(district: District):
    plan, by = draft(district), district.as_staff(district.secretary)
    Area.objects.filter(pk=district.other_grid.pk).update(valid_to=date(2026, 1, 1))

    for name, code, field in (("第三网格", "620302001001002", "code"), ("第一网格", "", "name"), ("", "", "name")):
        with pytest.raises(BadInput) as no:
            redivision.add_grid(plan, name=name, code=code, by=by, version=plan.version)
        assert no.value.field == field

    assert redivision.next_code(plan) == "620302001001003"


def test_who_stands_in_nowhere_draws_nothing(district: District):
    for who in (district.other_secretary, district.worker, district.dispatcher, district.supervisor, district.command):
        with pytest.raises(NotYourRegister):
            draft(district, by=who)


def test_an_appointment_made_after_the_plan_follows_the_heir(district: District):
    more_buildings(district)
    approve(district, merge(district))
    newcomer = make_user("newcomer")
    Post.objects.filter(area=district.grid, kind=PostKind.GRID_WORKER).update(seats=2)
    appoint(newcomer, PostKind.GRID_WORKER, district.grid)

    redrawing.apply_due(at=FIRST_DAY)

    assert newcomer in holders(district.other_grid, PostKind.GRID_WORKER, ON)

"""Which roles grids lack: rules as data, the nearest choice wins, honest rates."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from grids.enums import DivisionType, Level, PostKind
from grids.figures import figures
from grids.models import (
    Appointment,
    CommunityWorker,
    GridMember,
    GridRole,
    Organisation,
    RoleLabel,
    StaffingChoice,
    StaffingLine,
    StaffingRule,
)
from grids.roster import sent_down
from grids.services import record_absence
from grids.staffing import report, totals
from grids.staffing_data import load_staffing
from people.models import User
from tests.factories import District, appoint, make_area, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)
SINCE = date(2026, 1, 1)


def choose(area, key, **facts) -> StaffingChoice:
    return StaffingChoice.objects.create(area=area, rule=StaffingRule.objects.get(key=key), **facts)


def member(area, role, **who) -> GridMember:
    row = GridMember(area=area, role=GridRole.objects.get(key=role), starts_on=who.pop("since", SINCE), **who)
    row.full_clean()
    row.save()
    return row


def lacks(district: District, *, grid=None, on=TODAY) -> dict[str, int]:
    rows = {row.grid.pk: row for row in report([district.community.path], on=on)}
    return {need.role.key: need.missing for need in rows[(grid or district.grid).pk].gaps}


# -- the rules of the sources, restated as literals ----------------------------------------------------------------

SOURCES = {
    "one_grid_three_officers": [("full_time_worker", 1, 6), ("seconded_staff", 1, 6), ("committee_member", 1, 6)],
    "three_leads_three_officers": [
        ("grid_lead", 1, 6), ("grid_worker", 1, 6), ("building_head", 1, 7), ("unit_head", 1, 8),
        ("legal_adviser", 1, 6), ("health_officer", 1, 6), ("police_officer", 1, 6),
    ],
    "one_two_n": [("grid_lead", 1, 6), ("grid_worker", 2, 6), ("group_member", 1, 6)],
    "one_lead_four_officers": [
        ("grid_lead", 1, 6), ("grid_worker", 1, 6), ("police_officer", 1, 6), ("supervisor_officer", 1, 6),
        ("information_officer", 1, 6),
    ],
    "one_plus_four": [
        ("grid_lead", 1, 6), ("grid_worker", 1, 6), ("police_officer", 1, 6), ("supervisor_officer", 1, 6),
        ("information_officer", 1, 6), ("party_branch", 1, 6), ("cobuilding_unit", 1, 6), ("cwc_member", 1, 6),
    ],
    "four_levels": [
        ("committee_cadre", 1, 6), ("courtyard_lead", 1, 6), ("full_time_worker", 1, 6), ("building_head", 1, 7),
    ],
    "six_levels": [
        ("building_head", 1, 7), ("unit_head", 1, 8), ("party_branch", 1, 6), ("street_work_committee", 1, 6),
        ("community_party_committee", 1, 6),
    ],
    "lane_one_seven": [("lane_lead", 1, 6), ("lane_officer", 7, 6)],
    "village_grid": [("grid_lead", 1, 6), ("grid_worker", 1, 6), ("information_officer", 1, 6)],
}  # fmt: skip


@pytest.mark.parametrize("key", SOURCES)
def test_each_rule_of_the_sources_asks_for_its_roles(key):
    lines = StaffingLine.objects.filter(rule__key=key).order_by("role__position")

    assert list(lines.values_list("role__key", "least", "per")) == sorted(
        SOURCES[key], key=lambda line: GridRole.objects.get(key=line[0]).position
    )


def test_there_are_no_other_rules_and_each_names_its_source():
    assert set(StaffingRule.objects.values_list("key", flat=True)) == set(SOURCES)
    assert [rule.key for rule in StaffingRule.objects.all() if not rule.source] == []


def test_loading_again_changes_nothing():
    loaded = load_staffing(on=TODAY)

    assert (loaded.added, loaded.changed, loaded.unchanged) == (0, 0, 31)


def test_a_newer_version_of_a_rule_closes_its_lines_and_what_was_changed_here_stays(tmp_path):
    import json

    from grids.staffing_data import STAFFING_FILE

    data = json.loads(STAFFING_FILE.read_text(encoding="utf-8"))
    for rule in data["rules"]:
        rule["version"] = 2
        rule["lines"] = [{"role": "grid_lead", "least": 1, "per": "grid"}]
    path = tmp_path / "staffing.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    StaffingRule.objects.filter(key="one_two_n").update(changed_locally=True)

    loaded = load_staffing(on=TODAY, path=path)

    assert (loaded.added, loaded.changed, loaded.unchanged) == (0, 8, 23)
    lane = StaffingLine.objects.filter(rule__key="lane_one_seven").order_by("valid_from")
    assert [(line.role.key, line.valid_from, line.valid_to) for line in lane] == [
        ("grid_lead", TODAY, None),
        ("lane_lead", None, TODAY - timedelta(days=1)),
        ("lane_officer", None, TODAY - timedelta(days=1)),
    ]
    assert StaffingLine.objects.filter(rule__key="one_two_n").count() == 3


# -- what is lacking ------------------------------------------------------------------------------------------------


def test_one_grid_three_officers_has_its_gaps(district: District):
    choose(district.district, "one_grid_three_officers")

    # a grid worker is there, but nobody entered him as a community worker
    assert lacks(district) == {"full_time_worker": 1, "seconded_staff": 1, "committee_member": 1}


def test_a_full_time_grid_worker_is_a_community_worker(district: District):
    choose(district.district, "one_grid_three_officers")
    CommunityWorker.objects.create(user=district.worker, area=district.community, since=SINCE)

    assert "full_time_worker" not in lacks(district)
    assert "full_time_worker" in lacks(district, on=date(2025, 12, 31))


def test_somebody_sent_down_by_a_unit_fills_his_role_between_his_days(district: District):
    choose(district.district, "one_grid_three_officers")
    sent = member(district.grid, "seconded_staff", name="马文", organisation=district.sanitation)
    sent.ends_on = TODAY
    sent.save()

    assert "seconded_staff" not in lacks(district)
    assert "seconded_staff" in lacks(district, on=TODAY + timedelta(days=1))
    assert "seconded_staff" in lacks(district, on=SINCE - timedelta(days=1))
    assert "seconded_staff" in lacks(district, grid=district.other_grid)


def test_persons_sent_down_are_counted_by_the_unit_that_sent_them(district: District):
    police = Organisation.objects.create(area=district.street, kind="department", name="派出所", code="PCS-1")
    for grid, name, unit in (
        (district.grid, "马文", district.sanitation),
        (district.grid, "李军", police),
        (district.other_grid, "赵强", police),
    ):
        member(grid, "seconded_staff", name=name, organisation=unit)
    member(district.grid, "party_branch", organisation=police)  # a body, nobody sent down

    found = sent_down([district.district.path], on=TODAY)

    assert [(row.organisation.name, row.persons) for row in found] == [("派出所", 2), ("环卫所", 1)]
    assert sent_down([district.other_community.path], on=TODAY) == []


def test_three_leads_three_officers_one_police_officer_count_every_building_and_stairwell(district: District):
    choose(district.community, "three_leads_three_officers")
    second = make_area(Level.UNIT, "3单元", "620302001001001-3-3", district.building)
    head = make_user("unit_head")
    appoint(head, PostKind.UNIT_HEAD, district.unit)

    assert lacks(district) == {
        "building_head": 1, "unit_head": 1, "legal_adviser": 1, "health_officer": 1, "police_officer": 1,
    }  # fmt: skip

    appoint(head, PostKind.UNIT_HEAD, second)
    appoint(head, PostKind.BUILDING_HEAD, district.building)
    for role in ("legal_adviser", "health_officer", "police_officer"):
        member(district.grid, role, name="某某")

    assert lacks(district) == {}


def test_one_two_n_wants_two_workers_and_a_group(district: District):
    choose(district.street, "one_two_n")

    assert lacks(district) == {"grid_worker": 1, "group_member": 1}


def test_a_party_branch_a_partner_and_a_committee_member_complete_one_lead_four_officers(district: District):
    choose(district.community, "one_plus_four")
    assert lacks(district) == {
        "police_officer": 1, "supervisor_officer": 1, "information_officer": 1, "party_branch": 1,
        "cobuilding_unit": 1, "cwc_member": 1,
    }  # fmt: skip

    for role in ("party_branch", "cobuilding_unit"):
        member(district.grid, role, organisation=district.sanitation)
    for role in ("police_officer", "supervisor_officer", "information_officer", "cwc_member"):
        member(district.grid, role, name="某某")

    assert lacks(district) == {}


def test_bodies_of_the_street_and_the_community_count_for_the_grids_below(district: District):
    choose(district.community, "six_levels")
    assert lacks(district)["street_work_committee"] == 1

    member(district.street, "street_work_committee", organisation=district.sanitation)
    member(district.community, "community_party_committee", organisation=district.sanitation)

    assert set(lacks(district)) == {"party_branch", "building_head", "unit_head"}


def test_a_lane_has_a_lead_and_seven_officers_and_takes_no_rule_of_ordinary_grids(district: District):
    lane = make_area(Level.GRID, "广州路", "620302001001900", district.community)
    lane.division_type = DivisionType.LANE
    lane.save()
    choose(district.district, "one_lead_four_officers")
    assert {row.grid.pk: row.rule for row in report([district.community.path], on=TODAY)}[lane.pk] is None

    choose(district.district, "lane_one_seven", kind_of_grid=DivisionType.LANE)
    appoint(make_user("lane"), PostKind.GRID_LEAD, lane)
    for n in range(5):
        member(lane, "lane_officer", name=f"员{n}")

    assert lacks(district, grid=lane) == {"lane_officer": 2}


def test_four_levels_with_a_courtyard_lead_under_his_local_title(district: District):
    choose(district.community, "four_levels")
    RoleLabel.objects.create(
        area=district.street, role=GridRole.objects.get(key="courtyard_lead"), name_zh="大院长", name_en="Yard chief"
    )
    RoleLabel.objects.create(
        area=district.community, role=GridRole.objects.get(key="courtyard_lead"), name_zh="院长", name_en="Yard lead"
    )

    [row] = [row for row in report([district.community.path], on=TODAY) if row.grid == district.grid]

    assert [(need.role.key, need.title) for need in row.needs][1] == ("courtyard_lead", "院长")
    assert set(lacks(district)) == {"committee_cadre", "full_time_worker", "building_head"}


def test_villages_use_the_same_grid_model(district: District):
    village = make_area(Level.COMMUNITY, "新华村", "620302001200", district.street)
    village.division_type = DivisionType.VILLAGERS_COMMITTEE
    village.save()
    grid = make_area(Level.GRID, "第一网格", "620302001200001", village)
    choose(village, "village_grid")
    appoint(make_user("村"), PostKind.GRID_LEAD, grid)

    [row] = report([village.path], on=TODAY)

    assert [(need.role.key, need.filled, need.needed) for need in row.needs] == [
        ("grid_lead", 1, 1), ("grid_worker", 0, 1), ("information_officer", 0, 1),
    ]  # fmt: skip


def test_the_choice_nearest_to_the_grid_wins_on_its_days(district: District):
    choose(district.district, "one_grid_three_officers")
    choose(district.street, "one_two_n", valid_from=date(2026, 6, 1))
    choose(district.grid, "village_grid", valid_from=TODAY, valid_to=TODAY)

    def rules(on):
        return {row.grid.pk: row.rule.key for row in report([district.community.path], on=on)}

    assert rules(date(2026, 5, 31)) == dict.fromkeys(
        (district.grid.pk, district.other_grid.pk), "one_grid_three_officers"
    )
    assert rules(TODAY) == {district.grid.pk: "village_grid", district.other_grid.pk: "one_two_n"}
    assert rules(TODAY + timedelta(days=1))[district.grid.pk] == "one_two_n"


def test_a_later_choice_of_the_same_area_replaces_the_open_one(district: District):
    choose(district.street, "one_grid_three_officers")
    choose(district.street, "one_two_n", valid_from=date(2026, 6, 1))

    assert {row.rule.key for row in report([district.community.path], on=TODAY)} == {"one_two_n"}


def test_somebody_away_fills_his_role_and_a_closed_account_does_not(district: District):
    choose(district.community, "one_lead_four_officers")
    record_absence(appointment=Appointment.objects.get(user=district.worker), starts_on=TODAY, ends_on=TODAY)
    assert "grid_worker" not in lacks(district)

    User.objects.filter(pk=district.worker.pk).update(is_active=False)

    assert lacks(district)["grid_worker"] == 1


def test_the_rate_counts_full_grids_over_ruled_ones_and_shows_the_others(district: District):
    make_area(Level.GRID, "第一网格", "620302001002001", district.other_community)
    choose(district.community, "village_grid")
    member(district.grid, "information_officer", name="某某")

    found = totals(report([district.street.path], on=TODAY))

    # the second grid lacks a lead and an information officer; the third has no rule
    assert (found.grids, found.without_rule, found.ruled, found.full) == (3, 1, 2, 1)
    assert (found.roles_lacking, found.missing, found.percent) == (2, 2, 50.0)


@pytest.mark.parametrize("grids", [1, 6])
def test_the_report_costs_the_same_for_any_number_of_grids(district: District, django_assert_max_num_queries, grids):
    for number in range(grids):
        make_area(Level.GRID, f"网格{number}", f"62030200100200{number}", district.other_community)
    choose(district.district, "three_leads_three_officers")

    with django_assert_max_num_queries(8):
        assert len(report([district.street.path], on=TODAY)) == grids + 2


# -- who may be a member --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "who", "field"),
    [
        ("grid_worker", {"name": "某某"}, "role"),
        ("party_branch", {"name": "某某"}, "organisation"),
        ("legal_adviser", {}, "name"),
    ],
)
def test_a_role_says_who_may_fill_it(district: District, role, who, field):
    with pytest.raises(ValidationError) as refusal:
        member(district.grid, role, **who)

    assert field in refusal.value.message_dict


def test_a_role_stands_at_its_level(district: District):
    with pytest.raises(ValidationError) as refusal:
        member(district.unit, "legal_adviser", name="某某")

    assert "area" in refusal.value.message_dict


# -- people ---------------------------------------------------------------------------------------------------------


def test_the_figures_of_people(district: District):
    for user, general, grade in ((district.worker, True, 7), (district.window, False, None)):
        CommunityWorker.objects.create(
            user=user, area=district.community, is_general_service=general, grade=grade, since=SINCE
        )
    head = make_user("head_of_two")
    other = make_area(Level.BUILDING, "4号楼", "620302001001001-4", district.grid)
    for building in (district.building, other):
        appoint(head, PostKind.BUILDING_HEAD, building)
    appoint(make_user("u1"), PostKind.UNIT_HEAD, district.unit)

    found = figures([district.street.path], on=TODAY)

    assert (found.workers, found.general_service, found.graded, found.general_percent) == (2, 1, 1, 50.0)
    assert (found.grid_workers, found.unregistered) == (2, 1)
    assert (found.building_heads, found.unit_heads) == (1, 1)
    assert figures([district.other_community.path], on=TODAY).workers == 0


def test_one_head_answers_for_many_buildings_and_a_building_may_have_two(district: District):
    head, second = make_user("a"), make_user("b")
    other = make_area(Level.BUILDING, "4号楼", "620302001001001-4", district.grid)
    appoint(head, PostKind.BUILDING_HEAD, district.building, seats=2)
    appoint(second, PostKind.BUILDING_HEAD, district.building)
    appoint(head, PostKind.BUILDING_HEAD, other)

    assert Appointment.objects.filter(user=head).count() == 2
    assert Appointment.objects.filter(post__area=district.building).count() == 2

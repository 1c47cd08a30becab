"""The tree of Party organisations: what stands under what, and where; closed when empty; counted by grid and kind."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from grids.enums import PostKind
from parties import members, organisations
from parties.enums import BranchForm
from parties.errors import NotNow, NotYours
from parties.models import PartyOrganisation
from people.errors import BadInput
from tests.factories import TUESDAY
from tests.parties.world import OTHER, found, join, tree
from tests.petitions.test_afterwards_at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ON = date(2026, 6, 9)
DAY = timedelta(days=1)


def keeper(district, who=None):
    return district.as_staff(who or district.secretary, ON)


def test_the_tree_has_five_levels_from_the_street_to_the_responsibility_area(district):
    made = tree(district)
    group = found(district, "group", district.building, made.grid, by=district.secretary)
    duty = found(district, "duty_area", district.unit, group, by=district.secretary)

    ids = [made.street.pk, made.community.pk, made.grid.pk, group.pk, duty.pk]
    assert duty.path == "".join(f"{pk}/" for pk in ids)
    assert list(duty.line_ids()) == ids
    assert (duty.valid_from, duty.founded_by) == (ON, district.secretary)


def test_a_community_has_a_general_branch_its_grid_a_branch_its_building_a_hub_household(district):
    made = tree(district)
    hub = found(district, "hub_household", district.building, made.grid, by=district.secretary)

    lines, more = organisations.tree(keeper(district))

    assert [(line.row.kind, line.depth) for line in lines] == [
        ("general_branch", 0), ("grid_branch", 1), ("hub_household", 2),
    ]  # fmt: skip
    assert (hub.path, more) == (f"{made.grid.path}{hub.pk}/", False)


@pytest.mark.parametrize(
    ("kind", "area", "under", "field"),
    [
        ("working_committee", "community", None, "area"),
        ("general_branch", "community", None, "kind"),
        ("grid_branch", "grid", "street", "kind"),
        ("grid_branch", "community", "community", "area"),
        ("group", "building", "community", "kind"),
        ("grid_branch", "grid", "grid", "kind"),
        ("hub_household", "other_grid", "grid", "area"),
        ("group", "other_grid", "grid", "area"),
        ("property_branch", "community", "community", "form"),
    ],
)
def test_each_kind_stands_where_it_belongs(district, kind, area, under, field):
    made = tree(district)
    above = getattr(made, under) if under else None
    by = district.secretary if under in ("community", "grid") else district.leader
    if above is None and area == "community":
        place = district.community if kind != "working_committee" else district.other_street
        # the topmost one is the street leader's alone
        with pytest.raises((BadInput, NotYours)):
            found(district, kind, place, by=by)
    else:
        with pytest.raises(BadInput) as no:
            found(district, kind, getattr(district, area), above, by=by)
        assert no.value.field == field
    assert PartyOrganisation.objects.count() == 3


def test_property_branches_are_single_or_joint_and_counted_apart(district):
    made = tree(district)
    for number, form in enumerate((BranchForm.SINGLE, BranchForm.SINGLE, BranchForm.JOINT)):
        found(district, "property_branch", district.community, made.community, form=form, name=f"物业{number}")

    counted = organisations.kinds(district.street, on=ON)

    assert [number for label, number in counted if "property" in label] == [2, 1]
    assert sum(number for _label, number in counted) == 6
    with pytest.raises(BadInput):
        found(district, "grid_branch", district.other_grid, made.community, form=BranchForm.JOINT)


def test_who_keeps_the_one_above_founds_one_under_it(district):
    made = tree(district)

    for who in (district.secretary, district.other_secretary, district.dispatcher, district.worker, district.lead):
        with pytest.raises(NotYours):
            found(district, "general_branch", district.other_community, made.street, by=who)
    for who in (district.other_secretary, district.worker, district.lead, district.window, district.command):
        with pytest.raises(NotYours):
            found(district, "grid_branch", district.other_grid, made.community, by=who)
    assert found(district, "general_branch", district.other_community, made.street).parent == made.street


def test_the_database_refuses_what_the_services_would(district):
    made = tree(district)
    row = {"kind": "grid_branch", "name": "党支部", "valid_from": ON}

    for facts in (
        {**row, "area": district.other_community, "parent": made.community},  # outside the area above
        {**row, "area": district.grid, "parent": None},
        {**row, "area": district.grid, "parent": made.community, "form": "joint"},
        {**row, "area": district.grid, "parent": made.community, "valid_to": ON},  # without a reason
        {**row, "area": district.community, "parent": made.street, "kind": "general_branch"},  # a second one
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PartyOrganisation.objects.create(**facts)
    with pytest.raises(ProgrammingError), transaction.atomic():  # a cycle
        PartyOrganisation.objects.filter(pk=made.community.pk).update(parent=made.grid)
    assert PartyOrganisation.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_threads_found_one_general_branch(district):
    street = found(district, "working_committee", district.street)
    names = iter(["甲", "乙", "丙"])

    ended = at_once(
        *[lambda name=name: found(district, "general_branch", district.community, street, name=name) for name in names]
    )

    assert (ended.count(None), ended.count(NotNow)) == (1, 2)
    assert PartyOrganisation.objects.filter(kind="general_branch").count() == 1


def test_it_is_closed_with_a_reason_once_nobody_and_nothing_stands_there(district):
    made = tree(district)
    member = join(district, made.grid)
    by = keeper(district)

    def close(row, because="并入第二支部"):
        return organisations.close(row, because=because, by=by, at=TUESDAY)

    with pytest.raises(BadInput):
        close(made.grid, because=" ")
    for row in (made.grid, made.community):
        with pytest.raises(NotNow):
            close(row)
    members.leave(member, by=by, at=TUESDAY)
    closed = close(made.grid)
    assert (closed.valid_to, closed.closed_because) == (ON, "并入第二支部")
    for act in (lambda: close(made.grid), lambda: join(district, made.grid, phone=OTHER)):
        with pytest.raises(NotNow):
            act()
    assert found(district, "grid_branch", district.grid, made.community, name=made.grid.name).pk != made.grid.pk


def test_a_name_stands_once_under_one_and_can_change(district):
    made = tree(district)
    other = found(district, "grid_branch", district.other_grid, made.community, name="第二支部")

    assert organisations.rename(other, name=" 第二 党支部 ", by=keeper(district)).name == "第二 党支部"
    for act in (
        lambda: organisations.rename(other, name=made.grid.name, by=keeper(district)),
        lambda: found(district, "grid_branch", district.other_grid, made.community, name=made.grid.name),
    ):
        with pytest.raises(NotNow):
            act()
    with pytest.raises(NotYours):
        organisations.rename(other, name="别的", by=keeper(district, district.other_secretary))


def test_members_are_counted_at_and_under_each(district, django_assert_num_queries):
    made = tree(district)
    group = found(district, "group", district.building, made.grid, by=district.secretary)
    join(district, made.grid)
    join(district, group, phone=OTHER)

    leader = keeper(district, district.leader)
    with django_assert_num_queries(2):
        lines, _more = organisations.tree(leader)

    assert [(line.row.pk, line.members) for line in lines] == [
        (made.street.pk, 2), (made.community.pk, 2), (made.grid.pk, 2),
    ]  # fmt: skip


def test_grids_without_a_branch_are_counted_area_by_area(district, django_assert_num_queries):
    tree(district)
    below = [district.community, district.other_community]

    with django_assert_num_queries(2):
        total, lines, without = organisations.coverage(district.street, below, on=ON)

    assert (total.grids, total.with_branch, total.without) == (2, 1, 1)
    assert [(line.area, line.grids, line.without) for line in lines] == [
        (district.community, 2, 1), (district.other_community, 0, 0),
    ]  # fmt: skip
    assert without == [district.other_grid]


def test_the_tree_is_seen_by_the_posts_that_keep_or_count_it(district):
    made = tree(district)

    def sees(who):
        return set(PartyOrganisation.objects.visible_to(keeper(district, who)).values_list("pk", flat=True))

    assert sees(district.secretary) == {made.community.pk, made.grid.pk}
    for who in (district.leader, district.command):
        assert sees(who) == {made.street.pk, made.community.pk, made.grid.pk}
    for who in (
        district.worker, district.lead, district.window, district.dispatcher, district.other_secretary,
        district.stranger, district.handler, district.head, district.supervisor,
    ):  # fmt: skip
        assert sees(who) == set()
    assert district.as_staff(district.command, ON).holds(PostKind.DISTRICT_COMMAND)

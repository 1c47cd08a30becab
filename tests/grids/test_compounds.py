"""Compounds: what kind, who manages them, how many of those without management are covered, projects by kind."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tablib import Dataset

from grids import compounds
from grids.compound_resources import CompoundProjectResource, CompoundResource
from grids.enums import CompoundKind, Management
from grids.errors import ImportRefused
from grids.models import Compound, CompoundProject, Takeover
from tests.factories import SINCE

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 9)


def compound(area, number, kind="old", management="none", **facts) -> Compound:
    facts = {"valid_from": SINCE} | facts
    return Compound.objects.create(
        area=area, code=f"X{number}", name=f"{number}号院", kind=kind, management=management, **facts
    )


def test_coverage_counts_those_that_had_none_and_were_taken_over(district):
    taken, waiting, _bare = (compound(district.community, number) for number in (1, 2, 3))
    compound(district.community, 4, management="market")
    compound(district.other_community, 5)
    compound(district.community, 6, valid_to=date(2026, 1, 1))
    done = Takeover.objects.create(compound=taken, management="branch_led", planned_for=ON, done_on=ON)
    Takeover.objects.create(compound=waiting, management="market", planned_for=date(2026, 9, 1))
    compounds.settle(done)

    taken.refresh_from_db()
    assert (taken.management, taken.managed_since) == (Management.BRANCH_LED, ON)
    secretary, leader = district.as_staff(district.secretary), district.as_staff(district.leader)
    mine = compounds.coverage(secretary, path=district.community.path, on=ON)
    assert (mine.without, mine.covered, mine.planned, mine.percent) == (3, 1, 1, 33.3)
    whole = compounds.coverage(leader, path=district.street.path, on=ON)
    assert (whole.without, whole.covered) == (4, 1)
    strange = compounds.coverage(secretary, path=district.other_community.path, on=ON)
    assert (strange.without, strange.percent) == (0, None)
    assert [one.code for one in compounds.uncovered(secretary, path=district.community.path, on=ON)] == ["X3", "X2"]


def test_projects_are_counted_by_the_kind_of_their_compound(district):
    old, new = compound(district.community, 1), compound(district.community, 2, "commercial", "market")
    for number, (where, state) in enumerate(((old, "done"), (old, "planned"), (old, "dropped"), (new, "running"))):
        CompoundProject.objects.create(
            compound=where, code=f"P{number}", name="充电桩", kind="charging", state=state, ends_on=ON
        )

    rows = compounds.by_kind(district.as_staff(district.secretary), path=district.community.path, on=ON)

    assert [(row.kind, row.compounds, row.projects, row.finished) for row in rows] == [
        (CompoundKind.OLD, 1, 2, 1), (CompoundKind.RESETTLEMENT, 0, 0, 0), (CompoundKind.COMMERCIAL, 1, 1, 0),
        (CompoundKind.OTHER, 0, 0, 0),
    ]  # fmt: skip


def test_what_cannot_be_is_refused_by_the_database(district):
    one = compound(district.community, 1)
    Takeover.objects.create(compound=one, management="market", planned_for=ON)
    wrong = (
        lambda: compound(district.community, 1),
        lambda: compound(district.community, 2, kind="palace"),
        lambda: compound(district.community, 3, manager=district.sanitation),
        lambda: Takeover.objects.create(compound=one, management="market", planned_for=ON),
        lambda: Takeover.objects.create(compound=one, management="none", planned_for=ON, done_on=ON),
        lambda: CompoundProject.objects.create(compound=one, code="P", name="x", kind="lift", state="done"),
    )
    for act in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_registers_come_in_as_files_all_or_nothing_and_twice_is_once(district):
    heading = (
        "code", "name", "area_code", "kind", "management", "managed_since", "manager_code", "building_codes",
        "valid_from", "valid_to",
    )  # fmt: skip
    row = ("X1", "和平院", district.community.code, "old", "none", "", "", district.building.code, "2020-01-01", "")
    staff = district.as_staff(district.secretary)

    for _twice in range(2):
        CompoundResource(staff=staff).import_rows(Dataset(row, headers=heading))
    one = Compound.objects.get()
    assert (one.kind, list(one.buildings.values_list("pk", flat=True))) == ("old", [district.building.pk])
    project = Dataset(("P1", "外墙保温", "X1", "insulation", "running", "2026-03-01", ""), headers=(
        "code", "name", "compound_code", "kind", "state", "starts_on", "ends_on",
    ))  # fmt: skip
    CompoundProjectResource(staff=staff).import_rows(project)
    assert CompoundProject.objects.get().compound == one
    strange = ("X2", "外院", district.other_community.code, *row[3:7], "", *row[8:])
    with pytest.raises(ImportRefused):
        CompoundResource(staff=staff).import_rows(Dataset(("X3", *row[1:]), strange, headers=heading))
    assert Compound.objects.count() == 1


def test_the_page_shows_coverage_and_a_done_takeover_in_the_register_changes_the_management(
    district, client, django_assert_max_num_queries
):
    one = compound(district.community, 1)
    client.force_login(district.secretary)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("compounds"))
    assert page.context["coverage"].without == 1
    assert client.get(reverse("compounds"), {"area": district.other_community.code}).status_code == 404
    sent = {
        "area": one.area_id, "code": "X1", "name": one.name, "kind": "old", "management": "none", "managed_since": "",
        "manager": "", "valid_from": "2020-01-01", "valid_to": "", "takeovers-TOTAL_FORMS": "1",
        "takeovers-INITIAL_FORMS": "0", "takeovers-0-management": "branch_led", "takeovers-0-planned_for": "2026-06-01",
        "takeovers-0-done_on": "2026-06-02",
    }  # fmt: skip
    answer = client.post(reverse("admin:grids_compound_change", args=[one.pk]), sent)
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.management, one.managed_since) == ("branch_led", date(2026, 6, 2))
    assert client.get(reverse("compounds")).context["coverage"].percent == 100.0

"""Lists of duties: what stands on no list of a community cannot be pushed down to it (002-06, 002-39)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from tablib import Dataset

from grids.enums import Level
from grids.errors import ImportRefused
from grids.models import Organisation
from people.errors import BadInput
from petitions import duties, sending, transitions
from petitions.enums import Status
from petitions.models import Category, DutyItem
from petitions.models.duties import DutyKind
from petitions.resources import DutyItemResource
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(hours=1)
TODAY = date(2026, 6, 9)


def listed(area, category="0803", *, kind=DutyKind.OWN, level=Level.COMMUNITY, code="A1", **facts):
    return DutyItem.objects.create(
        area=area,
        level=level,
        code=code,
        kind=kind,
        name_zh="清理楼道堆物",
        category=Category.objects.get(code=category) if category else None,
        lead_zh="某部门" if kind == DutyKind.ASSIST else "",
        valid_from=facts.pop("valid_from", date(2026, 1, 1)),
        **facts,
    )


def push_down(district, petition, who="dispatcher"):
    return transitions.dispatch(
        petition, by=district.as_staff(getattr(district, who)), at=LATER, handler=district.worker
    )


def test_without_a_list_a_community_takes_what_it_is_given(district):
    petition = district.petition(status=Status.ACCEPTED)

    assert push_down(district, petition).status == Status.DISPATCHED


@pytest.mark.parametrize("who", ["dispatcher", "leader"])
def test_what_is_on_no_list_cannot_be_pushed_down_and_nothing_changes(district, who):
    listed(district.community, "0803")
    petition = district.petition(status=Status.ACCEPTED)

    with pytest.raises(BadInput, match="on no list of duties of 龙集里社区") as refused:
        push_down(district, petition, who)

    assert refused.value.field == "to"
    petition.refresh_from_db()
    assert (petition.status, petition.handler_id) == (Status.ACCEPTED, None)


def test_nor_by_designating_it_for_good(district):
    listed(district.community, "0803")
    petition = district.petition(status=Status.ACCEPTED)

    with pytest.raises(BadInput, match="cannot be pushed down"):
        sending.designate(
            petition, by=district.as_staff(district.leader), at=LATER, reason="街道指定", handler=district.worker
        )


@pytest.mark.parametrize("kind", list(DutyKind))
@pytest.mark.parametrize("category", ["0102", "01"])
def test_whatever_kind_of_item_names_the_subject_or_its_main_group_lets_it_through(district, kind, category):
    listed(district.community, category, kind=kind)

    assert push_down(district, district.petition(status=Status.ACCEPTED)).status == Status.DISPATCHED


def test_a_list_made_further_up_counts_for_every_community_below(district):
    listed(district.district, "0803", code="A1")
    petition = district.petition(status=Status.ACCEPTED)
    with pytest.raises(BadInput):
        push_down(district, petition)

    listed(district.street, "0102", code="A2")

    assert push_down(district, petition).status == Status.DISPATCHED


@pytest.mark.parametrize(
    ("begins", "ends", "goes"),
    [
        (date(2026, 6, 9), date(2026, 6, 9), True),
        (date(2026, 6, 10), None, False),
        (date(2026, 1, 1), date(2026, 6, 8), False),
    ],
)
def test_an_item_counts_on_its_first_and_last_day_and_on_no_other(district, begins, ends, goes):
    listed(district.community, "0803")
    listed(district.community, "0102", code="B1", valid_from=begins, valid_to=ends)
    petition = district.petition(status=Status.ACCEPTED)

    if goes:
        assert push_down(district, petition).status == Status.DISPATCHED
    else:
        with pytest.raises(BadInput):
            push_down(district, petition)


def test_the_list_of_subdistricts_is_no_list_of_communities(district):
    listed(district.street, "0803", level=Level.STREET)

    assert push_down(district, district.petition(status=Status.ACCEPTED)).status == Status.DISPATCHED


def test_the_community_gives_its_own_people_what_it_likes_and_units_take_anything(district):
    listed(district.community, "0803")
    own = district.petition(status=Status.ACCEPTED)
    other = district.petition(status=Status.ACCEPTED)

    push_down(district, own, "secretary")
    by = district.as_staff(district.dispatcher)
    transitions.dispatch(other, by=by, at=LATER, organisation=district.sanitation)

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.handler, other.organisation) == (district.worker, district.sanitation)


def test_the_form_offers_units_alone_says_why_and_keeps_to_it(client, district):
    listed(district.community, "0803")
    petition = district.petition(status=Status.ACCEPTED)
    client.force_login(district.dispatcher)

    page = client.get(f"/cases/{petition.number}/", {"do": "dispatch"})

    keys = [key for _group, options in page.context["form"].fields["to"].choices[1:] for key, _label in options]
    assert keys == [f"unit:{district.sanitation.pk}"]
    assert "is on no list of duties of 龙集里社区" in page.content.decode()


def test_of_a_code_the_nearest_row_stands_on_the_published_list(client, district):
    listed(district.district, "0803", code="A1", kind=DutyKind.ASSIST)
    near = listed(district.community, "0803", code="A1")
    listed(district.district, "", code="C9", kind=DutyKind.DELEGATED)
    listed(district.other_community, "0102", code="B1")

    found = duties.list_of(district.community, on=TODAY)

    assert dict(found.counts) == {"own": 1, "delegated": 1}
    assert found.groups[0][1] == (near,)
    assert client.get(f"/duties/{district.community.code}/").status_code == 200
    assert "龙集里社区" in client.get(f"/duties/{district.grid.code}/").content.decode()
    assert client.get(f"/duties/{district.district.code}/").status_code == 404


def test_the_page_of_a_subdistrict_names_its_offices_centres_and_team(client, district, django_assert_num_queries):
    for number, kind in enumerate(("street_office",) * 5 + ("street_centre",) * 4 + ("street_team",)):
        Organisation.objects.create(area=district.street, kind=kind, name=f"内设机构{number}", code=f"JS-{number}")
    listed(district.street, "", level=Level.STREET)
    url = f"/duties/{district.street.code}/"
    client.get(url)

    with django_assert_num_queries(3):  # area, list, units
        page = client.get(url).content.decode()

    assert page.count("内设机构") == 10
    assert "What the subdistrict is made of (10)" in page


def test_a_matter_can_be_given_to_an_office_of_the_subdistrict(district):
    office = Organisation.objects.create(area=district.street, kind="street_office", name="公共安全办公室", code="JS-1")
    petition = district.petition(status=Status.ACCEPTED)

    transitions.dispatch(petition, by=district.as_staff(district.dispatcher), at=LATER, organisation=office)

    petition.refresh_from_db()
    assert petition.organisation == office


def test_an_assisted_item_names_who_leads_and_a_communitys_list_lies_in_no_grid(district):
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyItem.objects.create(
            area=district.street, code="X", kind=DutyKind.ASSIST, name_zh="协助", valid_from=date(2026, 1, 1)
        )
    with pytest.raises(ValidationError, match="so small an area"):
        DutyItem(area=district.grid, code="X", kind="own", name_zh="清扫", valid_from=date(2026, 1, 1)).full_clean()


def rows(*lines):
    heads = ["code", "area_code", "level", "kind", "name_zh", "name_en", "category", "lead_zh", "source",
             "valid_from", "valid_to"]  # fmt: skip
    return Dataset(*lines, headers=heads)


def test_a_list_comes_in_from_a_file_whole_or_not_at_all_and_twice_is_once(district):
    leader = district.as_staff(district.leader)
    good = ("A1", district.community.code, "community", "own", "清扫", "", "0102", "", "", "2026-01-01", "")
    foreign = ("A2", district.other_street.code, "street", "own", "统筹", "", "", "", "", "2026-01-01", "")
    wrong = ("A3", district.community.code, "grid", "own", "清扫", "", "", "", "", "2026-01-01", "")

    with pytest.raises(ImportRefused) as refused:
        DutyItemResource(leader).import_rows(rows(good, foreign, wrong))
    assert [error.row for error in refused.value.errors] == [3, 4]
    assert not DutyItem.objects.exists()

    for _turn in range(2):
        DutyItemResource(leader).import_rows(rows(good))

    assert DutyItem.objects.get().category.code == "0102"


def test_of_several_one_unlisted_matter_leaves_units_alone_and_the_form_says_why(client, district):
    listed(district.community, "0803")
    on_it = district.petition(status=Status.ACCEPTED, category="0803")
    off_it = district.petition(status=Status.ACCEPTED)
    client.force_login(district.dispatcher)

    page = client.post("/admin/queue/dispatch/", {"number": [on_it.number, off_it.number]})

    keys = [key for key, _label in page.context["form"].fields["to"].choices]
    assert keys == ["", f"unit:{district.sanitation.pk}"]
    assert "One of these is on no list of duties of its community" in page.content.decode()

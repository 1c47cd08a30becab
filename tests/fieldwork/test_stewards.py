"""Building and stairwell heads: coverage, vacant houses, terms (000-25)."""

from datetime import date

import pytest
from django.urls import reverse

from fieldwork import stewards
from fieldwork.coverage import Share
from grids.enums import Level, PostKind
from grids.models import Appointment, Area, GridRole
from people.models import User
from tests.factories import appoint, make_area, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2026, 6, 9)


@pytest.fixture
def heads(district) -> dict[str, Appointment]:
    """Building 3 and its stairwell 2 have a head, building 4 a closed account; building 9 lies in the other grid."""
    four = make_area(Level.BUILDING, "4号楼", "620302001001001-4", district.grid)
    make_area(Level.UNIT, "1单元", "620302001001001-4-1", four)
    make_area(Level.BUILDING, "9号楼", "620302001001002-9", district.other_grid)
    gone = make_area(Level.BUILDING, "5号楼", "620302001001001-5", district.grid)
    Area.objects.filter(pk=gone.pk).update(valid_to=date(2026, 6, 8))
    closed = make_user("closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    return {
        "3": appoint(make_user("three"), PostKind.BUILDING_HEAD, district.building),
        "3-2": appoint(make_user("two"), PostKind.UNIT_HEAD, district.unit),
        "4": appoint(closed, PostKind.BUILDING_HEAD, four),
    }


def test_houses_with_a_head_are_counted_and_those_without_are_named(district, heads):
    """Mechanism 000-25."""
    whole, below = stewards.lines(district.community, [district.grid, district.other_grid], on=TODAY)

    assert (whole.buildings, whole.units) == (Share(3, 1), Share(2, 1))
    assert [(row.area, row.buildings, row.units) for row in below] == [
        (district.grid, Share(2, 1), Share(2, 1)),
        (district.other_grid, Share(1, 0), Share(0, 0)),
    ]
    assert [one.name for one in stewards.vacant(district.community, on=TODAY)] == ["4号楼", "1单元", "9号楼"]
    Appointment.objects.filter(pk=heads["3"].pk).update(ends_on=date(2026, 6, 8))
    assert [one.name for one in stewards.vacant(district.grid, on=TODAY)] == ["3号楼", "4号楼", "1单元"]


def test_a_term_counts_from_the_appointment_and_is_said_before_it_ends(district, heads):
    GridRole.objects.filter(post_kind=PostKind.BUILDING_HEAD).update(term_years=3)
    GridRole.objects.filter(post_kind=PostKind.UNIT_HEAD).update(term_years=None)
    row = heads["3"]

    def ends(starts_on: date) -> list[date]:
        Appointment.objects.filter(pk=row.pk).update(starts_on=starts_on)
        return [one.ends_on for one in stewards.terms(district.grid, on=TODAY)]

    assert ends(date(2023, 6, 9)) == [date(2026, 6, 8)]
    assert ends(date(2023, 8, 9)) == [date(2026, 8, 8)]
    assert ends(date(2023, 8, 10)) == []
    assert ends(date(2020, 2, 29)) == [date(2023, 2, 28)]


def test_the_page_goes_down_as_far_as_the_post_reaches(client, district, heads, django_assert_max_num_queries):
    url = reverse("steward_coverage")
    client.force_login(district.leader)
    page = client.get(url)
    assert (page.context["area"], [row.area.code for row in page.context["rows"]], page.context["vacant"]) == (
        district.street, [district.community.code, district.other_community.code], [],
    )  # fmt: skip
    client.force_login(district.secretary)
    with django_assert_max_num_queries(12):
        page = client.get(url)
    assert [one.name for one in page.context["vacant"]] == ["4号楼", "1单元", "9号楼"]
    assert client.get(f"{url}?area={district.other_community.code}").status_code == 404
    client.force_login(district.handler)
    assert client.get(url).status_code == 403

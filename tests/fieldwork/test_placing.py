"""How many stations there are of how many wanted; three points in each grid (003a-23, 003a-27, 004-24)."""

from datetime import date

import pytest
from django.urls import reverse

from fieldwork.coverage import Share
from fieldwork.models import ServiceStation, StationTarget
from fieldwork.placing import placed
from tests.fieldwork.places import station

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2026, 6, 9)


def figures(district, area=None, within=None):
    area = area or district.district
    return placed(area, within=(within or area.path,), on=TODAY)


def test_the_grids_with_all_three_points_are_counted_and_the_others_named(district):
    """Mechanism 004-24: one social work point, one neighbour watch point, one point to talk in each grid."""
    for kind in ("social", "watch", "talk"):
        station(district, f"A-{kind}", kind, district.grid)
    station(district, "B-talk", "talk", district.other_grid)
    gone = station(district, "B-watch", "watch", district.other_grid)
    ServiceStation.objects.filter(pk=gone.pk).update(valid_to=date(2026, 6, 8))

    found = figures(district)

    assert found.three_points == Share(2, 1)
    assert [(one.area, one.kinds) for one in found.without_point] == [
        (district.other_grid, (("social", 1), ("watch", 1))),
    ]
    assert (found.stations, figures(district, district.other_community).three_points) == (4, Share(0, 0))


def test_stations_are_counted_by_kind_and_level_against_what_is_wanted(district):
    """Mechanisms 003a-23, 003a-27: the nearest area's number counts; a lead's home is a meeting point."""
    for code, kind, area in (
        ("C-1", "centre", district.district), ("C-2", "centre", district.street),
        ("C-3", "centre", district.community), ("C-4", "canteen", district.community),
        ("C-5", "home", district.grid),
    ):  # fmt: skip
        station(district, code, kind, area)
    for area, kind, per, least in (
        (district.district, "centre", 4, 1), (district.district, "canteen", 5, 1),
        (district.community, "canteen", 5, 3), (district.street, "meeting", 6, 1),
    ):  # fmt: skip
        StationTarget.objects.create(area=area, kind=kind, per=per, least=least)

    found = figures(district)

    assert [(row.kind, row.level, row.there, row.share) for row in found.rows] == [
        ("centre", 3, 1, None),
        ("centre", 4, 1, Share(2, 1)),
        ("centre", 5, 1, None),
        ("canteen", 5, 1, Share(2, 0)),
        ("meeting", 6, 0, Share(2, 1)),
        ("home", 6, 1, None),
    ]
    assert [(one.area, one.kinds) for one in found.lacking] == [
        (district.community, (("canteen", 2),)),
        (district.other_grid, (("meeting", 1),)),
        (district.other_community, (("canteen", 1),)),
        (district.other_street, (("centre", 1),)),
    ]


def test_the_page_counts_as_far_as_the_post_reaches(client, district, django_assert_max_num_queries):
    station(district, "C-4", "canteen", district.community)
    station(district, "C-5", "canteen", district.other_community)
    url = reverse("station_coverage")
    client.force_login(district.secretary)

    with django_assert_max_num_queries(12):
        page = client.get(url)

    assert (page.context["area"], page.context["figures"].stations) == (district.community, 1)
    assert client.get(f"{url}?area={district.street.code}").status_code == 404
    client.force_login(district.leader)
    page = client.get(url)
    assert (page.context["figures"].stations, [one.code for one in page.context["below"]]) == (
        2, [district.community.code, district.other_community.code],
    )  # fmt: skip
    client.force_login(district.handler)
    assert client.get(url).status_code == 403

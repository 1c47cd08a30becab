"""The dossier of a grid (一网一档, 002-30): its figures, what it said on a day, a file with nobody in it."""

import io
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from fieldwork import coverage, dossier, dwellings
from fieldwork.enums import HouseState, HouseUse
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import GridDossier
from grids import microgrids
from grids.enums import PostKind
from people.models import ExportLog
from tests.factories import TUESDAY, appoint, make_user
from tests.fieldwork.homes import at, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ON = date(2026, 6, 9)


@pytest.fixture
def filled(district):
    """The grid with two households, one home to collect and one that stands empty."""
    home, _other = homes(district, "101 102", name="")
    by = district.as_staff(district.worker)
    houses = {"floor": None, "use": HouseUse.HOME, "by": by, "at": TUESDAY}
    dwellings.write_down(place=district.unit, numbers=["201"], state=HouseState.LIVED_IN, **houses)
    dwellings.write_down(place=district.unit, numbers=["202"], state=HouseState.EMPTY, **houses)
    visit(district, home, at("2026-05-20"))
    coverage.close_periods(at=TUESDAY)
    appoint(make_user("head3"), PostKind.BUILDING_HEAD, district.building)
    microgrids.make(
        district.grid, name="微网格一", places=[district.building], by=district.as_staff(district.lead), at=TUESDAY
    )
    return district


def test_the_figures_of_grids_come_in_one_query(filled, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = dossier.figures([filled.grid, filled.other_grid], on=ON)

    assert found[filled.grid.pk] == {
        "buildings": 1, "units": 1, "compounds": 0, "micro_grids": 1, "houses": 4, "homes": 4, "homes_empty": 1,
        "homes_collected": 2, "homes_missing": 1, "households": 2, "persons": 0, "posts": 2, "building_heads": 1,
        "unit_heads": 0, "stations": 0, "teams": 0, "team_members": 0, "routes": 0, "rounds_asked": 0,
        "rounds_walked": 0, "visits_asked": 2, "visits_reached": 1,
    }  # fmt: skip
    assert {code for code, number in found[filled.other_grid.pk].items() if number} == {"posts"}


def test_nothing_of_petitions_or_care_stands_among_them():
    assert not [code for code in dossier.FIGURES if any(word in code for word in ("petition", "case", "care", "noted"))]


def test_a_version_says_what_the_dossier_said_that_day(filled):
    by = filled.as_staff(filled.lead)
    dossier.keep(filled.grid, by=by, at=TUESDAY)
    homes(filled, "301-305")

    dossier.keep(filled.grid, by=by, at=TUESDAY + timedelta(days=10))

    assert dossier.version(filled.grid, on=date(2026, 6, 8)) is None
    assert dossier.version(filled.grid, on=date(2026, 6, 18)).figures["households"] == 2
    assert dossier.version(filled.grid, on=date(2026, 6, 19)).figures["households"] == 7
    with pytest.raises(NotNow):
        dossier.keep(filled.grid, by=by, at=TUESDAY)
    with pytest.raises(NotYours):
        dossier.keep(filled.grid, by=filled.as_staff(filled.worker), at=TUESDAY + timedelta(days=20))
    assert GridDossier.objects.count() == 2


def test_each_grid_has_a_version_a_month_however_often_the_task_runs(district):
    assert dossier.keep_months(at=TUESDAY) == 2
    assert dossier.keep_months(at=TUESDAY + timedelta(days=1)) == 0
    assert dossier.keep_months(at=TUESDAY + timedelta(days=30)) == 2
    assert sorted(GridDossier.objects.values_list("on", flat=True)) == [ON, ON, date(2026, 7, 9), date(2026, 7, 9)]


def test_a_version_is_never_changed(district):
    dossier.keep_months(at=TUESDAY)

    for change in (lambda rows: rows.update(figures={}), lambda rows: rows.delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change(GridDossier.objects.all())
    assert GridDossier.objects.count() == 2


# -- pages -------------------------------------------------------------------------------------------------------------


def test_the_page_shows_posts_figures_and_micro_grids_and_keeps_a_version(client, filled):
    client.force_login(filled.lead)
    url = reverse("grid_dossier", args=[filled.grid.code])

    page = client.get(url).content.decode()
    assert [
        word for word in ("worker", "lead", "secretary", "微网格一", "Homes still to collect") if word not in page
    ] == []
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 409
    assert GridDossier.objects.get().figures["homes"] == 4


def test_an_earlier_day_shows_the_figures_and_the_posts_of_then(client, filled):
    today = timezone.localdate()
    GridDossier.objects.create(
        grid=filled.grid, on=today - timedelta(days=40), figures={"homes": 77, "gone": 1}, at=timezone.now()
    )
    client.force_login(filled.secretary)
    url = reverse("grid_dossier", args=[filled.grid.code])

    then = client.get(url, {"on": str(today - timedelta(days=30))})
    assert [(one.code, one.number) for one in then.context["figures"]] == [("homes", 77)]
    assert then.context["on"] == today - timedelta(days=30)
    before = client.get(url, {"on": str(today - timedelta(days=50))})
    assert before.context["kept"] is None
    assert client.get(url, {"on": "gestern"}).status_code == 404


SEEN = {"worker": 200, "window": 200, "leader": 200, "supervisor": 200, "other_worker": 404, "other_secretary": 404}


@pytest.mark.parametrize(("who", "status"), SEEN.items())
def test_who_sees_counts_sees_the_dossiers_of_his_area(client, district, who, status):
    client.force_login(getattr(district, who))

    assert client.get(reverse("grid_dossier", args=[district.grid.code])).status_code == status


def test_the_file_has_a_line_a_grid_numbers_only_and_a_mark(client, filled):
    client.force_login(filled.leader)

    answer = client.post(f"{reverse('dossier_export')}?area={filled.street.code}")

    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["620302001001001", "620302001001002"]
    assert rows[1][1:4] == ("滨河路街道", "龙集里社区", "第一网格")
    assert len(rows[0]) == 4 + len(dossier.FIGURES)
    assert all(isinstance(cell, int) for row in rows[1:] for cell in row[4:])
    assert list(ExportLog.objects.values_list("what", "rows", "masked")) == [("fieldwork.griddossier", 2, True)]


def test_page_and_list_cost_the_same_however_much_there_is(client, filled, django_assert_max_num_queries):
    client.force_login(filled.secretary)

    with django_assert_max_num_queries(
        14
    ):  # posts, stations, teams, routes, micro-grids and versions beside the figures
        client.get(reverse("grid_dossier", args=[filled.grid.code]))
    with django_assert_max_num_queries(10):
        client.get(reverse("dossiers"))

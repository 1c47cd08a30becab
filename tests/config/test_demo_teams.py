"""The demo's teams: a rule chosen, some roles empty, persons sent down, pledges on the boards."""

from datetime import date
from random import Random

import pytest

from config.demo.areas import load_areas
from config.demo.people import people_the_district
from config.demo.scale import SMALL
from config.demo.teams import team_up
from grids.boards import boards
from grids.enums import Level
from grids.figures import figures
from grids.models import Area
from grids.roster import sent_down
from grids.staffing import report, totals

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 12)


@pytest.fixture
def district(db) -> Area:
    load_areas(SMALL)
    town = people_the_district(SMALL, rng=Random(7), today=TODAY)
    team_up(town, rng=Random(8), today=TODAY)
    return Area.objects.get(level=Level.DISTRICT, served=True)


def test_every_grid_has_a_rule_and_some_lack_somebody(district):
    rows = report([district.path], on=TODAY)

    found = totals(rows)
    assert (found.grids, found.without_rule) == (4, 0)
    assert {row.rule.key for row in rows} == {"three_leads_three_officers", "one_plus_four"}
    assert found.roles_lacking > 0
    assert found.full < 4


def test_somebody_is_sent_down_and_the_workers_are_registered(district):
    assert sum(row.persons for row in sent_down([district.path], on=TODAY)) >= 2
    found = figures([district.path], on=TODAY)
    assert found.unregistered == 0
    assert found.workers == found.graded > 0
    assert 0 < found.general_service < found.workers


def test_every_board_has_names_pledges_and_telephones(district):
    grids = list(Area.objects.served().filter(level=Level.GRID).order_by("code"))

    for board in boards(grids, on=TODAY):
        assert any(one.pledge for one in board.names)
        assert board.office_phone.startswith("0935-8")
        assert board.supervision_phone.startswith("0935-8")
    assert all(board.visits for board in boards(grids[:1], on=TODAY))

"""Plans to draw grids anew, walked by the real verbs from the first draft to the day they hold."""

from datetime import date, datetime, timedelta

from grids import redivision, redrawing
from grids.enums import Level
from grids.models import Area, Redivision
from tests.factories import TUESDAY, District, make_area

ON = date(2026, 6, 15)  # a Monday
FIRST_DAY = datetime(2026, 6, 15, 0, 5, tzinfo=TUESDAY.tzinfo)


def more_buildings(district: District) -> tuple[Area, Area]:
    """Add a second building to the first grid and one to the second: 5号楼, 9号楼."""
    return (
        make_area(Level.BUILDING, "5号楼", "620302001001001-5", district.grid),
        make_area(Level.BUILDING, "9号楼", "620302001001002-9", district.other_grid),
    )


def draft(district: District, *, on: date = ON, at: datetime = TUESDAY, by=None) -> Redivision:
    """Begin a plan for the first community."""
    by = district.as_staff(by or district.secretary)
    return redivision.begin(community=district.community, on=on, reason="楼栋增加，网格过大。", by=by, at=at)


def line_of(plan: Redivision, grid: Area):
    """Return the line of a grid of today."""
    return plan.grids.get(grid=grid)


def split(district: District, *, building: Area | None = None, **how) -> Redivision:
    """Draft: 3号楼 goes from the first grid to a new one, 第三网格."""
    plan, by = draft(district, **how), district.as_staff(how.get("by") or district.secretary)
    line = redivision.add_grid(plan, name="第三网格", code="", by=by, version=plan.version)
    plan.refresh_from_db()
    moving = building or district.building
    return redivision.move_buildings(plan, buildings=[moving.pk], to=line.pk, by=by, version=plan.version)


def merge(district: District, **how) -> Redivision:
    """Draft: the first grid ends, everything in it goes to the second."""
    plan, by = draft(district, **how), district.as_staff(district.secretary)
    heir = line_of(plan, district.other_grid)
    mine = list(plan.buildings.filter(from_grid=district.grid).values_list("building", flat=True))
    plan = redivision.move_buildings(plan, buildings=mine, to=heir.pk, by=by, version=plan.version)
    here = line_of(plan, district.grid)
    return redivision.set_fate(plan, line=here.pk, fate="ends", heir=heir.pk, by=by, version=plan.version)


def approve(district: District, plan: Redivision, *, at: datetime = TUESDAY) -> Redivision:
    """Propose it as the secretary, approve it as the street leader."""
    later = at + timedelta(hours=1)
    plan = redivision.propose(plan, by=district.as_staff(district.secretary), at=at, version=plan.version)
    leader = district.as_staff(district.leader)
    return redivision.decide(plan, by=leader, at=later, agree=True, words="", version=plan.version)


def carry_out(district: District, plan: Redivision, *, at: datetime = FIRST_DAY) -> Redivision:
    """Approve it and let its day come."""
    approve(district, plan)
    assert redrawing.apply_due(at=at) == 1
    return Redivision.objects.get(pk=plan.pk)

"""Routes of the small district and their rounds."""

from datetime import date, datetime, time
from typing import Any

from deadlines.timetable import shanghai_date
from fieldwork import rounds, routes
from fieldwork.enums import Rhythm
from fieldwork.models import PatrolDuty, PatrolPoint, PatrolRoute
from fieldwork.routes import Place, Plan
from grids.enums import PostKind
from tests.factories import SHANGHAI, TUESDAY, District

DAY = date(2026, 6, 9)
# the evening before: what is made then is asked for all day long
MONDAY = datetime(2026, 6, 8, 18, 0, tzinfo=SHANGHAI)
GATES = (Place("东门", "消防通道是否被占"), Place("车棚", "充电线"), Place("3号楼楼道"))


def plan(**facts: Any) -> Plan:
    """Return a plan of a grid's morning round."""
    given = {
        "name": "早巡", "post": PostKind.GRID_WORKER, "rhythm": Rhythm.DAILY, "times": (time(10, 30),), "places": GATES,
    }  # fmt: skip
    return Plan(**(given | facts))


def route(district: District, *, since: datetime = MONDAY, area=None, by=None, **facts: Any) -> PatrolRoute:
    """Make a route as the grid's lead, or whoever ``by`` names, does."""
    starts_on = facts.pop("starts_on", None) or shanghai_date(since)
    return routes.make(
        area=area or district.grid,
        plan=plan(**facts),
        starts_on=starts_on,
        by=district.as_staff(by or district.lead),
        at=since,
    )


def made(district: District, when: datetime = TUESDAY, **facts: Any) -> PatrolDuty:
    """Make a route and its rounds of a day; return the first of them."""
    one = route(district, **({"since": MONDAY} if when == TUESDAY else {"since": when}), **facts)
    rounds.make_day(at=when)
    return PatrolDuty.objects.select_related("route__area").filter(route=one).order_by("due_by").first()


def points(duty: PatrolDuty) -> list[PatrolPoint]:
    """Return the places of a round in their order."""
    return list(PatrolPoint.objects.filter(route=duty.route, ends_on=None).order_by("position"))

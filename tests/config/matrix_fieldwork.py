"""One of everything of field work in a place of the matrix."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final
from uuid import uuid4

from django.db.models import Model
from django.utils import timezone

from deadlines.timetable import shanghai_date
from fieldwork.models import (
    Adviser,
    Bulletin,
    Campaign,
    DutyPattern,
    DutyPoint,
    DutyShift,
    Dwelling,
    Emergency,
    Household,
    LegalGoal,
    Loan,
    PatrolDuty,
    PatrolPoint,
    PatrolRoute,
    PatrolTeam,
    ServiceStation,
    StationHours,
    StationItem,
    StationTarget,
)
from grids.enums import Level
from grids.models import Area, MicroGrid
from parties.views import members, organisations
from people.enums import Context
from people.models import User
from people.services import create_person
from tests.factories import SINCE
from tests.fieldwork.homes import informed_in, line_of, looked_in_on
from tests.parties.world import party_in
from tests.volunteers.world import partner_in, team_in, volunteer_in
from volunteers.views import desk, own, partners
from volunteers.views import teams as volunteer_teams

ROUNDS = ("patrol_round", "patrol_confirm", "patrol_take_back", "patrol_finding", "patrol_why")
ROUTES = ("patrol_route", "patrol_route_change", "patrol_route_end")
KINDS_OF_VOLUNTEERS: Final = {
    "volunteer_do": ("what", desk.KINDS),
    "own_volunteer_do": ("what", own.KINDS),
    "volunteer_team_do": ("what", volunteer_teams.WHAT),
    "home_partner_do": ("what", partners.WHAT),
    "party_do": ("what", organisations.KINDS),
    "party_member_do": ("what", members.KINDS),
}
# what the addresses of field work are about
OF_FIELDWORK: Final = {
    **dict.fromkeys(("loan_new", "item_repair"), "fieldwork.stationitem"),
    **dict.fromkeys(("loan_end", "loan_look"), "fieldwork.loan"),
    **dict.fromkeys(
        ("station", "station_loans", "station_work", "station_close", "station_reopen"), "fieldwork.servicestation"
    ),
    **dict.fromkeys(
        ("duty_shift", "duty_take", "duty_offer", "duty_assign", "duty_hand_over", "duty_take_over"),
        "fieldwork.dutyshift",
    ),
    "duty_point": "fieldwork.dutypoint",
    **dict.fromkeys(("household", "care_new"), "fieldwork.household"),
    "care": "fieldwork.carerecipient",
    "micro_grid": "grids.microgrid",
    **dict.fromkeys(("bulletin", "bulletin_poster", "bulletin_work"), "fieldwork.bulletin"),
    "legal_person": "fieldwork.legalperson",
    "liaison": "fieldwork.liaison",
    "dwelling": "fieldwork.dwelling",
    "household_versions": "fieldwork.household",
    "visit_campaign": "fieldwork.campaign",
    **dict.fromkeys(ROUTES, "fieldwork.patrolroute"),
    **dict.fromkeys(ROUNDS, "fieldwork.patrolduty"),
    "patrol_team": "fieldwork.patrolteam",
    "emergency_end": "fieldwork.emergency",
    **dict.fromkeys(("volunteer", "home_partner_new"), "volunteers.volunteer"),
    "volunteer_team": "volunteers.volunteerteam",
    "home_partner": "volunteers.homepartner",
    **dict.fromkeys(("party", "party_new", "party_member_new"), "parties.partyorganisation"),
    "party_member": "parties.partymember",
}


def fieldwork_of(place: str, area: Area, clerk: User) -> Iterator[Model]:
    """Make and return them."""
    station = ServiceStation.objects.create(code=f"S-{place}", kind="practice", area=area, valid_from=SINCE)
    yield station
    item = StationItem.objects.create(station=station, name="雨伞")
    yield item
    borrower = create_person(context=Context.BORROWER, name="常小红", at=timezone.now())
    yield Loan.objects.create(
        client_key=uuid4(), item=item, piece=1, borrower=borrower, lent_at=timezone.now(), lent_by=clerk, due_on=SINCE
    )
    yield Adviser.objects.create(
        code=f"A-{place}", kind="health", area=area, weekday=0, opens="09:00", closes="12:00", valid_from=SINCE
    )
    yield StationHours.objects.create(station=station, weekday=0, opens="09:00", closes="12:00")
    yield StationTarget.objects.create(area=area, kind="practice", per=area.level)
    yield LegalGoal.objects.create(area=area, role="informed", per=Level.COMMUNITY)
    sitting = User.objects.filter(username__startswith="worker").order_by("pk")[0] if place == "grid" else clerk
    yield DutyPattern.objects.create(area=area, user=clerk, weekday=0, starts="09:00", ends="12:00")
    hours = {"starts_at": timezone.now() - timedelta(hours=3), "ends_at": timezone.now() - timedelta(hours=1)}
    shift = DutyShift.objects.create(area=area, user=sitting, **hours)
    yield shift
    yield DutyPoint.objects.create(shift=shift, text="钥匙在抽屉里")
    end = timezone.now() + timedelta(days=2)
    order = {"kind": "flood", "reason": "暴雨预警", "ordered_by": clerk, "ends_at": end}
    yield Emergency.objects.create(area=area, starts_at=timezone.now() - timedelta(hours=1), **order)
    if area.level == Level.GRID:
        now = timezone.now()
        days = {"starts_on": now.date() - timedelta(days=1), "ends_on": now.date() + timedelta(days=9)}
        yield Campaign.objects.create(area=area.parent, name="访千家", started_by=clerk, started_at=now, **days)
        home = Household.objects.create(place=area, grid=area, door="1", valid_from=SINCE)
        yield home
        yield looked_in_on(home, clerk)
        yield informed_in(area, clerk)
        days = {"from_on": SINCE, "to_on": timezone.now().date() + timedelta(days=9)}
        told = {"title": "停水", "words": "请储水。", "by": clerk, "at": timezone.now()}
        yield Bulletin.objects.create(area=area, state="published", **days, **told)
        yield MicroGrid.objects.create(grid=area, name="微网格一", valid_from=SINCE, made_by=clerk)
        yield Dwelling.objects.create(place=area, grid=area, number="1", valid_from=SINCE)
        yield from _patrol(area, clerk)
        yield line_of(area, clerk)
        volunteer = volunteer_in(area.parent)
        yield volunteer
        yield team_in(area, clerk)
        yield partner_in(volunteer, clerk)
        yield from party_in(area)


def _patrol(grid: Area, clerk: User) -> Iterator[Model]:
    """Make a route with one place and a round of today."""
    now = timezone.now()
    times = {"times": [time(23, 59)], "valid_from": SINCE, "set_at": now}
    route = PatrolRoute.objects.create(area=grid, name="早巡", post="grid_worker", made_by=clerk, **times)
    yield route
    PatrolPoint.objects.create(route=route, position=1, name="东门", starts_on=SINCE)
    yield PatrolTeam.objects.create(area=grid, name="红袖章", valid_from=SINCE, made_by=clerk)
    yield PatrolDuty.objects.create(route=route, on=shanghai_date(now), due_by=time(23, 59), asked=1)

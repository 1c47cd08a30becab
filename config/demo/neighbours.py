"""Neighbours in the demo's shown community: who is looked in on, who calls, who knows the law, micro-grids, notices.

Everybody is made up: names and numbers come from ``config.demo.names``.
"""

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from config.demo import names
from config.demo.cast import Cast
from config.demo.people import Town
from deadlines.timetable import shanghai_date
from fieldwork import bulletins, care, dossier, legalpeople, liaisons, loans, shifts
from fieldwork.enums import CareConsent, CareKind, LegalRole, LiaisonKind
from fieldwork.models import DutyPattern, Household, LegalGoal, ServiceStation, StationItem, VisitDuty
from grids import microgrids
from grids.enums import Level, PostKind
from grids.models import Area
from grids.staff import Staff

SINCE: Final = timedelta(days=30)
PLAN: Final = "每周三上午陪同买菜，平时电话问候。"
COURSE: Final = "民法典：邻里与物业"
WANTED: Final = 3


def look_after(town: Town, *, cast: Cast, at: datetime, rng: Random) -> None:
    """Write them down by the verbs of those who would: worker, lead, secretary."""
    community, grid = town.shown
    then, on = at - SINCE, shanghai_date(at)
    worker, lead = (cast.at(grid, kind, then) for kind in (PostKind.GRID_WORKER, PostKind.GRID_LEAD))
    secretary = cast.at(community, PostKind.COMMUNITY_SECRETARY, then)
    homes = list(Household.objects.filter(grid=grid, valid_to=None).select_related("grid").order_by("place", "door"))

    def key() -> uuid.UUID:
        return uuid.UUID(int=rng.getrandbits(128))

    for home, kind, code in (
        (homes[-1], CareKind.ELDERLY, "care_weekly"),
        (homes[-2], CareKind.DISABLED, "care_monthly"),
    ):
        care.add(
            home, kind=kind, name=names.person(rng), phone=names.phone(rng), plan=PLAN, agreed=True,
            duty=VisitDuty.objects.get(code=code), consent_by=CareConsent.SELF, client_key=key(), by=worker, at=then,
        )  # fmt: skip
    liaisons.add(
        kind=LiaisonKind.ELDERLY, place=homes[-1].place, name=names.person(rng), phone=names.phone(rng), agreed=True,
        answers=worker.user, client_key=key(), by=secretary, at=then,
    )  # fmt: skip
    houses = [area for area in town.children[grid.pk] if area.level == Level.BUILDING]
    for number, (house, head) in enumerate(zip(houses, (lead.user, worker.user), strict=False), start=1):
        microgrids.make(grid, name=f"微网格{number}", places=[house], head=head, by=lead, at=then)
    _law(town, secretary=secretary, key=key, then=then, on=on, rng=rng)
    for area, by, title, words, pinned in (
        (community, secretary, "便民义诊", "本周六上午9点，社区活动室，测血压、血糖，请带好身份证明。", True),
        (grid, lead, "检修停水", "周四9点至17点检修水管，请提前储水。", False),
        (grid, worker, "楼道清理", "周五清理楼道杂物，请提前收好自己的物品。", False),
    ):
        bulletins.write(
            area=area, title=title, words=words, from_on=on, to_on=on + timedelta(days=7), is_pinned=pinned,
            client_key=key(), by=by, at=at,
        )  # fmt: skip
    _at_the_station(community, secretary=secretary, at=at, rng=rng)
    dossier.keep_months(at=at)


def _at_the_station(community: Area, *, secretary: Staff, at: datetime, rng: Random) -> None:
    """An umbrella is lent, and the secretary sits there on weekdays of this week."""
    station = ServiceStation.objects.select_related("area").get(code=f"{community.code}-R")
    umbrellas = StationItem.objects.create(station=station, name="雨伞", quantity=5)
    loans.lend(
        umbrellas, name=names.person(rng), phone=names.phone(rng), agreed=True,
        client_key=uuid.UUID(int=rng.getrandbits(128)), by=secretary, at=at - timedelta(days=2),
    )  # fmt: skip
    today = shanghai_date(at)
    hours = {"starts": time(9), "ends": time(12), "area": community, "station": station, "user": secretary.user}
    DutyPattern.objects.bulk_create(DutyPattern(weekday=weekday, **hours) for weekday in range(5))
    shifts.plan_week(community, monday=today - timedelta(days=today.weekday()), by=secretary, at=at)


def _law(town: Town, *, secretary: Staff, key: Callable[[], uuid.UUID], then: datetime, on: date, rng: Random) -> None:
    """Three who know the law, each taught once, and how many are wanted."""
    community, grid = town.shown
    district = next(area for area in town.areas.values() if area.level == Level.DISTRICT)
    LegalGoal.objects.create(area=district, role=LegalRole.INFORMED, per=Level.COMMUNITY, least=WANTED)
    for area, role, is_named in (
        (grid, LegalRole.INFORMED, True), (community, LegalRole.INFORMED, False), (community, LegalRole.LEADER, True),
    ):  # fmt: skip
        row = legalpeople.add(
            role=role, area=area, name=names.person(rng), phone=names.phone(rng), agreed=True, is_named=is_named,
            term_ends_on=date(on.year + 2, 12, 31), client_key=key(), by=secretary, at=then,
        )  # fmt: skip
        legalpeople.trained(
            row, taken_on=shanghai_date(then), subject=COURSE, hours=4, by=secretary, at=then + timedelta(days=1)
        )

"""Households of the demo's shown grid, and what its worker did there: visited most, found some not at home."""

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Final

from config.demo import names
from config.demo.cast import Cast
from config.demo.people import Town
from deadlines.timetable import shanghai_date
from fieldwork import campaigns, coverage, households, visiting
from fieldwork.enums import Outcome, VisitMode
from fieldwork.models import VisitDuty
from fieldwork.reference import templates
from grids.enums import PostKind

BUILDINGS: Final = 2  # of the shown grid; the others are still to be written down
DOORS: Final = "101-102 201-202 301-302"
SINCE: Final = timedelta(days=70)
VISITED, ABSENT = 0.85, 0.1  # shares of the households of a month: reached, nobody at home
WORDS: Final = ("问了供暖情况，正常。", "老人身体好，子女周末回来。", "提醒了楼道不要停电动车。", "", "")


def visit_around(town: Town, *, cast: Cast, at: datetime, rng: Random) -> None:
    """Write down the households of two buildings and the visits of the last two months; what is over is counted."""
    community, grid = town.shown
    then = at - SINCE
    worker, lead = (cast.at(grid, kind, then) for kind in (PostKind.GRID_WORKER, PostKind.GRID_LEAD))
    secretary = cast.at(community, PostKind.COMMUNITY_SECRETARY, then)
    homes = [
        home
        for building in town.children[grid.pk][:BUILDINGS]
        for unit in town.children[building.pk]
        for home in households.add(place=unit, doors=households.doors_in(DOORS), by=worker, at=then)
    ]
    knock = templates()[0]
    campaign = campaigns.start(
        area=community,
        name=knock.name_zh,
        items=knock.items,
        starts_on=shanghai_date(at - timedelta(days=6)),
        ends_on=shanghai_date(at + timedelta(days=24)),
        by=secretary,
        at=at - timedelta(days=6),
    )
    items = list(campaign.items.values_list("pk", flat=True))
    for days in (60, 33, 4):
        for home in homes:
            dice = rng.random()
            if dice > VISITED + ABSENT or (days == 4 and dice > VISITED / 2):  # noqa: PLR2004 - the month still runs
                continue
            met = dice < VISITED
            visiting.log(
                home,
                by=worker,
                at=at - timedelta(days=days, minutes=rng.randrange(300)),
                client_key=uuid.UUID(int=rng.getrandbits(128)),
                mode=VisitMode.DOOR if met else VisitMode.ABSENT,
                outcome=rng.choice((Outcome.WELL, Outcome.WELL, Outcome.TOLD)) if met else Outcome.NONE,
                words=rng.choice(WORDS) if met else "",
                campaign=campaign if days == 4 else None,  # noqa: PLR2004 - within its days
                ticked=rng.sample(items, 3) if met and days == 4 else (),  # noqa: PLR2004 - likewise
            )
    for home in homes[:3]:
        households.say_contact(home, name=names.person(rng), phone=names.phone(rng), by=worker, at=then)
    households.note(homes[0], duty=VisitDuty.objects.get(code="must_alone"), agreed=True, by=lead, at=then)
    households.link(homes[1], user=secretary.user, by=lead, at=then)
    coverage.close_periods(at=at)

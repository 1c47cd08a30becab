"""Volunteers of the demo's shown community: waiting, taken on, a child with its parent; teams of grids, partners."""

import uuid
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from config.demo import names
from config.demo.cast import Cast
from config.demo.people import Town
from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from people.enums import Language
from volunteers import partners, registering, teams, transitions
from volunteers.enums import PartnerDuty, PartnerKind, PartnerMode, QualificationKind, Skill, TeamKind
from volunteers.models import Volunteer
from volunteers.registering import Offer, Ward

TAKEN_ON: Final = 8
WAITING: Final = 3
WITH_PAPER: Final = 0.3  # share of them who hold a certificate
SINCE: Final = timedelta(days=40)


def volunteer(town: Town, *, cast: Cast, at: datetime, rng: Random) -> None:
    """Register them and let the community decide on most; all grids but the last have a team."""
    community, grid = town.shown
    secretary = cast.at(community, PostKind.COMMUNITY_SECRETARY, at)
    then = at - SINCE

    def register(at: datetime, *, ward: Ward | None = None) -> Volunteer:
        papers = (
            [(QualificationKind.FIRST_AID, shanghai_date(at) + timedelta(days=400))]
            if rng.random() < WITH_PAPER
            else []
        )
        offer = Offer(
            home=community,
            skills=tuple(rng.sample(list(Skill), 3)),
            free=tuple(rng.sample(sorted(registering.FREE), 4)),
            papers=papers,
        )
        return registering.register(
            name=names.person(rng),
            phone="" if ward else names.phone(rng),
            offer=offer,
            agreed=True,
            client_key=uuid.UUID(int=rng.getrandbits(128)),
            language=Language.CHINESE,
            at=at,
            ward=ward,
        )

    rows = [register(then + timedelta(days=day)) for day in range(TAKEN_ON)]
    parent = Ward(name=names.person(rng), phone=names.phone(rng), born_on=date(at.year - 12, 3, 1), is_proved=True)
    rows.append(register(then, ward=parent))
    for row in rows:
        transitions.approve(row, by=secretary, at=then + timedelta(days=9))
    for days in range(WAITING):
        register(at - timedelta(days=days + 1))
    grids = town.children[community.pk]
    for place in grids[: max(1, len(grids) - 1)]:
        teams.make(kind=TeamKind.GRID, area=place, name=f"{place.label}志愿服务队", by=secretary, at=then)
    red = teams.make(kind=TeamKind.RED_VEST, area=grid, name="先锋红马甲", by=secretary, at=then)
    members = [teams.join(red, row, by=secretary, at=then + timedelta(days=10)) for row in rows[:4]]
    until = shanghai_date(at) + timedelta(days=300)
    teams.give_mandate(red, member_id=members[0].pk, until=until, by=secretary, at=then + timedelta(days=10))
    for row, kind in zip(rows[:3], (PartnerKind.RETIRED, PartnerKind.MERCHANT, PartnerKind.COURIER), strict=True):
        named = partners.name(
            row,
            kind=kind,
            duties=rng.sample(list(PartnerDuty), 2),
            mode=PartnerMode.BOTH,
            term_ends_on=until,
            by=secretary,
            at=then + timedelta(days=10),
        )
        if kind == PartnerKind.RETIRED:
            partners.honour(named, year=named.starts_on.year, by=secretary, at=at)

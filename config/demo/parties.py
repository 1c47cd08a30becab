"""Party organisations of the demo's shown street: its committee, communities, most grids, a building; some members."""

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Final

from config.demo import names
from config.demo.cast import Cast
from config.demo.people import Town
from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from grids.models import Area
from parties import members, organisations
from parties.enums import BranchForm, Ground, PartyKind

SINCE: Final = timedelta(days=400)
MEMBERS: Final = 6


def organise(town: Town, *, cast: Cast, at: datetime, rng: Random) -> None:
    """Found the tree of a street; all grids of the shown community but the last have a branch."""
    community, grid = town.shown
    street = town.areas[community.parent_id or 0]
    leader = cast.at(street, PostKind.STREET_LEADER, at)
    secretary = cast.at(community, PostKind.COMMUNITY_SECRETARY, at)
    then = at - SINCE

    top = organisations.found(
        kind=PartyKind.WORKING_COMMITTEE, area=street, name=f"{street.label}党工委", by=leader, at=then
    )
    general = {
        one.pk: organisations.found(
            kind=PartyKind.GENERAL_BRANCH, area=one, name=f"{one.label}党总支", parent=top, by=leader, at=then
        )
        for one in town.children[street.pk]
    }[community.pk]
    grids = town.children[community.pk]
    branches = {
        one.pk: organisations.found(
            kind=PartyKind.GRID_BRANCH, area=one, name=f"{one.label}党支部", parent=general, by=secretary, at=then
        )
        for one in grids[: max(1, len(grids) - 1)]
    }
    for form, name in ((BranchForm.SINGLE, "物业企业党支部"), (BranchForm.JOINT, "物业联合党支部")):
        organisations.found(
            kind=PartyKind.PROPERTY_BRANCH, area=community, name=name, parent=general, form=form, by=secretary, at=then
        )
    branch = branches.get(grid.pk) or next(iter(branches.values()))
    building = Area.objects.under(branch.area.path).exclude(pk=branch.area_id).order_by("path").first()
    if building is not None:
        group = organisations.found(
            kind=PartyKind.GROUP, area=building, name=f"{building.label}党小组", parent=branch, by=secretary, at=then
        )
        organisations.found(
            kind=PartyKind.HUB_HOUSEHOLD, area=building, name=f"{building.label}党员中心户", parent=group,
            by=secretary, at=then,
        )  # fmt: skip
    for number in range(MEMBERS):
        joined = shanghai_date(then) + timedelta(days=rng.randint(0, 300))
        members.join(
            branch,
            name=names.person(rng),
            phone=names.phone(rng),
            joined_on=joined,
            ground=Ground.LETTER if number % 2 else Ground.CONSENT,
            client_key=uuid.UUID(int=rng.getrandbits(128)),
            by=secretary,
            at=at - timedelta(days=30),
        )

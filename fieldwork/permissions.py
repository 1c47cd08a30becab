"""Who may do what in field work: post × thing, as data. Where it reaches is the post's own area."""

from typing import Final

from django.utils.translation import gettext as _

from fieldwork.errors import NotYours
from fieldwork.models import Household, HouseholdLink, PatrolRoute, TeamMember
from fieldwork.models.households import AT_COMMUNITY, AT_GRID
from fieldwork.models.patrols import WALKERS
from grids.enums import Level, PostKind
from grids.models import Area
from grids.staff import Staff

# Who writes households down and visits them (architecture.md 6: the grid worker keeps household files).
KEEPS_HOUSEHOLDS: Final = AT_GRID | AT_COMMUNITY
# Who says for what a household is visited, and who keeps contact with it.
ARRANGES: Final = frozenset({PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY})
# Who takes in whole files of houses (architecture.md 6: import and export of the community).
IMPORTS: Final = frozenset({PostKind.COMMUNITY_SECRETARY})
# Who keeps the register of liaisons and elderly people's telephones: the community, and the lead of a grid for his own.
KEEPS_LIAISONS: Final = frozenset({PostKind.GRID_LEAD}) | AT_COMMUNITY
# Who knows of the care recipients of his area and opens their sheets; nobody else does (003a-25).
CARES: Final = AT_GRID | {PostKind.COMMUNITY_SECRETARY}
# Who keeps the register of legally informed residents.
KEEPS_LEGAL: Final = KEEPS_LIAISONS
# Who writes notices to residents for his area, and whose word lets them be read.
APPROVES_BULLETINS: Final = ARRANGES
WRITES_BULLETINS: Final = ARRANGES | {PostKind.GRID_WORKER}
# Who starts a campaign in his area.
STARTS_CAMPAIGNS: Final = frozenset(
    {PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND}
)
# Who keeps the routes of patrols at or under his area, and says why a round was not walked.
KEEPS_ROUTES: Final = frozenset(
    {PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER}
)

# Who works at a station: lends what it has, closes it for a day, sits there.
SERVES_STATIONS: Final = frozenset(
    {
        PostKind.GRID_WORKER,
        PostKind.GRID_LEAD,
        PostKind.COMMUNITY_SECRETARY,
        PostKind.COMMUNITY_WORKER,
        PostKind.DISPATCHER,
        PostKind.STREET_LEADER,
    }
)
# Who orders the emergency mode of an area at or under his own (002-41).
ORDERS_EMERGENCIES: Final = frozenset({PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND})

# Who says who sits where and when.
PLANS_DUTY: Final = frozenset(
    {PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER}
)


def may_keep(by: Staff, area: Area) -> bool:
    """Whether the person writes down the households of a place."""
    return by.holds(*KEEPS_HOUSEHOLDS, path=area.path)


def check_may_keep(by: Staff, area: Area) -> None:
    """Refuse to write down households elsewhere.

    :raises NotYours: if no post of ``by`` keeps the households there
    """
    if not may_keep(by, area):
        raise NotYours(_("Your post does not keep the households of this place."))


def may_import(by: Staff, area: Area) -> bool:
    """Whether the person takes in files of the houses of a place."""
    return by.holds(*IMPORTS, path=area.path)


def may_keep_liaisons(by: Staff, area: Area) -> bool:
    """Whether the person keeps the register of liaisons at a place."""
    return by.holds(*KEEPS_LIAISONS, path=area.path)


def check_may_keep_liaisons(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` keeps the register there
    """
    if not may_keep_liaisons(by, area):
        raise NotYours(_("The community keeps this register."))


def may_care(by: Staff, area: Area) -> bool:
    """Whether the person knows of the care recipients of a place."""
    return by.holds(*CARES, path=area.path)


def check_may_care(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` knows of the care recipients there
    """
    if not may_care(by, area):
        raise NotYours(_("Only the grid's worker and lead and the community's secretary see this."))


def check_may_close(by: Staff, household: Household) -> None:
    """Refuse to close a household to who is only linked to it.

    :raises NotYours: if no post of ``by`` keeps the households there
    """
    check_may_keep(by, household.grid)


def may_arrange(by: Staff, household: Household) -> bool:
    """Whether the person says for what it is visited and to whom it is linked. ``household`` comes with its grid."""
    return by.holds(*ARRANGES, path=household.grid.path)


def check_may_arrange(by: Staff, household: Household) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` reaches the household
    """
    if not may_arrange(by, household):
        raise NotYours(_("The grid lead or the community's secretary arranges this."))


def check_may_visit(by: Staff, household: Household) -> None:
    """Refuse a visit by who neither keeps the household's grid nor is linked to it.

    :raises NotYours: if so
    """
    if may_keep(by, household.grid):
        return
    if not HouseholdLink.objects.filter(household=household, user=by.user, ends_on=None).exists():
        raise NotYours(_("Your post does not visit this household."))


def starts_campaigns(by: Staff) -> list[int]:
    """Return the areas in which this person starts campaigns."""
    return list(dict.fromkeys(held.area_id for held in by.holdings if held.kind in STARTS_CAMPAIGNS))


def may_serve(by: Staff, area: Area) -> bool:
    """Whether the person works at the stations of an area: by a post that reaches it, or in a grid of the community."""
    if by.holds(*SERVES_STATIONS, path=area.path):
        return True
    here = (held for held in by.holdings if held.kind in SERVES_STATIONS)
    return area.level == Level.COMMUNITY and any(held.path.startswith(area.path) for held in here)


def check_may_serve(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` works at the stations of the area
    """
    if not may_serve(by, area):
        raise NotYours(_("Your post does not work at this station."))


def may_close(by: Staff, area: Area) -> bool:
    """Whether the person says that a station of an area stays closed: by a post that reaches it."""
    return by.holds(*SERVES_STATIONS, PostKind.DISTRICT_COMMAND, path=area.path)


def check_may_close_station(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` reaches the station
    """
    if not may_close(by, area):
        raise NotYours(_("Your post does not close this station."))


def may_keep_routes(by: Staff, area: Area) -> bool:
    """Whether the person keeps the routes of an area."""
    return by.holds(*KEEPS_ROUTES, path=area.path)


def check_may_keep_routes(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` keeps the routes of the area
    """
    if not may_keep_routes(by, area):
        raise NotYours(_("Your post does not keep the routes of this area."))


def may_walk(by: Staff, route: PatrolRoute) -> bool:
    """Whether the person walks a route: by a post of its area that walks at all, or in its team.

    ``route`` comes with its area. One query for a route of a team.
    """
    kinds = WALKERS[Level(route.area.level)]
    if any(held.area_id == route.area_id and held.kind in kinds for held in by.holdings):
        return True
    if route.team_id is None:
        return False
    return TeamMember.objects.serving().filter(team=route.team_id, user=by.user).exists()


def check_may_walk(by: Staff, route: PatrolRoute) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` walks the route
    """
    if not may_walk(by, route):
        raise NotYours(_("This round belongs to another post."))


def may_plan(by: Staff, area: Area) -> bool:
    """Whether the person plans the duty of an area."""
    return by.holds(*PLANS_DUTY, path=area.path)


def check_may_plan(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` plans the duty there
    """
    if not may_plan(by, area):
        raise NotYours(_("Your post does not plan the duty of this area."))


def check_may_order(by: Staff, area: Area) -> None:
    """Refuse to order or end an emergency mode to others.

    :raises NotYours: if no post of ``by`` orders it there
    """
    if not by.holds(*ORDERS_EMERGENCIES, path=area.path):
        raise NotYours(_("The street's leader or the district's command orders this."))

"""Who may do what with volunteers: post × thing, as data. Where it reaches is the post's own area."""

from typing import Final

from django.utils.translation import gettext as _

from grids.enums import PostKind
from grids.models import Area
from grids.staff import Staff
from volunteers.errors import NotYours
from volunteers.models.volunteers import AT_COMMUNITY, AT_GRID

# Who decides on registrations and keeps the register: the community where the volunteer lives.
KEEPS_VOLUNTEERS: Final = AT_COMMUNITY
# Who writes somebody down who asks him to (architecture.md 6: filing on behalf).
REGISTERS: Final = AT_GRID | AT_COMMUNITY

# Who makes teams and says who is in them and leads them: the community, and the lead of a grid in his own.
KEEPS_TEAMS: Final = AT_COMMUNITY | {PostKind.GRID_LEAD}


def may_keep_team(by: Staff, area: Area) -> bool:
    """Whether the person keeps the teams of an area."""
    return by.holds(*KEEPS_TEAMS, path=area.path)


def check_may_keep_team(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` keeps teams there
    """
    if not may_keep_team(by, area):
        raise NotYours(_("Your post keeps no teams of volunteers."))


def may_keep(by: Staff, area: Area) -> bool:
    """Whether the person keeps the register of a community."""
    return by.holds(*KEEPS_VOLUNTEERS, path=area.path)


def check_may_keep(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` keeps the register there
    """
    if not may_keep(by, area):
        raise NotYours(_("The community where they live keeps this register."))


def may_register(by: Staff, area: Area) -> bool:
    """Whether the person writes down volunteers who live in a community: by a post there or in one of its grids."""
    if may_keep(by, area):
        return True
    return any(held.kind in AT_GRID and held.path.startswith(area.path) for held in by.holdings)


def check_may_register(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` works in the community
    """
    if not may_register(by, area):
        raise NotYours(_("Your post registers nobody in this community."))

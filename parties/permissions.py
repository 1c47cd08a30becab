"""Who may do what with Party organisations and their members: post × thing. Where it reaches is the post's own area."""

from django.utils.translation import gettext as _

from grids.enums import Level, PostKind
from grids.models import Area
from grids.staff import Staff
from parties.errors import NotYours
from parties.models.organisations import KEEPS_ORGANISATIONS, SEES_ORGANISATIONS

__all__ = [
    "check_may_found", "check_may_keep", "check_may_keep_members", "may_found", "may_keep", "may_keep_members",
    "may_see", "seats_of_streets",
]  # fmt: skip


def may_see(by: Staff) -> bool:
    """Whether the person sees any part of the tree."""
    return by.holds(*SEES_ORGANISATIONS)


def seats_of_streets(by: Staff) -> list[int]:
    """Return the ids of the streets whose topmost organisation the person writes down."""
    return [held.area_id for held in by.holdings if held.kind == PostKind.STREET_LEADER and held.level == Level.STREET]


def may_keep(by: Staff, area: Area) -> bool:
    """Whether the person renames and closes the organisations of an area, and founds others under them."""
    return by.holds(*KEEPS_ORGANISATIONS, path=area.path)


def check_may_keep(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if no post of ``by`` keeps organisations there
    """
    if not may_keep(by, area):
        raise NotYours(_("Your post keeps no Party organisations here."))


def may_found(by: Staff, above: Area | None, area: Area) -> bool:
    """Whether the person founds one at ``area``: who keeps the one above it (at ``above``), or leads the street."""
    return may_keep(by, above) if above is not None else area.pk in seats_of_streets(by)


def check_may_found(by: Staff, above: Area | None, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if ``by`` does not keep the one above, or lead the street
    """
    if not may_found(by, above, area):
        raise NotYours(_("Your post keeps no Party organisations here."))


def may_keep_members(by: Staff, area: Area) -> bool:
    """Whether the person keeps the members of an area's organisations: in a community its secretary, else the street.

    It is the rule of ``PartyMember.visible_to``: who does not keep them does not see them.
    """
    if by.holds(PostKind.COMMUNITY_SECRETARY, path=area.path):
        return True
    return any(held.kind == PostKind.STREET_LEADER and held.area_id == area.pk for held in by.holdings)


def check_may_keep_members(by: Staff, area: Area) -> None:
    """Refuse it to others.

    :raises NotYours: if ``by`` does not keep them
    """
    if not may_keep_members(by, area):
        raise NotYours(_("Your post keeps no members here."))

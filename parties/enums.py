"""The words of Party organisations; imports nothing of ours but the levels of areas."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.enums import Level


class PartyKind(TextChoices):
    """What a Party organisation is, from the street down to the stairwell (000-23, 003a-03)."""

    WORKING_COMMITTEE = "working_committee", _("Party working committee of the street")
    COMMITTEE = "committee", _("community Party committee")
    GENERAL_BRANCH = "general_branch", _("community general Party branch")
    COMMUNITY_BRANCH = "community_branch", _("community Party branch")
    GRID_BRANCH = "grid_branch", _("grid Party branch")
    GROUP = "group", _("Party group of a building")
    HUB_HOUSEHOLD = "hub_household", _("Party members' hub household")
    DUTY_AREA = "duty_area", _("Party members' responsibility area")
    PROPERTY_BRANCH = "property_branch", _("Party branch in property management")
    NEW_BRANCH = "new_branch", _("Party branch of new economic or social organisations")


class BranchForm(TextChoices):
    """Whether a branch is of one enterprise alone, or several have it together (000-56)."""

    SINGLE = "single", pgettext_lazy("Party branch", "of one enterprise")
    JOINT = "joint", pgettext_lazy("Party branch", "of several together")


class Ground(TextChoices):
    """On what somebody is written down as a member of an organisation."""

    CONSENT = "consent", _("They agreed, and know what is kept")
    LETTER = "letter", _("They handed in their transfer letter")


class Place(NamedTuple):
    """Under which kinds an organisation may stand, and at which levels of areas."""

    under: frozenset[PartyKind]
    levels: frozenset[Level]


_K, _L = PartyKind, Level
_COMMUNITY: Final = frozenset({_K.COMMITTEE, _K.GENERAL_BRANCH})
_IN_HOUSES: Final = frozenset({_L.BUILDING, _L.UNIT})
_OF_ENTERPRISES: Final = Place(
    frozenset({_K.WORKING_COMMITTEE, *_COMMUNITY}), frozenset({_L.STREET, _L.COMMUNITY, _L.GRID})
)
# Where each kind stands. A branch stands under no branch; what lies under a branch is part of it.
PLACES: Final[Mapping[PartyKind, Place]] = MappingProxyType(
    {
        _K.WORKING_COMMITTEE: Place(frozenset(), frozenset({_L.STREET})),
        _K.COMMITTEE: Place(frozenset({_K.WORKING_COMMITTEE}), frozenset({_L.COMMUNITY})),
        _K.GENERAL_BRANCH: Place(frozenset({_K.WORKING_COMMITTEE, _K.COMMITTEE}), frozenset({_L.COMMUNITY})),
        _K.COMMUNITY_BRANCH: Place(frozenset({_K.WORKING_COMMITTEE, *_COMMUNITY}), frozenset({_L.COMMUNITY})),
        _K.GRID_BRANCH: Place(_COMMUNITY, frozenset({_L.GRID})),
        _K.GROUP: Place(
            frozenset({_K.COMMUNITY_BRANCH, _K.GRID_BRANCH, _K.PROPERTY_BRANCH, _K.NEW_BRANCH}),
            frozenset({_L.GRID, *_IN_HOUSES}),
        ),
        _K.HUB_HOUSEHOLD: Place(frozenset({_K.COMMUNITY_BRANCH, _K.GRID_BRANCH, _K.GROUP}), _IN_HOUSES),
        _K.DUTY_AREA: Place(frozenset({_K.GRID_BRANCH, _K.GROUP, _K.HUB_HOUSEHOLD}), _IN_HOUSES),
        _K.PROPERTY_BRANCH: _OF_ENTERPRISES,
        _K.NEW_BRANCH: _OF_ENTERPRISES,
    }
)
# Kinds that are single or joint.
FORMED: Final = frozenset({_K.PROPERTY_BRANCH, _K.NEW_BRANCH})
# Committees and general branches consist of organisations; a member stands in a branch or in a part of one.
WITHOUT_MEMBERS: Final = frozenset({_K.WORKING_COMMITTEE, _K.COMMITTEE, _K.GENERAL_BRANCH})
# Of these an area has one at most.
ONE_OF_AN_AREA: Final = frozenset({_K.WORKING_COMMITTEE, _K.COMMITTEE, _K.GENERAL_BRANCH})

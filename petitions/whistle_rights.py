"""Who may do what to a whistle 吹哨报到: who calls whom, who checks it first, who answers for a called unit."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from grids.enums import DEPARTMENT_POSTS, Level, PostKind
from grids.models import Organisation
from grids.models.organisations import OrganisationQuerySet
from grids.posts import Holding, Staff
from petitions.errors import NotNow, NotYours
from petitions.models import Petition, Whistle, WhistleCall
from petitions.models.whistles import ANSWERS_FOR_AREA
from petitions.permissions import covers

# 社区吹哨 (001-23, 004-03) and 街长吹哨 (002-43): workers call their community, secretaries and the street call units.
CALLS_COMMUNITY: Final = frozenset({PostKind.GRID_WORKER, PostKind.GRID_LEAD})
CALLS_UNITS: Final = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER})
CALLERS: Final = CALLS_COMMUNITY | CALLS_UNITS

# "No empty whistles" (rules.md b.4): the post above checks every whistle but the emergency one.
CHECKED_BY: Final[Mapping[PostKind, tuple[tuple[Level, PostKind], ...]]] = MappingProxyType(
    {
        PostKind.GRID_WORKER: ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),),
        PostKind.GRID_LEAD: ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),),
        PostKind.COMMUNITY_SECRETARY: (
            (Level.STREET, PostKind.DISPATCHER),
            (Level.STREET, PostKind.STREET_LEADER),
        ),
        PostKind.DISPATCHER: ((Level.STREET, PostKind.STREET_LEADER),),
        PostKind.STREET_LEADER: ((Level.DISTRICT, PostKind.DISTRICT_COMMAND),),
    }
)
# Who reads how units and callers were scored.
READS_SCORES: Final = frozenset(
    {
        PostKind.COMMUNITY_SECRETARY,
        PostKind.DISPATCHER,
        PostKind.STREET_LEADER,
        PostKind.SUPERVISOR,
        PostKind.DISTRICT_COMMAND,
        *DEPARTMENT_POSTS,
    }
)


def calling_post(by: Staff, petition: Petition | None = None) -> Holding | None:
    """Return the nearest of the posts held that may blow the whistle, about this matter if one is given."""
    posts = [
        held
        for held in by.holdings
        if held.kind in CALLERS and held.organisation_id is None and (petition is None or covers(held, petition))
    ]
    return max(posts, key=lambda held: held.level, default=None)


def may_call(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may blow the whistle about this matter now; no query."""
    return petition.is_open and petition.barred_from is None and calling_post(by, petition) is not None


def check_may_call(by: Staff, petition: Petition | None) -> Holding:
    """Return the post from which somebody calls.

    Who stays out of the matter was refused before (``newcalls.look``), or does not see it.

    :raises NotYours: if no post of his blows the whistle
    :raises NotNow: if the matter is over, or about staff: whoever is called would read of it
    """
    held = calling_post(by, petition)
    if held is None:
        raise NotYours(_("Your post does not blow the whistle here."))
    if petition is not None and not petition.is_open:
        raise NotNow(_("%(number)s is over.") % {"number": petition.number})
    if petition is not None and petition.barred_from is not None:
        raise NotNow(_("A matter about staff is not called out to others."))
    return held


def callable_units(by: Staff, *, on: date) -> OrganisationQuerySet:
    """Return the handling units somebody can call on the civil date ``on``: those of his areas and of those above."""
    return Organisation.objects.handling_units().at(on).visible_to(by.only(*CALLS_UNITS)).order_by("name", "pk")


def checks(by: Staff, whistle: Whistle) -> bool:
    """Tell whether somebody is to check this whistle (its area loaded): the post above, never the caller himself."""
    if whistle.by_id == by.user.pk:
        return False
    above = CHECKED_BY[PostKind(whistle.post)]
    return any((held.level, held.kind) in above and held.reaches(whistle.area.path) for held in by.holdings)


def is_caller(by: Staff, whistle: Whistle) -> bool:
    """Tell whether somebody stands on the caller's side: a post that may call, in the area it was called from."""
    return any(held.kind in CALLERS and held.area_id == whistle.area_id for held in by.holdings)


def is_called(by: Staff, call: WhistleCall) -> bool:
    """Tell whether somebody answers for a called unit or community."""
    if call.organisation_id is not None:
        return any(
            held.kind in DEPARTMENT_POSTS and held.organisation_id == call.organisation_id for held in by.holdings
        )
    return any(held.kind in ANSWERS_FOR_AREA and held.area_id == call.area_id for held in by.holdings)


def takes_part(by: Staff, whistle: Whistle, calls: Sequence[WhistleCall]) -> bool:
    """Tell whether somebody may add to the joint handling: caller's side, or one of the called units."""
    return is_caller(by, whistle) or any(is_called(by, call) for call in calls)

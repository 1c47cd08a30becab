"""Who may do what: post × verb, as data (architecture.md 6). Where it reaches is the post's own area or unit."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from grids.enums import Level, PostKind
from grids.posts import Holding, Staff
from petitions.enums import Verb
from petitions.errors import NotYours, OwnWork
from petitions.models import Petition
from petitions.scopes import READS

NOT_BY_HANDLER = frozenset({Verb.VERIFY, Verb.REWORK, Verb.CLOSE})
_WORKS = frozenset({Verb.SIGN, Verb.CONTACT, Verb.ARRIVE, Verb.PLAN, Verb.RESOLVE})

MAY: Mapping[PostKind, frozenset[Verb]] = MappingProxyType(
    {
        PostKind.UNIT_HEAD: frozenset(),
        PostKind.BUILDING_HEAD: frozenset(),
        PostKind.GRID_WORKER: _WORKS,
        PostKind.GRID_LEAD: _WORKS | {Verb.DISPATCH},
        PostKind.COMMUNITY_WORKER: frozenset({Verb.ACCEPT, Verb.CONTACT, Verb.CLOSE}),
        PostKind.COMMUNITY_SECRETARY: _WORKS
        | {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.VERIFY, Verb.REWORK, Verb.CLOSE},
        PostKind.DISPATCHER: frozenset(
            {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.VERIFY, Verb.REWORK, Verb.CLOSE}
        ),
        PostKind.STREET_LEADER: frozenset(
            {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.VERIFY, Verb.REWORK, Verb.CLOSE}
        ),
        PostKind.DEPARTMENT_HANDLER: _WORKS,
        PostKind.DEPARTMENT_HEAD: _WORKS | {Verb.DISPATCH},
        PostKind.SUPERVISOR: frozenset({Verb.VERIFY, Verb.REWORK, Verb.CLOSE}),
        PostKind.DISTRICT_COMMAND: frozenset({Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH}),
        PostKind.SYSTEM_ADMINISTRATOR: frozenset(),
    },
)


def covers(held: Holding, petition: Petition) -> bool:
    """Tell whether a post reaches this petition: by its area, or by the unit that handles it."""
    reads = READS.get(held.kind)
    if reads == "organisation":
        return held.organisation_id is not None and held.organisation_id == petition.organisation_id
    if reads != "area":
        return False
    if held.level == Level.GRID:
        return held.area_id == petition.grid_id
    return petition.area_path.startswith(held.path)


def may(by: Staff, verb: Verb, petition: Petition) -> bool:
    """Tell whether one of the posts held allows the verb on this petition (its state apart)."""
    return any(verb in MAY.get(held.kind, ()) and covers(held, petition) for held in by.holdings) and not (
        verb in NOT_BY_HANDLER and by.user.pk == petition.handler_id
    )


def check_may(by: Staff, verb: Verb, petition: Petition) -> None:
    """Refuse who holds no post that allows the verb here.

    :raises NotYours: if no post of his reaches the petition with this verb
    :raises OwnWork: if he handled it and would verify it himself (GB/T 30428: who handles may not close)
    """
    if may(by, verb, petition):
        return
    if verb in NOT_BY_HANDLER and by.user.pk == petition.handler_id:
        raise OwnWork(_("You handled %(number)s; somebody else must check it.") % {"number": petition.number})
    raise NotYours(
        _("Your post does not allow “%(verb)s” on %(number)s.") % {"verb": verb.label, "number": petition.number}
    )

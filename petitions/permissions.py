"""Who may do what: post × verb, as data (architecture.md 6). Where it reaches is the post's own area or unit."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from grids.enums import Level, PostKind
from grids.posts import Holding, Staff
from petitions.enums import Verb
from petitions.errors import NotNow, NotYours, OwnWork
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

# Who may take over what a colleague below holds.
STEPS_IN = frozenset({PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY, PostKind.DEPARTMENT_HEAD})

# Who hears who speaks when a matter is confidential; the handling unit and everybody else never does.
HEARS_CONFIDENTIAL = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER})
# Who finds the place of a matter that came without one.
PLACES = frozenset(
    {PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND}
)

# Who files for somebody at the door, at the window or on the line.
FILES = frozenset({PostKind.GRID_WORKER, PostKind.GRID_LEAD, PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY})


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
    if verb in NOT_BY_HANDLER and by.user.pk == petition.handler_id:
        return False
    return any(
        verb in MAY.get(held.kind, ()) and covers(held, petition) and _is_his_turn(held, by, verb, petition)
        for held in by.holdings
    )


def _is_his_turn(held: Holding, by: Staff, verb: Verb, petition: Petition) -> bool:
    """Tell whether a matter that somebody else holds may be worked by this post: only heads step in."""
    if verb not in _WORKS or held.kind in STEPS_IN or petition.handler_id == by.user.pk:
        return True
    if petition.handler_id is not None:
        return False
    return petition.organisation_id is None or held.organisation_id == petition.organisation_id


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


def hides_reporter(petition: Petition) -> bool:
    """Tell whether the matter hides who raised it: he asked for it, or its category says so."""
    return petition.is_confidential or (petition.category is not None and petition.category.reporter_hidden)


def may_see_reporter(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may look up who raised the matter (masked on the page, in clear with a reason).

    One simple rule: whoever may act on the petition; if it is confidential, only the community secretary and the
    dispatcher of its area.
    """
    kinds = {held.kind for held in by.holdings if MAY.get(held.kind) and covers(held, petition)}
    return bool(kinds & HEARS_CONFIDENTIAL) if hides_reporter(petition) else bool(kinds)


def check_may_see_reporter(by: Staff, petition: Petition) -> None:
    """Refuse who may not know who raised the matter.

    :raises NotYours: as ``may_see_reporter`` says
    """
    if may_see_reporter(by, petition):
        return
    if hides_reporter(petition):
        raise NotYours(_("This is confidential: only the community secretary and the dispatcher may know whose it is."))
    raise NotYours(_("Your post does not allow you to see who raised %(number)s.") % {"number": petition.number})


def may_place(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may give this petition the place it lacks."""
    waiting = petition.place_id is None and petition.is_open
    return waiting and any(held.kind in PLACES and covers(held, petition) for held in by.holdings)


def check_may_place(by: Staff, petition: Petition) -> None:
    """Refuse who may not place it.

    :raises NotYours: if no post of his may
    :raises NotNow: if it has a place, or is over
    """
    if may_place(by, petition):
        return
    if petition.place_id is not None or not petition.is_open:
        raise NotNow(_("%(number)s does not wait for a place.") % {"number": petition.number})
    raise NotYours(_("Your post does not allow you to place %(number)s.") % {"number": petition.number})


def may_file_on_behalf(by: Staff) -> bool:
    """Tell whether somebody may file for others: whoever meets residents in a grid or a community."""
    return any(held.kind in FILES for held in by.holdings)

"""Who may do what: post × verb, as data (architecture.md 6). Where it reaches is the post's own area or unit."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from grids.enums import Level, PostKind
from grids.posts import Holding, Staff
from people.models import User
from petitions.enums import EventCode, Tier, Verb
from petitions.errors import NotNow, NotYours, OwnWork
from petitions.models import Petition
from petitions.scopes import READS

NOT_BY_HANDLER = frozenset({Verb.VERIFY, Verb.REWORK, Verb.CLOSE})
_WORKS = frozenset({Verb.SIGN, Verb.CONTACT, Verb.ARRIVE, Verb.PLAN, Verb.RESOLVE})
# what comes back: a recall while nobody took it, a return the sender agrees to, somebody who steps back
_TAKES_BACK = frozenset({Verb.RECALL, Verb.TAKE_BACK, Verb.RECUSE})
_CORRECTS = _TAKES_BACK | {Verb.DESIGNATE, Verb.REGRID, Verb.MERGE, Verb.SPLIT}

MAY: Mapping[PostKind, frozenset[Verb]] = MappingProxyType(
    {
        PostKind.UNIT_HEAD: frozenset(),
        PostKind.BUILDING_HEAD: frozenset(),
        PostKind.GRID_WORKER: _WORKS | {Verb.RECUSE},
        PostKind.GRID_LEAD: _WORKS | {Verb.DISPATCH} | _TAKES_BACK,
        PostKind.COMMUNITY_WORKER: frozenset({Verb.ACCEPT, Verb.CONTACT, Verb.RECUSE}),
        PostKind.COMMUNITY_SECRETARY: _WORKS
        | _CORRECTS
        | {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.VERIFY, Verb.REWORK, Verb.CLOSE},
        PostKind.DISPATCHER: _CORRECTS
        | {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.VERIFY, Verb.REWORK, Verb.CLOSE},
        PostKind.STREET_LEADER: _CORRECTS
        | {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.VERIFY, Verb.REWORK, Verb.CLOSE},
        PostKind.DEPARTMENT_HANDLER: _WORKS | {Verb.RECUSE},
        PostKind.DEPARTMENT_HEAD: _WORKS | {Verb.DISPATCH, Verb.RECUSE},
        PostKind.SUPERVISOR: frozenset({Verb.VERIFY, Verb.REWORK, Verb.CLOSE, Verb.RECUSE}),
        PostKind.DISTRICT_COMMAND: _CORRECTS | {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH},
        PostKind.SYSTEM_ADMINISTRATOR: frozenset(),
    },
)

# Beyond that, for what is handled at once: the grid lead approves an instant close (architecture.md 6).
MAY_INSTANTLY: Mapping[PostKind, frozenset[Verb]] = MappingProxyType({PostKind.GRID_LEAD: NOT_BY_HANDLER})

# Who may take over what a colleague below holds.
STEPS_IN = frozenset({PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY, PostKind.DEPARTMENT_HEAD})

# Who hears who speaks when a matter is confidential; the handling unit and everybody else never does.
HEARS_CONFIDENTIAL = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER})
# Who takes the register of petitions of his area out as a file, and who of them with names and numbers in clear.
EXPORTS = frozenset(
    {
        PostKind.COMMUNITY_SECRETARY,
        PostKind.DISPATCHER,
        PostKind.STREET_LEADER,
        PostKind.SUPERVISOR,
        PostKind.DISTRICT_COMMAND,
    }
)
EXPORTS_IN_CLEAR = frozenset({PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND})
# Who takes matters on paper in from a file, each for the places of his own area.
IMPORTS = frozenset(
    {PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND}
)
# Who finds the place of a matter that came without one.
PLACES = frozenset(
    {PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND}
)

# Who asks the petitioner how it went; who worked on it never does.
CALLS_BACK = frozenset(
    {
        PostKind.COMMUNITY_WORKER,
        PostKind.COMMUNITY_SECRETARY,
        PostKind.DISPATCHER,
        PostKind.STREET_LEADER,
        PostKind.SUPERVISOR,
        PostKind.DISTRICT_COMMAND,
    }
)
WORK = (EventCode.SIGNED, EventCode.ARRIVED, EventCode.PLANNED, EventCode.RESOLVED)

# Who files for somebody at the door, at the window or on the line.
FILES = frozenset(
    {
        PostKind.UNIT_HEAD,
        PostKind.BUILDING_HEAD,
        PostKind.GRID_WORKER,
        PostKind.GRID_LEAD,
        PostKind.COMMUNITY_WORKER,
        PostKind.COMMUNITY_SECRETARY,
    }
)


def covers(held: Holding, petition: Petition) -> bool:
    """Tell whether a post reaches this petition: by its area, or by the unit that handles it.

    A matter about staff is closed to their level and everything below it.
    """
    if petition.barred_from is not None and held.level >= petition.barred_from:
        return False
    reads = READS.get(held.kind)
    if reads == "organisation":
        return held.organisation_id is not None and held.organisation_id == petition.organisation_id
    if reads != "area":
        return False
    if held.level == Level.GRID:
        return held.area_id == petition.grid_id or _follows(held, petition)
    return petition.area_path.startswith(held.path)


def _follows(held: Holding, petition: Petition) -> bool:
    """Tell whether a matter was over when the post's grid followed the one that answered, for a place that is his."""
    if petition.is_open or petition.place is None or petition.grid_id not in held.follows:
        return False
    return petition.place.path.startswith(held.path) or petition.place_id in held.inherits


def may(by: Staff, verb: Verb, petition: Petition) -> bool:
    """Tell whether one of the posts held allows the verb on this petition (its state apart)."""
    if verb in NOT_BY_HANDLER and is_own_work(by, petition):
        return False
    return any(
        allows(held, verb, petition) and covers(held, petition) and _is_his_turn(held, by, verb, petition)
        for held in by.holdings
    )


def allows(held: Holding, verb: Verb, petition: Petition) -> bool:
    """Tell whether a post allows the verb on a petition like this, wherever it lies."""
    if verb in MAY.get(held.kind, ()):
        return True
    is_instant = petition.tier == Tier.IMMEDIATE and petition.organisation_id is None
    return is_instant and verb in MAY_INSTANTLY.get(held.kind, ())


def _is_his_turn(held: Holding, by: Staff, verb: Verb, petition: Petition) -> bool:
    """Tell whether a matter that somebody else holds may be worked by this post: only heads step in."""
    if verb not in _WORKS or held.kind in STEPS_IN or is_handler(by, petition):
        return True
    if petition.handler_id is not None:
        return False
    return petition.organisation_id is None or held.organisation_id == petition.organisation_id


def is_handler(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody handles this petition, or stands in today for who does."""
    if petition.handler_id is None:
        return False
    return petition.handler_id == by.user.pk or any(
        user_id == petition.handler_id and covers(held, petition) for user_id, held in by.stands_in
    )


def is_own_work(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody handles this petition, or resolved it before he handed it over to a successor."""
    return by.user.pk in {petition.handler_id, petition.resolved_by_id}


def is_recused(user: User, petition: Petition) -> bool:
    """Tell whether somebody stepped back from this petition, or it is about him; one query."""
    return petition.recusals.filter(user=user).exists()


def check_not_recused(by: Staff, petition: Petition) -> None:
    """Refuse who stepped back from the matter, or is complained of in it, whatever else his posts allow.

    :raises NotYours: if he does
    """
    check_stays_in(by, petition, recused=(by.user.pk,) if is_recused(by.user, petition) else ())


def check_stays_in(by: Staff, petition: Petition, *, recused: Collection[int]) -> None:
    """As ``check_not_recused``, where it is known already who stays out of the matter; no query.

    :raises NotYours: if he does
    """
    if by.user.pk in recused:
        raise NotYours(_("You stay out of %(number)s.") % {"number": petition.number})


def post_for(by: Staff, verb: Verb, petition: Petition) -> Holding | None:
    """Return the nearest of the posts held that allows the verb here."""
    posts = [held for held in by.holdings if allows(held, verb, petition) and covers(held, petition)]
    return max(posts, key=lambda held: held.level, default=None)


def check_may(by: Staff, verb: Verb, petition: Petition) -> None:
    """Refuse who holds no post that allows the verb here.

    :raises NotYours: if no post of his reaches the petition with this verb
    :raises OwnWork: if he handled it and would verify it himself (GB/T 30428: who handles may not close)
    """
    check_not_recused(by, petition)
    check_post(by, verb, petition)


def check_post(by: Staff, verb: Verb, petition: Petition) -> None:
    """Refuse as ``check_may``, where it is known already that he does not stay out of the matter; no query.

    :raises NotYours: if no post of his reaches the petition with this verb
    :raises OwnWork: if he handled it and would verify it himself
    """
    if may(by, verb, petition):
        return
    if verb in NOT_BY_HANDLER and is_own_work(by, petition):
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
    if not any(held.kind in PLACES and covers(held, petition) for held in by.holdings):
        raise NotYours(_("Your post does not allow you to place %(number)s.") % {"number": petition.number})
    raise NotNow(_("%(number)s does not wait for a place.") % {"number": petition.number})


def may_call_back(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may ask the petitioner how it went: a post that reaches it and did not work on it."""
    return any(held.kind in CALLS_BACK and covers(held, petition) for held in by.holdings) and not worked_on(
        by, petition
    )


def check_may_call_back(by: Staff, petition: Petition) -> None:
    """Refuse who may not ask the petitioner how it went.

    :raises OwnWork: if he worked on it himself
    :raises NotYours: if no post of his may, or he stays out of it
    """
    if is_recused(by.user, petition):
        raise NotYours(_("You stay out of %(number)s.") % {"number": petition.number})
    if may_call_back(by, petition):
        return
    if worked_on(by, petition):
        raise OwnWork(_("You handled %(number)s; somebody else must call back.") % {"number": petition.number})
    raise NotYours(_("Your post does not call back on %(number)s.") % {"number": petition.number})


def worked_on(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody handled it at any time; at most one query."""
    if petition.handler_id == by.user.pk:
        return True
    return petition.events.filter(code__in=WORK, by=by.user).exists()


def may_file_on_behalf(by: Staff) -> bool:
    """Tell whether somebody may file for others: whoever meets residents in a grid or a community."""
    return any(held.kind in FILES for held in by.holdings)


def keeps_for_all(by: Staff) -> bool:
    """Tell whether somebody keeps what holds for every area: the district's command, and administrators."""
    return by.is_administrator or by.holds(PostKind.DISTRICT_COMMAND)

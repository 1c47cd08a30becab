"""Where a matter that comes back lies now: grids may have been drawn anew while it was over."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import AreaSuccession
from grids.posts import Request, recipients_for, staff_for
from grids.staff import Staff
from grids.standing import hold as hold_area
from people.models import User
from petitions.enums import Status, Verb
from petitions.models import Petition, Recusal
from petitions.moves import BACK_AMONG_OPEN
from petitions.permissions import MAY, covers
from petitions.responsible import answers_for

# Verified matters wait for somebody else's closing; there is nothing left in them for their handler to do.
IN_HAND: Final = (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.DEFERRED, Status.RESOLVED)


def hold_for(petition: Petition, verb: Verb) -> None:
    """Keep the place of a matter that comes back as it is until the transaction ends, before the matter is locked."""
    if verb in BACK_AMONG_OPEN and petition.place_id is not None:
        hold_area(petition.place_id)


def facts_for(petition: Petition, verb: Verb, *, at: datetime) -> dict[str, Any]:
    """Return what changes on a matter that comes back where grids were drawn anew: area, grid, who has it.

    ``petition`` is locked and its place held. Its handler keeps it while a post of his covers the new grid.
    """
    if verb not in BACK_AMONG_OPEN or petition.place_id is None or petition.grid_id is None:
        return {}
    place = hold_area(petition.place_id)
    heir = AreaSuccession.objects.filter(predecessor=place, is_heir=True).select_related("successor").first()
    answers = answers_for(heir.successor if heir else place, barred=petition.barred_from)
    if answers.grid is None or answers.grid.pk == petition.grid_id:
        return {}
    facts: dict[str, Any] = {"area": answers.area, "area_path": answers.area.path, "grid": answers.grid}
    for field, value in facts.items():
        setattr(petition, field, value)
    if loses_handler(petition, {}, on=shanghai_date(at)):
        facts["handler"] = takers_of([petition], on=shanghai_date(at))[petition.pk]
    return facts


def loses_handler(petition: Petition, known: dict[int, Staff], *, on: date) -> bool:
    """Tell whether no post of who has the matter covers its grid any more; what a unit has stays there.

    ``known`` keeps whose posts were looked up already.
    """
    handler = petition.handler
    if handler is None or petition.organisation_id is not None:
        return False
    if handler.pk not in known:
        known[handler.pk] = staff_for(handler, on)
    # a grid's own post must be in the grid that answers now: seeing what was over there is not enough
    return not any(
        Verb.SIGN in MAY.get(held.kind, ())
        and (held.area_id == petition.grid_id if held.level == Level.GRID else covers(held, petition))
        for held in known[handler.pk].holdings
    )


def takers_of(petitions: Sequence[Petition], *, on: date) -> dict[int, User]:
    """Return who goes on with each: the worker of its grid, who stands in, or one level up; never who stays out.

    Four queries, however many matters.
    """
    if not petitions:
        return {}
    out: dict[int, set[int]] = {}
    for petition_id, user_id in Recusal.objects.filter(petition__in=petitions).values_list("petition", "user"):
        out.setdefault(petition_id, set()).add(user_id)
    told = recipients_for(
        [
            Request(
                key=row.pk,
                path=row.area_path,
                targets=((Level.GRID, PostKind.GRID_WORKER),),
                excluded=frozenset(out.get(row.pk, ())),
            )
            for row in petitions
        ],
        on,
    )
    users = User.objects.in_bulk({one.user_ids[0] for one in told.values()})
    return {row.pk: users[told[row.pk].user_ids[0]] for row in petitions}

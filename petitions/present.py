"""Who is there to be called in a grid now: its posts, its neighbours', its team, and who is on shift."""

from datetime import datetime

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind, Route
from grids.errors import NobodyToTell
from grids.models import Area, GridMember
from grids.posts import Request, recipients_for
from petitions import registry

IN_PERSON = frozenset({Route.HOLDER, Route.DEPUTY})
OF_A_GRID = (PostKind.GRID_WORKER, PostKind.GRID_LEAD)


def on_duty(grid: Area, *, at: datetime) -> tuple[int, ...]:
    """Return the user ids of everybody on duty in a grid ``at`` an instant, never nobody while there is a duty list.

    Workers and leads of the grid and of the community's other grids, the absent replaced by their deputies; for an
    empty post of the grid itself whoever stands over it; members of the grid's team who have an account (004-27:
    委员、共建单位); and whom a higher app knows to be on shift (``registry.set_on_duty``). Four queries.
    """
    on = shanghai_date(at)
    served = Area.objects.served().at(on).filter(parent=grid.parent_id, level=Level.GRID)
    grids = [grid, *served.exclude(pk=grid.pk).order_by("code")]
    requests = [
        Request(key=(area.pk, kind), path=area.path, targets=((Level.GRID, kind),))
        for area in grids
        for kind in OF_A_GRID
    ]
    try:
        answers = recipients_for(requests, on)
    except NobodyToTell as nobody:
        answers = nobody.told
    found = [
        user_id
        for request in requests
        if (told := answers.get(request.key)) is not None and (told.route in IN_PERSON or request.path == grid.path)
        for user_id in told.user_ids
    ]
    team = GridMember.objects.at(on).filter(area=grid, user__is_staff=True).order_by("pk")
    found += team.values_list("user", flat=True)
    return tuple(dict.fromkeys((*registry.on_duty(grid, at=at), *found)))


def heads_above(grid: Area, *, at: datetime) -> tuple[int, ...]:
    """Return who answers for the grid's community, or stands over it: called where nobody else is there."""
    request = Request(key=0, path=grid.path, targets=((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),))
    return recipients_for([request], shanghai_date(at))[0].user_ids

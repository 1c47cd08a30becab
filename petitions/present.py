"""Who is there to be called in a grid now: its posts, its neighbours', its team, and who is on shift."""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind, Route
from grids.errors import NobodyToTell
from grids.models import Area, GridMember
from grids.posts import Request, recipients_for
from petitions import registry

IN_PERSON = frozenset({Route.HOLDER, Route.DEPUTY})
HEAD = "head"
OF_A_GRID = (PostKind.GRID_WORKER, PostKind.GRID_LEAD)


def to_call(grid: Area, *, at: datetime) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the user ids of everybody on duty in a grid ``at`` an instant, and of who answers for its community.

    On duty are workers and leads of the grid and of the community's other grids, the absent replaced by their
    deputies; for an empty post of the grid itself whoever stands over it; members of the grid's team who have an
    account (004-27: 委员、共建单位); and whom a higher app knows to be on shift (``registry.set_on_duty``). Who answers
    for the community, or stands over it, is called where nobody else is there. Three queries.

    :raises NobodyToTell: if there is nobody at all
    """
    on = shanghai_date(at)
    neighbours = Q(pk__in=Area.objects.served().at(on).filter(parent=grid.parent_id, level=Level.GRID).values("pk"))
    team = GridMember.objects.at(on).filter(area=OuterRef("pk"), user__is_staff=True).order_by("pk")
    found = Area.objects.filter(Q(pk=grid.pk) | neighbours).annotate(team=ArraySubquery(team.values("user_id")))
    grids = sorted(found, key=lambda area: (area.pk != grid.pk, area.code))
    requests = [
        Request(key=(area.pk, kind), path=area.path, targets=((Level.GRID, kind),))
        for area in grids
        for kind in OF_A_GRID
    ]
    head = Request(key=HEAD, path=grid.path, targets=((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),))
    nobody: NobodyToTell | None = None
    try:
        answers = recipients_for([*requests, head], on)
    except NobodyToTell as none:
        nobody, answers = none, none.told
    in_posts = [
        user_id
        for request in requests
        if (told := answers.get(request.key)) is not None and (told.route in IN_PERSON or request.path == grid.path)
        for user_id in told.user_ids
    ]
    members = next((area.team for area in grids if area.pk == grid.pk), ())  # type: ignore[attr-defined]  # annotated
    there = tuple(dict.fromkeys((*registry.on_duty(grid, at=at), *in_posts, *members)))
    if HEAD in answers:
        return there, answers[HEAD].user_ids
    if nobody is not None and not there:
        raise nobody
    return there, ()

"""Teams of volunteers: making one, who is in it, who leads it by a dated mandate; which grids have none (000-74)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area, Organisation
from grids.staff import Staff
from people.errors import BadInput
from volunteers.enums import State, TeamKind
from volunteers.errors import NotNow
from volunteers.models import Mandate, Membership, Volunteer, VolunteerTeam
from volunteers.permissions import check_may_keep_team

LEVELS: Final = (Level.COMMUNITY, Level.GRID)
LONGEST_MANDATE: Final = timedelta(days=3 * 366)
LISTED: Final = 300


@dataclass(frozen=True, slots=True)
class GridTeams:
    """One area: how many grids it has, how many of them have a team."""

    area: Area
    grids: int
    with_team: int

    @property
    def without(self) -> int:
        """How many have none."""
        return self.grids - self.with_team


@transaction.atomic
def make(
    *, kind: TeamKind, area: Area, name: str, by: Staff, at: datetime, organisation: Organisation | None = None
) -> VolunteerTeam:
    """Make a team from today on.

    :raises NotYours: if no post of ``by`` keeps teams there
    :raises BadInput: without a name, elsewhere than in a grid or community, a grid's team elsewhere than in a grid, an
        organisation's team without it or another with one
    :raises NotNow: if the area has a team of this name, or the grid has its team
    """
    check_may_keep_team(by, area)
    name = " ".join(name.split())
    if not name:
        raise BadInput(_("Give it a name."), field="name")
    if Level(area.level) not in LEVELS or (kind == TeamKind.GRID and area.level != Level.GRID):
        raise BadInput(_("The team of a grid stands in a grid, others in a grid or a community."), field="area")
    if (kind == TeamKind.ORGANISATION) != (organisation is not None):
        raise BadInput(
            _("Choose the organisation of an organisation's team, and none for others."), field="organisation"
        )
    # two who make one there wait here for each other
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    open_here = VolunteerTeam.objects.filter(area=area, valid_to=None)
    if open_here.filter(name=name).exists():
        raise NotNow(_("This area has a team of this name already."), field="name")
    if kind == TeamKind.GRID and open_here.filter(kind=TeamKind.GRID).exists():
        raise NotNow(_("This grid has its team already."), field="area")
    return VolunteerTeam.objects.create(
        kind=kind, area=area, organisation=organisation, name=name, valid_from=shanghai_date(at), made_by=by.user
    )


@transaction.atomic
def join(team: VolunteerTeam, volunteer: Volunteer, *, by: Staff, at: datetime) -> Membership:
    """Put somebody into a team who is registered in its community, at home or at work.

    :raises NotYours: if no post of ``by`` keeps teams there
    :raises BadInput: if he is not
    :raises NotNow: if he is in the team, or the team has ended
    """
    locked = _open(team, by)
    if not joinable(locked).filter(pk=volunteer.pk).exists():
        if locked.memberships.filter(volunteer=volunteer, ends_on=None).exists():
            raise NotNow(_("They are in the team already."), field="volunteer")
        raise BadInput(_("Choose somebody who is registered in this community."), field="volunteer")
    return Membership.objects.create(team=locked, volunteer=volunteer, starts_on=shanghai_date(at))


@transaction.atomic
def leave(team: VolunteerTeam, *, member_id: int, by: Staff, at: datetime) -> None:
    """Let a member leave today, and with it what mandate he has from now on.

    :raises NotYours: if no post of ``by`` keeps teams there
    :raises NotNow: if there is no such member
    """
    locked = _open(team, by)
    _end(_member(locked, member_id), on=shanghai_date(at))


@transaction.atomic
def give_mandate(team: VolunteerTeam, *, member_id: int, until: date, by: Staff, at: datetime) -> Mandate:
    """Let a member lead from today until a day, both included; whoever led ends yesterday.

    :raises NotYours: if no post of ``by`` keeps teams there
    :raises BadInput: if that day is past, or more than three years away
    :raises NotNow: if there is no such member
    """
    locked = _open(team, by)
    member = _member(locked, member_id)
    on = shanghai_date(at)
    if not on <= until <= on + LONGEST_MANDATE:
        raise BadInput(_("A mandate ends between today and three years from now."), field="until")
    _end_mandates(locked.mandates.all(), on=on - timedelta(days=1))
    return Mandate.objects.create(
        team=locked, volunteer=member.volunteer, starts_on=on, ends_on=until, given_by=by.user
    )


@transaction.atomic
def close(team: VolunteerTeam, *, by: Staff, at: datetime) -> VolunteerTeam:
    """End a team today, with everybody's membership and the mandate.

    :raises NotYours: if no post of ``by`` keeps teams there
    :raises NotNow: if it has ended
    """
    locked = _open(team, by)
    on = shanghai_date(at)
    for member in locked.memberships.filter(ends_on=None):
        _end(member, on=on)
    locked.valid_to = on
    locked.save(update_fields=["valid_to"])
    return locked


def leader_of(team: VolunteerTeam, *, on: date) -> Mandate | None:
    """Return who leads a team on a civil date; one query."""
    running = team.mandates.filter(starts_on__lte=on, ends_on__gte=on)
    return running.select_related("volunteer__person").first()


def joinable(team: VolunteerTeam) -> QuerySet[Volunteer]:
    """Return who can join: taken on, at home or at work in the team's community, and not in it. ``team`` with area."""
    community = team.area_id if team.area.level == Level.COMMUNITY else team.area.parent_id
    there = Volunteer.objects.filter(Q(home=community) | Q(work=community), state=State.ACTIVE)
    inside = Membership.objects.filter(team=team, ends_on=None, volunteer=OuterRef("pk"))
    return there.exclude(Exists(inside)).select_related("person").order_by("-applied_at", "pk")


def grid_teams(area: Area, below: Sequence[Area], *, on: date) -> tuple[GridTeams, list[GridTeams], list[Area]]:
    """Return how an area stands, each one below it, and the grids without a team (at most so many); two queries."""
    grids = list(Area.objects.served().at(on).under(area.path).filter(level=Level.GRID).order_by("code"))
    teams = VolunteerTeam.objects.at(on).filter(kind=TeamKind.GRID, area__path__startswith=area.path)
    has = set(teams.values_list("area", flat=True))

    def line(one: Area) -> GridTeams:
        here = Counter(grid.pk in has for grid in grids if grid.path.startswith(one.path))
        return GridTeams(one, here.total(), here[True])

    return line(area), [line(one) for one in below], [grid for grid in grids if grid.pk not in has][:LISTED]


def _end(member: Membership, *, on: date) -> None:
    member.ends_on = max(on, member.starts_on)
    member.save(update_fields=["ends_on"])
    _end_mandates(Mandate.objects.filter(team=member.team_id, volunteer=member.volunteer_id), on=on)


def _end_mandates(rows: QuerySet[Mandate], *, on: date) -> None:
    """End on a day what mandates would go on after it; one given after that day never was."""
    running = rows.filter(ends_on__gt=on)
    running.filter(starts_on__gt=on).delete()
    running.update(ends_on=on)


def _member(team: VolunteerTeam, member_id: int) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",), no_key=True).select_related("volunteer")
    found = rows.filter(team=team, pk=member_id, ends_on=None).first()
    if found is None:
        raise NotNow(_("They are not in the team any more."))
    return found


def _open(team: VolunteerTeam, by: Staff) -> VolunteerTeam:
    locked = VolunteerTeam.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=team.pk)
    check_may_keep_team(by, locked.area)
    if locked.valid_to is not None:
        raise NotNow(_("This team has ended."))
    return locked

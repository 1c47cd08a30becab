"""Red-armband teams: making one, who joins and leaves it, a look at who can be called."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork.errors import NotNow
from fieldwork.models import PatrolRoute, PatrolTeam, TeamMember
from fieldwork.models.patrols import WALKERS
from fieldwork.permissions import check_may_keep_routes
from grids.enums import Level
from grids.models import Appointment, Area
from grids.staff import Staff
from people.enums import Context
from people.errors import BadInput
from people.models import User
from people.services import Revealed, blank_person, create_person, reveal


@transaction.atomic
def make(*, area: Area, name: str, by: Staff, at: datetime) -> PatrolTeam:
    """Make a team that walks in an area from today on.

    :raises NotYours: if no post of ``by`` keeps the routes there
    :raises BadInput: without a name, or in an area of a level where nobody walks
    :raises NotNow: if the area has a team of this name
    """
    check_may_keep_routes(by, area)
    if not name.strip():
        raise BadInput(_("Give it a name."), field="name")
    if Level(area.level) not in WALKERS:
        raise BadInput(_("Choose a grid, a community or a street."), field="area")
    # two who make one of the same name wait here for each other
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    if PatrolTeam.objects.filter(area=area, name=name.strip(), valid_to=None).exists():
        raise NotNow(_("This area has a team of this name already."), field="name")
    return PatrolTeam.objects.create(area=area, name=name.strip(), valid_from=shanghai_date(at), made_by=by.user)


@sensitive_variables("name", "phone")
@transaction.atomic
def join(
    team: PatrolTeam,
    *,
    agreed: bool,
    by: Staff,
    at: datetime,
    user: User | None = None,
    name: str = "",
    phone: str = "",
    leads: bool = False,
) -> TeamMember:
    """Let somebody join who has agreed: an account of the area's own, or a resident by name, who is sealed.

    ``leads``: who led before goes on as a member.

    :raises NotYours: if no post of ``by`` keeps the routes there
    :raises BadInput: without consent, without a name, with both an account and a name, or if these are none
    :raises NotNow: if the account is in the team, or the team has ended
    """
    check_may_keep_routes(by, team.area)
    locked = _open(team)
    if not agreed:
        raise BadInput(_("Ask them first: they join only if they agree."), field="agreed")
    if (user is None) == (not name.strip()):
        raise BadInput(_("Choose an account or write a name, not both."), field="name")
    on = shanghai_date(at)
    if user is not None:
        if not joinable(locked, on=on).filter(pk=user.pk).exists():
            raise BadInput(_("Choose somebody who holds a post there."), field="user")
        if locked.members.serving().filter(user=user).exists():
            raise NotNow(_("They are in the team already."), field="user")
    person = create_person(context=Context.TEAM, name=name, phone=phone, at=at) if user is None else None
    if leads:
        locked.members.serving().filter(leads=True).update(leads=False)
    return TeamMember.objects.create(team=locked, user=user, person=person, leads=leads, agreed_on=on, starts_on=on)


@transaction.atomic
def leave(team: PatrolTeam, *, member_id: int, by: Staff, at: datetime) -> None:
    """Let a member leave today; a resident's name and number go at once: the consent has ended.

    :raises NotYours: if no post of ``by`` keeps the routes there
    :raises NotNow: if there is no such member
    """
    check_may_keep_routes(by, team.area)
    _end(_member(team, member_id), on=shanghai_date(at))


@transaction.atomic
def close(team: PatrolTeam, *, by: Staff, at: datetime) -> PatrolTeam:
    """End a team today with its routes; its residents' names and numbers go at once.

    :raises NotYours: if no post of ``by`` keeps the routes there
    :raises NotNow: if it has ended
    """
    check_may_keep_routes(by, team.area)
    locked = _open(team)
    on = shanghai_date(at)
    for member in locked.members.serving().select_related("person"):
        _end(member, on=on)
    for route in PatrolRoute.objects.filter(team=locked, valid_to=None):
        route.valid_to = max(on, route.valid_from)
        route.save(update_fields=["valid_to"])
    locked.valid_to = on
    locked.save(update_fields=["valid_to"])
    return locked


def look(team: PatrolTeam, *, member_id: int, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return one sealed field of a member, after writing down who looked and why.

    :raises NotYours: if no post of ``by`` keeps the routes there
    :raises NotNow: if there is no such member
    :raises BadInput: if the member has an account, or the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    check_may_keep_routes(by, team.area)
    member = _member(team, member_id)
    if member.person is None:
        raise BadInput(_("Nothing of this member is sealed."))
    return reveal(person=member.person, field=field, reason=reason, by=by.user, about=f"patrolteam:{team.pk}", at=at)


def joinable(team: PatrolTeam, *, on: date) -> QuerySet[User]:
    """Return who can join by account: active people with a post at or under the team's area on a day."""
    seats = Appointment.objects.at(on).filter(post__area__path__startswith=team.area.path)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("display_name", "pk")


def forget(member_id: int) -> bool:
    """End a member whose time is over: the row goes, and what his person still held."""
    member = TeamMember.objects.select_related("person").filter(pk=member_id).first()
    if member is None:
        return False
    if member.person is not None:
        blank_person(member.person)
    member.delete()
    return True


def _end(member: TeamMember, *, on: date) -> None:
    member.ends_on = on
    member.leads = False
    member.save(update_fields=["ends_on", "leads"])
    if member.person is not None:
        blank_person(member.person)


def _member(team: PatrolTeam, member_id: int) -> TeamMember:
    rows = TeamMember.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    found = rows.serving().filter(team=team, pk=member_id).first()
    if found is None:
        raise NotNow(_("They are not in the team any more."))
    return found


def _open(team: PatrolTeam) -> PatrolTeam:
    locked = PatrolTeam.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=team.pk)
    if locked.valid_to is not None:
        raise NotNow(_("This team has ended."))
    return locked

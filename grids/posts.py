"""Who holds which post on a day, and who must be told: holder, deputy, the level above, the duty list, never nobody.

The rule is architecture.md 4, "Who is told". Dates are civil dates in Asia/Shanghai and come from the caller.
"""

import itertools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from grids.enums import DEPARTMENT_POSTS, Level, PostKind, Route
from grids.errors import NobodyToTell
from grids.models import Absence, Appointment, Area, AreaSuccession, DutyMember
from grids.staff import Holding, Staff
from people.models import User
from people.prepared import Prepared, Statement, put_together, rows_of

__all__ = ["Holding", "Request", "Staff", "Told", "holders", "recipients_for", "staff_for"]

# Who answers for a level when one comes up from below; the first of them that is filled is told.
HEADS: Final[dict[Level, tuple[PostKind, ...]]] = {
    Level.GRID: (PostKind.GRID_LEAD,),
    Level.COMMUNITY: (PostKind.COMMUNITY_SECRETARY,),
    Level.STREET: (PostKind.DISPATCHER, PostKind.STREET_LEADER),
    Level.DISTRICT: (PostKind.DISTRICT_COMMAND,),
}
# Who stands over a post within its own level; asked before the level above is.
SUPERIORS: Final[dict[PostKind, tuple[PostKind, ...]]] = {
    PostKind.GRID_WORKER: (PostKind.GRID_LEAD,),
    PostKind.COMMUNITY_WORKER: (PostKind.COMMUNITY_SECRETARY,),
    PostKind.DISPATCHER: (PostKind.STREET_LEADER,),
    PostKind.DEPARTMENT_HANDLER: (
        PostKind.DEPARTMENT_HEAD, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND,
    ),
    PostKind.DEPARTMENT_HEAD: (PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND),
    PostKind.SUPERVISOR: (PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND),
}  # fmt: skip
NEARNESS: Final = tuple(Route)  # a told list is named after the farthest way it needed


@dataclass(frozen=True, slots=True)
class Request:
    """One question "who is told": the posts wanted, at their levels, on the line of areas that ``path`` names.

    Department posts are looked up at ``organisation_id``. ``excluded`` are the user ids of those complained of or
    recused: they, the line under them, their peers and their deputies are passed over.
    """

    key: Hashable
    path: str
    targets: tuple[tuple[Level, PostKind], ...]
    organisation_id: int | None = None
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, each once in the order found, and the farthest way any of them was found by."""

    user_ids: tuple[int, ...]
    route: Route


class _Seat(NamedTuple):
    """One appointment of the day: who holds it, and who stands in if he is away."""

    area_id: int
    level: int
    kind: str
    organisation_id: int | None
    user_id: int
    active: bool
    absence_id: int | None
    deputy_id: int | None
    deputy_active: bool | None
    deputy_away: bool


def holders(area: Area, post: PostKind, on: date) -> list[User]:
    """Who answers for the post at this area on that day: active holders, the absent replaced by their deputies.

    Nobody for a vacant post. At most two queries.
    """
    ids = list(dict.fromkeys(
        user_id
        for row in _seated(Q(post__area=area, post__kind=post), on)
        if (user_id := _answers(_Seat(*row))[0])
    ))  # fmt: skip
    users = User.objects.in_bulk(ids) if ids else {}
    return [users[user_id] for user_id in ids]


def staff_for(user: User, on: date) -> Staff:
    """The person with all posts held on that day, those he stands in for included. Two queries at most."""
    if not user.is_active or user.pk is None:
        return Staff(user)
    own, deputised = _held_by(user.pk, on)
    held = [_holding(*row) for row in rows_of(own)]
    stands_in = tuple(dict.fromkeys((user_id, _holding(*row)) for user_id, *row in rows_of(deputised)))
    return Staff(user, tuple(dict.fromkeys((*held, *(holding for _absent, holding in stands_in)))), stands_in)


@lru_cache(maxsize=2048)
def _held_by(user_id: int, on: date) -> tuple[Statement, Statement]:
    """Return the statements for the posts held and for those stood in for; every staff page asks them."""
    columns = ("post__kind", "post__area_id", "post__area__level", "post__area__path", "post__organisation_id",
               "follows", "inherits")  # fmt: skip
    followed = AreaSuccession.objects.filter(successor=OuterRef("post__area"), on__lte=on).order_by("predecessor")
    today = Appointment.objects.at(on).annotate(
        follows=ArraySubquery(followed.values("predecessor").distinct()),
        inherits=ArraySubquery(followed.filter(is_heir=True).values("predecessor").distinct()),
    )
    own = today.filter(user=user_id).order_by("pk").values_list(*columns)
    deputised = today.filter(
        absences__deputy=user_id, absences__starts_on__lte=on, absences__ends_on__gte=on
    ).order_by("pk").values_list("user_id", *columns)  # fmt: skip
    return put_together(own), put_together(deputised)


def _holding(kind: str, area_id: int, level: int, path: str, *rest: Any) -> Holding:
    organisation_id, follows, inherits = rest
    return Holding(PostKind(kind), area_id, Level(level), path, organisation_id, tuple(follows), tuple(inherits))


def recipients_for(requests: Sequence[Request], on: date) -> dict[Hashable, Told]:
    """Resolve a whole batch in at most two queries, however many requests it has.

    Each target is resolved by itself and all are told: holders on that day, the deputies of those away; for an empty
    post its superior in the same level, then the heads of each level above, at last the whole duty list.

    :raises NobodyToTell: when a request ends at a duty list without anybody; carries the answers of the others
    """
    if not requests:
        return {}
    roll = _Roll.call(requests, on)
    answers: dict[tuple[object, ...], Told] = {}
    told: dict[Hashable, Told] = {}
    for request in requests:
        same = (request.path, request.targets, request.organisation_id, request.excluded)
        if same not in answers:
            answers[same] = roll.tell(request)
        told[request.key] = answers[same]
    lost = [key for key, answer in told.items() if not answer.user_ids]
    if lost:
        raise NobodyToTell(lost, {key: answer for key, answer in told.items() if answer.user_ids})
    return told


def _seated(where: Q, on: date) -> "QuerySet[Appointment, tuple[Any, ...]]":
    away = FilteredRelation("absences", condition=Q(absences__starts_on__lte=on, absences__ends_on__gte=on))
    elsewhere = Absence.objects.at(on).filter(appointment__user_id=OuterRef("away__deputy_id"))
    return (
        Appointment.objects.at(on)
        .filter(where)
        .annotate(away=away, deputy_away=Exists(elsewhere))
        .order_by("starts_on", "pk")
        .values_list(
            "post__area_id", "post__area__level", "post__kind", "post__organisation_id", "user_id", "user__is_active",
            "away__id", "away__deputy_id", "away__deputy__is_active", "deputy_away",
        )
    )  # fmt: skip


def _among(column: str, ids: list[int]) -> RawSQL:
    """Whether a column is among these keys: one array, so that the SQL is the same however many there are."""
    return RawSQL(f"{column} = ANY(%s::bigint[])", [ids], output_field=BooleanField())  # noqa: S611 - our own column


# An appointment's seat on some areas, or at some organisations; with the departments of these areas, or without.
_SEATS = {
    with_departments: Prepared(
        lambda on, areas, bodies, kinds=kinds: _seated(
            (Q(_among("grids_post.area_id", areas)) & ~Q(post__kind__in=kinds))
            | Q(_among("grids_post.organisation_id", bodies)),
            on,
        ),
        date.max, [-1], [-2],
    )
    for with_departments, kinds in ((True, ()), (False, tuple(sorted(DEPARTMENT_POSTS))))
}  # fmt: skip


def _answers(seat: _Seat) -> tuple[int | None, Route]:
    """Who answers for a seat today: its holder, his deputy, or nobody."""
    if seat.absence_id is None:
        return (seat.user_id if seat.active else None), Route.HOLDER
    if seat.deputy_id is None or not seat.deputy_active or seat.deputy_away:
        return None, Route.DEPUTY
    return seat.deputy_id, Route.DEPUTY


@dataclass(frozen=True, slots=True)
class _Bar:
    """What an exclusion closes: the level of the person complained of and everything under it, and these people."""

    level: Level | None
    persons: frozenset[int]  # told under no circumstances
    line: frozenset[int]  # people of the closed line: they do not stand in for a superior either


@dataclass(slots=True)
class _Roll:
    """All posts of a batch of requests on one day, indexed for look-up without a query."""

    on: date
    by_area: dict[int, list[_Seat]] = field(default_factory=dict)
    by_post: dict[tuple[int, str], list[_Seat]] = field(default_factory=dict)
    by_organisation: dict[int, list[_Seat]] = field(default_factory=dict)
    lines: dict[str, dict[int, int]] = field(default_factory=dict)
    duty: tuple[int, ...] | None = None

    @classmethod
    def call(cls, requests: Sequence[Request], on: date) -> "_Roll":
        """Load every seat on the lines of the requests: one query."""
        areas = {int(part) for path in {request.path for request in requests} for part in path.split("/") if part}
        bodies = {request.organisation_id for request in requests if request.organisation_id is not None}
        roll = cls(on)
        # a district has hundreds of departments; whose matter it is not is looked at only to find who is excluded
        with_departments = any(request.excluded for request in requests)
        for seat in itertools.starmap(_Seat, _SEATS[with_departments](on, sorted(areas), sorted(bodies))):
            roll.by_area.setdefault(seat.area_id, []).append(seat)
            if seat.organisation_id is None:
                roll.by_post.setdefault((seat.area_id, seat.kind), []).append(seat)
            else:
                roll.by_organisation.setdefault(seat.organisation_id, []).append(seat)
        return roll

    def tell(self, request: Request) -> Told:
        """Resolve one request; without any user id if nobody is left at all."""
        bar = self._bar(request)
        found: dict[int, None] = {}
        route = Route.HOLDER
        for level, kind in request.targets or ((Level.PROVINCE, PostKind.DISTRICT_COMMAND),):
            users, way = self._climb(request, level, kind, bar)
            found.update(dict.fromkeys(users))
            route = max(route, way, key=NEARNESS.index)
        return Told(tuple(found), route)

    def _climb(self, request: Request, level: Level, kind: PostKind, bar: _Bar) -> tuple[list[int], Route]:
        if bar.level is None or level < bar.level:
            users, way = self._fill(request, level, kind, bar)
            if users:
                return users, way
            steps = [(level, superior) for superior in SUPERIORS.get(kind, ())]
        else:
            level, steps = bar.level, []
        steps += [(Level(above), head) for above in range(level - 1, 0, -1) for head in HEADS.get(Level(above), ())]
        for above, head in steps:
            users, _way = self._fill(request, above, head, bar)
            if users:
                return users, Route.LEVEL_UP
        return self._duty(bar), Route.DUTY_LIST

    def _fill(self, request: Request, level: Level, kind: PostKind, bar: _Bar) -> tuple[list[int], Route]:
        """Who answers for one post of the line today, and whether any of them as a deputy."""
        users, route = [], Route.HOLDER
        for seat in self._post(request, level, kind):
            user_id, way = _answers(seat)
            barred = bar.persons if way is Route.HOLDER else bar.persons | bar.line
            if user_id is not None and user_id not in barred:
                users.append(user_id)
                route = max(route, way, key=NEARNESS.index)
        return users, route

    def _post(self, request: Request, level: Level, kind: PostKind) -> list[_Seat]:
        if kind in DEPARTMENT_POSTS:
            body = self.by_organisation.get(request.organisation_id or 0, [])
            return [seat for seat in body if seat.kind == kind]
        area_id = self._line(request.path).get(level)
        return [] if area_id is None else self.by_post.get((area_id, kind), [])

    def _line(self, path: str) -> dict[int, int]:
        """Level → area of the areas on this path that have a post at all; the others need no look."""
        if path not in self.lines:
            ids = [int(part) for part in path.split("/") if part]
            self.lines[path] = {self.by_area[pk][0].level: pk for pk in ids if pk in self.by_area}
        return self.lines[path]

    def _bar(self, request: Request) -> _Bar:
        if not request.excluded:
            return _Bar(None, frozenset(), frozenset())
        seats = [seat for pk in self._line(request.path).values() for seat in self.by_area[pk]]
        seats += self.by_organisation.get(request.organisation_id or 0, [])
        theirs = [seat for seat in seats if seat.user_id in request.excluded or _stands_in(seat, request.excluded)]
        if not theirs:
            return _Bar(None, request.excluded, frozenset())
        top = Level(min(seat.level for seat in theirs))
        deputies = {seat.deputy_id for seat in theirs if seat.deputy_id is not None}
        line = {seat.user_id for seat in seats if seat.level >= top}
        return _Bar(top, request.excluded | deputies, frozenset(line))

    def _duty(self, bar: _Bar) -> list[int]:
        """The duty list of the day; people of a closed line only when there is nobody else on it. One query, once."""
        if self.duty is None:
            self.duty = tuple(DutyMember.objects.at(self.on).values_list("user_id", flat=True))
        free = [user_id for user_id in self.duty if user_id not in bar.persons]
        return [user_id for user_id in free if user_id not in bar.line] or free


def _stands_in(seat: _Seat, persons: frozenset[int]) -> bool:
    return seat.absence_id is not None and seat.deputy_id in persons

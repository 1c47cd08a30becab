"""Who holds which post in the demo: invented people, a few posts vacant, one holder away today with a deputy."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from random import Random

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from config.demo import names
from config.demo.areas import district
from config.demo.scale import Scale
from grids.enums import AbsenceReason, Level, OrganisationKind, PostKind
from grids.models import Appointment, Area, DutyMember, Organisation, Post
from grids.services import record_absence
from people.models import User
from petitions.models import Category

UTILITIES = frozenset({"water", "gas", "heating", "power", "telecom", "drainage"})
# What the street has of its own; every other department is the district's.
OF_THE_STREET = frozenset(
    {"sanitation", "greening", "police", "judicial", "subdistrict", "gov_service", "party_affairs", "discipline"}
)
# Not units that a matter is sent to: the grid, the community and the street's dispatcher handle these themselves.
OF_THE_GRID = frozenset({"community", "grid", "property", "subd_dispatch"})
# what every subdistrict is made of (002-04)
STREET_UNITS = {
    OrganisationKind.STREET_OFFICE: ("党政办公室", "党建办公室", "公共服务办公室", "公共管理办公室", "公共安全办公室"),
    OrganisationKind.STREET_CENTRE: ("党群服务中心", "政务服务中心", "综治中心", "网格化服务中心"),
    OrganisationKind.STREET_TEAM: ("综合行政执法队",),
}
SHOWN_DEPARTMENT = "urban_mgmt"  # whose handler and head have demo accounts
VACANT = {PostKind.GRID_WORKER: 0.04, PostKind.GRID_LEAD: 0.06, PostKind.UNIT_HEAD: 0.05}
YEARS_IN_OFFICE = timedelta(days=500)


@dataclass(frozen=True, slots=True)
class Account:
    """An account to try the platform with: which post, held by whom, where."""

    post: PostKind
    user: User
    where: str


@dataclass(slots=True)
class Town:
    """Everybody and every department of the demo, by where they are."""

    areas: Mapping[int, Area]
    children: Mapping[int, Sequence[Area]]
    units: Mapping[tuple[str, int], Organisation]  # department type and the area it answers for
    accounts: list[Account] = field(default_factory=list)

    def department(self, kind: str, street: Area) -> Organisation | None:
        """Return the department of this type that answers for the street, None if the grid handles it."""
        return self.units.get((kind, street.pk)) or self.units.get((kind, street.parent_id or 0))

    @property
    def shown(self) -> tuple[Area, Area]:
        """The community and the grid of the demo accounts."""
        line = self.line()
        return line[1], line[2]

    def line(self) -> list[Area]:
        """Return the areas of the demo accounts, from the street down to the stairwell."""
        found = [next(area for area in self.areas.values() if area.level == Level.STREET)]
        while self.children.get(found[-1].pk):
            found.append(self.children[found[-1].pk][0])
        return found


@dataclass(slots=True)
class _Roster:
    """Collects people and their seats, to be stored in bulk."""

    rng: Random
    since: date
    users: list[User] = field(default_factory=list)
    seats: list[tuple[Area, PostKind, Organisation | None, User | None]] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)

    def hire(self, kind: PostKind, where: str, *, signs_in: bool = True) -> User:
        name = f"{kind.value}-{where}"
        self.taken[name] += 1
        if self.taken[name] > 1:
            name = f"{name}-{self.taken[name]}"
        user = User(
            username=name,
            display_name=names.person(self.rng),
            password=make_password(None),
            is_staff=signs_in,
            is_superuser=kind == PostKind.SYSTEM_ADMINISTRATOR,
        )
        self.users.append(user)
        return user

    def seat(
        self, area: Area, kind: PostKind, user: User | None = None, organisation: Organisation | None = None
    ) -> None:
        self.seats.append((area, kind, organisation, user))

    def fill(self, area: Area, kind: PostKind, *, certainly: bool = False, signs_in: bool = True) -> None:
        """Seat a new person, or leave the post vacant now and then."""
        vacant = not certainly and self.rng.random() < VACANT.get(kind, 0)
        self.seat(area, kind, None if vacant else self.hire(kind, area.code, signs_in=signs_in))

    def store(self) -> None:
        User.objects.bulk_create(self.users, batch_size=1000)
        places = Counter((area.pk, kind, unit.pk if unit else None) for area, kind, unit, _user in self.seats)
        posts = Post.objects.bulk_create(
            (
                Post(area_id=area_id, kind=kind, organisation_id=unit_id, seats=seats)
                for (area_id, kind, unit_id), seats in places.items()
            ),
            batch_size=1000,
        )
        by_place = {(post.area_id, post.kind, post.organisation_id): post for post in posts}
        Appointment.objects.bulk_create(
            (
                Appointment(post=by_place[area.pk, kind, unit.pk if unit else None], user=user, starts_on=self.since)
                for area, kind, unit, user in self.seats
                if user is not None
            ),
            batch_size=1000,
        )


def people_the_district(scale: Scale, *, rng: Random, today: date) -> Town:
    """Make departments, posts, people, the duty list and one absence; return who is where."""
    areas = {area.pk: area for area in Area.objects.served().order_by("level", "code")}
    children: dict[int, list[Area]] = defaultdict(list)
    for area in areas.values():
        if area.parent_id is not None:
            children[area.parent_id].append(area)
    root = district()
    streets = children[root.pk]
    town = Town(areas, children, _departments(root, streets))
    roster = _Roster(rng, since=today - YEARS_IN_OFFICE)
    for kind in (PostKind.DISTRICT_COMMAND, PostKind.SUPERVISOR, PostKind.SYSTEM_ADMINISTRATOR):
        roster.fill(root, kind)
    for (_type, area_id), unit in town.units.items():
        for kind in (PostKind.DEPARTMENT_HANDLER, PostKind.DEPARTMENT_HEAD):
            roster.seat(areas[area_id], kind, roster.hire(kind, unit.code), unit)
    for street in streets:
        for kind in (PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.SUPERVISOR):
            roster.fill(street, kind)
        for community in children[street.pk]:
            roster.fill(community, PostKind.COMMUNITY_SECRETARY)
            roster.fill(community, PostKind.COMMUNITY_WORKER)
            for grid in children[community.pk]:
                _staff_grid(roster, grid, town, scale, first=grid == children[community.pk][0])
    _offices(roster, streets)
    roster.store()
    _duty_list(root, streets)
    _send_one_away(children[children[streets[0].pk][0].pk], today=today)
    town.accounts = list(_accounts(town))
    return town


def _departments(root: Area, streets: Iterable[Area]) -> dict[tuple[str, int], Organisation]:
    types = dict(
        Category.objects.exclude(department_type__in=("", *OF_THE_GRID))
        .order_by("code")
        .values_list("department_type", "department_zh")
    )
    units = {
        (kind, area.pk): Organisation(
            area=area,
            kind=OrganisationKind.UTILITY if kind in UTILITIES else OrganisationKind.DEPARTMENT,
            name=f"{area.name}{name}",
            code=f"{area.code}-{kind}",
        )
        for kind, name in types.items()
        for area in (streets if kind in OF_THE_STREET else (root,))
    }
    Organisation.objects.bulk_create(units.values())
    return units


def _offices(roster: _Roster, streets: Iterable[Area]) -> None:
    units = [
        Organisation(area=street, kind=kind, name=f"{street.name}{name}", code=f"{street.code}-{kind[7:]}-{number}")
        for street in streets
        for kind, named in STREET_UNITS.items()
        for number, name in enumerate(named, start=1)
    ]
    for unit in Organisation.objects.bulk_create(units):
        for kind in (PostKind.DEPARTMENT_HANDLER, PostKind.DEPARTMENT_HEAD):
            roster.seat(unit.area, kind, roster.hire(kind, unit.code), unit)


def _staff_grid(roster: _Roster, grid: Area, town: Town, scale: Scale, *, first: bool) -> None:
    roster.fill(grid, PostKind.GRID_WORKER, certainly=first)
    roster.fill(grid, PostKind.GRID_LEAD, certainly=first)
    buildings = list(town.children[grid.pk])
    sizes = cycle(scale.buildings_per_head)
    while buildings:
        size = next(sizes)
        mine, buildings = buildings[:size], buildings[size:]
        head = roster.hire(PostKind.BUILDING_HEAD, mine[0].code)
        for building in mine:
            roster.seat(building, PostKind.BUILDING_HEAD, head)
            for unit in town.children[building.pk]:
                roster.fill(unit, PostKind.UNIT_HEAD, certainly=first)


def _duty_list(root: Area, streets: Sequence[Area]) -> None:
    seats = Appointment.objects.filter(
        post__area__in=(root, streets[0]), post__kind__in=(PostKind.DISTRICT_COMMAND, PostKind.DISPATCHER)
    ).order_by("post__area__level")
    DutyMember.objects.bulk_create(
        DutyMember(user_id=seat.user_id, position=position) for position, seat in enumerate(seats, start=1)
    )


def _send_one_away(grids: Sequence[Area], *, today: date) -> None:
    """The worker of the second staffed grid is away this week; the first grid's worker stands in."""
    workers = list(
        Appointment.objects.filter(post__area__in=grids, post__kind=PostKind.GRID_WORKER)
        .select_related("user")
        .order_by("post__area__code")[:2]
    )
    deputy, away = workers
    record_absence(
        appointment=away,
        starts_on=today,
        ends_on=today + timedelta(days=6),
        deputy=deputy.user,
        reason=AbsenceReason.LEAVE,
    )


def _accounts(town: Town) -> Iterator[Account]:
    """Yield one account per post, all on one line of areas: the first grid of the first community."""
    line = town.line()
    street = line[0]
    line_ids = {area.pk for area in line} | {street.parent_id}
    shown = town.department(SHOWN_DEPARTMENT, street)
    seats = (
        Appointment.objects.filter(Q(post__organisation=None) | Q(post__organisation=shown), post__area__in=line_ids)
        .select_related("user", "post__area", "post__organisation")
        .order_by("-post__area__level", "pk")
    )
    first: dict[str, Appointment] = {}
    for seat in seats:
        first.setdefault(seat.post.kind, seat)
    for kind in PostKind:
        seat = first[kind]
        unit = seat.post.organisation
        where = " ".join(area.label for area in line if Level(area.level) <= seat.post.area.level)
        yield Account(kind, seat.user, unit.name if unit else where or seat.post.area.label)

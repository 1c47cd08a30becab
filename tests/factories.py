"""A small district with people at their posts, and petitions that walked the real transitions."""

import itertools
import pickle
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.sql import InsertQuery

from deadlines.models import Policy
from grids import posts
from grids.enums import Level, PostKind
from grids.models import Appointment, Area, DutyMember, Organisation, Post
from grids.staff import Staff
from people.models import User
from petitions import services, transitions
from petitions.enums import Status, Tier, Urgency
from petitions.models import Category, Petition

SHANGHAI = ZoneInfo("Asia/Shanghai")
# a Tuesday morning, no holiday near: 2026-06-09 10:00 in Shanghai
TUESDAY = datetime(2026, 6, 9, 10, 0, tzinfo=SHANGHAI)
SINCE = date(2020, 1, 1)
PASSWORD = "open-sesame-2026"

_serial = itertools.count(1)
# The tables of a district, each after those it points at; and, once built, the district pickled and its rows as SQL.
_MODELS = (Area, Organisation, User, Post, Appointment, DutyMember)
_kept: list[Any] = []


def make_area(level: Level, name: str, code: str, parent: Area | None, *, served: bool = True) -> Area:
    """Add an area, served by us."""
    area = Area(level=level, name=name, code=code, parent=parent, served=served)
    area.save()
    area.refresh_from_db()
    return area


@cache
def _hash() -> str:
    return make_password(PASSWORD)


def make_user(name: str, *, email: bool = True) -> User:
    """Add an account; the password is ``PASSWORD`` (hashed once for all: Argon2 is slow on purpose)."""
    username = f"{name}{next(_serial)}"
    return User.objects.create(
        username=username,
        password=_hash(),
        email=f"{username}@example.org" if email else "",
        display_name=name,
        is_staff=True,
    )


def appoint(
    user: User, kind: PostKind, area: Area, organisation: Organisation | None = None, *, seats: int = 1
) -> Appointment:
    """Put a person into a post, which is made if it is not there."""
    post, _created = Post.objects.get_or_create(
        area=area, kind=kind, organisation=organisation, defaults={"seats": seats, "title": PostKind(kind).label}
    )
    return Appointment.objects.create(post=post, user=user, starts_on=SINCE)


def _statements(before: dict[type[Model], list[int]]) -> str:
    """Return the SQL that puts back every row that has come since."""
    found = []
    with connection.cursor() as cursor:
        for model, known in before.items():
            query = InsertQuery(model)
            query.insert_values(model._meta.concrete_fields, list(model.objects.exclude(pk__in=known)), raw=True)
            found += [cursor.mogrify(*statement) for statement in query.get_compiler(connection=connection).as_sql()]
    return ";".join(found)


@dataclass(slots=True)
class District:
    """金川区 in small: one street with two communities, the first with two grids, plus a street of strangers."""

    district: Area
    street: Area
    other_street: Area
    community: Area
    other_community: Area
    grid: Area
    other_grid: Area
    building: Area
    unit: Area
    sanitation: Organisation
    worker: User
    other_worker: User
    lead: User
    secretary: User
    window: User
    other_secretary: User
    dispatcher: User
    leader: User
    stranger: User
    handler: User
    head: User
    command: User
    supervisor: User
    duty: User

    @classmethod
    def build(cls) -> "District":
        """Build it; every later time in this process its rows are put back, with the same ids, in one go.

        The table's triggers run for both: paths, history and audit come about as they always do.
        """
        if _kept:
            pickled, statements = _kept
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statements)
            return pickle.loads(pickled)
        before = {model: list(model.objects.values_list("pk", flat=True)) for model in _MODELS}
        with transaction.atomic():
            built = cls._build()
            _kept.extend((pickle.dumps(built), _statements(before)))
        return built

    @classmethod
    def _build(cls) -> "District":
        """Areas, one organisation, everybody at his post, one person on the duty list."""
        province = make_area(Level.PROVINCE, "甘肃省", "62", None, served=False)
        city = make_area(Level.CITY, "金昌市", "6203", province, served=False)
        district = make_area(Level.DISTRICT, "金川区", "620302", city)
        street = make_area(Level.STREET, "滨河路街道", "620302001", district)
        other_street = make_area(Level.STREET, "桂林路街道", "620302002", district)
        community = make_area(Level.COMMUNITY, "龙集里社区", "620302001001", street)
        other_community = make_area(Level.COMMUNITY, "龙泉里社区", "620302001002", street)
        grid = make_area(Level.GRID, "第一网格", "620302001001001", community)
        other_grid = make_area(Level.GRID, "第二网格", "620302001001002", community)
        building = make_area(Level.BUILDING, "3号楼", "620302001001001-3", grid)
        unit = make_area(Level.UNIT, "2单元", "620302001001001-3-2", building)
        sanitation = Organisation.objects.create(area=street, kind="department", name="环卫所", code="HW-001")
        people = {
            name: make_user(name)
            for name in (
                "worker",
                "other_worker",
                "lead",
                "secretary",
                "window",
                "other_secretary",
                "dispatcher",
                "leader",
                "stranger",
                "handler",
                "head",
                "command",
                "supervisor",
                "duty",
            )
        }
        appoint(people["worker"], PostKind.GRID_WORKER, grid)
        appoint(people["other_worker"], PostKind.GRID_WORKER, other_grid)
        appoint(people["lead"], PostKind.GRID_LEAD, grid)
        appoint(people["secretary"], PostKind.COMMUNITY_SECRETARY, community)
        appoint(people["window"], PostKind.COMMUNITY_WORKER, community)
        appoint(people["other_secretary"], PostKind.COMMUNITY_SECRETARY, other_community)
        appoint(people["dispatcher"], PostKind.DISPATCHER, street)
        appoint(people["leader"], PostKind.STREET_LEADER, street)
        appoint(people["stranger"], PostKind.DISPATCHER, other_street)
        appoint(people["handler"], PostKind.DEPARTMENT_HANDLER, street, sanitation)
        appoint(people["head"], PostKind.DEPARTMENT_HEAD, street, sanitation)
        appoint(people["command"], PostKind.DISTRICT_COMMAND, district)
        appoint(people["supervisor"], PostKind.SUPERVISOR, street)
        DutyMember.objects.create(user=people["duty"], position=1, valid_from=SINCE)
        return cls(
            district,
            street,
            other_street,
            community,
            other_community,
            grid,
            other_grid,
            building,
            unit,
            sanitation,
            **people,
        )

    def as_staff(self, user: User, on: date = date(2026, 6, 9)) -> Staff:
        """Return the person with the posts held that day."""
        return posts.staff_for(user, on)

    def petition(
        self,
        at: datetime = TUESDAY,
        *,
        status: Status = Status.SUBMITTED,
        text: str = "3号楼前的垃圾桶满了两天，味道很大。",
        place: Area | None = None,
        policy: str = "immediate_tier",
        category: str = "0102",
        phone: str = "13800138000",
        step: timedelta = timedelta(minutes=5),
        organisation: bool = False,
        **facts: object,
    ) -> Petition:
        """File a petition ``at`` a moment and walk it by the real verbs, a step apart, to ``status``."""
        contact = services.Contact(name="常小红", phone=phone) if phone else None
        petition = services.file(
            text=text, at=at, client_key=uuid.uuid4(), place=place or self.unit, contact=contact, **facts
        ).petition
        for there, walk in self._walk(policy, category, organisation=organisation):
            if petition.status == status:
                break
            at += step
            petition = walk(petition, at)
            assert petition.status == there
        assert petition.status == status
        return petition

    def _walk(self, policy: str, category: str, *, organisation: bool):
        secretary, worker = self.as_staff(self.secretary), self.as_staff(self.handler if organisation else self.worker)
        whom = {"organisation": self.sanitation} if organisation else {"handler": self.worker}

        def accept(petition: Petition, at: datetime) -> Petition:
            return transitions.accept(
                petition,
                by=secretary,
                at=at,
                category=Category.objects.get(code=category),
                policy=Policy.objects.in_force(at.date()).get(key=policy),
                tier=Tier.IMMEDIATE,
                urgency=Urgency.NORMAL,
            )

        yield Status.ACCEPTED, accept
        yield Status.DISPATCHED, lambda petition, at: transitions.dispatch(petition, by=secretary, at=at, **whom)
        yield Status.SIGNED, lambda petition, at: transitions.sign(petition, by=worker, at=at)
        yield Status.IN_PROGRESS, lambda petition, at: transitions.arrive(petition, by=worker, at=at)
        yield Status.RESOLVED, lambda petition, at: transitions.resolve(petition, by=worker, at=at, reply="已清运。")
        yield Status.VERIFIED, lambda petition, at: transitions.verify(petition, by=secretary, at=at)
        yield Status.CLOSED, lambda petition, at: transitions.close(petition, by=secretary, at=at)

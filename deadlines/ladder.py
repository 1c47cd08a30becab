"""From a rung's words to posts: the one table that maps the policy data's post names and levels to ours."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from deadlines.enums import RungLevel
from deadlines.models import Rung
from deadlines.registry import Subject
from grids.enums import Level, PostKind
from grids.posts import Request

# Post names of sla_policies.json → (level, post). Several rows mean several posts are told.
# "on duty" in the data is read as the post itself until duty shifts exist (Workers issue).
POST_MAP: Mapping[str, tuple[tuple[str, PostKind], ...]] = MappingProxyType(
    {
        "grid_worker": (("grid", PostKind.GRID_WORKER),),
        "grid_lead": (("grid", PostKind.GRID_LEAD),),
        "backup_responder": (("grid", PostKind.GRID_WORKER), ("grid", PostKind.GRID_LEAD)),
        "community_secretary": (("community", PostKind.COMMUNITY_SECRETARY),),
        "mediator": (("community", PostKind.COMMUNITY_WORKER),),
        "volunteer_coordinator": (("community", PostKind.COMMUNITY_WORKER),),
        "subdistrict_dispatch": (("street", PostKind.DISPATCHER),),
        "subdistrict_duty_officer": (("street", PostKind.DISPATCHER),),
        "subdistrict_party_secretary": (("street", PostKind.STREET_LEADER),),
        "judicial_office": (("street", PostKind.DEPARTMENT_HANDLER),),
        "handling_officer": (("unit", PostKind.DEPARTMENT_HANDLER),),
        "unit_leader": (("unit", PostKind.DEPARTMENT_HEAD),),
        "department_leader": (("unit", PostKind.DEPARTMENT_HEAD),),
        "district_dept_leader": (("unit", PostKind.DEPARTMENT_HEAD),),
        "xinfang_officer": (("street", PostKind.DEPARTMENT_HANDLER),),
        "district_xinfang_office": (("district", PostKind.DEPARTMENT_HANDLER),),
        "district_party_org_dept": (("district", PostKind.SUPERVISOR),),
        "district_command_centre": (("district", PostKind.DISTRICT_COMMAND),),
        "district_duty_leader": (("district", PostKind.DISTRICT_COMMAND),),
        "district_leader": (("district", PostKind.DISTRICT_COMMAND),),
        "hotline_centre": (("district", PostKind.DISTRICT_COMMAND),),
        "emergency_contact": (),  # not a post: kept on the device's record
    },
)

LEVELS: Mapping[str, Level] = MappingProxyType(
    {"grid": Level.GRID, "community": Level.COMMUNITY, "street": Level.STREET, "district": Level.DISTRICT},
)

# Who answers for a whole level, when a rung names a level and no post.
HEADS: Mapping[Level, PostKind] = MappingProxyType(
    {
        Level.GRID: PostKind.GRID_LEAD,
        Level.COMMUNITY: PostKind.COMMUNITY_SECRETARY,
        Level.STREET: PostKind.DISPATCHER,
        Level.DISTRICT: PostKind.DISTRICT_COMMAND,
    },
)

# Where no handling unit holds the matter, its "handler" and "head" are the grid's own.
WITHOUT_UNIT: Mapping[PostKind, PostKind] = MappingProxyType(
    {PostKind.DEPARTMENT_HANDLER: PostKind.GRID_WORKER, PostKind.DEPARTMENT_HEAD: PostKind.GRID_LEAD},
)

_ONE_UP: Mapping[Level, Level] = MappingProxyType(
    {
        Level.UNIT: Level.COMMUNITY,
        Level.BUILDING: Level.COMMUNITY,
        Level.GRID: Level.COMMUNITY,
        Level.COMMUNITY: Level.STREET,
        Level.STREET: Level.DISTRICT,
    },
)


class DueRung(NamedTuple):
    """A rung whose moment has come, with what must be known of its clock. Instants are ISO text: they only pass by."""

    clock_id: int
    generation: int
    kind: str
    due_at: str
    subject_id: int
    level: int
    moment_id: int
    rung_id: int
    fire_at: str


def request_for(key: Hashable, rung: Rung, subject: Subject, level: Level) -> Request:
    """Say whom a rung must tell, for ``grids.posts.recipients_for``.

    ``level`` is the level of the area that answers now (the last of ``subject.path``).
    """
    targets = [target for name in rung.posts for target in _targets(name, subject)]
    if not targets:
        targets = [_head(RungLevel(rung.level), subject, level)]
    return Request(
        key=key,
        path=subject.path,
        targets=tuple(dict.fromkeys(targets)),
        organisation_id=subject.organisation_id,
        excluded=subject.excluded,
    )


def requests_above(key: Hashable, rung: Rung, subject: Subject, level: Level) -> list[Request]:
    """Say whom to tell when nobody whom the rung told has answered: each level above, nearest first.

    The last one has no post any more and so is the duty list. Keys are ``(key, 0)``, ``(key, 1)`` …
    """
    told = request_for(key, rung, subject, level)
    highest = min(where for where, _post in told.targets)
    above = [where for where in sorted(HEADS, reverse=True) if where < highest]
    steps = [(where, HEADS[where]) for where in above] + [(Level.PROVINCE, PostKind.DISTRICT_COMMAND)]
    return [replace(told, key=(key, number), targets=(step,)) for number, step in enumerate(steps)]


def _targets(name: str, subject: Subject) -> list[tuple[Level, PostKind]]:
    found: list[tuple[Level, PostKind]] = []
    for where, post in POST_MAP[name]:
        if where != "unit":
            found.append((LEVELS[where], post))
        elif subject.organisation_id is None:
            found.append((Level.GRID, WITHOUT_UNIT[post]))
        else:
            found.append((Level.STREET, post))
    return found


def _head(reach: RungLevel, subject: Subject, level: Level) -> tuple[Level, PostKind]:
    if reach == RungLevel.ONE_UP:
        if subject.organisation_id is not None:
            return (Level.STREET, PostKind.DEPARTMENT_HEAD)
        up = _ONE_UP.get(level, Level.DISTRICT)
        return (up, HEADS[up])
    if reach == RungLevel.UNIT:
        return (Level.GRID, PostKind.GRID_LEAD)
    return (LEVELS[reach], HEADS[LEVELS[reach]])

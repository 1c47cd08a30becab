"""Teams of the demo: a staffing rule for the district, who is sent down, who is lacking, what everybody promises."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle
from random import Random

from config.demo import names
from config.demo.people import Town
from grids.enums import CareerPost, DivisionType, HeldBy, Level, PostKind, TrainingKind, WeekdayPlace
from grids.models import (
    Appointment,
    Area,
    CommunityWorker,
    GridMember,
    GridRole,
    PublicContact,
    RoleLabel,
    StaffCard,
    StaffingChoice,
    StaffingRule,
    Training,
    WeekdayDuty,
)

DISTRICT_RULE = "three_leads_three_officers"
SECOND_STREET_RULE = "one_plus_four"
LOCAL_TITLE = ("unit_head", "楼口长", "Stairwell head")  # what 金川 calls it
IN_EVERY_GRID = ("legal_adviser", "health_officer", "police_officer")
IN_THE_SECOND_STREET = (
    "police_officer", "supervisor_officer", "information_officer", "cwc_member", "party_branch", "cobuilding_unit",
)  # fmt: skip
LACKING = 0.15
SENT_BY = ("urban_mgmt", "police", "market", "judicial")
SENT_TO_EVERY = 3  # grids
PLEDGES = (
    "有事找我，当天回话。",
    "每周到户走一遍，小事不出网格。",
    "电话不断线，诉求有回音。",
    "说清楚、办明白、不推诿。",
)
COURSES = ("调解技巧", "消防安全", "政策法规", "信息采集规范")
FACES = (PostKind.GRID_WORKER, PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER)


def team_up(town: Town, *, rng: Random, today: date) -> None:
    """Give the grids their rules, members, seconded persons, schedules and pledges; some roles stay empty."""
    _choose(town)
    since = today - timedelta(days=200)
    GridMember.objects.bulk_create(_members(town, rng=rng, since=since), batch_size=1000)
    staff = list(
        Appointment.objects.filter(post__kind__in=FACES)
        .select_related("user", "post__area")
        .order_by("post__area__path", "post__kind", "pk")
    )
    _register(staff, town, rng=rng, today=today)
    StaffCard.objects.bulk_create(
        StaffCard(user_id=user_id, pledge=pledge, changed_on=since)
        for user_id, pledge in zip(dict.fromkeys(row.user_id for row in staff), cycle(PLEDGES), strict=False)
    )
    PublicContact.objects.bulk_create(_contacts(town, rng=rng))
    WeekdayDuty.objects.bulk_create(_week(staff))


def _choose(town: Town) -> None:
    rules = {rule.key: rule for rule in StaffingRule.objects.all()}
    streets = _at(town, Level.STREET)
    chosen = [(_at(town, Level.DISTRICT)[0], DISTRICT_RULE, ""), (streets[0], "lane_one_seven", DivisionType.LANE)]
    chosen += [(street, SECOND_STREET_RULE, "") for street in streets[1:2]]
    StaffingChoice.objects.bulk_create(
        StaffingChoice(area=area, rule=rules[key], kind_of_grid=kind) for area, key, kind in chosen
    )
    role, zh, en = LOCAL_TITLE
    district = _at(town, Level.DISTRICT)[0]
    RoleLabel.objects.create(area=district, role=GridRole.objects.get(key=role), name_zh=zh, name_en=en)


def _members(town: Town, *, rng: Random, since: date) -> Iterator[GridMember]:
    roles = {role.key: role for role in GridRole.objects.all()}
    streets = _at(town, Level.STREET)
    second = streets[1].path if len(streets) > 1 else "-"
    for number, grid in enumerate(_at(town, Level.GRID)):
        street = town.areas[grid.line_ids()[3]]
        units = [unit for kind in SENT_BY if (unit := town.department(kind, street)) is not None]
        for key in IN_THE_SECOND_STREET if grid.path.startswith(second) else IN_EVERY_GRID:
            if number and rng.random() < LACKING:
                continue
            body = roles[key].held_by == HeldBy.ORGANISATION
            sends = town.department("police", street) if key == "police_officer" else None
            yield GridMember(
                area=grid,
                role=roles[key],
                name="" if body else names.person(rng),
                organisation=rng.choice(units) if body else sends,
                starts_on=since,
            )
        if number % SENT_TO_EVERY == 0 and units:
            yield GridMember(
                area=grid,
                role=roles["seconded_staff"],
                name=names.person(rng),
                organisation=units[(number // SENT_TO_EVERY) % len(units)],
                starts_on=since,
                ends_on=since + timedelta(days=365),
                pledge=rng.choice(PLEDGES),
            )


def _register(staff: Sequence[Appointment], town: Town, *, rng: Random, today: date) -> None:
    """Grid workers are community workers: all are in the register, most of them general service."""
    posts = {
        PostKind.COMMUNITY_SECRETARY: CareerPost.HEAD,
        PostKind.COMMUNITY_WORKER: CareerPost.WORKER,
        PostKind.GRID_WORKER: CareerPost.WORKER,
    }
    first = {row.user_id: row for row in reversed(staff) if row.post.kind in posts}
    CommunityWorker.objects.bulk_create(
        CommunityWorker(
            user_id=user_id,
            area=_community(row.post.area, town),
            is_general_service=rng.random() < 0.6,  # noqa: PLR2004 - a share of the demo
            career_post=posts[PostKind(row.post.kind)],
            grade=rng.randint(1, 18),
            since=row.starts_on,
        )
        for user_id, row in first.items()
    )
    Training.objects.bulk_create(
        Training(
            user_id=user_id,
            area=_community(row.post.area, town),
            kind=TrainingKind.TRAINING,
            taken_on=today - timedelta(days=rng.randint(10, 180)),
            subject=rng.choice(COURSES),
            hours=4,
        )
        for user_id, row in first.items()
    )


def _contacts(town: Town, *, rng: Random) -> Iterator[PublicContact]:
    for street in _at(town, Level.STREET):
        yield PublicContact(area=street, supervision_phone=_office(rng), office_phone=_office(rng))
    for community in _at(town, Level.COMMUNITY):
        yield PublicContact(area=community, office_phone=_office(rng), address=f"{community.label}党群服务中心")


def _office(rng: Random) -> str:
    return f"0935-8{rng.randrange(1_000_000):06d}"


def _week(staff: Sequence[Appointment]) -> Iterator[WeekdayDuty]:
    """The community's worker serves at the window; each grid's worker goes through the grid on two days."""
    for row in staff:
        area = row.post.area
        if row.post.kind == PostKind.COMMUNITY_WORKER:
            for weekday in range(5):
                yield WeekdayDuty(area=area, user_id=row.user_id, weekday=weekday, place=WeekdayPlace.WINDOW)
        elif row.post.kind == PostKind.GRID_WORKER:
            for weekday in (1, 3):
                yield WeekdayDuty(
                    area_id=area.parent_id or 0,
                    user_id=row.user_id,
                    weekday=weekday,
                    place=WeekdayPlace.GRID,
                    grid=area,
                )


def _at(town: Town, level: Level) -> list[Area]:
    return [area for area in town.areas.values() if area.level == level]


def _community(area: Area, town: Town) -> Area:
    line = [town.areas[pk] for pk in area.line_ids() if pk in town.areas]
    return next(one for one in line if one.level == Level.COMMUNITY)

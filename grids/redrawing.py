"""An approved plan carried out on its day: grids, buildings, posts and whatever hangs on them, all in one transaction.

Locks, in this order: the plan, the areas of the community by id, then what the parts of other apps lock (matters after
areas, as ``grids.standing`` has it for whoever files or dispatches meanwhile). History stays where it was: a grid that
ends is closed with its last day, its posts with it; ``AreaSuccession`` says what followed.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.enums import Level, RedivisionState
from grids.errors import NotYourRegister, PlanOvertaken
from grids.fitting import drift, line_of_grid, loose_ends
from grids.models import (
    Absence,
    Appointment,
    Area,
    AreaSuccession,
    GridMember,
    Post,
    Redivision,
    RedivisionGrid,
    WeekdayDuty,
)
from grids.redivision import may_draw, notice
from grids.registry import Division, redivision_parts
from grids.services import complete_served, end_appointment
from grids.staff import Staff
from notifications.services import owe
from people.errors import NotAllowedNow, Refusal
from people.models import User

DUE: Final = (RedivisionState.APPROVED, RedivisionState.STUCK)
# Buildings and what lies in them, one statement: a new beginning of the path, the rest as it was.
MOVE: Final = """
    UPDATE grids_area AS area
       SET path = moved.new || substr(area.path, length(moved.old) + 1),
           parent_id = CASE WHEN area.id = moved.building THEN moved.grid ELSE area.parent_id END
      FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS moved (building, grid, old, new)
     WHERE starts_with(area.path, moved.old) AND area.path LIKE %s
"""


def division(plan: Redivision, *, by: User, at: datetime) -> Division:
    """Return the plan as the parts of other apps need it; ``areas`` has the grids that exist. Two queries."""
    lines = list(plan.grids.select_related("grid"))
    return Division(
        number=plan.pk,
        path=plan.community.path,
        on=plan.on,
        by=by,
        at=at,
        grids={grid: line.pk for grid, line in line_of_grid(lines).items()},
        buildings=dict(plan.buildings.values_list("building", "to")),
        areas={line.pk: line.grid for line in lines if line.grid is not None},
    )


def may_apply(by: Staff, plan: Redivision, *, on: date) -> bool:
    """Tell whether somebody carries out a plan by hand: who draws there, once its day has come and it is approved."""
    return plan.state in DUE and plan.on <= on and may_draw(by, plan.community)


def apply_now(plan: Redivision, *, by: Staff, at: datetime) -> Redivision:
    """Carry out an approved plan by hand whose day has come, or one that got stuck.

    :raises NotYourRegister: if no post of ``by`` draws there
    :raises NotAllowedNow: if it is not approved, or its day has not come
    :raises PlanOvertaken: if the areas are no longer as the plan found them
    """
    if not may_draw(by, plan.community):
        raise NotYourRegister(_("The grids of this community are not yours to draw."))
    done = _apply(plan.pk, by=by.user, at=at)
    if done is None:
        raise NotAllowedNow(_("This plan is not approved, or its day has not come."))
    return done


def apply_due(*, at: datetime) -> int:
    """Carry out approved plans whose day has come; return how many. Each is a transaction of its own.

    One that is refused is marked and its author told; the others go on. Two workers never carry out the same plan.
    """
    waiting = Redivision.objects.filter(state=RedivisionState.APPROVED, on__lte=timezone.localdate(at))
    done = 0
    for pk in list(waiting.order_by("on", "decided_at", "pk").values_list("pk", flat=True)):
        try:
            done += _apply(pk, by=None, at=at, states=(RedivisionState.APPROVED,)) is not None
        except Refusal:
            _mark_stuck(pk, at=at)
    return done


def _mark_stuck(pk: int, *, at: datetime) -> None:
    with transaction.atomic():
        stuck = Redivision.objects.select_for_update(of=("self",)).get(pk=pk)
        if stuck.state != RedivisionState.APPROVED:
            return
        stuck.state = RedivisionState.STUCK
        stuck.save(update_fields=["state"])
        owe([notice(stuck, "redivision_stuck", user, at=at) for user in {stuck.proposed_by_id or stuck.made_by_id}])


@transaction.atomic
def _apply(pk: int, *, by: User | None, at: datetime, states: Collection[str] = DUE) -> Redivision | None:
    plan = (
        Redivision.objects.select_for_update(of=("self",))
        .select_related("community", "decided_by", "proposed_by")
        .get(pk=pk)
    )
    if plan.state not in states or plan.on > timezone.localdate(at) or plan.decided_by is None:
        return None
    _hold_areas(plan)
    changed = drift(plan) or loose_ends(plan)
    if changed:
        raise PlanOvertaken("\n".join(changed))
    lines = list(plan.grids.select_related("grid", "heir").order_by("code"))
    _make_grids(plan, lines)
    moved = _move_buildings(plan, lines)
    _close_grids(plan, lines)
    _write_successions(plan, lines)
    persons = _move_people(plan, lines)
    _move_days(plan, lines)
    _move_members(plan, lines)
    drawn = division(plan, by=by or plan.decided_by, at=at)
    plan.taken = {"buildings": moved, "persons": len(persons)}
    plan.taken |= {name: part.carry_out(drawn) for name, part in redivision_parts().items()}
    plan.state, plan.applied_at = RedivisionState.APPLIED, at
    plan.save(update_fields=["taken", "state", "applied_at"])
    _tell(plan, persons, at=at)
    return plan


def _tell(plan: Redivision, persons: set[int], *, at: datetime) -> None:
    """Who proposed and decided reads the report; who changed grids, who serves where now."""
    keepers = set(filter(None, (plan.proposed_by_id, plan.decided_by_id)))
    board, cases = reverse("area_page", args=[plan.community.code]), plan.taken.get("petitions")
    told = [notice(plan, "redivision_applied", user_id, at=at, cases=cases) for user_id in sorted(keepers)]
    told += [notice(plan, "redivision_applied", user_id, at=at, path=board) for user_id in sorted(persons - keepers)]
    owe(told)


def _hold_areas(plan: Redivision) -> None:
    """Lock the community and all in it, in one order. Whoever files there meanwhile waits, and then reads anew."""
    rows = Area.objects.under(plan.community.path).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))


def _make_grids(plan: Redivision, lines: Iterable[RedivisionGrid]) -> None:
    for line in lines:
        if not line.is_new:
            continue
        grid = Area(
            level=Level.GRID,
            name=line.name,
            code=line.code,
            parent=plan.community,
            served=plan.community.served,
            valid_from=plan.on,
            source=f"redivision {plan.pk}",
        )
        grid.save()
        grid.refresh_from_db()
        line.grid = grid
        line.save(update_fields=["grid"])
    complete_served()


def _move_buildings(plan: Redivision, lines: Iterable[RedivisionGrid]) -> int:
    """Hang buildings on their new grids, with all in them; return how many moved."""
    grids = {line.pk: line.grid for line in lines if line.grid is not None}
    rows = [row for row in plan.buildings.select_related("building") if grids[row.to_id].pk != row.from_grid_id]
    if not rows:
        return 0
    columns = zip(
        *(
            (row.building_id, grids[row.to_id].pk, row.building.path, f"{grids[row.to_id].path}{row.building_id}/")
            for row in rows
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [*(list(column) for column in columns), f"{plan.community.path}%"])
    return len(rows)


def _close_grids(plan: Redivision, lines: Iterable[RedivisionGrid]) -> None:
    last = plan.on - timedelta(days=1)
    ended = _ending(lines)
    Area.objects.filter(pk__in=ended, valid_from__gt=last).update(valid_from=last)
    Area.objects.filter(pk__in=ended).update(valid_to=last)


def _ending(lines: Iterable[RedivisionGrid]) -> list[int]:
    return [line.grid_id for line in lines if line.ends and line.grid_id is not None]


def _write_successions(plan: Redivision, lines: Iterable[RedivisionGrid]) -> None:
    lines = list(lines)
    grids = {line.pk: line.grid_id for line in lines if line.grid_id is not None}
    pairs = {(row.from_grid_id, grids[row.to_id]) for row in plan.buildings.all()}
    heirs = {(grids[line.pk], grids[line.heir_id]) for line in lines if line.ends and line.heir_id}
    AreaSuccession.objects.bulk_create(
        AreaSuccession(
            plan=plan, predecessor_id=before, successor_id=after, on=plan.on, is_heir=(before, after) in heirs
        )
        for before, after in sorted(pairs | heirs)
        if before != after
    )


# -- posts, and what else people hold in a grid --------------------------------------------------------------------


def _move_people(plan: Redivision, lines: Iterable[RedivisionGrid]) -> set[int]:
    """End and begin appointments as the plan says, close the posts of grids that end; return whom it moved."""
    lines = list(lines)
    by_id = {line.pk: line for line in lines}
    by_grid = {line.grid_id: line for line in lines if not line.is_new}
    planned = dict(plan.seats.values_list("appointment", "to"))
    posts = {post.pk: post for post in Post.objects.select_for_update().filter(area__in=by_grid).order_by("pk")}
    running = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=plan.on), post__in=posts)
    moved = set()
    for row in running.select_related("post").order_by("pk"):
        here = by_grid[row.post.area_id]
        to = planned.get(row.pk, here.heir_id if here.ends else here.pk)
        target = by_id[to] if to is not None else None
        if target is not None and target.pk != here.pk and target.grid is not None:
            _seat(row, target.grid, on=plan.on)
        elif target is None:
            _unseat(row, on=plan.on)
        else:
            continue
        moved.add(row.user_id)
    last = plan.on - timedelta(days=1)
    ending = Post.objects.filter(area__in=_ending(lines))
    ending.filter(valid_from__gt=last).update(valid_from=last)
    ending.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)
    for line in lines:
        if line.is_new and line.grid is not None:
            _open_usual_posts(line.grid, posts.values())
    return moved


def _seat(row: Appointment, grid: Area, *, on: date) -> None:
    """Let somebody hold the same post in another grid from a day on; who is away then stays away."""
    old = row.post
    post, _made = Post.objects.get_or_create(
        area=grid,
        kind=old.kind,
        organisation=old.organisation,
        defaults={"title": old.title, "office_phone": old.office_phone, "seats": 1},
    )
    until = row.ends_on
    away = list(row.absences.filter(ends_on__gte=on))
    begins = max(on, row.starts_on)
    _unseat(row, on=on)
    held = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=begins), post=post)
    if held.filter(user=row.user_id).exists():
        return
    if held.count() >= post.seats:
        post.seats = held.count() + 1
        post.save(update_fields=["seats"])
    new = Appointment.objects.create(post=post, user_id=row.user_id, starts_on=begins, ends_on=until)
    Absence.objects.bulk_create(
        Absence(
            appointment=new,
            starts_on=max(one.starts_on, begins),
            ends_on=one.ends_on,
            deputy_id=one.deputy_id,
            reason_code=one.reason_code,
        )
        for one in away
    )


def _unseat(row: Appointment, *, on: date) -> None:
    """End an appointment the day before; one that would only have begun then never begins."""
    if row.starts_on < on:
        end_appointment(appointment=row, ends_on=on - timedelta(days=1))
    else:
        row.delete()


def _open_usual_posts(grid: Area, like: Iterable[Post]) -> None:
    """Give a new grid the posts that grids of this community have, vacant where nobody came along."""
    for kind in sorted({post.kind for post in like if post.organisation_id is None}):
        Post.objects.get_or_create(area=grid, kind=kind, organisation=None)


def _heirs(lines: Iterable[RedivisionGrid]) -> dict[int | None, Area]:
    """Return which grid takes over from each grid that ends."""
    by_id = {line.pk: line for line in lines}
    heirs = {line.grid_id: by_id[line.heir_id].grid for line in by_id.values() if line.ends and line.heir_id}
    return {before: after for before, after in heirs.items() if after is not None}


def _move_days(plan: Redivision, lines: Iterable[RedivisionGrid]) -> None:
    """Visit days in a grid that ends go on in its heir."""
    heirs, last = _heirs(lines), plan.on - timedelta(days=1)
    rows = WeekdayDuty.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=plan.on), grid__in=heirs)
    for duty in rows.order_by("pk"):
        begins = max(duty.valid_from or plan.on, plan.on)
        WeekdayDuty.objects.get_or_create(
            user_id=duty.user_id,
            area_id=duty.area_id,
            weekday=duty.weekday,
            place=duty.place,
            grid=heirs[duty.grid_id],
            defaults={"valid_from": begins, "valid_to": duty.valid_to},
        )
        duty.valid_from = min(duty.valid_from, last) if duty.valid_from else None
        duty.valid_to = last
        duty.save(update_fields=["valid_from", "valid_to"])


def _move_members(plan: Redivision, lines: Iterable[RedivisionGrid]) -> None:
    """Roles in the team of a grid that ends go on in its heir, or in the grid the same person goes to."""
    lines = list(lines)
    heirs, last = _heirs(lines), plan.on - timedelta(days=1)
    grids = {line.pk: line.grid for line in lines}
    goes: dict[tuple[int, int | None], Area | None] = {
        (grid, user): grids[to]
        for grid, user, to in plan.seats.filter(to__isnull=False).values_list(
            "appointment__post__area", "appointment__user", "to"
        )
    }
    rows = GridMember.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=plan.on), area__in=heirs)
    for row in rows.order_by("pk"):
        target = goes.get((row.area_id, row.user_id)) or heirs[row.area_id]
        if row.starts_on >= plan.on:
            row.area = target
            row.save(update_fields=["area"])
            continue
        GridMember.objects.create(
            area=target,
            role_id=row.role_id,
            user_id=row.user_id,
            name=row.name,
            organisation_id=row.organisation_id,
            office_phone=row.office_phone,
            pledge=row.pledge,
            starts_on=plan.on,
            ends_on=row.ends_on,
        )
        row.ends_on = last
        row.save(update_fields=["ends_on"])

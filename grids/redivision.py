"""Plans to draw a community's grids anew: begun as things are, changed building by building, proposed, decided.

Every edit carries the version of the draft it was made on. Dates are civil dates in Asia/Shanghai. Who keeps the areas
draws (community secretary, street leader); one level above him decides (architecture.md 6). Nothing of the areas is
touched before the plan's day (``grids.redrawing``).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.enums import Level, PostKind, RedivisionState
from grids.errors import ChangedSinceReview, NotYourRegister, PlanIncomplete, PlanOvertaken
from grids.fitting import drift, loose_ends
from grids.models import Appointment, Area, Redivision, RedivisionBuilding, RedivisionGrid, RedivisionSeat
from grids.permissions import KEEPERS, Register
from grids.posts import HEADS, Request, recipients_for
from grids.staff import Staff
from notifications.services import NewNotice, owe
from people.errors import BadInput, NotAllowedNow

DRAWS: Final = tuple(KEEPERS[Register.GRIDS])
# Who decides on what was proposed from a level: whoever keeps areas above it.
DECIDES: Final = {
    Level.COMMUNITY: (PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND),
    Level.STREET: (PostKind.DISTRICT_COMMAND,),
}
OPEN: Final = (RedivisionState.DRAFT, RedivisionState.PROPOSED, RedivisionState.APPROVED, RedivisionState.STUCK)
CODE_LENGTH: Final = 32
NAME_LENGTH: Final = 60


def may_draw(by: Staff, community: Area | None = None) -> bool:
    """Tell whether somebody draws the grids of this community (of any, without one)."""
    return by.holds(*DRAWS, path=community.path if community else None)


def may_decide(by: Staff, plan: Redivision) -> bool:
    """Tell whether somebody decides on a proposed plan: a post one level above the proposer's, never himself."""
    if plan.state != RedivisionState.PROPOSED or plan.level is None or plan.proposed_by_id == by.user.pk:
        return False
    return by.holds(*DECIDES[Level(plan.level)], path=plan.community.path)


def communities_of(by: Staff, *, on: date) -> QuerySet[Area]:
    """Return the communities whose grids somebody draws."""
    served = Area.objects.served().at(on).filter(level=Level.COMMUNITY)
    return served.under_any(by.reach(*DRAWS)).order_by("path")


@transaction.atomic
def begin(*, community: Area, on: date, reason: str, by: Staff, at: datetime) -> Redivision:
    """Begin a plan with everything as it is: each grid, each building, each post where it is today.

    :raises NotYourRegister: if no post of ``by`` draws there
    :raises BadInput: if the day lies in the past, the reason is missing, or there is no grid to start from
    """
    _check_may_draw(by, community)
    _check_day(on, at=at)
    words = " ".join(reason.split())[:300]
    if not words:
        raise BadInput(_("Say in a few words why the grids are drawn anew."), field="reason")
    plan = Redivision.objects.create(community=community, on=on, reason=words, made_by=by.user, made_at=at)
    _take_in(plan)
    if not plan.grids.exists():
        raise BadInput(_("This community has no grids yet. Enter them in the register of grids."), field="community")
    return plan


@transaction.atomic
def move_buildings(plan: Redivision, *, buildings: Collection[int], to: int, by: Staff, version: int) -> Redivision:
    """Let buildings (ids of areas) go to a line of the plan.

    :raises BadInput: if none is ticked, one is not of the plan, or the line ends or is not of the plan
    """
    locked = _draft(plan, by=by, version=version)
    line = _line(locked, to)
    if line.ends:
        raise BadInput(_("%(grid)s ends: nothing can move there.") % {"grid": line.name}, field="to")
    rows = locked.buildings.filter(building__in=buildings)
    if not buildings or rows.count() != len(set(buildings)):
        raise BadInput(_("Tick the buildings that move."), field="buildings")
    rows.update(to=line)
    line.stays_empty = False
    line.save(update_fields=["stays_empty"])
    return _edited(locked)


@transaction.atomic
def add_grid(plan: Redivision, *, name: str, code: str, by: Staff, version: int) -> RedivisionGrid:
    """Add a new grid; without a code it gets the next free one of the community.

    :raises BadInput: if it has no name, or name or code is taken
    """
    locked = _draft(plan, by=by, version=version)
    name, code = " ".join(name.split())[:NAME_LENGTH], code.strip()[:CODE_LENGTH] or next_code(locked)
    if not name:
        raise BadInput(_("The new grid needs a name."), field="name")
    if not code.isascii() or not code.replace("-", "").isalnum():
        raise BadInput(_("A code has letters and digits only."), field="code")
    if locked.grids.filter(name=name, ends=False).exists():
        raise BadInput(_("Another grid of this plan has that name."), field="name")
    if locked.grids.filter(code=code).exists() or Area.objects.filter(code=code).exists():
        raise BadInput(_("This code is taken."), field="code")
    line = RedivisionGrid.objects.create(plan=locked, name=name, code=code, is_new=True)
    _edited(locked)
    return line


@transaction.atomic
def drop_grid(plan: Redivision, *, line: int, by: Staff, version: int) -> Redivision:
    """Take a new grid out of the plan again.

    :raises BadInput: if it is one of today, or something goes to it
    """
    locked = _draft(plan, by=by, version=version)
    row = _line(locked, line)
    if not row.is_new or row.buildings.exists() or row.seats.exists():
        raise BadInput(_("Move its buildings and people first."), field="to")
    RedivisionGrid.objects.filter(pk=row.pk).delete()
    return _edited(locked)


@transaction.atomic
def set_fate(plan: Redivision, *, line: int, fate: str, by: Staff, version: int, heir: int | None = None) -> Redivision:
    """Say what becomes of a grid: ``"stays"``, ``"empty"`` (stays without buildings on purpose) or ``"ends"``.

    With ``"ends"`` the ``heir`` takes what lies in no building, and the people who went nowhere else.

    :raises BadInput: if a new grid would end, or the heir is missing, the grid itself, or ends as well
    """
    locked = _draft(plan, by=by, version=version)
    row = _line(locked, line)
    row.ends, row.stays_empty, row.heir = fate == "ends", fate == "empty", None
    if row.ends:
        if row.is_new:
            raise BadInput(_("A new grid does not end on its first day: take it out of the plan."), field="fate")
        row.heir = _line(locked, heir) if heir else None
        if row.heir is None or row.heir.pk == row.pk or row.heir.ends:
            raise BadInput(_("Name the grid that takes what lies in no building."), field="heir")
        if locked.grids.filter(heir=row).exists():
            raise BadInput(_("Another grid that ends passes things on to this one."), field="fate")
        row.seats.update(to=row.heir)
    row.save(update_fields=["ends", "stays_empty", "heir"])
    return _edited(locked)


@transaction.atomic
def place_people(plan: Redivision, *, places: Sequence[tuple[int, int | None]], by: Staff, version: int) -> Redivision:
    """Say where the holders of posts go: pairs of a seat of the plan and a line, None for a post that ends.

    :raises BadInput: if a seat or a line is not of the plan, or the line ends
    """
    locked = _draft(plan, by=by, version=version)
    lines = {row.pk for row in locked.grids.filter(ends=False)}
    seats = {row.pk: row for row in locked.seats.all()}
    for seat_id, to in places:
        if seat_id not in seats or (to is not None and to not in lines):
            raise BadInput(_("Choose a grid of this plan that does not end."), field="people")
        seats[seat_id].to_id = to
    RedivisionSeat.objects.bulk_update(seats.values(), ["to"])
    return _edited(locked)


@transaction.atomic
def refresh(plan: Redivision, *, by: Staff, version: int, on: date | None = None, at: datetime) -> Redivision:
    """Bring a draft to the areas and posts of now, what was drawn kept; ``on`` names another first day.

    :raises BadInput: if the day lies in the past
    """
    locked = _draft(plan, by=by, version=version)
    if on is not None:
        _check_day(on, at=at)
        locked.on = on
        locked.save(update_fields=["on"])
    _take_in(locked)
    return _edited(locked)


@transaction.atomic
def propose(plan: Redivision, *, by: Staff, at: datetime, version: int) -> Redivision:
    """Lay the plan before the level above; whoever decides there is told.

    :raises PlanIncomplete: if a building goes nowhere, a grid is left empty without mention, or nothing changes
    :raises PlanOvertaken: if the areas are no longer as the plan found them
    :raises BadInput: if its day has passed
    """
    locked = _draft(plan, by=by, version=version)
    _check_whole(locked, at=at)
    locked.level = min(held.level for held in by.holdings if held.kind in DRAWS and held.reaches(locked.community.path))
    locked.state, locked.proposed_by, locked.proposed_at = RedivisionState.PROPOSED, by.user, at
    locked.save(update_fields=["level", "state", "proposed_by", "proposed_at"])
    above = Level.STREET if locked.level == Level.COMMUNITY else Level.DISTRICT
    kind = DECIDES[Level(locked.level)][0] if above == Level.STREET else HEADS[Level.DISTRICT][0]
    asked = Request(
        key=locked.pk, path=locked.community.path, targets=((above, kind),), excluded=frozenset({by.user.pk})
    )
    told = recipients_for([asked], timezone.localdate(at))[locked.pk].user_ids
    owe([notice(locked, "redivision_proposed", user_id, at=at) for user_id in told])
    return locked


@transaction.atomic
def decide(plan: Redivision, *, by: Staff, at: datetime, agree: bool, words: str, version: int) -> Redivision:
    """Approve a proposed plan, or refuse it with words; whoever proposed it is told.

    :raises NotYourRegister: if no post of ``by`` decides on it
    :raises NotAllowedNow: if it does not wait for a decision
    :raises PlanOvertaken: if the areas changed since; then it can only be refused
    :raises BadInput: if it is refused without words, or its day has passed
    """
    locked = _locked(plan, version=version)
    if locked.state != RedivisionState.PROPOSED:
        raise NotAllowedNow(_("This plan does not wait for a decision."))
    if not may_decide(by, locked):
        raise NotYourRegister(_("The level above whoever proposed it decides on this plan."))
    words = " ".join(words.split())[:300]
    if not agree and not words:
        raise BadInput(_("Say in a few words why not."), field="words")
    if agree:
        _check_whole(locked, at=at)
    locked.state = RedivisionState.APPROVED if agree else RedivisionState.REFUSED
    locked.decided_by, locked.decided_at, locked.decision = by.user, at, words
    locked.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    if locked.proposed_by_id:
        owe([notice(locked, "redivision_decided", locked.proposed_by_id, at=at)])
    return locked


@transaction.atomic
def withdraw(plan: Redivision, *, by: Staff, version: int) -> Redivision:
    """Take back a plan that is not in force: it stays on record.

    :raises NotAllowedNow: if it is in force or over
    """
    locked = _locked(plan, version=version)
    _check_may_draw(by, locked.community)
    if locked.state not in OPEN:
        raise NotAllowedNow(_("This plan is over."))
    locked.state = RedivisionState.WITHDRAWN
    locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def reopen(plan: Redivision, *, by: Staff, version: int) -> Redivision:
    """Draw again what was proposed, approved, refused or got stuck: it must be proposed and decided anew.

    :raises NotAllowedNow: if it is in force or withdrawn
    """
    locked = _locked(plan, version=version)
    _check_may_draw(by, locked.community)
    if locked.state in {RedivisionState.APPLIED, RedivisionState.WITHDRAWN, RedivisionState.DRAFT}:
        raise NotAllowedNow(_("This plan cannot be drawn again."))
    locked.state = RedivisionState.DRAFT
    locked.proposed_by = locked.proposed_at = locked.level = locked.decided_by = locked.decided_at = None
    locked.decision = ""
    locked.save()
    return _edited(locked)


def next_code(plan: Redivision) -> str:
    """Return the next free code of the community: three digits after its own, no code ever twice."""
    start = plan.community.code
    taken = [
        *Area.objects.filter(code__startswith=start, code__regex=rf"^{start}\d{{3}}$").values_list("code", flat=True),
        *plan.grids.values_list("code", flat=True),
    ]
    numbers = [int(code[len(start) :]) for code in taken if code.startswith(start) and code[len(start) :].isdigit()]
    return f"{start}{max(numbers, default=0) + 1:03d}"


def notice(
    plan: Redivision, kind: str, user_id: int, *, at: datetime, cases: int | None = None, path: str = ""
) -> NewNotice:
    """Return a notice about a plan: its first day and numbers, no words; ``path`` for who keeps no areas."""
    return NewNotice(
        recipient_id=user_id,
        kind=kind,
        about=f"redivision:{plan.pk}",
        url_path=path or reverse("admin:redivision", args=[plan.pk]),
        dedupe_key=f"redivision:{plan.pk}:{plan.version}:{kind}:{user_id}",
        at=at,
        params={"first_on": plan.on.isoformat(), "cases": cases},
    )


# -- within --------------------------------------------------------------------------------------------------------


def _take_in(plan: Redivision) -> None:
    """Write down every grid, building and seat of the community that the plan does not have; forget what is gone."""
    grids = list(Area.objects.filter(level=Level.GRID, parent=plan.community).at(plan.on).order_by("code"))
    gone = plan.grids.filter(is_new=False).exclude(grid__in=grids)
    plan.seats.filter(to__in=gone).update(to=None)
    known = {line.grid_id: line for line in plan.grids.filter(grid__isnull=False)}
    for grid in grids:
        if grid.pk not in known:
            known[grid.pk] = RedivisionGrid.objects.create(plan=plan, grid=grid, code=grid.code, name=grid.name)
    buildings = Area.objects.filter(level=Level.BUILDING, parent__in=grids).at(plan.on)
    found = dict(buildings.values_list("pk", "parent_id"))
    plan.buildings.exclude(building__in=found).delete()
    had = {row.building_id: row for row in plan.buildings.all()}
    for building_id, grid_id in found.items():
        row = had.get(building_id)
        if row is None:
            RedivisionBuilding.objects.create(
                plan=plan, building_id=building_id, from_grid_id=grid_id, to=known[grid_id]
            )
        elif row.from_grid_id != grid_id:
            row.from_grid_id, row.to = grid_id, known[grid_id]
            row.save(update_fields=["from_grid", "to"])
    _forget(plan, gone)
    running = Appointment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=plan.on), post__area__in=grids
    ).select_related("post")
    plan.seats.exclude(appointment__in=running).delete()
    seated = set(plan.seats.values_list("appointment", flat=True))
    RedivisionSeat.objects.bulk_create(
        RedivisionSeat(plan=plan, appointment=row, to=_goes_with(known[row.post.area_id]))
        for row in running
        if row.pk not in seated
    )


def _forget(plan: Redivision, gone: QuerySet[RedivisionGrid]) -> None:
    """Take out the lines of grids that are closed meanwhile."""
    for line in gone:
        plan.grids.filter(heir=line).update(heir=None, ends=False)
        plan.seats.filter(to=line).update(to=None)
        if not line.buildings.exists():
            RedivisionGrid.objects.filter(pk=line.pk).delete()


def _goes_with(line: RedivisionGrid) -> RedivisionGrid | None:
    return line.heir if line.ends else line


def _check_may_draw(by: Staff, community: Area) -> None:
    if not may_draw(by, community):
        raise NotYourRegister(_("The grids of this community are not yours to draw."))


def _check_day(on: date, *, at: datetime) -> None:
    if on < timezone.localdate(at):
        raise BadInput(_("The first day of the new grids lies in the past."), field="on")


def _check_whole(plan: Redivision, *, at: datetime) -> None:
    _check_day(plan.on, at=at)
    changed = drift(plan)
    if changed:
        raise PlanOvertaken("\n".join(changed))
    problems = loose_ends(plan)
    if problems:
        raise PlanIncomplete(problems)


def _locked(plan: Redivision, *, version: int) -> Redivision:
    locked = Redivision.objects.select_for_update(of=("self",)).select_related("community").get(pk=plan.pk)
    if locked.version != version:
        raise ChangedSinceReview(_("Somebody changed this plan meanwhile. Please read it again."))
    return locked


def _draft(plan: Redivision, *, by: Staff, version: int) -> Redivision:
    locked = _locked(plan, version=version)
    _check_may_draw(by, locked.community)
    if locked.state != RedivisionState.DRAFT:
        raise NotAllowedNow(_("This plan is no longer being drawn."))
    return locked


def _line(plan: Redivision, pk: int) -> RedivisionGrid:
    line = plan.grids.filter(pk=pk).first()
    if line is None:
        raise BadInput(_("Choose a grid of this plan."), field="to")
    return line


def _edited(plan: Redivision) -> Redivision:
    Redivision.objects.filter(pk=plan.pk).update(version=F("version") + 1)
    plan.version += 1
    return plan

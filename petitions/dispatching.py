"""Whom a petition can be given to: grid workers of its place who are at their post, units that answer for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from grids.enums import DEPARTMENT_POSTS, Level, PostKind
from grids.models import Absence, Appointment, Area, Organisation
from grids.staff import Staff
from people.models import User
from petitions.enums import Status
from petitions.models import Petition

WORKERS = (PostKind.GRID_WORKER, PostKind.GRID_LEAD)
BUSY = (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works in a grid today, how many matters he has in hand, and for whom he stands in."""

    user: User
    grid: Area
    in_hand: int
    stands_in_for: User | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A handling unit and how many matters it has in hand."""

    organisation: Organisation
    in_hand: int


def workers_for(petition: Petition, *, on: date, counted: bool = True) -> list[Worker]:
    """Return who can be given the petition on a civil date; deputies in place of the absent. Three queries.

    Workers and leads of its grid; without a grid, of the area that answers (``petition.area`` loaded); nobody while
    no subdistrict answers for it. Uncounted, nobody is asked how much he has in hand.
    """
    if petition.area.level < Level.STREET or _is_barred(petition, Level.GRID):
        return []
    seats = list(
        Appointment.objects.at(on)
        .filter(post__kind__in=WORKERS, post__area__path__startswith=petition.area_path, user__is_active=True)
        .exclude(user__recusals__petition=petition)
        .select_related("user", "post__area")
        .order_by("post__area__code", "post__kind", "user__display_name", "pk")
    )
    absences = Absence.objects.at(on).filter(appointment__in=[seat.pk for seat in seats]).select_related("deputy")
    away = {absence.appointment_id: absence for absence in absences}
    out = set(petition.recusals.values_list("user_id", flat=True)) if away else set()
    found: dict[tuple[int, int], tuple[User, Area, User | None]] = {}
    for seat in seats:
        absence = away.get(seat.pk)
        user = absence.deputy if absence else seat.user
        if user is not None and user.is_active and user.pk not in out:
            found.setdefault((user.pk, seat.post.area_id), (user, seat.post.area, seat.user if absence else None))
    in_hand = _in_hand("handler", {user.pk for user, _grid, _absent in found.values()}) if counted else {}
    return [Worker(user, grid, in_hand.get(user.pk, 0), absent) for user, grid, absent in found.values()]


def units_for(petition: Petition, *, by: Staff, on: date, counted: bool = True) -> list[Unit]:
    """Return the handling units whose area holds the petition's, or lies in it, as far as ``by`` sees. Two queries."""
    holds = Q(area__in=[int(part) for part in petition.area_path.split("/") if part])
    units = list(
        Organisation.objects.at(on)
        .handling_units()
        .visible_to(by)
        .filter(holds | Q(area__path__startswith=petition.area_path))
        .order_by("-area__level", "code")
        .select_related("area")
    )
    units = [unit for unit in units if not _is_barred(petition, Level(unit.area.level))]
    in_hand = _in_hand("organisation", {unit.pk for unit in units}) if counted else {}
    return [Unit(unit, in_hand.get(unit.pk, 0)) for unit in units]


def members_for(petition: Petition, *, by: Staff, on: date, counted: bool = True) -> list[Worker]:
    """Return the people of the unit that has the petition, for its head to give it to; nobody who is away.

    Nobody for who heads no such unit. Two queries.
    """
    heads = (held.organisation_id for held in by.holdings if held.kind == PostKind.DEPARTMENT_HEAD)
    if petition.organisation_id is None or petition.organisation_id not in heads:
        return []
    seats = (
        Appointment.objects.at(on)
        .filter(post__organisation=petition.organisation_id, post__kind__in=DEPARTMENT_POSTS, user__is_active=True)
        .exclude(user__recusals__petition=petition)
        .exclude(absences__starts_on__lte=on, absences__ends_on__gte=on)
        .select_related("user", "post__area")
        .order_by("post__kind", "user__display_name", "pk")
    )
    found = {seat.user_id: seat for seat in seats}
    in_hand = _in_hand("handler", found) if counted else {}
    return [Worker(seat.user, seat.post.area, in_hand.get(user_id, 0)) for user_id, seat in found.items()]


def _is_barred(petition: Petition, level: Level) -> bool:
    return petition.barred_from is not None and level >= petition.barred_from


def _in_hand(field: str, ids: Iterable[int]) -> dict[int, int]:
    rows = Petition.objects.filter(status__in=BUSY, **{f"{field}__in": list(ids)})
    return dict(rows.values_list(field).annotate(Count("pk")).order_by())

"""Walking a round: a place is confirmed by a button and by nothing else; what is found becomes a petition."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork.enums import RoundReason, RoundState
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import PatrolCheck, PatrolDuty, PatrolFinding, PatrolPoint
from fieldwork.permissions import check_may_keep_routes, check_may_walk
from fieldwork.rounds import due_at
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from petitions import services
from petitions.arrivals import is_place
from petitions.enums import Channel
from petitions.services import Filed


@dataclass(frozen=True, slots=True)
class Stop:
    """One place of a round and how it stands: confirmed or not, and by which matters."""

    point: PatrolPoint
    check: PatrolCheck | None
    findings: tuple[PatrolFinding, ...]


@sensitive_variables("where")
@transaction.atomic
def confirm(duty: PatrolDuty, *, point: PatrolPoint, by: Staff, at: datetime, where: str = "") -> PatrolCheck:
    """Confirm that somebody stands at a place of a round and all is right; again, it gives the same confirmation.

    :param where: the device's latitude and longitude, only if its owner chose to add them
    :raises NotYours: if no post of ``by`` walks this round
    :raises NotNow: if the day is not the round's, or the round has not begun
    :raises BadInput: if the place lies on another route
    """
    locked = _today(duty, by=by, at=at)
    return _check(locked, point, by=by, at=at, all_right=True, where=where)


@transaction.atomic
def take_back(duty: PatrolDuty, *, point: PatrolPoint, by: Staff, at: datetime) -> None:
    """Take a confirmation back that was pressed by mistake: one's own, on its day, while no matter hangs on it.

    :raises NotYours: if somebody else confirmed the place
    :raises NotNow: if the day is over, it is not confirmed, or a matter was found there
    """
    locked = _today(duty, by=by, at=at)
    check = PatrolCheck.objects.filter(duty=locked, point=point).first()
    if check is None:
        raise NotNow(_("This place is not confirmed."))
    if check.by_id != by.user.pk:
        raise NotYours(_("Only who confirmed it takes it back."))
    if PatrolFinding.objects.filter(duty=locked, point=point).exists():
        raise NotNow(_("A matter was found there: the place stays confirmed."))
    check.delete()
    locked.confirmed -= 1
    locked.state = RoundState.UNDER_WAY if locked.confirmed else RoundState.OPEN
    locked.done_at = locked.in_time = None
    if not locked.confirmed:
        locked.walker = locked.begun_at = None
    locked.save(update_fields=["confirmed", "state", "done_at", "in_time", "walker", "begun_at"])


@transaction.atomic
def find(
    duty: PatrolDuty,
    *,
    text: str,
    client_key: uuid.UUID,
    by: Staff,
    at: datetime,
    point: PatrolPoint | None = None,
    place: Area | None = None,
    uploads: Sequence[IO[bytes]] = (),
) -> Filed:
    """File what was found on a round as a petition of the channel patrol; the place counts as confirmed by it.

    The same ``client_key`` again gives the same petition and counts nothing twice.

    :param point: the place of the round; None for something between two of them
    :param place: house or grid it is about; the route's own area when left out
    :raises Refusal: as ``confirm`` and ``petitions.services.file`` say
    :raises BadInput: if the place lies outside the route's area
    """
    locked = _today(duty, by=by, at=at)
    area = place or locked.route.area
    if not area.path.startswith(locked.route.area.path):
        raise BadInput(_("This place lies outside the area of the route."), field="place")
    if point is not None:
        _check_on_route(locked, point)
    filed = services.file(
        text=text,
        client_key=client_key,
        channel=Channel.PATROL,
        place=area,
        place_words=point.name if point else "",
        uploads=uploads,
        filed_by=by.user,
        at=at,
    )
    _row, is_new = PatrolFinding.objects.get_or_create(
        petition=filed.petition, defaults={"duty": locked, "point": point, "by": by.user, "at": at}
    )
    if is_new:
        locked.found += 1
        locked.save(update_fields=["found"])
        if point is not None:
            _check(locked, point, by=by, at=at, all_right=False)
    return filed


@transaction.atomic
def say_why(duty: PatrolDuty, *, reason: RoundReason, by: Staff, at: datetime) -> PatrolDuty:  # noqa: ARG001 - a verb
    """Say why a round was not walked; nobody further up is told of it then.

    :raises NotYours: if no post of ``by`` keeps the route
    :raises NotNow: if it was walked, or is still to be
    """
    check_may_keep_routes(by, duty.route.area)
    locked = _locked(duty)
    if locked.state != RoundState.MISSED:
        raise NotNow(_("Only a round that was not walked needs a reason."))
    locked.reason = reason
    locked.save(update_fields=["reason"])
    return locked


def sheet(duty: PatrolDuty) -> list[Stop]:
    """Return the places of a round in their order and how each stands. Three queries."""
    points = PatrolPoint.objects.filter(route=duty.route_id).at(duty.on).order_by("position", "pk")
    checks = {check.point_id: check for check in duty.checks.select_related("by")}
    findings: dict[int | None, list[PatrolFinding]] = {}
    for finding in duty.findings.select_related("petition").order_by("pk"):
        findings.setdefault(finding.point_id, []).append(finding)
    return [Stop(point, checks.get(point.pk), tuple(findings.get(point.pk, ()))) for point in points]


def between(duty: PatrolDuty) -> list[PatrolFinding]:
    """Return what was found between two places. One query."""
    return list(duty.findings.filter(point=None).select_related("petition").order_by("pk"))


def _today(duty: PatrolDuty, *, by: Staff, at: datetime) -> PatrolDuty:
    """Return the round, locked, if it can be walked now by this person."""
    check_may_walk(by, duty.route)
    locked = _locked(duty)
    if locked.on != shanghai_date(at):
        raise NotNow(_("A round is walked on its own day."))
    if locked.opens_at is not None and at < due_at(locked.on, locked.opens_at):
        raise NotNow(_("This round begins at %(time)s.") % {"time": locked.opens_at.strftime("%H:%M")})
    return locked


def _check(
    duty: PatrolDuty, point: PatrolPoint, *, by: Staff, at: datetime, all_right: bool, where: str = ""
) -> PatrolCheck:
    _check_on_route(duty, point)
    known = PatrolCheck.objects.filter(duty=duty, point=point).first()
    if known is not None:
        if known.all_right and not all_right:
            known.all_right = False
            known.save(update_fields=["all_right"])
        return known
    check = PatrolCheck(duty=duty, point=point, by=by.user, at=at, all_right=all_right)
    check.where = where if is_place(where) else ""
    check.save(force_insert=True)
    duty.confirmed += 1
    duty.walker = duty.walker or by.user
    duty.begun_at = duty.begun_at or at
    duty.state = RoundState.UNDER_WAY
    if duty.confirmed == duty.asked:
        duty.state, duty.done_at = RoundState.DONE, at
        duty.in_time = at <= due_at(duty.on, duty.due_by)
    duty.save(update_fields=["confirmed", "walker", "begun_at", "state", "done_at", "in_time"])
    return check


def _check_on_route(duty: PatrolDuty, point: PatrolPoint) -> None:
    there = point.starts_on <= duty.on and (point.ends_on is None or point.ends_on >= duty.on)
    if point.route_id != duty.route_id or not there:
        raise BadInput(_("This place is not on this round."), field="point")


def _locked(duty: PatrolDuty) -> PatrolDuty:
    rows = PatrolDuty.objects.select_for_update(of=("self",), no_key=True).select_related("route__area", "walker")
    return rows.get(pk=duty.pk)

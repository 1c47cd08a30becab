"""A wrong place corrected: who answers, the clocks' opening hours and the lists follow; the clocks run on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.models import Area
from grids.posts import Staff, staff_for
from grids.standing import standing
from people.errors import BadInput
from petitions import clocks, notices, records, transitions
from petitions.enums import EventCode, Status, TextKind, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Petition
from petitions.permissions import MAY, check_not_recused, covers
from petitions.responsible import answers_for

HELD = (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Moved:
    """A corrected petition, and whether whoever had it lost it by that."""

    petition: Petition
    released: bool


def reach(by: Staff, petition: Petition) -> str:
    """Return the path of the area within which somebody may correct the place: community, street or district; or ""."""
    if not petition.is_open or petition.place_id is None:
        return ""
    paths = [held.path for held in by.holdings if Verb.REGRID in MAY.get(held.kind, ()) and covers(held, petition)]
    return min(paths, key=len, default="")


@transaction.atomic
def correct_place(
    petition: Petition, *, place: Area, by: Staff, at: datetime, reason: str, version: int | None = None
) -> Moved:
    """Put a petition where it really is, within the reach of one's posts: community, street or the whole district.

    Whoever has it keeps it if the new place is his too; else it waits to be dispatched there, and he is told.

    :raises NotYours: if no post of ``by`` reaches both the old and the new place
    :raises NotNow: if the matter is over or has no place yet
    :raises BadInput: if it lies there already
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    :raises WordsMissing: without a reason
    """
    place = standing(place, on=shanghai_date(at))
    locked = Petition.objects.locked(petition.pk)
    check_not_recused(by, locked)
    if not locked.is_open or locked.place_id is None:
        raise NotNow(_("Only the place of an open matter that has one can be corrected."))
    within = reach(by, locked)
    if not within or not place.path.startswith(within):
        raise NotYours(_("You can correct places within your own area only. Ask the level above for others."))
    transitions.check_version(locked, version)
    if place.pk == locked.place_id:
        raise BadInput(_("%(number)s lies there already.") % {"number": locked.number}, field="place")
    words = records.required(reason)
    before = Petition.objects.select_related("area").get(pk=locked.pk)
    answers = answers_for(place, barred=locked.barred_from)
    facts: dict[str, Any] = {
        "place": place, "area": answers.area, "area_path": answers.area.path,
        "street": answers.street, "community": answers.community, "grid": answers.grid,
    }  # fmt: skip
    refs = {"from": before.place_id, "to": place.pk}
    released = before.status in HELD and not _keeps(before, facts, at=at)
    if released:
        facts |= {"handler": None, "organisation": None, "designated_at": None}
        moved = transitions.move(
            locked, Verb.REGRID, by=by, at=at, words=words, text_kind=TextKind.REASON, public=False, refs=refs, **facts
        )
        notices.tell_former(before, by=by.user, at=at)
    else:
        moved = _write(locked, facts, by=by, at=at, words=words, refs=refs)
    if before.area_id != moved.area_id:
        clocks.redate(moved, at=at)
    return Moved(moved, released)


def _write(
    petition: Petition, facts: dict[str, Any], *, by: Staff, at: datetime, words: str, refs: dict[str, Any]
) -> Petition:
    """Write the new place where the status stays as it is."""
    for field, value in facts.items():
        setattr(petition, field, value)
    petition.version += 1
    petition.save(update_fields=["version", *facts])
    records.append(
        petition,
        EventCode.REGRIDDED,
        at=at,
        by=by.user,
        words=words,
        text_kind=TextKind.REASON,
        public=False,
        refs=refs,
    )
    clocks.advance(petition, at=at)
    notices.tell(petition, EventCode.REGRIDDED, by=by.user, at=at)
    return petition


def _keeps(before: Petition, facts: dict[str, Any], *, at: datetime) -> bool:
    """Tell whether who has the matter answers for the new place too."""
    if before.organisation is not None:
        path, new = before.organisation.area.path, str(facts["area_path"])
        return new.startswith(path) or path.startswith(new)
    if before.handler is None:
        return True
    there = Petition(**facts)
    holder = staff_for(before.handler, shanghai_date(at))
    return any(Verb.SIGN in MAY.get(held.kind, ()) and covers(held, there) for held in holder.holdings)

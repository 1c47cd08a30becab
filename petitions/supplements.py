"""One-time full notification 一次性告知 (000-19): what is missing is asked for once, all of it, by name.

A matter may be named as one of the community's service items; its materials are then ticked instead of typed.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines import life
from deadlines.enums import ClockState
from grids.staff import Staff
from people.models import User
from petitions import beside, clocks, notices, records, transitions
from petitions.enums import OPEN, Channel, EventCode, Status, TextKind
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Petition, ServiceItem, SupplementRequest
from petitions.permissions import check_not_recused, check_stays_in, covers
from petitions.requests import ASKS_BACK, HANDLING, holds

BULLET = "· "


@transaction.atomic
def name_item(
    petition: Petition, item: ServiceItem, *, by: Staff, at: datetime, version: int | None = None
) -> Petition:
    """Say which service item a matter is; its materials are then asked for by name, and the petitioner sees them.

    :raises NotYours: if ``by`` neither holds the matter nor works at its desk
    :raises NotNow: if the matter is over, or is that item already
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    """
    locked = Petition.objects.locked(petition.pk)
    check_not_recused(by, locked)
    _check_asks(by, locked)
    if locked.status not in OPEN:
        raise NotNow(_("This matter is over."))
    transitions.check_version(locked, version)
    if locked.service_item_id == item.pk:
        raise NotNow(_("%(number)s is “%(item)s” already.") % {"number": locked.number, "item": item.name})
    locked.service_item = item
    locked.version += 1
    locked.save(update_fields=["service_item", "version"])
    words = item.name_in(locked.language)
    records.append(locked, EventCode.ITEM_NAMED, at=at, by=by.user, words=words, refs={"item": item.code})
    return locked


@transaction.atomic
def ask_supplement(
    petition: Petition, *, by: Staff, at: datetime, words: str, materials: Collection[int] = ()
) -> SupplementRequest:
    """Ask the petitioner, once and for everything, for what is missing; clocks in working time stand meanwhile.

    1365, urgent and emergency clocks do not (rules.md d.3); nor does what is late already.

    ``materials``: places in the list of the matter's service item.

    :raises NotYours: if ``by`` neither holds the matter nor works at its desk
    :raises NotNow: if it was asked before, nobody can be asked, or the matter is not being handled
    :raises WordsMissing: if nothing is named
    """
    locked = Petition.objects.locked(petition.pk)
    stands = beside.read(locked, at=at)
    check_stays_in(by, locked, recused=stands.recused)
    _check_asks(by, locked)
    if locked.status not in HANDLING:
        raise NotNow(
            _("Nothing can be asked for while the matter is “%(status)s”.")
            % {
                "status": Status(locked.status).label,
            }
        )
    if locked.petitioner_id is None and locked.channel == Channel.IMPORT:
        raise NotNow(_("Nobody can be asked: the other system gave us no contact."))
    if SupplementRequest.objects.filter(petition=locked).exists():
        raise NotNow(_("The petitioner was asked once already; a supplement is asked for once, for everything."))
    named = _named(locked, materials)
    text, event = records.composed(
        locked,
        EventCode.SUPPLEMENT_ASKED,
        at=at,
        by=by.user,
        words=records.required(_together(named, words)),
        text_kind=TextKind.NOTE,
    )
    request = SupplementRequest(
        petition=locked, words_id=records.words_of(event), missing=named, asked_by=by.user, asked_at=at
    )
    records.write(text, event, request)
    still_open = life.pause(clocks.FAMILY, locked.pk, at=at, reason="supplement", table=stands.table)
    clocks.store_next_due(locked, still_open)
    notices.tell_petitioner(locked, EventCode.SUPPLEMENT_ASKED, at=at)
    return request


@transaction.atomic
def answer_supplement(
    petition: Petition, *, at: datetime, words: str, brought: Collection[int] = (), by: User | None = None
) -> Petition:
    """Take the petitioner's supplement (``by`` is the staff member who takes it for him); the clocks run on.

    ``brought``: places in the list of what was asked for.

    :raises NotNow: if nothing was asked for, or it was answered
    :raises WordsMissing: if nothing is ticked and nothing said
    """
    locked = Petition.objects.locked(petition.pk)
    waiting = SupplementRequest.objects.select_for_update().filter(petition=locked, answered=False).first()
    if waiting is None:
        raise NotNow(_("Nothing is being asked for at the moment."))
    came = sorted(place for place in set(brought) if 0 <= place < len(waiting.missing))
    said = records.required(_together([waiting.missing[place] for place in came], words))
    records.append(locked, EventCode.SUPPLEMENTED, at=at, by=by, words=said, text_kind=TextKind.BODY)
    SupplementRequest.objects.filter(pk=waiting.pk).update(answered=True, ended_at=waiting.ended_at or at, brought=came)
    life.resume(clocks.FAMILY, locked.pk, at=at)
    clocks.refresh(locked)
    notices.tell_holders(locked, EventCode.SUPPLEMENTED, at=at)
    return locked


@transaction.atomic
def take_supplement(
    petition: Petition, *, by: Staff, at: datetime, words: str, brought: Collection[int] = ()
) -> Petition:
    """Take the answer down for the petitioner, at the door or on the line.

    :raises NotYours: if ``by`` neither holds the matter nor works at its desk
    """
    _check_asks(by, petition)
    return answer_supplement(petition, at=at, words=words, brought=brought, by=by.user)


@transaction.atomic
def pause_over(petition_id: int, at: datetime) -> None:
    """Let a petition run on that has waited for its petitioner as long as it may; the holder is told."""
    locked = Petition.objects.locked(petition_id)
    if not locked.clocks.filter(state=ClockState.PAUSED).exists():
        return
    SupplementRequest.objects.filter(petition=locked, ended_at=None).update(ended_at=at)
    records.append(locked, EventCode.PAUSE_OVER, at=at, by=None)
    life.resume(clocks.FAMILY, locked.pk, at=at)
    clocks.refresh(locked)
    notices.tell_holders(locked, EventCode.PAUSE_OVER, at=at)


def asks_back(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may ask the petitioner back: who holds the matter, or works at its desk."""
    return holds(by, petition) or any(held.kind in ASKS_BACK and covers(held, petition) for held in by.holdings)


def _check_asks(by: Staff, petition: Petition) -> None:
    if not asks_back(by, petition):
        raise NotYours(_("Your post does not allow this on %(number)s.") % {"number": petition.number})


def _named(petition: Petition, materials: Collection[int]) -> list[str]:
    if not materials:
        return []
    if petition.service_item is None:
        raise WordsMissing(_("This matter is no service item; please say in words what is missing."))
    known = petition.service_item.materials_in(petition.language)
    return [known[place] for place in sorted(set(materials)) if 0 <= place < len(known)]


def _together(named: Sequence[str], words: str) -> str:
    return "\n".join([*(f"{BULLET}{name}" for name in named), *([words.strip()] if words.strip() else [])])

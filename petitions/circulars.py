"""Circulars 调度通报 from a post above to its areas, filings 报备备案 from an area to the level above (004-15)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Request, Staff, recipients_for
from notifications.services import NewNotice, owe
from people.errors import BadInput
from people.masking import mask_text
from petitions import records
from petitions.enums import EventCode
from petitions.errors import NotNow, NotYours
from petitions.filing_enums import FilingKind, FilingState
from petitions.models import Circular, CircularAddress, Filing, Petition
from petitions.models.circulars import FILES_FROM, HEADS_AREA, PUBLISHES

# Whom a circular to an area, or a filing with it, is told to.
HEAD_POSTS = {
    Level.COMMUNITY: (PostKind.COMMUNITY_SECRETARY,),
    Level.STREET: (PostKind.DISPATCHER, PostKind.STREET_LEADER),
    Level.DISTRICT: (PostKind.DISTRICT_COMMAND,),
}
BELOW = {Level.DISTRICT: Level.STREET, Level.STREET: Level.COMMUNITY}


# -- circulars ---------------------------------------------------------------------------------------------------


def publishes_from(by: Staff) -> list[int]:
    """Return the areas from which this person publishes circulars and with which filings are made."""
    return [held.area_id for held in by.holdings if held.kind in PUBLISHES]


def addressable(by: Staff, *, on: date) -> list[Area]:
    """Return the areas a circular of this person can go to: streets of a district, communities of a street."""
    own = Area.objects.filter(pk__in=publishes_from(by))
    scope = Q(pk__in=())
    for area in own:
        if Level(area.level) in BELOW:
            scope |= Q(parent=area.pk, level=BELOW[Level(area.level)])
    return list(Area.objects.served().at(on).filter(scope).order_by("code"))


@transaction.atomic
def publish(
    *,
    by: Staff,
    at: datetime,
    title: str,
    body: str,
    areas: Sequence[Area],
    numbers: Sequence[str] = (),
    answer_by: date | None = None,
) -> Circular:
    """Send a circular to areas one level below; their heads are told, the petitions named keep it in their history.

    :param answer_by: last civil day (Shanghai) for an answer; none is asked for without it
    :raises NotYours: if one of the areas does not lie right below a post that publishes
    :raises BadInput: without title, text or areas, if the day is over, or a number is unknown here
    """
    if not title.strip() or not body.strip():
        raise BadInput(_("A circular needs a title and a text."))
    if not areas:
        raise BadInput(_("Choose at least one area."), field="areas")
    if answer_by is not None and answer_by < shanghai_date(at):
        raise BadInput(_("The day to answer by is over already."), field="answer_by")
    [parent, *others] = {area.parent_id for area in areas}
    if others or parent not in publishes_from(by):
        raise NotYours(_("You can send circulars to the areas right below your post only."))
    petitions = _named(numbers, by=by)
    circular = Circular.objects.create(
        title=mask_text(title.strip())[0],
        body=mask_text(body.strip())[0],
        area_id=parent,
        issued_by=by.user,
        issued_at=at,
        answer_by=answer_by,
    )
    circular.petitions.set(petitions)
    CircularAddress.objects.bulk_create([CircularAddress(circular=circular, area=area) for area in areas])
    for petition in petitions:
        records.append(petition, EventCode.CIRCULAR, at=at, by=by.user, refs={"circular": circular.pk})
    _tell_heads(areas, kind="circular", about=f"circular:{circular.pk}", url=f"/admin/circulars/{circular.pk}/", at=at)
    return circular


def address_of(circular: Circular, by: Staff) -> CircularAddress | None:
    """Return the addressee this person answers for, if one of his posts heads an area it was sent to."""
    heads = [held.area_id for held in by.holdings if held.kind in HEADS_AREA]
    return circular.addresses.filter(area__in=heads).select_related("area").order_by("area__code").first()


@transaction.atomic
def acknowledge(address: CircularAddress, *, by: Staff, at: datetime) -> CircularAddress:
    """Record that the head of the area has read it; the first reading counts.

    :raises NotYours: if no post of ``by`` heads the area
    """
    locked = _locked_address(address, by=by)
    if locked.read_at is None:
        locked.read_by, locked.read_at = by.user, at
        locked.save(update_fields=["read_by", "read_at"])
    return locked


@transaction.atomic
def answer(address: CircularAddress, *, by: Staff, at: datetime, words: str) -> CircularAddress:
    """Answer for the area, once; whoever issued it is told.

    :raises NotYours: if no post of ``by`` heads the area
    :raises NotNow: if it was answered
    :raises WordsMissing: without words
    """
    locked = _locked_address(address, by=by)
    if locked.answered_at is not None:
        raise NotNow(_("Your area has answered already."))
    locked.answer = mask_text(records.required(words).strip())[0]
    locked.answered_by, locked.answered_at = by.user, at
    if locked.read_at is None:
        locked.read_by, locked.read_at = by.user, at
    locked.save(update_fields=["answer", "answered_by", "answered_at", "read_by", "read_at"])
    circular = locked.circular
    _tell(circular.issued_by_id, "circular_answered", about=f"circular:{circular.pk}", key=f"{locked.pk}", at=at)
    return locked


# -- filings -----------------------------------------------------------------------------------------------------


def files_from(by: Staff) -> list[int]:
    """Return the areas for which this person files plans and measures with the level above."""
    return [held.area_id for held in by.holdings if held.kind in FILES_FROM]


@transaction.atomic
def file_record(
    *,
    by: Staff,
    at: datetime,
    area: Area,
    kind: FilingKind,
    title: str,
    body: str,
    starts_on: date,
    ends_on: date | None = None,
    replaces: Filing | None = None,
) -> Filing:
    """File a plan or a temporary measure with the level above: a community with its street, a street with the district.

    :raises NotYours: if no post of ``by`` files for the area
    :raises BadInput: without title or text, or if it ends before it begins
    :raises NotNow: if it replaces what was not sent back, or what was filed anew already
    """
    if area.pk not in files_from(by):
        raise NotYours(_("Your post does not file for this area."))
    if not title.strip() or not body.strip():
        raise BadInput(_("A filing needs a title and a text."))
    if ends_on is not None and ends_on < starts_on:
        raise BadInput(_("The last day lies before the first."), field="ends_on")
    if replaces is not None:
        earlier = Filing.objects.select_for_update().get(pk=replaces.pk)
        anew = Filing.objects.filter(replaces=earlier).exists()
        if earlier.area_id != area.pk or earlier.state != FilingState.RETURNED or anew:
            raise NotNow(_("Only what was sent back can be filed anew, once."))
    above = Area.objects.filter(pk__in=area.ancestor_ids(), level__in=list(HEAD_POSTS)).order_by("-level")[0]
    filing = Filing.objects.create(
        kind=kind,
        title=mask_text(title.strip())[0],
        body=mask_text(body.strip())[0],
        area=area,
        to_area=above,
        starts_on=starts_on,
        ends_on=ends_on,
        filed_by=by.user,
        filed_at=at,
        replaces=replaces,
    )
    _tell_heads([above], kind="filing", about=f"filing:{filing.pk}", url=f"/admin/filings/{filing.pk}/", at=at)
    return filing


@transaction.atomic
def decide_filing(filing: Filing, *, by: Staff, at: datetime, note: bool, reason: str = "") -> Filing:
    """Note a filing, or send it back with a reason; who filed it is told.

    :raises NotYours: if no post of ``by`` at the level above decides, or he filed it himself
    :raises NotNow: if it is decided
    :raises WordsMissing: if it is sent back without a reason
    """
    locked = Filing.objects.select_for_update().get(pk=filing.pk)
    if locked.filed_by_id == by.user.pk or locked.to_area_id not in publishes_from(by):
        raise NotYours(_("Your post does not decide on this filing."))
    if locked.state != FilingState.FILED:
        raise NotNow(_("This filing has been decided already."))
    words = reason if note else records.required(reason)
    locked.state = FilingState.NOTED if note else FilingState.RETURNED
    locked.reason = mask_text(words.strip())[0]
    locked.decided_by, locked.decided_at = by.user, at
    locked.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    _tell(locked.filed_by_id, f"filing_{locked.state}", about=f"filing:{locked.pk}", key="decided", at=at)
    return locked


# -- helpers -----------------------------------------------------------------------------------------------------


def _named(numbers: Sequence[str], *, by: Staff) -> list[Petition]:
    wanted = list(dict.fromkeys(number.strip().upper() for number in numbers if number.strip()))
    found = {one.number: one for one in Petition.objects.visible_to(by).filter(number__in=wanted)}
    missing = [number for number in wanted if number not in found]
    if missing:
        raise BadInput(_("Not found in your area: %(numbers)s") % {"numbers": ", ".join(missing)}, field="numbers")
    return [found[number] for number in wanted]


def _locked_address(address: CircularAddress, *, by: Staff) -> CircularAddress:
    locked = CircularAddress.objects.select_for_update(of=("self",)).select_related("circular").get(pk=address.pk)
    if not any(held.kind in HEADS_AREA and held.area_id == locked.area_id for held in by.holdings):
        raise NotYours(_("Only the head of the area answers for it."))
    return locked


def _tell_heads(areas: Sequence[Area], *, kind: str, about: str, url: str, at: datetime) -> None:
    requests = [
        Request(
            key=area.pk,
            path=area.path,
            targets=tuple((Level(area.level), post) for post in HEAD_POSTS[Level(area.level)]),
        )
        for area in areas
    ]
    told = recipients_for(requests, on=shanghai_date(at))
    users = dict.fromkeys(user_id for answered in told.values() for user_id in answered.user_ids)
    owe([_notice(user_id, kind, about=about, url=url, key="sent", at=at) for user_id in users])


def _tell(user_id: int, kind: str, *, about: str, key: str, at: datetime) -> None:
    what, _colon, number = about.partition(":")
    owe([_notice(user_id, kind, about=about, url=f"/admin/{what}s/{number}/", key=key, at=at)])


def _notice(user_id: int, kind: str, *, about: str, url: str, key: str, at: datetime) -> NewNotice:
    return NewNotice(
        recipient_id=user_id,
        kind=kind,
        about=about,
        url_path=url,
        dedupe_key=f"{about}:{kind}:{key}:{user_id}",
        at=at,
        params={},
    )

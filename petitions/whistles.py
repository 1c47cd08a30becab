"""Blowing the whistle 吹哨报到 (rules.md b.4; 001-23, 002-43, 004-03): called, checked, answered, done, scored.

Every verb locks the whistle, asks who may, then whether it may be now, writes, keeps an entry, tells whose turn it is.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.clocks import policy_kept
from deadlines.timetable import shanghai_date
from grids.models import Area, Organisation
from grids.posts import Staff
from people.errors import BadInput
from people.keeping import all_at_once
from people.masking import mask_text
from people.models import User
from petitions import newcalls, records, whistle_clocks, whistle_notices, whistle_rows
from petitions import whistle_rights as rights
from petitions.call_enums import WhistleCode, WhistleKind, WhistleState
from petitions.enums import EventCode
from petitions.errors import NotNow, NotYours
from petitions.models import Petition, Whistle, WhistleCall, WhistleEntry


@transaction.atomic
def blow(
    *,
    by: Staff,
    at: datetime,
    kind: WhistleKind,
    words: str,
    place_words: str,
    client_key: uuid.UUID,
    units: Sequence[Organisation] = (),
    petition: Petition | None = None,
) -> Whistle:
    """Call for units to come: a worker calls his community, a secretary or the street calls handling units.

    An emergency goes out at once, anything else to the post above to be checked. The same ``client_key`` again gives
    the same whistle.

    :raises NotYours: as ``whistle_rights.check_may_call``, if he stays out of the matter, or if a unit is not his to
        call
    :raises NotNow: if the matter is over or about staff
    :raises BadInput: without words, a place or a unit
    """
    before = newcalls.look(Whistle, by=by, client_key=client_key, petition=petition)
    held = rights.check_may_call(by, petition)
    if before.known is not None:
        return Whistle.objects.get(pk=before.known)
    if not place_words.strip():
        raise BadInput(_("Say where they must come to."), field="place_words")
    with all_at_once():
        area = Area.objects.select_related("parent").get(pk=held.area_id)
        emergency = kind == WhistleKind.EMERGENCY
        whistle = Whistle(
            client_key=client_key,
            kind=kind,
            state=WhistleState.BLOWN if emergency else WhistleState.WAITING,
            petition=petition,
            area=area,
            post=held.kind,
            by=by.user,
            policy_id=policy_kept(whistle_clocks.POLICY_OF[kind], on=shanghai_date(at)),
            place_words=mask_text(place_words.strip())[0][:200],
            words=mask_text(records.required(words).strip())[0],
            asked_at=at,
            blown_at=at if emergency else None,
        )
        calls = [WhistleCall(**whom) for whom in _whom(by, held.kind, area, units, at=at)]
        whistle_rows.write(whistle, calls, at=at)
        if emergency:
            whistle_notices.to_called(whistle, calls, "called", at=at, out=before.out)
        else:
            whistle_notices.to_checkers(whistle, rights.CHECKED_BY[held.kind], at=at, out=before.out)
    return whistle


@transaction.atomic
def check(whistle: Whistle, *, by: Staff, at: datetime, agree: bool, words: str = "") -> Whistle:
    """Check a whistle first: let it sound, or send it back with a reason ("no empty whistles").

    Who lets a call to his own community sound has answered it.

    :raises NotYours: if no post of ``by`` checks it
    :raises NotNow: if it was checked
    :raises WordsMissing: if it is sent back without a reason
    """
    locked = _locked(whistle)
    if locked.state != WhistleState.WAITING:
        raise NotNow(_("This whistle does not wait to be checked any more."))
    if not rights.checks(by, locked):
        raise NotYours(_("Your post does not check this whistle."))
    locked.checked_by = by.user
    if not agree:
        locked.state, locked.closed_at = WhistleState.SENT_BACK, at
        locked.save(update_fields=["state", "closed_at", "checked_by"])
        _entry(locked, WhistleCode.SENT_BACK, by=by.user, at=at, words=records.required(words))
        whistle_notices.to_caller(locked, "sent_back", by=by.user, at=at)
        return locked
    locked.state, locked.blown_at = WhistleState.BLOWN, at
    locked.save(update_fields=["state", "blown_at", "checked_by"])
    _entry(locked, WhistleCode.APPROVED, by=by.user, at=at, words=words)
    calls = _calls(locked)
    _sound(locked, calls, by=by.user, at=at)
    whistle_notices.to_caller(locked, "approved", by=by.user, at=at)
    for call in calls:
        if call.area_id is not None and rights.is_called(by, call):
            _respond(call, by=by.user, at=at)
    return locked


@transaction.atomic
def withdraw(whistle: Whistle, *, by: Staff, at: datetime) -> Whistle:
    """Take a whistle back that was not checked yet.

    :raises NotYours: if ``by`` is not on the caller's side
    :raises NotNow: if it has sounded, or is over
    """
    locked = _locked(whistle)
    _must_call(by, locked)
    if locked.state != WhistleState.WAITING:
        raise NotNow(_("It has sounded already: end it, with a word, instead."))
    locked.state, locked.closed_at = WhistleState.WITHDRAWN, at
    locked.save(update_fields=["state", "closed_at"])
    _entry(locked, WhistleCode.WITHDRAWN, by=by.user, at=at)
    return locked


@transaction.atomic
def respond(call: WhistleCall, *, by: Staff, at: datetime) -> WhistleCall:
    """Answer for a called unit: we are coming (应哨). The first answer counts.

    :raises NotYours: if ``by`` does not answer for it
    :raises NotNow: if it was answered, says by whom, or the whistle is over
    """
    locked = _locked_call(call, by=by)
    if locked.responded_at is not None:
        assert locked.responded_by is not None  # noqa: S101 - whistle_responded_by_and_at
        raise NotNow(_("%(name)s has answered already.") % {"name": locked.responded_by.get_full_name()})
    _respond(locked, by=by.user, at=at)
    whistle_notices.to_caller(locked.whistle, "responded", by=by.user, at=at, call=locked)
    return locked


@transaction.atomic
def report(call: WhistleCall, *, by: Staff, at: datetime, words: str = "") -> WhistleCall:
    """Report for duty: the unit is on the scene (报到). Who never answered has answered by this.

    :raises NotYours: if ``by`` does not answer for it
    :raises NotNow: if it has reported, or the whistle is over
    """
    locked = _locked_call(call, by=by)
    if locked.reported_at is not None:
        raise NotNow(_("Your unit has reported for duty already."))
    _report(locked, by=by.user, at=at, words=words)
    whistle_notices.to_caller(locked.whistle, "reported", by=by.user, at=at, call=locked)
    return locked


@transaction.atomic
def note(whistle: Whistle, *, by: Staff, at: datetime, words: str, call: WhistleCall | None = None) -> WhistleEntry:
    """Write down what was done together on the scene (协同处置).

    :raises NotYours: if ``by`` neither called nor was called
    :raises NotNow: if the whistle does not sound
    :raises WordsMissing: without words
    """
    locked = _locked(whistle)
    _must_sound(locked)
    calls = _calls(locked)
    if not rights.takes_part(by, locked, calls):
        raise NotYours(_("Only who called and who was called write here."))
    own = call or next((one for one in calls if rights.is_called(by, one)), None)
    return _entry(locked, WhistleCode.NOTE, by=by.user, at=at, words=records.required(words), call=own)


@transaction.atomic
def finish(call: WhistleCall, *, by: Staff, at: datetime, words: str) -> WhistleCall:
    """Say for a called unit that its part is done, and how; its clock stops here.

    :raises NotYours: if ``by`` does not answer for it
    :raises NotNow: if it is done, or the whistle is over
    :raises WordsMissing: without words
    """
    locked = _locked_call(call, by=by)
    if locked.done_at is not None:
        raise NotNow(_("Your unit has said already that its part is done."))
    if locked.reported_at is None:
        _report(locked, by=by.user, at=at)
    locked.done_at = at
    locked.save(update_fields=["done_at"])
    whistle_clocks.done(locked, at=at)
    _entry(locked.whistle, WhistleCode.DONE, by=by.user, at=at, words=records.required(words), call=locked)
    whistle_notices.to_caller(locked.whistle, "done", by=by.user, at=at, call=locked)
    return locked


@transaction.atomic
def not_done(call: WhistleCall, *, by: Staff, at: datetime, words: str) -> WhistleCall:
    """Say as the caller that a unit's part is not done yet (事不完、人不撤): it stays, with a fresh clock.

    :raises NotYours: if ``by`` is not on the caller's side
    :raises NotNow: if the unit has not said that it is done, or the whistle is over
    :raises WordsMissing: without words
    """
    whistle = _locked(call.whistle)
    _must_call(by, whistle)
    _must_sound(whistle)
    locked = _fresh(call, whistle)
    if locked.done_at is None:
        raise NotNow(_("The unit has not said that its part is done."))
    locked.done_at = None
    locked.save(update_fields=["done_at"])
    whistle_clocks.not_done(locked, at=at)
    _entry(whistle, WhistleCode.NOT_DONE, by=by.user, at=at, words=records.required(words), call=locked)
    whistle_notices.to_called(whistle, [locked], "not_done", at=at)
    return locked


@transaction.atomic
def close(whistle: Whistle, *, by: Staff, at: datetime, words: str) -> Whistle:
    """End a whistle, with a word: the units may go, and both sides are scored.

    :raises NotYours: if ``by`` is not on the caller's side
    :raises NotNow: if it does not sound
    :raises WordsMissing: without words
    """
    locked = _locked(whistle)
    _must_call(by, locked)
    _must_sound(locked)
    locked.state, locked.closed_at = WhistleState.CLOSED, at
    locked.save(update_fields=["state", "closed_at"])
    calls = _calls(locked)
    for call in calls:
        whistle_clocks.end(call, at=at)
    _entry(locked, WhistleCode.CLOSED, by=by.user, at=at, words=records.required(words))
    _on_the_petition(locked, EventCode.WHISTLE_ENDED, by=by.user, at=at)
    whistle_notices.to_called(locked, calls, "closed", at=at)
    return locked


@transaction.atomic
def score(call: WhistleCall, *, by: Staff, at: datetime, came: bool, solved: bool, words: str = "") -> WhistleCall:
    """Score a unit as the caller (评哨): did it come in time, has it solved its part. Once, of the unit alone.

    :raises NotYours: if ``by`` is not on the caller's side
    :raises NotNow: before the end, or if it was scored
    """
    whistle = _locked(call.whistle)
    _must_call(by, whistle)
    locked = _fresh(call, whistle)
    if whistle.state != WhistleState.CLOSED or locked.scored_at is not None:
        raise NotNow(_("A unit is scored once, when the whistle has ended."))
    locked.came, locked.solved, locked.scored_at = came, solved, at
    locked.save(update_fields=["came", "solved", "scored_at"])
    whistle_clocks.scored(locked, at=at)
    refs = {"came": came, "solved": solved}
    _entry(whistle, WhistleCode.SCORED, by=by.user, at=at, words=words, call=locked, refs=refs)
    return locked


@transaction.atomic
def judge(call: WhistleCall, *, by: Staff, at: datetime, justified: bool, words: str = "") -> WhistleCall:
    """Score the call as a called unit (双考核, Beijing art. 33): was it justified. Once.

    :raises NotYours: if ``by`` does not answer for the unit
    :raises NotNow: before the end, or if it was scored
    """
    whistle = _locked(call.whistle)
    locked = _fresh(call, whistle)
    if not rights.is_called(by, locked):
        raise NotYours(_("Only who was called answers for it."))
    if whistle.state != WhistleState.CLOSED or locked.judged_at is not None:
        raise NotNow(_("A call is scored once, when the whistle has ended."))
    locked.justified, locked.judged_at = justified, at
    locked.save(update_fields=["justified", "judged_at"])
    _entry(whistle, WhistleCode.JUDGED, by=by.user, at=at, words=words, call=locked, refs={"justified": justified})
    return locked


# -- helpers -----------------------------------------------------------------------------------------------------


def _whom(
    by: Staff, post: str, area: Area, units: Sequence[Organisation], *, at: datetime
) -> list[dict[str, Area | Organisation]]:
    """Return who is called: the worker's own community, or the units named."""
    if post in rights.CALLS_COMMUNITY:
        assert area.parent is not None  # noqa: S101 - a grid lies in a community
        return [{"area": area.parent}]
    if not units:
        raise BadInput(_("Choose at least one unit to call."), field="units")
    known = set(rights.callable_units(by, on=shanghai_date(at)).values_list("pk", flat=True))
    if not {unit.pk for unit in units} <= known:
        raise NotYours(_("You can call the handling units of your area only."))
    return [{"organisation": unit} for unit in units]


def _sound(whistle: Whistle, calls: Sequence[WhistleCall], *, by: User, at: datetime) -> None:
    """Let it sound: every unit's clocks start, every unit is told, the matter keeps it in its history."""
    for call in calls:
        call.whistle = whistle
        whistle_clocks.advance(call, at=at)
    _on_the_petition(whistle, EventCode.WHISTLE, by=by, at=at)
    whistle_notices.to_called(whistle, calls, "called", at=at)


def _respond(call: WhistleCall, *, by: User, at: datetime) -> None:
    call.responded_at, call.responded_by = at, by
    call.save(update_fields=["responded_at", "responded_by"])
    whistle_clocks.advance(call, at=at)
    _entry(call.whistle, WhistleCode.RESPONDED, by=by, at=at, call=call)


def _report(call: WhistleCall, *, by: User, at: datetime, words: str = "") -> None:
    if call.responded_at is None:
        call.responded_at, call.responded_by = at, by
    call.reported_at = at
    call.save(update_fields=["responded_at", "responded_by", "reported_at"])
    whistle_clocks.advance(call, at=at)
    _entry(call.whistle, WhistleCode.REPORTED, by=by, at=at, words=words, call=call)


def _entry(
    whistle: Whistle,
    code: WhistleCode,
    *,
    by: User,
    at: datetime,
    words: str = "",
    call: WhistleCall | None = None,
    refs: dict[str, bool] | None = None,
) -> WhistleEntry:
    entry = whistle_rows.entry(whistle, code, by=by, at=at, words=words, call=call, refs=refs)
    entry.save(force_insert=True)
    return entry


def _on_the_petition(whistle: Whistle, code: EventCode, *, by: User, at: datetime) -> None:
    if whistle.petition is not None:
        records.append(whistle.petition, code, at=at, by=by, refs=whistle_rows.refs_of(whistle))


def _locked(whistle: Whistle) -> Whistle:
    """Return the whistle locked for change; what others handed us may be stale."""
    rows = Whistle.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("area", "petition__category", "by").get(pk=whistle.pk)


def _calls(whistle: Whistle) -> list[WhistleCall]:
    calls = list(whistle.calls.select_related("organisation", "area", "responded_by").order_by("pk"))
    for call in calls:
        call.whistle = whistle
    return calls


def _fresh(call: WhistleCall, whistle: Whistle) -> WhistleCall:
    """Return a called unit as it stands now, under the lock of its whistle."""
    return next(one for one in _calls(whistle) if one.pk == call.pk)


def _locked_call(call: WhistleCall, *, by: Staff) -> WhistleCall:
    whistle = _locked(call.whistle)
    locked = _fresh(call, whistle)
    if not rights.is_called(by, locked):
        raise NotYours(_("Only who was called answers for it."))
    _must_sound(whistle)
    return locked


def _must_call(by: Staff, whistle: Whistle) -> None:
    if not rights.is_caller(by, whistle):
        raise NotYours(_("Only the side that called does this."))


def _must_sound(whistle: Whistle) -> None:
    if whistle.state != WhistleState.BLOWN:
        raise NotNow(_("This whistle is not under way."))

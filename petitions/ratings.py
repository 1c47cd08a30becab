"""How it went, from who raised it: solved? and satisfied? asked apart, once a round, never changed afterwards.

Who is not content is spoken to within one working day (Anyang art. 52), by somebody who did not handle the matter; a
callback that finds it not solved sends it back to work with a fresh clock (Jinan art. 27).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grids.staff import Staff
from people.errors import BadInput
from people.models import User
from petitions import clocks, notices, petitioner, records, sampling, transitions
from petitions.enums import DONE, CheckKind, EventCode, RatingSource, Satisfaction, Status, TextKind, Verb
from petitions.errors import NotNow
from petitions.models import BadRating, Petition, PetitionEvent, Rating
from petitions.permissions import check_may_call_back


@transaction.atomic
def rate(
    petition: Petition,
    *,
    at: datetime,
    solved: bool | None,
    satisfaction: Satisfaction | None,
    words: str = "",
) -> Rating:
    """Keep the petitioner's rating of what was done; a bad one owes him a call or an answer, with a clock.

    What was joined to another matter is rated by what was done there.

    :raises NotNow: if nothing is reported as done, or this round was rated already
    :raises BadInput: if neither question is answered
    """
    locked = Petition.objects.locked(petition.pk)
    return _keep(locked, RatingSource.PAGE, by=None, at=at, solved=solved, satisfaction=satisfaction, words=words)


@transaction.atomic
def take_down(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    solved: bool | None,
    satisfaction: Satisfaction | None,
    words: str = "",
) -> Rating:
    """Keep a rating that came on paper, written down by somebody who did not handle the matter.

    :raises NotYours, OwnWork: if ``by`` may not
    :raises NotNow, BadInput: as ``rate``
    """
    locked = Petition.objects.locked(petition.pk)
    check_may_call_back(by, locked)
    return _keep(locked, RatingSource.PAPER, by=by.user, at=at, solved=solved, satisfaction=satisfaction, words=words)


@transaction.atomic
def call_back(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    solved: bool | None,
    satisfaction: Satisfaction | None,
    words: str = "",
) -> Rating:
    """Keep what the petitioner said in a callback; "not solved" sends the matter back to work.

    It answers whatever bad rating waits.

    :raises NotYours, OwnWork: if ``by`` may not
    :raises NotNow: if nothing is reported as done, nobody may be called, or this round was called back already
    :raises WordsMissing: if it is not solved and nothing says what is missing
    :raises BadInput: if neither question is answered
    """
    locked = Petition.objects.locked(petition.pk)
    check_may_call_back(by, locked)
    _check_may_be_called(locked)
    if solved is False:
        records.required(words)
    rating = _keep(
        locked, RatingSource.CALLBACK, by=by.user, at=at, solved=solved, satisfaction=satisfaction, words=words
    )
    if solved is False:
        _send_back(locked.master or locked, by=by.user, at=at)
    return rating


@transaction.atomic
def missed_call(petition: Petition, *, by: Staff, at: datetime) -> PetitionEvent:
    """Record that nobody answered the call. It answers nothing, and every clock runs on.

    :raises NotYours, OwnWork: if ``by`` may not
    :raises NotNow: if there is nobody to call
    """
    locked = Petition.objects.locked(petition.pk)
    check_may_call_back(by, locked)
    _check_may_be_called(locked)
    return records.append(locked, EventCode.CALL_MISSED, at=at, by=by.user)


@transaction.atomic
def answer(petition: Petition, *, by: Staff, at: datetime, words: str) -> PetitionEvent:
    """Answer a bad rating in words on the follow page: where nobody may be called, or beside a call.

    :raises NotYours, OwnWork: if ``by`` may not
    :raises NotNow: if no bad rating waits
    :raises WordsMissing: without words
    """
    locked = Petition.objects.locked(petition.pk)
    check_may_call_back(by, locked)
    if not locked.bad_ratings.filter(answered_at=None).exists():
        raise NotNow(_("No bad rating of %(number)s waits for an answer.") % {"number": locked.number})
    event = records.append(
        locked,
        EventCode.CALLED_BACK,
        at=at,
        by=by.user,
        words=records.required(words),
        text_kind=TextKind.REPLY,
        refs={"answer": True},
    )
    _answered(locked, by=by.user, at=at)
    notices.tell_petitioner(locked, EventCode.CALLED_BACK, at=at)
    return event


def may_rate(petition: Petition) -> bool:
    """Tell whether the petitioner may rate it now on the page (``master`` loaded); at most one query."""
    if _matter(petition).status not in DONE:
        return False
    return not _of_this_round(petition, RatingSource.PAGE)


def may_be_called(petition: Petition) -> bool:
    """Tell whether there is somebody who may be called: a contact, and nobody whom a call could betray."""
    silent = petition.category is not None and petition.category.silent
    return petition.petitioner_id is not None and not silent


def _matter(petition: Petition) -> Petition:
    return petition.master or petition


def _of_this_round(petition: Petition, source: RatingSource) -> bool:
    return petition.ratings.filter(generation=_matter(petition).round, source=source).exists()


def _keep(
    petition: Petition,
    source: RatingSource,
    *,
    by: User | None,
    at: datetime,
    solved: bool | None,
    satisfaction: Satisfaction | None,
    words: str,
) -> Rating:
    if solved is None and satisfaction is None:
        raise BadInput(_("Please answer at least one of the two questions."))
    matter = _matter(petition)
    if matter.status not in DONE:
        raise NotNow(_("%(number)s can be rated once it is reported as done.") % {"number": petition.number})
    if _of_this_round(petition, source):
        raise NotNow(_("%(number)s has been rated already; a rating stays as it is.") % {"number": petition.number})
    called = source == RatingSource.CALLBACK
    event = records.append(
        petition,
        EventCode.CALLED_BACK if called else EventCode.RATED,
        at=at,
        by=by,
        words=words,
        text_kind=TextKind.BODY,
        refs={"solved": solved, "satisfaction": satisfaction, "source": source, "round": matter.round},
    )
    rating = Rating.objects.create(
        petition=petition,
        generation=matter.round,
        solved=solved,
        satisfaction=satisfaction,
        source=source,
        words_id=event.text_id,
        at=at,
        by=by,
    )
    if called:
        sampling.fulfil(matter, CheckKind.CALLBACK, passed=solved is not False, by=by, at=at, event=event)
    elif not rating.is_bad:
        sampling.fulfil(matter, CheckKind.SURVEY, passed=True, by=by, at=at, event=event)
    if called and by is not None:
        _answered(petition, by=by, at=at)
    elif rating.is_bad:
        due_at = clocks.begin(petition, clocks.BAD_RATING, anchor="badly_rated", at=at)
        BadRating.objects.create(rating=rating, petition=petition, due_at=due_at)
    if rating.is_bad:
        notices.tell_posts(petition, EventCode.RATED, notices.one_level_up(petition), by=by, at=at)
    return rating


def _answered(petition: Petition, *, by: User, at: datetime) -> None:
    """Count every bad rating that waits as answered; its clock stops."""
    petition.bad_ratings.filter(answered_at=None).update(answered_at=at, answered_by=by)
    clocks.advance(petition, at=at)


def _send_back(petition: Petition, *, by: User, at: datetime) -> None:
    """Send what is not solved back to whoever handled it: rework, whether it was closed already or not."""
    locked = Petition.objects.locked(petition.pk)
    if locked.status not in DONE:
        return
    transitions.move(
        locked,
        Verb.REOPEN if locked.status == Status.CLOSED else Verb.REWORK,
        by=None,
        wrote=by,
        at=at,
        code=EventCode.REWORK,
        refs={"callback": True},
        **petitioner.back_to_work(locked, at=at),
    )


def _check_may_be_called(petition: Petition) -> None:
    if not may_be_called(petition):
        raise NotNow(_("Nobody may be called about %(number)s. Answer in words instead.") % {"number": petition.number})

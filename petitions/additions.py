"""What petitioners bring by themselves while their matter is open: words, photos, at any time (issue 5).

Not the answer to a supplement request (``supplements``), which lets the clocks run on: nothing stands still here.
Whoever has the matter reads it, and who was asked first; before anybody has it, the desk that takes matters in. What
was joined to another matter keeps its words to itself; who has the other matter is told that there is more to read.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Final

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from people.errors import BadInput
from petitions import notices, photos, records
from petitions.enums import EventCode, PhotoKind, TextKind
from petitions.errors import NotNow, WordsMissing
from petitions.models import Petition, PetitionEvent

# Times a day (Shanghai) for one matter: enough for whoever remembers something more, too few to bury a worker.
PER_DAY: Final = 5
MAX_WORDS: Final = 2000


def add(
    petition: Petition, *, at: datetime, client_key: uuid.UUID, words: str = "", uploads: Sequence[IO[bytes]] = ()
) -> PetitionEvent:
    """Add words or photos (or both) to an open matter; who has it and its first contact are told.

    The same ``client_key`` again gives the same event and adds nothing. A follower may (``viewers.Follower``).

    :raises WordsMissing: if there is neither a word nor a photo
    :raises BadInput: if the words are too long
    :raises BadPhoto: if an upload is no photo, or there are more than five
    :raises NotNow: if the matter is over, or was added to ``PER_DAY`` times today
    """
    if len(words) > MAX_WORDS:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": MAX_WORDS}, field="words")
    pictures = photos.clean_all(uploads)
    with photos.all_or_none() as kept, transaction.atomic():
        locked = Petition.objects.locked(petition.pk)
        earlier = locked.events.filter(code=EventCode.ADDED, refs__key=str(client_key)).first()
        if earlier is not None:
            return earlier
        if not (words.strip() or pictures):
            raise WordsMissing(_("Please write something or choose a photo."))
        _check_may_add(locked, at=at)
        kept.extend(photos.keep(locked, picture, kind=PhotoKind.FILED, by=None, at=at) for picture in pictures)
        event = records.append(
            locked,
            EventCode.ADDED,
            at=at,
            by=None,
            words=words,
            text_kind=TextKind.BODY,
            refs={"key": str(client_key), "photos": [str(photo.pk) for photo in kept] or None},
        )
        _tell(locked, at=at)
    return event


def may_add(petition: Petition) -> bool:
    """Tell whether something may be added (``master`` loaded): while it is open, or what it was joined to is."""
    return (petition.master or petition).is_open


def _check_may_add(petition: Petition, *, at: datetime) -> None:
    if not may_add(petition):
        raise NotNow(_("This matter is over, so nothing can be added to it. You can take it up again, or file anew."))
    # what others added who joined it is not his
    mine = petition.events.filter(code=EventCode.ADDED, refs__has_key="key").values_list("at", flat=True)
    if sum(shanghai_date(one) == shanghai_date(at) for one in mine) >= PER_DAY:
        raise NotNow(
            _("You have added something %(count)d times today. Tomorrow you can again; if it is urgent, please call.")
            % {"count": PER_DAY}
        )


def _tell(petition: Petition, *, at: datetime) -> None:
    first = petition.first_contact_owner_id
    master = petition.master
    if master is not None:
        records.append(master, EventCode.ADDED, at=at, by=None, refs={"petition": petition.number})
        notices.tell_holders(master, EventCode.ADDED, also=master.first_contact_owner_id, at=at)
        notices.tell_desk(petition, EventCode.ADDED, at=at)
    elif petition.handler_id is not None or petition.organisation_id is not None:
        notices.tell_holders(petition, EventCode.ADDED, also=first, at=at)
    else:
        notices.tell_desk(petition, EventCode.ADDED, also=first, at=at)

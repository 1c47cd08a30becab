"""Writing the public-sentiment diary 民情日记 (004-06), and making a matter of an entry."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text
from petitions import services
from petitions.enums import Channel
from petitions.errors import NotNow, NotYours
from petitions.models import Petition, SentimentDiary
from petitions.models.diaries import WRITES
from petitions.records import required

LONGEST = 2000


def may_write(by: Staff) -> bool:
    """Tell whether somebody keeps a diary: whoever meets residents in a grid or a community."""
    return by.holds(*WRITES)


def may_raise(by: Staff, entry: SentimentDiary) -> bool:
    """Tell whether somebody makes a matter of an entry: whoever wrote it, while he keeps a diary."""
    return entry.written_by_id == by.user.pk and may_write(by)


@transaction.atomic
def write(
    *, words: str, area: Area, heard_on: date, client_key: uuid.UUID, by: Staff, at: datetime, household: str = ""
) -> SentimentDiary:
    """Keep one entry; the same form again keeps nothing more.

    :param heard_on: civil date in Shanghai
    :raises NotYours: if no post of ``by`` keeps a diary there
    :raises WordsMissing: without words
    :raises BadInput: if the words are too long, or the day is still to come
    """
    if not by.holds(*WRITES, path=area.path):
        raise NotYours(_("Your post keeps no diary there."))
    known = SentimentDiary.objects.filter(client_key=client_key, written_by=by.user).first()
    if known is not None:
        return known
    words = required(words).strip()
    if len(words) > LONGEST:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": LONGEST}, field="words")
    if heard_on > shanghai_date(at):
        raise BadInput(_("This day is still to come."), field="heard_on")
    entry = SentimentDiary(
        client_key=client_key, area=area, heard_on=heard_on, masked=mask_text(words)[0], written_by=by.user,
        written_at=at,
    )  # fmt: skip
    entry.words, entry.household = words, household.strip()
    entry.save(force_insert=True)
    return entry


@transaction.atomic
def raise_petition(entry: SentimentDiary, *, by: Staff, at: datetime) -> Petition:
    """File the words of an entry as a matter of its place, by its writer; a second click finds the first's.

    The household stays in the diary: nobody asked to be named.

    :raises NotYours: if somebody else wrote it
    :raises NotNow: if its words are gone
    """
    row = SentimentDiary.objects.select_for_update(of=("self",)).select_related("area").get(pk=entry.pk)
    if not may_raise(by, row):
        raise NotYours(_("Only whoever wrote it makes a matter of it."))
    if row.petition is not None:
        return row.petition
    if not row.words:
        raise NotNow(_("The words of this entry are gone."))
    filed = services.file(
        text=row.words, at=at, client_key=uuid.uuid5(row.pk, "petition"), channel=Channel.DIARY, place=row.area,
        anonymous=True, filed_by=by.user,
    )  # fmt: skip
    row.petition = filed.petition
    row.save(update_fields=["petition"])
    return filed.petition

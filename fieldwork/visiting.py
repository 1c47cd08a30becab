"""The log of visits: what was reached, how, what came of it."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork.enums import Outcome, VisitMode
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Campaign, CampaignItem, CampaignTick, Household, Visit
from fieldwork.periods import GRACE_DAYS
from fieldwork.permissions import check_may_visit
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text

MAX_WORDS = 500


@sensitive_variables("words")
@transaction.atomic
def log(
    household: Household,
    *,
    by: Staff,
    at: datetime,
    client_key: uuid.UUID,
    mode: VisitMode,
    outcome: Outcome,
    on: date | None = None,
    words: str = "",
    campaign: Campaign | None = None,
    ticked: Collection[int] = (),
) -> Visit:
    """Write down a visit; the same ``client_key`` again gives the same visit and writes nothing.

    :param on: civil day of the visit in Shanghai, today or one of the two days before; today when left out
    :param ticked: ids of the lines of the campaign's checklist that were done
    :raises NotYours: if ``by`` neither keeps the household nor is linked to it
    :raises NotNow: if the household is closed, or the campaign does not run that day there
    :raises BadInput: if the day lies elsewhere, mode and outcome contradict each other, or the words are too long
    """
    check_may_visit(by, household)
    today = shanghai_date(at)
    day = on or today
    if not today - timedelta(days=GRACE_DAYS) <= day <= today:
        raise BadInput(_("A visit is written down on its day or in the two days after it."), field="on")
    if (mode == VisitMode.ABSENT) != (outcome == Outcome.NONE):
        raise BadInput(_("Nobody at home and nobody reached go together."), field="outcome")
    if len(words) > MAX_WORDS:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": MAX_WORDS}, field="words")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_key)])
    earlier = Visit.objects.filter(client_key=client_key, by=by.user).first()
    if earlier is not None:
        return earlier
    if household.valid_to is not None and day > household.valid_to:
        raise NotNow(_("This household is closed already."))
    items = _items(campaign, household, day, ticked)
    visit = Visit(
        client_key=client_key,
        household=household,
        by=by.user,
        on=day,
        mode=mode,
        outcome=outcome,
        campaign=campaign,
        written_at=at,
    )
    visit.words = mask_text(words.strip())[0]
    visit.save(force_insert=True)
    CampaignTick.objects.bulk_create(CampaignTick(visit=visit, item=item) for item in items)
    return visit


@transaction.atomic
def take_back(visit: Visit, *, by: Staff, at: datetime) -> Visit:
    """Strike a visit written down by mistake: its own writer, as long as he could still write it down.

    :raises NotYours: if somebody else wrote it
    :raises NotNow: if it is struck, or its days are over
    """
    if visit.by_id != by.user.pk:
        raise NotYours(_("Only who wrote it down takes it back."))
    locked = Visit.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.pk)
    if locked.struck_at is not None:
        raise NotNow(_("This visit was taken back already."))
    if not may_take_back(locked, by=by, at=at):
        raise NotNow(_("It is too late to take this visit back: its days are counted."))
    locked.struck_at = at
    locked.save(update_fields=["struck_at"])
    return locked


def may_take_back(visit: Visit, *, by: Staff, at: datetime) -> bool:
    """Whether the person may still strike it."""
    in_time = visit.on >= shanghai_date(at) - timedelta(days=GRACE_DAYS)
    return visit.by_id == by.user.pk and visit.struck_at is None and in_time


def _items(campaign: Campaign | None, household: Household, day: date, ticked: Collection[int]) -> list[CampaignItem]:
    if campaign is None:
        return []
    runs = campaign.starts_on <= day <= campaign.ends_on
    if not runs or campaign.area_id not in household.grid.line_ids():
        raise NotNow(_("This campaign does not run here on that day."))
    return list(CampaignItem.objects.filter(campaign=campaign, pk__in=ticked))

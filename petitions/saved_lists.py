"""Keeping a list under a name, sharing it, and remembering which columns somebody likes to see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text
from petitions import columns, desk, matters
from petitions.errors import NotNow, NotYours
from petitions.matters import Filters
from petitions.models import ColumnChoice, SavedList
from petitions.models.saved import LONGEST_NAME

MOST: Final = 30


def shares_in(staff: Staff) -> Area | None:
    """Return the area in which this person may share a list: the widest that a post of his sees; one query."""
    areas = desk.scope_areas(staff)
    return Area.objects.filter(pk=areas[0]).first() if areas else None


def check_words(words: str) -> str:
    """Return words that may stand in an address or under a name: they say nothing by which a person is known.

    A petition's own number may.

    :raises BadInput: if a telephone number, an identity number or an address of somebody stands in them
    """
    if not words.upper().startswith("PX") and mask_text(words)[1]:
        raise BadInput(_("Leave out telephone and identity numbers here: others may read this."), field="q")
    return words


@transaction.atomic
def save(*, name: str, filters: Filters, chosen: Sequence[str], shared: bool, by: Staff, at: datetime) -> SavedList:
    """Keep a list under a name; one's own list of that name is replaced.

    :raises BadInput: if the name is empty or too long, or says by which number somebody is known
    :raises NotYours: if it is to be shared by somebody whose posts see no area
    :raises NotNow: if there are as many already as one person keeps
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(_("Give it a name of at most %(most)d characters.") % {"most": LONGEST_NAME}, field="name")
    check_words(name)
    check_words(filters.q)
    area = shares_in(by) if shared else None
    if shared and area is None:
        raise NotYours(_("Your posts see no area in which a list could be shared."))
    mine = SavedList.objects.filter(owner=by.user)
    # two sent at once wait for each other here, or both would be the last that fits
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"petitions.saved:{by.user.pk}"])
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        raise NotNow(_("You keep %(most)d lists already. Remove one first.") % {"most": MOST})
    facts = {
        "filters": filters.asked(),
        "columns": [column.code for column in columns.chosen(chosen)],
        "shared_in": area,
        "saved_at": at,
    }
    return SavedList.objects.update_or_create(owner=by.user, name=name, defaults=facts)[0]


def remove(saved: SavedList, *, by: Staff) -> None:
    """Remove a list of one's own; who opened it by its address finds it no more.

    :raises NotYours: if somebody else keeps it
    """
    if saved.owner_id != by.user.pk:
        raise NotYours(_("Only who keeps a list may remove it."))
    saved.delete()


def filters_of(saved: SavedList) -> Filters:
    """Return what a saved list asks."""
    return matters.read(saved.filters)


def choose_columns(codes: Sequence[str], *, by: Staff) -> tuple[str, ...]:
    """Remember which columns somebody sees from now on.

    :raises BadInput: if none of them is a column
    """
    kept = tuple(column.code for column in columns.chosen(codes))
    if not kept:
        raise BadInput(_("Choose at least one column."), field="columns")
    ColumnChoice.objects.update_or_create(user=by.user, defaults={"columns": list(kept)})
    return kept


def columns_for(staff: Staff) -> tuple[str, ...]:
    """Return the columns somebody chose, or the usual ones; one query."""
    kept = ColumnChoice.objects.filter(user=staff.user.pk).values_list("columns", flat=True).first()
    return tuple(kept) if kept else columns.USUAL

"""What may be pushed down to a community: only what stands on its list of duties (002-06, 002-39).

A community for which no list was made yet is not protected by one. Its own people may take any matter; the list
binds the posts above it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.staff import Holding
from people.errors import BadInput
from petitions.models import DutyItem, Petition
from petitions.models.duties import DutyKind


@dataclass(frozen=True, slots=True)
class DutyList:
    """The list of one area on one day, by kind."""

    groups: tuple[tuple[str, tuple[DutyItem, ...]], ...]
    counts: Mapping[str, int]


def list_of(area: Area, *, on: date) -> DutyList:
    """Return the list of a community or a subdistrict on a civil date. One query; nothing for other levels."""
    items = DutyItem.objects.in_force(on).select_related("category").order_by("code", "-area__level", "pk")
    if area.level == Level.COMMUNITY:
        items = items.of_community(area)
    elif area.level == Level.STREET:
        items = items.of_street(area)
    else:
        items = items.none()
    # the nearest row of a code stands for those above it
    rows = list({item.code: item for item in reversed(items)}.values())[::-1]
    groups = ((str(kind.label), tuple(row for row in rows if row.kind == kind)) for kind in DutyKind)
    return DutyList(tuple(group for group in groups if group[1]), Counter(row.kind for row in rows))


def refusal(petition: Petition, *, senders: Sequence[Holding], on: date) -> str:
    """Return why the matter cannot be pushed down to its community, in words; empty if it can. One query at most.

    :param senders: the posts by which it is given; one that stands in the community or below gives its own work
    """
    if not _is_from_above(senders) or petition.community is None or petition.category is None:
        return ""
    return _words_against(petition, _listed(petition.community, on=on))


def any_is_unlisted(
    petitions: Iterable[Petition], *, senders_of: Callable[[Petition], Sequence[Holding]], on: date
) -> bool:
    """Tell whether one of these cannot be pushed down. One query a community at most."""
    listed: dict[int, frozenset[int | None]] = {}
    for petition in petitions:
        if not _is_from_above(senders_of(petition)):
            continue
        place = petition.community
        if place is None or petition.category is None:
            continue
        if place.pk not in listed:
            listed[place.pk] = _listed(place, on=on)
        if _words_against(petition, listed[place.pk]):
            return True
    return False


def _is_from_above(senders: Sequence[Holding]) -> bool:
    return bool(senders) and all(held.level < Level.COMMUNITY for held in senders)


def _listed(community: Area, *, on: date) -> frozenset[int | None]:
    """Return the categories on a community's list; that of an item which no matter falls under is None."""
    return frozenset(DutyItem.objects.in_force(on).of_community(community).values_list("category_id", flat=True))


def _words_against(petition: Petition, listed: frozenset[int | None]) -> str:
    category, community = petition.category, petition.community
    assert category is not None  # noqa: S101 - asked before
    assert community is not None  # noqa: S101 - asked before
    if not listed or {category.pk, category.parent_id} & (listed - {None}):
        return ""
    return _("“%(category)s” is on no list of duties of %(community)s: it cannot be pushed down there. "
             "Please give it to a handling unit.") % {
        "category": category.name, "community": community.name,
    }  # fmt: skip


def check_may_push_down(petition: Petition, *, senders: Sequence[Holding], at: datetime) -> None:
    """Refuse to give a community what its list does not hold.

    :raises BadInput: with the way out
    """
    why = refusal(petition, senders=senders, on=shanghai_date(at))
    if why:
        raise BadInput(why, field="to")

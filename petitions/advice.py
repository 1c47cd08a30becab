"""What speaks for a tier, a level and a unit when a matter is triaged: each with its reasons in words (PIPL art. 24).

The ladder is community → subdistrict's unit. The category proposes, the community's list of duties limits (002-39),
and what became of the last matters of the same kind in the same place is counted. A person decides.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from petitions.dispatching import Unit, Worker, units_for, workers_for
from petitions.enums import Tier
from petitions.models import Category, DutyItem, Petition
from petitions.models.duties import DutyKind

# What is counted of the past: bounded, by the index of a community's newest matters.
LOOK_BACK: Final = timedelta(days=180)
MOST: Final = 50
# Less than this says nothing, and a habit is what most of them had.
FEWEST: Final = 3
HABIT: Final = 0.6


@dataclass(frozen=True, slots=True)
class TierAdvice:
    """A tier, and what speaks for it."""

    tier: Tier
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandlerAdvice:
    """Who could have it, by the key of the dispatch form, and what speaks for him."""

    key: str
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is proposed for one matter; nothing where nothing speaks for it."""

    category: Category
    tier: TierAdvice | None
    level: str
    handlers: tuple[HandlerAdvice, ...]


@dataclass(frozen=True, slots=True)
class _Past:
    """What became of the last matters of this kind in this community."""

    count: int
    tiers: Counter[str]
    units: Counter[int]


def advise(petition: Petition, category: Category, *, by: Staff, at: datetime) -> Advice:
    """Return what is proposed for a matter (``area``, ``community``, ``grid`` loaded), of seven queries at most."""
    past = _past(petition, category, at=at)
    item, off_list = _item(petition, category, at=at)
    tier = _tier(petition, category, past, off_list=off_list)
    goes_up = off_list or (item is not None and item.kind == DutyKind.ASSIST) or (
        tier is not None and tier.tier == Tier.REFERRED
    )  # fmt: skip
    on = shanghai_date(at)
    units = units_for(petition, by=by, on=on, counted=False)
    found = [_unit(one, category, past, item) for one in units]
    handlers = sorted((one for one in found if one is not None), key=lambda one: -one[0])
    best = [advice for _weight, advice in handlers]
    if not goes_up:
        best = [*_workers(petition, workers_for(petition, on=on)), *best]
    return Advice(category, tier, _level(petition, item, off_list=off_list, goes_up=goes_up), tuple(best[:3]))


def _past(petition: Petition, category: Category, *, at: datetime) -> _Past:
    if petition.community_id is None:
        return _Past(0, Counter(), Counter())
    rows = (
        Petition.objects.filter(
            community=petition.community_id, category=category, submitted_at__gte=at - LOOK_BACK, accepted_at__lte=at
        )
        .exclude(pk=petition.pk)
        .order_by("-submitted_at", "-pk")
        .values_list("tier", "organisation")[:MOST]
    )
    found = list(rows)
    return _Past(
        len(found), Counter(tier for tier, _unit in found if tier), Counter(unit for _tier, unit in found if unit)
    )


def _item(petition: Petition, category: Category, *, at: datetime) -> tuple[DutyItem | None, bool]:
    """Return the line of the community's list the category falls under, and whether there is a list without it.

    The line of the subject goes before that of its main group. One query.
    """
    if petition.community is None:
        return None, False
    listed = list(DutyItem.objects.in_force(shanghai_date(at)).of_community(petition.community).order_by("pk"))
    about = [row for row in listed if row.category_id in {category.pk, category.parent_id} - {None}]
    item = min(about, key=lambda row: row.category_id != category.pk, default=None)
    return item, bool(listed) and item is None


def _tier(petition: Petition, category: Category, past: _Past, *, off_list: bool) -> TierAdvice | None:
    if off_list and petition.community is not None:
        return TierAdvice(Tier.REFERRED, (_("It is on no list of duties of %(community)s, so it goes up.") % {
            "community": petition.community.name,
        },))  # fmt: skip
    because: list[str] = []
    tier = Tier(category.tier) if category.tier else None
    if tier is not None:
        because.append(_("“%(category)s” is such a matter by its category.") % {"category": category.name})
    usual, times = past.tiers.most_common(1)[0] if past.tiers else ("", 0)
    counted = sum(past.tiers.values())
    if counted >= FEWEST and times >= HABIT * counted:
        if tier != usual:
            because.clear()
        tier = Tier(usual)
        because.append(
            _("%(times)d of the last %(count)d of this kind here were handled so.") % {"times": times, "count": counted}
        )
    return TierAdvice(tier, tuple(because)) if tier is not None else None


def _level(petition: Petition, item: DutyItem | None, *, off_list: bool, goes_up: bool) -> str:
    community = petition.community.name if petition.community is not None else petition.area.label
    if item is not None and item.kind == DutyKind.ASSIST:
        return _("%(lead)s leads, %(community)s assists: “%(item)s” stands so on the list of duties.") % {
            "lead": item.lead_zh, "community": community, "item": item.name,
        }  # fmt: skip
    if item is not None:
        return _("%(community)s does it itself: “%(item)s” stands on its list of duties.") % {
            "community": community, "item": item.name,
        }  # fmt: skip
    if off_list:
        return _("A handling unit of the subdistrict: the community's list of duties does not hold it.")
    if goes_up:
        return _("A handling unit of the subdistrict: the community cannot solve it alone.")
    return _("%(community)s and its grids first.") % {"community": community}


def _unit(unit: Unit, category: Category, past: _Past, item: DutyItem | None) -> tuple[int, HandlerAdvice] | None:
    """Return a unit that something speaks for, with how much."""
    name, because, weight = unit.organisation.name, [], 0
    if category.department_zh and (category.department_zh in name or name in category.department_zh):
        because.append(_("The category names %(department)s.") % {"department": category.department_zh})
        weight += MOST
    if item is not None and item.lead_zh and (item.lead_zh in name or name in item.lead_zh):
        because.append(_("The list of duties names it as the lead."))
        weight += MOST
    times = past.units[unit.organisation.pk]
    if times:
        because.append(
            _("It had %(times)d of the last %(count)d of this kind here.") % {"times": times, "count": past.count}
        )
        weight += times
    return (weight, HandlerAdvice(f"unit:{unit.organisation.pk}", name, tuple(because))) if because else None


def _workers(petition: Petition, workers: Sequence[Worker]) -> list[HandlerAdvice]:
    """Return the worker of the grid with the fewest matters in hand."""
    here = [one for one in workers if petition.grid_id is not None and one.grid.pk == petition.grid_id]
    if not here:
        return []
    # of several with as few the last one: leads come before their workers
    one = min(reversed(here), key=lambda worker: worker.in_hand)
    because = [_("Works in %(grid)s, where it is.") % {"grid": one.grid.label}]
    because.append(_("Has %(count)d matters in hand.") % {"count": one.in_hand})
    return [HandlerAdvice(f"worker:{one.user.pk}:{one.grid.pk}", one.user.get_full_name(), tuple(because))]

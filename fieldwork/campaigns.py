"""Campaigns of visits: starting one, ending it early, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from fieldwork.coverage import Share
from fieldwork.enums import VisitMode
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Campaign, CampaignItem, Household, Visit
from fieldwork.permissions import starts_campaigns
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text

MOST_ITEMS: Final = 20
LONGEST_ITEM: Final = 80


@dataclass(frozen=True, slots=True)
class Part:
    """How far a campaign has come in one area below its own."""

    area: Area
    share: Share


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has come: households reached of its goal, vain attempts, each line of the list, each area."""

    share: Share
    absent: int
    items: tuple[tuple[CampaignItem, int], ...]
    parts: tuple[Part, ...]


@transaction.atomic
def start(
    *,
    area: Area,
    name: str,
    starts_on: date,
    ends_on: date,
    items: Sequence[str],
    by: Staff,
    at: datetime,
    words: str = "",
    goal: int | None = None,
) -> Campaign:
    """Start a campaign in an area of the person's own posts.

    :param starts_on: first civil day in Shanghai, today or later
    :param items: the lines of its checklist
    :raises NotYours: if no post of ``by`` starts campaigns there
    :raises BadInput: without a name, with a wrong span, without lines or with too many or too long ones
    """
    if area.pk not in starts_campaigns(by):
        raise NotYours(_("Your post does not start campaigns in this area."))
    lines = list(dict.fromkeys(" ".join(item.split()) for item in items if item.strip()))
    if not name.strip():
        raise BadInput(_("Give it a name."), field="name")
    if ends_on < starts_on:
        raise BadInput(_("The last day lies before the first."), field="ends_on")
    if ends_on < shanghai_date(at):
        raise BadInput(_("The last day is over already."), field="ends_on")
    if not 1 <= len(lines) <= MOST_ITEMS:
        raise BadInput(_("Give it between 1 and %(most)d lines.") % {"most": MOST_ITEMS}, field="items")
    if any(len(line) > LONGEST_ITEM for line in lines):
        raise BadInput(_("A line has at most %(most)d characters.") % {"most": LONGEST_ITEM}, field="items")
    campaign = Campaign.objects.create(
        area=area,
        name=name.strip(),
        words=mask_text(words.strip())[0],
        starts_on=starts_on,
        ends_on=ends_on,
        goal=goal,
        started_by=by.user,
        started_at=at,
    )
    CampaignItem.objects.bulk_create(
        CampaignItem(campaign=campaign, position=position, text=line) for position, line in enumerate(lines, start=1)
    )
    return campaign


@transaction.atomic
def end(campaign: Campaign, *, by: Staff, at: datetime) -> Campaign:
    """End a campaign today, before its last day.

    :raises NotYours: if no post of ``by`` starts campaigns in its area
    :raises NotNow: if it has not begun, or is over
    """
    if campaign.area_id not in starts_campaigns(by):
        raise NotYours(_("Your post does not start campaigns in this area."))
    locked = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    today = shanghai_date(at)
    if not locked.starts_on <= today < locked.ends_on:
        raise NotNow(_("Only a campaign that runs can be ended early."))
    locked.ends_on = today
    locked.save(update_fields=["ends_on"])
    return locked


def of_household(household: Household, *, on: date) -> list[Campaign]:
    """Return the campaigns that run at a household on a day, with their lines; it comes with its grid. Two queries."""
    running = Campaign.objects.running(on).filter(area__in=household.grid.line_ids())
    return list(running.prefetch_related("items").order_by("ends_on", "pk"))


def progress(campaign: Campaign, *, on: date, within: Sequence[str]) -> Progress:
    """Count how far it has come on a day, in what lies under the paths ``within``. Five queries.

    A household counts once however often it was visited, from the first time somebody was reached there.
    """
    until = min(on, campaign.ends_on)
    scope = Q(pk__in=())
    for path in within:
        scope |= Q(grid__path__startswith=path)
    homes = Household.objects.filter(scope, grid__path__startswith=campaign.area.path).at(until)
    visits = Visit.objects.standing().filter(campaign=campaign, household=OuterRef("pk"))
    met, vain = Exists(visits.exclude(mode=VisitMode.ABSENT)), Exists(visits.filter(mode=VisitMode.ABSENT))
    rows = list(
        homes.order_by()
        .values("grid", "grid__path")
        .annotate(homes=Count("pk"), met=Count("pk", filter=Q(met)), absent=Count("pk", filter=Q(vain) & ~Q(met)))
    )
    reached, everybody = sum(row["met"] for row in rows), sum(row["homes"] for row in rows)
    whole = any(campaign.area.path.startswith(path) for path in within)
    asked = campaign.goal if campaign.goal and whole else everybody
    return Progress(
        Share(asked, reached),
        sum(row["absent"] for row in rows),
        tuple((item, done) for item, done in _items(campaign, homes)),
        tuple(_parts(campaign.area, [(row["grid__path"], row["homes"], row["met"]) for row in rows])),
    )


def _items(campaign: Campaign, homes: QuerySet[Household]) -> list[tuple[CampaignItem, int]]:
    done = Count(
        "ticks__visit__household",
        filter=Q(ticks__visit__struck_at=None, ticks__visit__household__in=homes),
        distinct=True,
    )
    items = CampaignItem.objects.filter(campaign=campaign).annotate(done=done).order_by("position")
    return [(item, item.done) for item in items]


def _parts(area: Area, rows: Sequence[tuple[str, int, int]]) -> list[Part]:
    """Sum what lies below each area of the next level that people know: streets, communities, grids."""
    level = {Level.DISTRICT: Level.STREET, Level.STREET: Level.COMMUNITY}.get(Level(area.level), Level.GRID)
    ids = {int(part) for path, _homes, _met in rows for part in path.split("/") if part}
    parts = []
    for one in Area.objects.filter(pk__in=ids, level=level).order_by("code"):
        inside = [(homes, met) for path, homes, met in rows if path.startswith(one.path)]
        parts.append(Part(one, Share(sum(homes for homes, _met in inside), sum(met for _homes, met in inside))))
    return parts

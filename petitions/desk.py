"""The secretary's desk: piles of work in my areas, counted and opened. Reads only; each number opens its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from petitions.enums import OPEN, Status
from petitions.models import Petition, PetitionQuerySet
from petitions.records import bigrams
from petitions.scopes import READS

PAGE = 30
# open petitions are few and indexed; a count beyond this says "and more"
CAP = 10_000


class Pile(TextChoices):
    """What waits on the desk, in the order the morning reads it."""

    LATE = "late", _("Overdue")
    NEW_LATE = "new_late", _("Overdue since yesterday")
    TODAY = "today", _("Due today")
    TRIAGE = "triage", _("Waiting for triage")
    PLACE = "place", _("Place still to be found")
    DISPATCH = "dispatch", _("Waiting to be dispatched")
    TAKE = "take", _("Dispatched, not yet taken")
    HANDS = "hands", _("Being handled")
    VERIFY = "verify", _("Waiting to be verified")
    CLOSE = "close", _("Verified, to be closed")
    URGENT = "urgent", _("Urgent")
    OPEN = "open", _("All open")


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the morning page."""

    pile: Pile
    count: int


@dataclass(frozen=True, slots=True)
class AreaCount:
    """One area of my scope with what is open and late in it."""

    area: Area
    open: int
    late: int


def in_pile(pile: Pile, *, at: datetime) -> Q:
    """Return which open petitions lie in a pile ``at`` an instant; days are Shanghai's."""
    today = shanghai_date(at)
    return {
        Pile.LATE: Q(next_due_at__lte=at),
        Pile.NEW_LATE: Q(next_due_at__lte=at, next_due_at__gt=_midnight(today - timedelta(days=1))),
        Pile.TODAY: Q(next_due_at__gt=at, next_due_at__lte=_midnight(today + timedelta(days=1))),
        Pile.TRIAGE: Q(status=Status.SUBMITTED),
        Pile.PLACE: Q(place=None),
        Pile.DISPATCH: Q(status=Status.ACCEPTED),
        Pile.TAKE: Q(status=Status.DISPATCHED),
        Pile.HANDS: Q(status__in=(Status.SIGNED, Status.IN_PROGRESS)),
        Pile.VERIFY: Q(status=Status.RESOLVED),
        Pile.CLOSE: Q(status=Status.VERIFIED),
        Pile.URGENT: ~Q(urgency="normal"),
        Pile.OPEN: Q(status__in=OPEN),
    }[pile]


def tiles(staff: Staff, *, at: datetime) -> list[Tile]:
    """Count every pile in the posts' scope; one query."""
    counts = (
        Petition.objects.visible_to(staff)
        .open()
        .aggregate(**{pile.value: Count("pk", filter=in_pile(pile, at=at)) for pile in Pile})
    )
    return [Tile(pile, counts[pile.value]) for pile in Pile]


def area_counts(staff: Staff, *, at: datetime) -> list[AreaCount]:
    """Count open and late one level below the widest post: communities of a street, grids of a community.

    Two queries.
    """
    level = _level_below(staff)
    if level is None:
        return []
    field = {Level.STREET: "street", Level.COMMUNITY: "community", Level.GRID: "grid"}[level]
    rows = (
        Petition.objects.visible_to(staff)
        .open()
        .order_by()
        .values_list(field)
        .annotate(open=Count("pk"), late=Count("pk", filter=in_pile(Pile.LATE, at=at)))
    )
    counts = {area_id: (open_, late) for area_id, open_, late in rows}
    # grids have numbers, not names: their codes keep them in order
    areas = Area.objects.served().visible_to(staff).filter(level=level).order_by("code")
    return [AreaCount(area, *counts.get(area.pk, (0, 0))) for area in areas]


def listed(staff: Staff, pile: Pile, *, at: datetime, area: Area | None = None, words: str = "") -> PetitionQuerySet:
    """Return the petitions of one pile in scope, narrowed to an area and to words (number, title, masked text)."""
    found = Petition.objects.visible_to(staff).open().filter(in_pile(pile, at=at))
    if area is not None:
        found = found.filter(area_path__startswith=area.path)
    return search(found, words)


def search(petitions: PetitionQuerySet, words: str) -> PetitionQuerySet:
    """Narrow to what carries the words: the number, or every pair of characters in the title or the masked words."""
    words = words.replace("\0", "").strip()
    if not words:
        return petitions
    if words.upper().startswith("PX"):
        return petitions.filter(number__startswith=words.upper())
    by_text = Q(texts__bigrams__contains=bigrams(words), texts__masked__icontains=words)
    return petitions.filter(Q(title__icontains=words) | by_text).distinct()


def months_back(today: date, count: int = 12) -> list[date]:
    """Return the first days of this month and the ones before it, newest first."""
    first = today.replace(day=1)
    found = [first]
    while len(found) < count:
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found


def month_of(text: str, today: date) -> tuple[date, date]:
    """Read ``2026-11``; return its first and last day (this month's to today), this month if it cannot be read."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today.replace(day=1)
    first = min(first, today.replace(day=1))
    after = (first + timedelta(days=32)).replace(day=1)
    return first, min(after - timedelta(days=1), today)


def group_below(staff: Staff) -> str:
    """Return what the figures of this person are broken down by."""
    level = _level_below(staff)
    return {Level.STREET: "street", Level.COMMUNITY: "community"}.get(level or Level.GRID, "grid")


def scope_areas(staff: Staff) -> Sequence[int]:
    """Return the areas the figures of this person start from: those of his posts that see petitions by area."""
    seeing = [held for held in staff.holdings if READS.get(held.kind) == "area"]
    return [held.area_id for held in sorted(seeing, key=lambda held: held.level)]


def paths(staff: Staff) -> list[str]:
    """Return the paths of the areas whose petitions this person's posts see."""
    return [held.path for held in staff.holdings if READS.get(held.kind) == "area"]


def _level_below(staff: Staff) -> Level | None:
    levels = [held.level for held in staff.holdings if held.level <= Level.COMMUNITY and held.organisation_id is None]
    if not levels:
        return None
    return {Level.DISTRICT: Level.STREET, Level.STREET: Level.COMMUNITY, Level.COMMUNITY: Level.GRID}.get(
        min(levels), Level.STREET
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)

"""The secretary's desk: piles of work in my areas, counted and opened. Reads only; each number opens its list."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.prepared import Statement, counting, filled, in_one, kept, rows_of
from petitions import requests
from petitions.cover import uncovered
from petitions.dispatching import BUSY
from petitions.enums import OPEN, UNANSWERED, RatingSource, Status
from petitions.models import (
    BadRating,
    Petition,
    PetitionQuerySet,
    PetitionText,
    Rating,
    ReturnRequest,
    Ruling,
    SupervisionOrder,
)
from petitions.records import bigrams
from petitions.scopes import READS

PAGE = 30
# open petitions are few and indexed; a count beyond this says "and more"
CAP = 10_000


class Pile(TextChoices):
    """What waits on the desk, in the order the morning reads it."""

    NEW_LATE = "new_late", _("Overdue since yesterday")
    LATE = "late", _("Overdue")
    TODAY = "today", _("Due today")
    BAD = "bad", _("Bad ratings to answer")
    EXTENSION = "extension", _("Extensions to decide on")
    RETURNED = "returned", _("Returns to decide on")
    RULING = "ruling", _("Deferrals, endings and conflicts to decide on")
    DEFERRED = "deferred", _("Put off")
    AWAY = "away", _("Holder away, nobody stands in")
    ORDERS = "orders", _("Supervision orders not answered")
    FIRST = "first", _("First asked me, not answered yet")
    TRIAGE = "triage", _("Waiting for triage")
    PLACE = "place", _("Place still to be found")
    DISPATCH = "dispatch", _("Waiting to be dispatched")
    TAKE = "take", _("Dispatched, not yet taken")
    HANDS = "hands", _("Being handled")
    VERIFY = "verify", _("Waiting to be verified")
    CALL = "call", _("Petitioner to be called back")
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


def in_pile(pile: Pile, staff: Staff, *, at: datetime) -> Q:
    """Return which open petitions lie in a pile of this person's desk ``at`` an instant; days are Shanghai's."""
    return _RULES[pile](staff, at)


_RULES: Final[Mapping[Pile, Callable[[Staff, datetime], Q]]] = {
    Pile.LATE: lambda _staff, at: Q(next_due_at__lte=at),
    Pile.NEW_LATE: lambda _staff, at: Q(
        next_due_at__lte=at, next_due_at__gt=_midnight(shanghai_date(at) - timedelta(days=1))
    ),
    Pile.TODAY: lambda _staff, at: Q(
        next_due_at__gt=at, next_due_at__lte=_midnight(shanghai_date(at) + timedelta(days=1))
    ),
    Pile.BAD: lambda _staff, _at: Q(pk__in=BadRating.objects.filter(answered_at=None).values("petition")),
    Pile.EXTENSION: lambda staff, at: Q(pk__in=requests.to_decide(staff, _open_to(staff), at=at)),
    Pile.RETURNED: lambda staff, _at: Q(pk__in=ReturnRequest.objects.waiting_for(staff).values("petition")),
    Pile.RULING: lambda staff, _at: Q(pk__in=Ruling.objects.waiting_for(staff).values("petition")),
    Pile.DEFERRED: lambda _staff, _at: Q(status=Status.DEFERRED),
    Pile.AWAY: lambda _staff, at: Q(status__in=BUSY) & uncovered(shanghai_date(at)),
    Pile.ORDERS: lambda _staff, _at: Q(pk__in=SupervisionOrder.objects.filter(answered_at=None).values("petition")),
    Pile.FIRST: lambda staff, _at: Q(first_contact_owner=staff.user.pk, status__in=UNANSWERED),
    Pile.TRIAGE: lambda _staff, _at: Q(status=Status.SUBMITTED),
    Pile.PLACE: lambda _staff, _at: Q(place=None),
    Pile.DISPATCH: lambda _staff, _at: Q(status=Status.ACCEPTED),
    Pile.TAKE: lambda _staff, _at: Q(status=Status.DISPATCHED),
    Pile.HANDS: lambda _staff, _at: Q(status__in=(Status.SIGNED, Status.IN_PROGRESS)),
    Pile.VERIFY: lambda _staff, _at: Q(status=Status.RESOLVED),
    Pile.CALL: lambda _staff, _at: (
        Q(status__in=(Status.RESOLVED, Status.VERIFIED), petitioner__isnull=False) & ~Q(_called_back())
    ),
    Pile.CLOSE: lambda _staff, _at: Q(status=Status.VERIFIED),
    Pile.URGENT: lambda _staff, _at: ~Q(urgency="normal"),
    Pile.OPEN: lambda _staff, _at: Q(status__in=OPEN),
}
# What is not counted together with the others: most of what is rated is closed, and who decides is found by posts.
APART: Final = (Pile.BAD, Pile.EXTENSION)


def tiles(staff: Staff, *, at: datetime, shown: Collection[Pile] = tuple(Pile)) -> list[Tile]:
    """Count these piles in the posts' scope; two queries.

    Where somebody asked for more time, those of ``requests.to_decide`` too.
    """
    on = shanghai_date(at)
    together = [pile for pile in Pile if pile in shown and pile not in APART]
    sometime = datetime.combine(on, time(microsecond=1), tzinfo=SHANGHAI)  # of that day, and no midnight
    asked = kept(
        ("piles", staff.sight, on, *together),
        lambda: counting(
            _open_to(staff),
            "piles",
            **{pile.value: Count("pk", filter=in_pile(pile, staff, at=sometime)) for pile in together},
        ),
    )
    counts = dict.fromkeys(Pile, 0)
    for _name, *row in rows_of(filled(asked, example=sometime, value=at)):
        counts |= dict(zip(together, row, strict=True))
    apart: Mapping[Pile, Callable[[], QuerySet[Any]]] = {
        Pile.BAD: lambda: listed(staff, Pile.BAD, at=at),
        Pile.EXTENSION: lambda: requests.waiting(_open_to(staff)),
    }
    counts |= rows_of(in_one(*(_count(pile, staff, apart[pile]) for pile in APART if pile in shown)))
    if counts[Pile.EXTENSION]:  # somebody decides on them, not always he
        counts[Pile.EXTENSION] = len(requests.to_decide(staff, _open_to(staff), at=at))
    return [Tile(pile, counts[pile]) for pile in Pile if pile in shown]


def _count(pile: Pile, staff: Staff, rows: Callable[[], QuerySet[Any]]) -> Statement:
    return kept((pile, staff.sight), lambda: counting(rows(), pile.value, number=Count("pk")))


def _open_to(staff: Staff) -> PetitionQuerySet:
    return Petition.objects.visible_to(staff).open()


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
        .annotate(open=Count("pk"), late=Count("pk", filter=in_pile(Pile.LATE, staff, at=at)))
    )
    counts = {area_id: (open_, late) for area_id, open_, late in rows}
    # grids have numbers, not names: their codes keep them in order
    areas = Area.objects.served().visible_to(staff).filter(level=level).order_by("code")
    return [AreaCount(area, *counts.get(area.pk, (0, 0))) for area in areas]


def listed(staff: Staff, pile: Pile, *, at: datetime, area: Area | None = None, words: str = "") -> PetitionQuerySet:
    """Return the petitions of one pile in scope, narrowed to an area and to words (number, title, masked text)."""
    mine = Petition.objects.visible_to(staff)
    # most of what is rated is closed
    found = (mine if pile == Pile.BAD else mine.open()).filter(in_pile(pile, staff, at=at))
    if area is not None:
        found = found.filter(area_path__startswith=area.path)
    return search(found, words)


def search(petitions: PetitionQuerySet, words: str) -> PetitionQuerySet:
    """Narrow to what carries the words: the number, or every pair of characters in the masked words.

    What stands in a title stands in the words, too.
    """
    words = words.replace("\0", "").strip()
    if not words:
        return petitions
    if words.upper().startswith("PX"):
        return petitions.filter(number__startswith=words.upper())
    said = PetitionText.objects.filter(bigrams__contains=bigrams(words), masked__icontains=words)
    return petitions.filter(pk__in=said.values("petition"))


def scope_areas(staff: Staff) -> Sequence[int]:
    """Return the areas the figures of this person start from: those of his posts that see petitions by area."""
    seeing = [held for held in staff.holdings if READS.get(held.kind) == "area"]
    return [held.area_id for held in sorted(seeing, key=lambda held: held.level)]


def paths(staff: Staff) -> list[str]:
    """Return the paths of the areas whose petitions this person's posts see."""
    return [held.path for held in staff.holdings if READS.get(held.kind) == "area"]


def _called_back() -> Exists:
    """Say that the petitioner was called back about this round."""
    return Exists(
        Rating.objects.filter(petition=OuterRef("pk"), generation=OuterRef("round"), source=RatingSource.CALLBACK)
    )


def _level_below(staff: Staff) -> Level | None:
    levels = [held.level for held in staff.holdings if held.level <= Level.COMMUNITY and held.organisation_id is None]
    if not levels:
        return None
    return {Level.DISTRICT: Level.STREET, Level.STREET: Level.COMMUNITY, Level.COMMUNITY: Level.GRID}.get(
        min(levels), Level.STREET
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)

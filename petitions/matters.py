"""The list of matters at any size: filters, an order that an index has, pages by key, a count that stops. Reads only.

A page costs the same at any depth: the cursor is a range of the index that gives the order, never an OFFSET.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Q, TextChoices
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from petitions import desk
from petitions.columns import Row
from petitions.enums import OPEN, Status
from petitions.models import Category, Petition, PetitionQuerySet

PAGE: Final = 50
# a count beyond this says "and more"
CAP: Final = 10_000
SOON: Final = timedelta(days=3)
LONGEST_KEY: Final = 18  # digits of a key
FIELD_OF: Final = {Level.GRID: "grid", Level.COMMUNITY: "community", Level.STREET: "street"}


class Stand(TextChoices):
    """Where a matter stands, beside the statuses themselves."""

    OPEN = "open", _("All open")
    OVER = "over", _("All that is over")
    ALL = "all", _("Open and over")


class Due(TextChoices):
    """How pressing it is; each of these asks for open matters."""

    LATE = "late", _("Overdue")
    TODAY = "today", _("Due today")
    SOON = "soon", _("Due within three days")
    NONE = "none", _("Without a date")


class Held(TextChoices):
    """With whom it is."""

    ME = "me", _("Myself")
    NOBODY = "nobody", _("Nobody yet")


class Order(TextChoices):
    """In which order."""

    DUE = "due", _("Most pressing first")
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list, as the address of the page says it; empty: everything."""

    status: str = Stand.OPEN.value
    due: str = ""
    category: str = ""
    tier: str = ""
    urgency: str = ""
    channel: str = ""
    area: str = ""
    held: str = ""
    holder: str = ""
    since: str = ""
    until: str = ""
    q: str = ""
    order: str = ""

    def asked(self) -> dict[str, str]:
        """Return what differs from the plain list of what is open: what an address must say."""
        return {name: value for name, value in asdict(self).items() if value != _PLAIN[name]}

    @property
    def ordered(self) -> Order:
        """The order that holds: by due date only among what is open, which alone has one."""
        only_open = self.status == Stand.OPEN or self.status in OPEN or bool(self.due)
        if self.order in {Order.NEWEST, Order.OLDEST}:
            return Order(self.order)
        return Order.DUE if only_open else Order.NEWEST


_PLAIN: Final = asdict(Filters())
NAMES: Final = tuple(field.name for field in fields(Filters))


def read(given: Mapping[str, Any]) -> Filters:
    """Return the filters of cleaned data, or of what was kept of them; what is missing is as in the plain list."""
    return Filters(**{name: str(given.get(name) or _PLAIN[name]) for name in NAMES})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows; ``after`` is the cursor of the next one, empty on the last."""

    rows: Sequence[Row]
    after: str


def found(staff: Staff, filters: Filters, *, area: Area | None, at: datetime) -> PetitionQuerySet:
    """Return the matters in this person's scope that the filters ask for; ``area``: that of ``filters.area``, if seen.

    Days are Shanghai's.
    """
    petitions = Petition.objects.visible_to(staff).filter(_standing(filters), _pressing(filters.due, at=at))
    if filters.area:
        petitions = petitions.filter(_under(area)) if area is not None else petitions.none()
    if filters.category:
        subjects = Category.objects.filter(code__startswith=filters.category)
        petitions = petitions.filter(category__in=subjects.values("pk"))
    for name in ("tier", "urgency", "channel"):
        value = getattr(filters, name)
        if value:
            petitions = petitions.filter(**{name: value})
    petitions = petitions.filter(_filed(filters), _held(filters, staff))
    return desk.search(petitions, filters.q)


def count(petitions: PetitionQuerySet) -> int:
    """Count no further than one above ``CAP``; one query."""
    return petitions.order_by()[: CAP + 1].count()


def page_of(petitions: PetitionQuerySet, order: Order, *, reads: Sequence[str], after: str = "") -> Page:
    """Return one page from a cursor on; one query, one more where the dated ones end."""
    rows = _by_due(petitions, reads, after) if order == Order.DUE else _by_filing(petitions, order, reads, after)
    key = "next_due_at" if order == Order.DUE else "submitted_at"
    return Page(rows[:PAGE], _cursor(rows[PAGE - 1], key) if len(rows) > PAGE else "")


def _by_due(petitions: PetitionQuerySet, reads: Sequence[str], after: str) -> list[Row]:
    """First what has a date, in two ranges of one index: an order with the undated last would be read from its top."""
    place = _read_cursor(after)
    rows: list[Row] = []
    if place is None or place[0] is not None:
        dated = petitions.filter(next_due_at__isnull=False).order_by("next_due_at", "pk")
        if place is not None:
            moment, pk = place
            dated = dated.filter(Q(next_due_at__gt=moment) | Q(pk__gt=pk), next_due_at__gte=moment)
        rows = list(dated.values(*reads)[: PAGE + 1])
    if len(rows) <= PAGE:
        undated = petitions.filter(next_due_at=None).order_by("pk")
        if place is not None and place[0] is None:
            undated = undated.filter(pk__gt=place[1])
        rows += undated.values(*reads)[: PAGE + 1 - len(rows)]
    return rows


def _by_filing(petitions: PetitionQuerySet, order: Order, reads: Sequence[str], after: str) -> list[Row]:
    newest = order == Order.NEWEST
    rows = petitions.order_by(*(("-submitted_at", "-pk") if newest else ("submitted_at", "pk")))
    place = _read_cursor(after)
    if place is not None and place[0] is not None:
        moment, pk = place
        if newest:
            rows = rows.filter(Q(submitted_at__lt=moment) | Q(pk__lt=pk), submitted_at__lte=moment)
        else:
            rows = rows.filter(Q(submitted_at__gt=moment) | Q(pk__gt=pk), submitted_at__gte=moment)
    return list(rows.values(*reads)[: PAGE + 1])


def _cursor(row: Row, key: str) -> str:
    # in UTC: "+08:00" would be read as " 08:00" from an address that somebody typed
    moment = row[key]
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}~{row['pk']}" if moment else f"~{row['pk']}"


def _read_cursor(cursor: str) -> tuple[datetime | None, int] | None:
    """Return where a page begins; None if the cursor is none."""
    moment, mark, pk = cursor.rpartition("~")
    if not mark or not pk.isdecimal() or len(pk) > LONGEST_KEY:
        return None
    if not moment:
        return None, int(pk)
    try:
        read = parse_datetime(moment)
    except ValueError:
        return None
    return (read, int(pk)) if read is not None and read.tzinfo is not None else None


def _standing(filters: Filters) -> Q:
    if filters.due:
        return Q(status__in=OPEN) & (Q(status=filters.status) if filters.status in Status.values else Q())
    match filters.status:
        case Stand.OPEN:
            return Q(status__in=OPEN)
        case Stand.OVER:
            return Q(status__in=[status for status in Status if status not in OPEN])
        case Stand.ALL:
            return Q()
    # the partial indexes of what is open say so in their own words
    return Q(status=filters.status) & (Q(status__in=OPEN) if filters.status in OPEN else Q())


def _pressing(due: str, *, at: datetime) -> Q:
    midnight = datetime.combine(shanghai_date(at) + timedelta(days=1), time(), tzinfo=SHANGHAI)
    match due:
        case Due.LATE:
            return Q(next_due_at__lte=at)
        case Due.TODAY:
            return Q(next_due_at__gt=at, next_due_at__lte=midnight)
        case Due.SOON:
            return Q(next_due_at__gt=at, next_due_at__lte=at + SOON)
        case Due.NONE:
            return Q(next_due_at=None)
    return Q()


def _under(area: Area) -> Q:
    field = FIELD_OF.get(Level(area.level))
    if field is not None:
        return Q(**{field: area.pk})
    return Q(area_path__startswith=area.path) if area.level < Level.STREET else Q(place__path__startswith=area.path)


def _filed(filters: Filters) -> Q:
    days = Q()
    if filters.since:
        days &= Q(submitted_at__gte=_midnight(date.fromisoformat(filters.since)))
    if filters.until:
        days &= Q(submitted_at__lt=_midnight(date.fromisoformat(filters.until) + timedelta(days=1)))
    return days


def _held(filters: Filters, staff: Staff) -> Q:
    held = Q()
    if filters.held == Held.ME:
        held = Q(handler=staff.user.pk)
    elif filters.held == Held.NOBODY:
        held = Q(handler=None, organisation=None)
    if filters.holder:
        held &= Q(handler__display_name__icontains=filters.holder) | Q(organisation__name__icontains=filters.holder)
    return held


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)

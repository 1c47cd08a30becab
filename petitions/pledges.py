"""Whether the pledges of service items are kept (服务承诺, 000-21): counted each night, read from sums by month.

A matter counts when it is done, in the month of that day, by the pledge the item made then: what is edited later
changes nothing. Time runs from acceptance as the unit says (working days, open hours, days) and stands still while the
petitioner is asked for what is missing. A matter that is taken up again counts anew when it is done again. What is
still open is no fact; the desk's lists show it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from deadlines.calendar import ClockKind, Limit, Unit, due
from deadlines.enums import LimitUnit
from deadlines.timetable import Timetable, shanghai_date, timetable
from grids.models import Area
from petitions.disclosure import LEAST
from petitions.enums import DONE
from petitions.models import Petition, PledgeFact, PledgeMonth, ServiceItem
from petitions.periods import month_before

AT_ONCE: Final = 2_000
_LOCK: Final = 3_170_021
# Sums are made anew for the months that a count touched, all at once: no difference can go astray.
_SUM: Final = """
INSERT INTO petitions_pledgemonth (code, community_id, month, done, kept)
SELECT code, community_id, date_trunc('month', done_on::timestamp)::date AS month,
    count(*), count(*) FILTER (WHERE kept)
FROM petitions_pledgefact
WHERE date_trunc('month', done_on::timestamp)::date = ANY(%s)
GROUP BY code, community_id, month
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many matters of an item were done in twelve whole months, and how many of them as pledged."""

    since: date
    until: date
    done: int = 0
    kept: int = 0

    @property
    def missed(self) -> int:
        """How many were done later than pledged."""
        return self.done - self.kept

    @property
    def about(self) -> "Shown | None":
        """What the public reads; None where so few matters were done that one could find oneself in it."""
        if self.done < LEAST:
            return None
        return Shown(
            done=_rounded(self.done),
            kept=_rounded(self.kept) if min(self.kept, self.missed) >= LEAST else None,
            mostly=self.missed < LEAST and self.kept > self.missed,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts cut down to multiples of five, so that two months of it cannot be subtracted to find one person.

    ``kept`` is None where fewer than five matters were, or were not, done as pledged; ``mostly`` then says which.
    """

    done: int
    kept: int | None
    mostly: bool


def kept_of(code: str, area: Area | None, *, on: date) -> Kept:
    """Return the figures of an item in an area (None: everywhere) over twelve whole months before a date; one query."""
    since, first = _span(on)
    rows = PledgeMonth.objects.filter(code=code, month__gte=since, month__lt=first)
    if area is not None:
        rows = rows.filter(community__path__startswith=area.path)
    sums = rows.aggregate(done=Coalesce(Sum("done"), 0), kept=Coalesce(Sum("kept"), 0))
    return Kept(since=since, until=month_before(on), **sums)


def with_kept(items: QuerySet[ServiceItem], *, within: Iterable[str], on: date) -> QuerySet[ServiceItem]:
    """Note with each item how many matters were ``done`` and ``kept`` in those months in the areas of some paths."""
    scope = Q(pk__in=())
    for path in within:
        scope |= Q(community__path__startswith=path)
    since, first = _span(on)
    rows = PledgeMonth.objects.filter(scope, code=OuterRef("code"), month__gte=since, month__lt=first).order_by()
    sums = {name: Subquery(rows.values("code").annotate(sum=Sum(name)).values("sum")) for name in ("done", "kept")}
    return items.annotate(**sums)


@transaction.atomic
def count(*, at: datetime) -> int | None:
    """Write what was done since, take back what was taken up again, and sum the months that changed.

    Return how many facts changed; None if somebody else is counting. Repeating it changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        [ours] = cursor.fetchone()
    if not ours:
        return None
    months: set[date] = set()
    undone = PledgeFact.objects.exclude(petition__status__in=DONE, petition__resolved_at=F("done_at"))
    gone = list(undone.values_list("pk", "done_on"))
    months.update(day.replace(day=1) for _pk, day in gone)
    PledgeFact.objects.filter(pk__in=[pk for pk, _day in gone]).delete()
    table = timetable()
    facts = [_fact(petition, table) for petition in _uncounted(at).iterator(AT_ONCE)]
    PledgeFact.objects.bulk_create(facts, batch_size=AT_ONCE)
    months.update(fact.done_on.replace(day=1) for fact in facts)
    if months:
        PledgeMonth.objects.filter(month__in=months).delete()
        with connection.cursor() as cursor:
            cursor.execute(_SUM, [sorted(months)])
    return len(gone) + len(facts)


def _uncounted(at: datetime) -> Any:
    """Return the matters done about an item that pledges a time, and not counted yet."""
    found = Petition.objects.filter(
        service_item__pledge_value__isnull=False, status__in=DONE, resolved_at__lte=at, pledge=None
    )
    return found.select_related("service_item", "supplement").order_by("pk")


def _fact(petition: Petition, table: Timetable) -> PledgeFact:
    item, done_at, begun = petition.service_item, petition.resolved_at, petition.accepted_at
    assert item is not None  # noqa: S101 - asked for
    assert item.pledge_value is not None  # noqa: S101 - asked for
    assert done_at is not None  # noqa: S101 - its status says so
    assert begun is not None  # noqa: S101 - nothing is done that was not accepted
    unit = LimitUnit(item.pledge_unit)
    asked = getattr(petition, "supplement", None)
    pauses = [(asked.asked_at, asked.ended_at or done_at)] if asked is not None and asked.asked_at < done_at else []
    kind = ClockKind.CALENDAR_DAY if unit == LimitUnit.DAY else ClockKind.WORKING
    limit = Limit(item.pledge_value, Unit(unit))
    latest = due(begun, limit, kind, table.calendar, table.office, pauses=pauses)
    return PledgeFact(
        petition=petition,
        code=item.code,
        community_id=petition.community_id or petition.street_id or petition.area_id,
        done_at=done_at,
        done_on=shanghai_date(done_at),
        value=item.pledge_value,
        unit=unit,
        kept=done_at < latest.at,
    )


def _span(on: date) -> tuple[date, date]:
    """Return the first day of the twelve whole months before a date, and the day after the last."""
    first = on.replace(day=1)
    return first.replace(year=first.year - 1), first


def _rounded(number: int) -> int:
    return number // LEAST * LEAST

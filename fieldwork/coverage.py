"""Closing periods: what was asked for and what was reached, counted once, and who is told of what is missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum

from deadlines.timetable import shanghai_date
from fieldwork.due import asked, reached
from fieldwork.duties import Standing, by_standing, load_rules
from fieldwork.enums import Cadence, Whom
from fieldwork.models import Household, HouseholdLink, VisitCoverage, VisitDuty
from fieldwork.models.coverage import COUNTS
from fieldwork.periods import Period, before, last_closed, period_of
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Request, recipients_for
from grids.staff import Staff
from notifications.services import NewNotice, owe
from petitions.rates import SMALL

# How far back a task that did not run for a while looks for periods nobody has counted.
CATCH_UP: Final = 4


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many households asked for, so many reached."""

    asked: int
    visited: int

    @property
    def percent(self) -> float:
        """The share in per cent, one place."""
        return round(100 * self.visited / self.asked, 1) if self.asked else 0.0

    @property
    def is_small(self) -> bool:
        """Whether so few were asked for that the share says little."""
        return 0 < self.asked < SMALL


@dataclass(frozen=True, slots=True)
class Row:
    """One area of the page of coverage and its share of each kind; None where that kind was asked of nobody."""

    area: Area
    shares: tuple[Share | None, ...]


# -- closing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def close_periods(*, at: datetime) -> int:
    """Count every period that is over and not counted yet, grid by grid; return how many counts are new.

    Worker and lead of a grid are told once of each count that lacks somebody, and so are linked persons of theirs.
    Two runs at once wait for each other; the second finds nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('fieldwork.close_periods', 0))")
    on = shanghai_date(at)
    grids = dict(Area.objects.served().at(on).filter(level=Level.GRID).values_list("pk", "path"))
    new = 0
    for cadence in Cadence:
        period = last_closed(cadence, on)
        for _back in range(CATCH_UP if period is not None else 0):
            assert period is not None  # noqa: S101 - the range is empty otherwise
            new += _close(cadence, period, grids, at=at)
            period = before(cadence, period)
    return new


def _close(cadence: Cadence, period: Period, grids: Mapping[int, str], *, at: datetime) -> int:
    """Count one period by the rules of its first day."""
    new = 0
    for standing, here in by_standing(load_rules(period.first), grids).items():
        if standing.cadence != cadence:
            continue
        counted = VisitCoverage.objects.filter(duty=standing.duty, first_on=period.first).values("grid")
        found = _count(standing, period, Household.objects.filter(grid__in=here).exclude(grid__in=counted))
        rows = VisitCoverage.objects.bulk_create(
            VisitCoverage(
                duty=standing.duty,
                grid_id=grid_id,
                first_on=period.first,
                last_on=period.last,
                asked=share.asked,
                visited=share.visited,
                counted_at=at,
            )
            for grid_id, share in found.items()
        )
        _tell([row for row in rows if row.visited < row.asked], standing, period, grids, at=at)
        new += len(rows)
    return new


def _count(standing: Standing, period: Period, households: QuerySet[Household]) -> dict[int, Share]:
    rows = (
        households.filter(asked(standing, period))
        .order_by()
        .values("grid")
        .annotate(asked=Count("pk"), visited=Count("pk", filter=Q(reached(standing, period))))
    )
    return {row["grid"]: Share(row["asked"], row["visited"]) for row in rows}


def _tell(
    rows: Sequence[VisitCoverage], standing: Standing, period: Period, grids: Mapping[int, str], *, at: datetime
) -> None:
    """Owe worker and lead of each grid one notice, and each linked person one for those of his own."""
    if not rows:
        return
    targets = ((Level.GRID, PostKind.GRID_WORKER), (Level.GRID, PostKind.GRID_LEAD))
    requests = [Request(key=row.pk, path=grids[row.grid_id], targets=targets) for row in rows]
    told = recipients_for(requests, on=shanghai_date(at))
    codes = dict(Area.objects.filter(pk__in=[row.grid_id for row in rows]).values_list("pk", "code"))
    lacking = {(row, user_id): row.asked - row.visited for row in rows for user_id in told[row.pk].user_ids}
    if standing.duty.whom == Whom.LINKED:
        for (row, user_id), count in _of_linked(rows, standing, period).items():
            lacking[row, user_id] = max(count, lacking.get((row, user_id), 0))
    owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="visits_missed",
                about=f"visits:{row.pk}",
                url_path=f"/visits/?grid={codes[row.grid_id]}",
                dedupe_key=f"visits_missed:{row.pk}:{user_id}",
                at=at,
                params={
                    "count": count,
                    "first_on": period.first.isoformat(),
                    "last_on": period.last.isoformat(),
                    "grid": codes[row.grid_id],
                },
            )
            for (row, user_id), count in lacking.items()
        ]
    )


def _of_linked(rows: Sequence[VisitCoverage], standing: Standing, period: Period) -> Counter[tuple[VisitCoverage, int]]:
    by_grid = {row.grid_id: row for row in rows}
    missed = Household.objects.filter(asked(standing, period), grid__in=by_grid).exclude(Q(reached(standing, period)))
    links = HouseholdLink.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=period.last), starts_on__lte=period.first, household__in=missed
    )
    return Counter((by_grid[grid_id], user_id) for grid_id, user_id in links.values_list("household__grid", "user"))


# -- reading ------------------------------------------------------------------------------------------------------


def duties_counted() -> list[VisitDuty]:
    """Return the kinds of visits there are, for the columns of the page; those of single reasons as one stay out.

    A column for each reason would count households by their reason, which nobody needs to know.
    """
    return list(VisitDuty.objects.exclude(whom__in=(Whom.NOTED, Whom.CARE)).order_by("position", "pk"))


def reach_of(staff: Staff) -> tuple[str, ...]:
    """Return the paths of the areas whose counts this person sees."""
    return staff.reach(*COUNTS)


def of_month(staff: Staff, area: Area, *, month: Period, on: date) -> tuple[list[VisitDuty], list[Row]]:
    """Return the counts of a month for the areas right below one, down to its grids. Five queries at most.

    A finished period stands as it was counted, with the month its last day lies in; the running one, and what may
    still be written down, is counted now.

    :param area: of a community the grids are listed, of what lies above it the next level; it lies in ``reach_of``
    :param month: a calendar month
    """
    duties = duties_counted()
    inside = Area.objects.filter(path__startswith=area.path, level=Level.GRID, served=True)
    paths = reach_of(staff)
    grids = {pk: path for pk, path in inside.values_list("pk", "path") if path.startswith(paths)}
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    counted = VisitCoverage.objects.filter(grid__in=grids, last_on__range=(month.first, month.last), duty__in=duties)
    for duty_id, grid_id, asked_for, found in (
        counted.order_by().values("duty", "grid").annotate(asked=Sum("asked"), visited=Sum("visited"))
    ).values_list("duty", "grid", "asked", "visited"):
        _add(sums, (duty_id, grid_id), asked_for, found)
    done = set(counted.values_list("duty", "grid", "first_on"))
    for standing, here in by_standing(load_rules(on), grids).items():
        if standing.duty not in duties:
            continue
        for period in _running(standing, month, on):
            open_grids = [grid_id for grid_id in here if (standing.duty.pk, grid_id, period.first) not in done]
            for grid_id, share in _count(standing, period, Household.objects.filter(grid__in=open_grids)).items():
                _add(sums, (standing.duty.pk, grid_id), share.asked, share.visited)
    return duties, _rows(area, grids, duties, sums)


def _running(standing: Standing, month: Period, on: date) -> list[Period]:
    """Return the periods that end in this month and are not counted for good yet on a day."""
    found, period = [], period_of(standing.cadence, on)
    while period is not None and period.last >= month.first:
        if period.last <= month.last and period.first >= standing.since:
            found.append(period)
        closed = last_closed(standing.cadence, on)
        earlier = before(standing.cadence, period)
        period = earlier if closed is None or earlier > closed else None
    return found


def _add(sums: dict[tuple[int, int], list[int]], key: tuple[int, int], asked_for: int, found: int) -> None:
    sums[key][0] += asked_for
    sums[key][1] += found


def _rows(
    area: Area, grids: Mapping[int, str], duties: Sequence[VisitDuty], sums: Mapping[tuple[int, int], Sequence[int]]
) -> list[Row]:
    below = _below(area, grids.values())
    part_of = {
        grid_id: next((one.pk for one in below if path.startswith(one.path)), None) for grid_id, path in grids.items()
    }
    totals: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for (duty_id, grid_id), (asked_for, found) in sums.items():
        part = part_of[grid_id]
        if part is not None:
            _add(totals, (duty_id, part), asked_for, found)
    return [
        Row(
            one,
            tuple(
                Share(*totals[duty.pk, one.pk]) if totals.get((duty.pk, one.pk), (0, 0))[0] else None for duty in duties
            ),
        )
        for one in below
    ]


def _below(area: Area, paths: Iterable[str]) -> list[Area]:
    """Return the areas listed under one: the grid itself, a community's grids, else the next level below."""
    if area.level >= Level.GRID:
        return [area]
    level = {Level.COMMUNITY: Level.GRID, Level.STREET: Level.COMMUNITY}.get(Level(area.level), Level.STREET)
    ids = {int(part) for path in paths for part in path.split("/") if part}
    return list(Area.objects.filter(pk__in=ids, level=level).order_by("code"))

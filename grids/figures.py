"""Figures of who serves: seconded persons, community workers, building and stairwell heads. Numbers of staff alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from grids.enums import PostKind
from grids.models import Appointment, CommunityWorker


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of people today. ``graded``: community workers in the scale of three posts and eighteen grades."""

    workers: int
    general_service: int
    graded: int
    grid_workers: int
    unregistered: int
    building_heads: int
    unit_heads: int

    @property
    def general_percent(self) -> float | None:
        """General-service workers in per cent of all community workers."""
        return 100 * self.general_service / self.workers if self.workers else None


def figures(paths: Sequence[str], *, on: date) -> Figures:
    """Count under these areas on a civil date: persons, each once; two queries.

    ``unregistered``: grid workers who are in no register of community workers (003b-09 has them all there).
    """
    here, employed = Q(pk__in=()), Q(pk__in=())
    for path in paths:
        here |= Q(post__area__path__startswith=path)
        employed |= Q(area__path__startswith=path)
    known = CommunityWorker.objects.filter(
        Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on)
    )
    workers = known.filter(employed).aggregate(
        workers=Count("pk"),
        general_service=Count("pk", filter=Q(is_general_service=True)),
        graded=Count("pk", filter=Q(grade__isnull=False)),
    )
    seats = Appointment.objects.at(on).filter(here, user__is_active=True)

    def of(kind: PostKind, more: Q | None = None) -> Count:
        return Count("user", distinct=True, filter=Q(post__kind=kind) & (more or Q()))

    heads = seats.aggregate(
        grid_workers=of(PostKind.GRID_WORKER),
        unregistered=of(PostKind.GRID_WORKER, ~Q(user__in=known.values("user"))),
        building_heads=of(PostKind.BUILDING_HEAD),
        unit_heads=of(PostKind.UNIT_HEAD),
    )
    return Figures(**workers, **heads)

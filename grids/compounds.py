"""Which compounds have no management, how many of them are taken over, what is improved where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from grids.enums import CompoundKind, Management, ProjectState
from grids.models import Compound, CompoundProject, Takeover
from grids.models.compounds import CompoundQuerySet
from grids.staff import Staff


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of so many compounds that had no management, so many are taken over; for so many a plan stands (000-54)."""

    without: int
    covered: int
    planned: int

    @property
    def percent(self) -> float | None:
        """Covered in percent; None where no compound was ever without management."""
        return round(100 * self.covered / self.without, 1) if self.without else None


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of compound: how many there are, and their projects by state."""

    kind: CompoundKind
    compounds: int
    projects: int
    finished: int


@transaction.atomic
def settle(takeover: Takeover) -> None:
    """Let a compound have the management of a takeover that was carried out; anything else changes nothing."""
    if takeover.done_on is None:
        return
    compound = Compound.objects.select_for_update(of=("self",), no_key=True).get(pk=takeover.compound_id)
    if compound.management == Management.NONE:
        compound.management, compound.managed_since = takeover.management, takeover.done_on
        compound.save(update_fields=["management", "managed_since"])


def coverage(staff: Staff, *, path: str, on: date) -> Coverage:
    """Return how many compounds of an area had no management and how many of those are taken over. One query.

    A compound counts as one that had none if it has none now, or was taken over on a day up to ``on``.
    """
    done = Exists(Takeover.objects.filter(compound=OuterRef("pk"), done_on__lte=on))
    plan = Exists(Takeover.objects.filter(compound=OuterRef("pk"), done_on=None))
    rows = _there(staff, path, on).annotate(done=done, plan=plan)
    none = Q(management=Management.NONE)
    found = rows.aggregate(
        without=Count("pk", filter=none | Q(done=True)),
        covered=Count("pk", filter=Q(done=True) & ~none),
        planned=Count("pk", filter=none & Q(plan=True)),
    )
    return Coverage(found["without"], found["covered"], found["planned"])


def by_kind(staff: Staff, *, path: str, on: date) -> list[KindRow]:
    """Return compounds and their projects by kind of compound, projects given up left out. Two queries."""
    there = _there(staff, path, on)
    compounds = dict(there.order_by().values_list("kind").annotate(n=Count("pk")))
    rows = (
        CompoundProject.objects.filter(compound__in=there)
        .exclude(state=ProjectState.DROPPED)
        .order_by()
        .values_list("compound__kind")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(state=ProjectState.DONE)))
    )
    projects = {kind: (n, done) for kind, n, done in rows}
    return [KindRow(kind, compounds.get(kind.value, 0), *projects.get(kind.value, (0, 0))) for kind in CompoundKind]


def uncovered(staff: Staff, *, path: str, on: date) -> Sequence[Compound]:
    """Return the compounds without management, those without a plan first. Two queries."""
    rows = _there(staff, path, on).filter(management=Management.NONE).select_related("area")
    found = list(rows.order_by("area__code", "code"))
    plans = {one.compound_id: one for one in Takeover.objects.filter(compound__in=found, done_on=None)}
    for one in found:
        one.plan = plans.get(one.pk)  # type: ignore[attr-defined]  # for the page alone
    return sorted(found, key=lambda one: one.pk in plans)


def _there(staff: Staff, path: str, on: date) -> CompoundQuerySet:
    return Compound.objects.visible_to(staff).at(on).filter(area__path__startswith=path)

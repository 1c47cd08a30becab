"""The figures of rules.md a.2 that exist so far, in SQL: two aggregates however many petitions there are.

A period counts civil dates of Asia/Shanghai, both ends included. What is accepted counts by the date of acceptance,
what is received by the date of filing; every rate carries its numerator and denominator, and is None out of nothing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from django.db.models import Aggregate, Count, Exists, F, FloatField, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Extract

from deadlines.enums import ClockState, Nature
from deadlines.timetable import SHANGHAI
from grids.models import Area
from petitions.enums import DONE, OPEN, Status
from petitions.models import Petition, PetitionClock, PetitionQuerySet
from petitions.moves import RESOLUTION

RAPID: Final = "rapid_1365"
# a stage stopped by one of these asks that the petitioner be spoken to, or visited
CONTACT: Final = frozenset({"petitioner_contacted", "contacted_or_arrived", "contacted"})

Group = Literal["grid", "community", "street"]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that can be opened to its two counts."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> float | None:
        """The share, None out of nothing."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def percent(self) -> float | None:
        """The share in percent to one decimal, cut off and not rounded: 1612 of 1613 is 99.9, never 100."""
        return self.numerator * 1000 // self.denominator / 10 if self.denominator else None


@dataclass(frozen=True, slots=True)
class Stage1365:
    """One stage of 1365: how many were kept of those decided, and how long they took (minutes)."""

    kept: Rate
    median_minutes: float | None
    p95_minutes: float | None


@dataclass(frozen=True, slots=True)
class Kpis:
    """The figures of one area and period.

    ``on_time_rate`` is out of the completed ones under a promise to complete: kept if the latest generation of every
    such clock was. ``response_rate`` is out of those whose contact is decided: made, or late and still owed.
    ``waiting`` were received and nobody has decided on them; ``late_open`` were accepted and owe something since
    before ``as_at``.
    """

    received: int
    waiting: int
    declined: int
    accepted: int
    completed: int
    open: int
    late_open: int
    acceptance_rate: Rate
    closure_rate: Rate
    on_time_rate: Rate
    response_rate: Rate
    rapid_1365: Mapping[str, Stage1365]

    def as_json(self) -> dict[str, Any]:
        """Return counts, and each rate as ``{"numerator", "denominator", "rate"}``, under their English keys."""
        return {name: _json(getattr(self, name)) for name in Kpis.__dataclass_fields__}


def kpis(*, start: date, end: date, at: datetime, area: Area | None = None, policy: str = "") -> Kpis:
    """Return the figures of ``area`` and all below it (without: of everything), of one policy key if given.

    :param start, end: civil dates in Asia/Shanghai, both included
    :param at: the moment "late" is judged at (aware)
    """
    received, accepted = _cohorts(start, end, area=area, policy=policy)
    row = received.aggregate(**_RECEIVED) | with_promises(accepted, at=at).aggregate(**_accepted_counts(at))
    return _figures(row, _rapid(accepted, at=at))


def kpis_by(
    group: Group, *, start: date, end: date, at: datetime, area: Area | None = None, policy: str = ""
) -> dict[int | None, Kpis]:
    """Return the same figures for every grid, community or street, by its id; None stands for "not placed yet"."""
    received, accepted = _cohorts(start, end, area=area, policy=policy)
    rows: dict[int | None, dict[str, Any]] = {}
    for found in (
        received.order_by().values(key=F(f"{group}_id")).annotate(**_RECEIVED),
        with_promises(accepted, at=at).order_by().values(key=F(f"{group}_id")).annotate(**_accepted_counts(at)),
    ):
        for row in found:
            counts: dict[str, Any] = dict(row)
            rows.setdefault(counts.pop("key"), {}).update(counts)
    return {key: _figures(row, {}) for key, row in rows.items()}


def on_date(field: str, start: date, end: date) -> Q:
    """Return the condition that an instant lies on a Shanghai date from ``start`` to ``end``, both included."""
    begins = datetime.combine(start, time(), tzinfo=SHANGHAI)
    return Q(**{f"{field}__gte": begins, f"{field}__lt": datetime.combine(end + timedelta(days=1), time(), SHANGHAI)})


_RECEIVED: Final = {
    "received": Count("pk"),
    "received_accepted": Count("pk", filter=Q(accepted_at__isnull=False)),
    "waiting": Count("pk", filter=Q(status=Status.SUBMITTED)),
    "declined": Count("pk", filter=Q(status=Status.DECLINED)),
}


def _accepted_counts(at: datetime) -> dict[str, Count]:
    return {
        "accepted": Count("pk"),
        "completed": Count("pk", filter=Q(status__in=DONE)),
        "open": Count("pk", filter=Q(status__in=OPEN)),
        "late_open": Count("pk", filter=Q(status__in=OPEN, next_due_at__lte=at)),
        "judged": Count("pk", filter=Q(status__in=DONE, promised=True)),
        "on_time": Count("pk", filter=Q(status__in=DONE, promised=True, broken=False)),
        "contact_decided": Count("pk", filter=Q(contact_kept=True) | Q(contact_broken=True)),
        "contacted": Count("pk", filter=Q(contact_kept=True, contact_broken=False)),
    }


def _cohorts(start: date, end: date, *, area: Area | None, policy: str) -> tuple[PetitionQuerySet, PetitionQuerySet]:
    scope = Petition.objects.all()
    if area is not None:
        scope = scope.filter(area_path__startswith=area.path)
    if policy:
        scope = scope.filter(policy__key=policy)
    return scope.filter(on_date("submitted_at", start, end)), scope.filter(on_date("accepted_at", start, end))


def with_promises(petitions: PetitionQuerySet, *, at: datetime) -> PetitionQuerySet:
    """Say of each petition whether it was completed under a promise, and whether that, and the contact, was kept."""
    to_resolve = _last_clocks(RESOLUTION).filter(state=ClockState.STOPPED)
    to_contact = _last_clocks(CONTACT)
    overdue = Q(state__in=(ClockState.RUNNING, ClockState.PAUSED), due_at__lte=at)
    return petitions.annotate(
        promised=Exists(to_resolve),
        broken=Exists(to_resolve.filter(met=False)),
        contact_kept=Exists(to_contact.filter(met=True)),
        contact_broken=Exists(to_contact.filter(Q(met=False) | overdue)),
    )


def _last_clocks(moments: frozenset[str]) -> QuerySet[PetitionClock]:
    """Return the outer petition's clocks that those moments stop: of its own policy, the last generation of each."""
    later = PetitionClock.objects.filter(
        petition=OuterRef("petition"), stage=OuterRef("stage"), generation__gt=OuterRef("generation")
    )
    return PetitionClock.objects.filter(
        ~Exists(later),
        petition=OuterRef("pk"),
        stage__policy=OuterRef("policy"),
        stage__stopped_by__in=moments,
        stage__nature=Nature.DUTY,
    )


class _Percentile(Aggregate):
    """``percentile_cont``: the value below which that share of the rows lies."""

    function = "percentile_cont"
    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), **extra)


def _rapid(accepted: PetitionQuerySet, *, at: datetime) -> dict[str, Stage1365]:
    """Return the stages of 1365 in order: kept out of those that ended or are late, minutes of those that ended."""
    late = Q(state__in=(ClockState.RUNNING, ClockState.PAUSED), due_at__lte=at)
    minutes = Extract(F("stopped_at") - F("started_at"), "epoch") / Value(60.0)
    rows = (
        PetitionClock.objects.filter(petition__in=accepted.filter(policy__key=RAPID), stage__policy__key=RAPID)
        .values("stage__code")
        .annotate(
            position=Max("stage__position"),
            kept=Count("pk", filter=Q(met=True)),
            decided=Count("pk", filter=Q(met__isnull=False) | late),
            median=_Percentile(minutes, share=0.5),
            p95=_Percentile(minutes, share=0.95),
        )
        .order_by("position")
    )
    return {
        row["stage__code"]: Stage1365(Rate(row["kept"], row["decided"]), row["median"], row["p95"])
        for row in rows
        if row["decided"]
    }


def _figures(found: Mapping[str, int], rapid: Mapping[str, Stage1365]) -> Kpis:
    counts = defaultdict(int, found)  # a group may have received without accepting, or accepted without receiving
    return Kpis(
        received=counts["received"],
        waiting=counts["waiting"],
        declined=counts["declined"],
        accepted=counts["accepted"],
        completed=counts["completed"],
        open=counts["open"],
        late_open=counts["late_open"],
        acceptance_rate=Rate(counts["received_accepted"], counts["received"]),
        closure_rate=Rate(counts["completed"], counts["accepted"]),
        on_time_rate=Rate(counts["on_time"], counts["judged"]),
        response_rate=Rate(counts["contacted"], counts["contact_decided"]),
        rapid_1365=rapid,
    )


def _json(value: Any) -> Any:
    if isinstance(value, Rate):
        return asdict(value) | {"rate": value.rate}
    if isinstance(value, Stage1365):
        return {
            "kept": _json(value.kept),
            "median_minutes": value.median_minutes,
            "p95_minutes": value.p95_minutes,
        }
    if isinstance(value, Mapping):
        return {key: _json(inner) for key, inner in value.items()}
    return value

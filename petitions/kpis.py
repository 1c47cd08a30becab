"""The figures of rules.md a.2 computed from the petitions themselves, as at one moment: what the roll-ups must equal.

For the command, tests and checks; a page reads ``petitions.figures``. A period counts civil dates of Asia/Shanghai,
both ends included. What is accepted counts by the date of acceptance, what is received by the date of filing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Aggregate, Count, Exists, F, FloatField, Max, OuterRef, Q, Value
from django.db.models.functions import Extract

from deadlines.enums import ClockState, Nature
from deadlines.timetable import SHANGHAI
from grids.models import Area
from petitions.enums import OPEN
from petitions.facts import CONTACT, PARAMS, derive
from petitions.models import Petition, PetitionClock, PetitionQuerySet
from petitions.models.figures import BY_ACCEPTANCE, BY_RECEIPT
from petitions.rates import LEVELS, RATES, Rate

RAPID: Final = "rapid_1365"
_MEANT: Final = """
SELECT petition.id FROM petitions_petition AS petition LEFT JOIN deadlines_policy AS policy ON policy.id = policy_id
WHERE petition.{field} >= %(since)s AND petition.{field} < %(until)s AND starts_with(petition.area_path, %(path)s)
    AND (%(policy)s = '' OR policy.key = %(policy)s)
"""


@dataclass(frozen=True, slots=True)
class Stage1365:
    """One stage of 1365: how many were kept of those decided, and how long they took (minutes)."""

    kept: Rate
    median_minutes: float | None
    p95_minutes: float | None


@dataclass(frozen=True, slots=True)
class Kpis:
    """The figures of one area and period; the rates are explained in ``petitions.rates``.

    ``waiting`` were received and nobody has decided on them; ``late_open`` were accepted and owe something since
    before ``as_at``; ``not_rated`` were completed and nobody rated them. Withdrawn and merged matters are in neither
    count of the closure rate.
    """

    received: int
    waiting: int
    declined: int
    accepted: int
    completed: int
    open: int
    late_open: int
    not_rated: int
    reopened: int
    withdrawn: int
    merged: int
    acceptance_rate: Rate
    closure_rate: Rate
    on_time_rate: Rate
    response_rate: Rate
    resolution_rate: Rate
    satisfaction_rate: Rate
    return_rate: Rate
    rework_rate: Rate
    extension_rate: Rate
    resolved_at_level: Mapping[str, Rate]
    rapid_1365: Mapping[str, Stage1365]

    def as_json(self) -> dict[str, Any]:
        """Return counts, and each rate as ``{"numerator", "denominator", "rate"}``, under their English keys."""
        return {name: _json(getattr(self, name)) for name in Kpis.__dataclass_fields__}


def kpis(*, start: date, end: date, at: datetime, area: Area | None = None, policy: str = "") -> Kpis:
    """Return the figures of ``area`` and all below it (without: of everything), of one policy key if given.

    :param start, end: civil dates in Asia/Shanghai, both included
    :param at: the moment "late" is judged at (aware)
    """
    path = area.path if area is not None else ""
    since, until = bounds(start, end)
    scope = {"since": since, "until": until, "path": path, "policy": policy}
    accepted = Petition.objects.filter(accepted_at__gte=since, accepted_at__lt=until, area_path__startswith=path)
    if policy:
        accepted = accepted.filter(policy__key=policy)
    counts = _sums("submitted_at", BY_RECEIPT, scope) | _sums("accepted_at", BY_ACCEPTANCE, scope)
    counts |= accepted.filter(status__in=OPEN).aggregate(**late_counts(at), open=Count("pk"))
    return Kpis(
        received=counts["received"],
        waiting=counts["waiting"],
        declined=counts["declined"],
        accepted=counts["accepted"],
        completed=counts["completed"],
        open=counts["open"],
        late_open=counts["late"],
        not_rated=counts["unrated"],
        reopened=counts["reopened"],
        withdrawn=counts["withdrawn"],
        merged=counts["merged"],
        **{f"{key}_rate": kind.of(counts) for key, kind in RATES.items()},
        resolved_at_level={key.removeprefix("at_"): kind.of(counts) for key, kind in LEVELS.items()},
        rapid_1365=rapid(accepted, at=at),
    )


def late_counts(at: datetime) -> dict[str, Count]:
    """Return what of open petitions is late at an instant: ``late``, and ``contact_owed`` where the first word is."""
    late = Q(next_due_at__lte=at)
    return {"late": Count("pk", filter=late), "contact_owed": Count("pk", filter=late & Q(contact_owed(at)))}


def contact_owed(at: datetime) -> Exists:
    """Return whether the petition's first contact is overdue and still owed."""
    return Exists(
        PetitionClock.objects.filter(
            petition=OuterRef("pk"),
            stage__policy=OuterRef("policy"),
            stage__stopped_by__in=CONTACT,
            stage__nature=Nature.DUTY,
            state=ClockState.RUNNING,
            due_at__lte=at,
        )
    )


def bounds(start: date, end: date) -> tuple[datetime, datetime]:
    """Return the first instant of ``start`` in Shanghai, and the first after ``end``."""
    after = end + timedelta(days=1)
    return datetime.combine(start, time(), tzinfo=SHANGHAI), datetime.combine(after, time(), tzinfo=SHANGHAI)


def _sums(field: str, names: tuple[str, ...], scope: dict[str, Any]) -> dict[str, int]:
    """Derive the facts of the petitions whose ``field`` lies in the scope, and count each measure."""
    columns = ", ".join(
        "count(*)" if name in {"received", "accepted"} else f"count(*) FILTER (WHERE {name})" for name in names
    )
    meant = _MEANT.format(field=field)
    facts = derive(lambda column: f"{column} IN (SELECT id FROM meant)")  # noqa: S608 - names of columns
    sums = f"WITH meant AS MATERIALIZED ({meant}) SELECT {columns} FROM ({facts}) AS fact"  # noqa: S608 - likewise
    with connection.cursor() as cursor:
        cursor.execute(sums, PARAMS | scope)
        return dict(zip(names, cursor.fetchone(), strict=True))


class _Percentile(Aggregate):
    """``percentile_cont``: the value below which that share of the rows lies."""

    function = "percentile_cont"
    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), **extra)


def late_or_decided(at: datetime) -> Q:
    """Return which clocks are decided at an instant: those that ended with a verdict, and those that are late."""
    return Q(met__isnull=False) | Q(state__in=(ClockState.RUNNING, ClockState.PAUSED), due_at__lte=at)


def rapid(accepted: PetitionQuerySet, *, at: datetime) -> dict[str, Stage1365]:
    """Return the stages of 1365 in order: kept out of those that ended or are late, minutes of those that ended."""
    minutes = Extract(F("stopped_at") - F("started_at"), "epoch") / Value(60.0)
    rows = (
        PetitionClock.objects.filter(petition__in=accepted.filter(policy__key=RAPID), stage__policy__key=RAPID)
        .values("stage__code")
        .annotate(
            position=Max("stage__position"),
            kept=Count("pk", filter=Q(met=True)),
            decided=Count("pk", filter=late_or_decided(at)),
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

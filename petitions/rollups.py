"""Facts into sums: a cheap step every minute, the same again each night, and everything anew by a command.

Whoever counts holds the lock of the one ``FigureState`` row. The step reads the events that came since and folds the
petitions they belong to: derive the fact anew, take the old one off the sums, put the new one on; one statement a
batch, whatever the table's size. Events of transactions that were still open are found because each step looks
``OVERLAP`` back, and each night a whole day.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from deadlines.timetable import shanghai_date
from petitions.enums import EventCode
from petitions.facts import FLAGS, KEYS, PARAMS, among, between, derive
from petitions.models import FigureState, Petition
from petitions.models.figures import BY_RECEIPT, MEASURES
from petitions.spans import Cut, Grain

# longer than a transaction that moves petitions takes to commit
OVERLAP = timedelta(minutes=15)
# measured: fewer make more statements, more make no difference
EVENTS_AT_ONCE = 20_000
PETITIONS_AT_ONCE = 20_000

_COLUMNS: Final = ", ".join((*KEYS, *FLAGS))
_FACTS: Final = f"SELECT 1 AS sign, {_COLUMNS} FROM petitions_petitionfact"  # noqa: S608 - names of columns


def _sum_of(name: str) -> str:
    """Return what one fact adds to a measure, on the part of it that goes by receipt or by acceptance."""
    part = "receipt" if name in BY_RECEIPT else "acceptance"
    condition = f"part.name = '{part}'" + ("" if name in {"received", "accepted"} else f" AND fact.{name}")
    return f"sum(fact.sign) FILTER (WHERE {condition})"


# Summed to the finest first, then cut six ways: far fewer rows are cut than there are petitions.
_ROLL: Final = f"""
INSERT INTO petitions_figurerow AS kept (cut, grain, begins_on, area_id, item, {", ".join(MEASURES)})
SELECT slice.cut, span.grain, span.begins_on, slice.area_id, slice.item,
    {", ".join(f"COALESCE(sum({name}), 0)" for name in MEASURES)}
FROM (
    SELECT part.day, fact.area_id, fact.community_id, fact.category, fact.channel, fact.tier, fact.unit_id,
        {", ".join(f"{_sum_of(name)} AS {name}" for name in MEASURES)}
    FROM ({{facts}}) AS fact
    CROSS JOIN LATERAL (
        VALUES ('receipt', fact.received_on), ('acceptance', fact.accepted_on)
    ) AS dated (name, day)
    CROSS JOIN LATERAL (
        SELECT dated.name, CASE WHEN dated.day >= %(days_from)s THEN dated.day
            ELSE date_trunc('month', dated.day::timestamp)::date END AS day
    ) AS part
    WHERE dated.day IS NOT NULL
    GROUP BY part.day, fact.area_id, fact.community_id, fact.category, fact.channel, fact.tier, fact.unit_id
) AS fine
CROSS JOIN LATERAL (
    VALUES (%(month)s, date_trunc('month', fine.day::timestamp)::date), (%(day)s, fine.day)
) AS span (grain, begins_on)
CROSS JOIN LATERAL (VALUES
    (%(cut_total)s, fine.community_id, ''), (%(cut_grid)s, fine.area_id, ''),
    (%(cut_category)s, fine.community_id, fine.category), (%(cut_channel)s, fine.community_id, fine.channel),
    (%(cut_tier)s, fine.community_id, fine.tier), (%(cut_unit)s, fine.community_id, COALESCE(fine.unit_id::text, ''))
) AS slice (cut, area_id, item)
WHERE span.grain = %(month)s OR span.begins_on >= %(days_from)s
GROUP BY slice.cut, span.grain, span.begins_on, slice.area_id, slice.item
"""  # noqa: S608 - names of columns

_ADD: Final = f"""
ON CONFLICT (cut, grain, begins_on, area_id, item) DO UPDATE SET
    {", ".join(f"{name} = kept.{name} + excluded.{name}" for name in MEASURES)}
"""

_KEEP: Final = f"""
INSERT INTO petitions_petitionfact AS kept (petition_id, {_COLUMNS})
SELECT petition_id, {_COLUMNS} FROM fresh
ON CONFLICT (petition_id) DO UPDATE SET
    ({_COLUMNS}) = ROW ({", ".join(f"excluded.{name}" for name in (*KEYS, *FLAGS))})
WHERE ({", ".join(f"kept.{name}" for name in (*KEYS, *FLAGS))})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in (*KEYS, *FLAGS))})
"""  # noqa: S608 - names of columns

_ROLL_PARAMS: Final[dict[str, Any]] = {
    "month": Grain.MONTH,
    "day": Grain.DAY,
    "cut_total": Cut.TOTAL,
    "cut_grid": Cut.GRID,
    "cut_category": Cut.CATEGORY,
    "cut_channel": Cut.CHANNEL,
    "cut_tier": Cut.TIER,
    "cut_unit": Cut.UNIT,
}
# When in the week people file, by month and community: a row an hour, and one count.
_ROLL_HOURS: Final = """
INSERT INTO petitions_hourrow AS kept (begins_on, community_id, hour, received)
SELECT date_trunc('month', fact.received_on::timestamp)::date, fact.community_id, fact.hour, sum(fact.sign)
FROM ({facts}) AS fact
GROUP BY 1, 2, 3 HAVING sum(fact.sign) <> 0
"""
_ADD_HOURS: Final = """
ON CONFLICT (begins_on, community_id, hour) DO UPDATE SET received = kept.received + excluded.received
"""
# One statement: the old facts come off the sums and the new ones are added, then the new ones are kept.
_FOLD: Final = f"""
WITH fresh AS ({derive(among)}),
moved AS (
    SELECT 1 AS sign, {_COLUMNS} FROM fresh
    UNION ALL
    SELECT -1, {_COLUMNS} FROM petitions_petitionfact WHERE petition_id = ANY(%(ids)s)
),
rolled AS ({_ROLL.format(facts="SELECT * FROM moved")} {_ADD}),
hours AS ({_ROLL_HOURS.format(facts="SELECT * FROM moved")} {_ADD_HOURS})
{_KEEP}
"""  # noqa: S608 - names of columns
_DERIVE_RANGE: Final = f"WITH fresh AS ({derive(between)}) {_KEEP}"
_ROLL_ALL: Final = _ROLL.format(facts=_FACTS)
_ROLL_ALL_HOURS: Final = _ROLL_HOURS.format(facts=_FACTS)
# Nothing is left of what a rebuild would not write.
_SWEEP_EMPTY: Final = """
WITH hours AS (DELETE FROM petitions_hourrow WHERE received = 0)
DELETE FROM petitions_figurerow WHERE received = 0 AND accepted = 0
"""
_NEXT_EVENTS: Final = """
SELECT max(id), array_agg(DISTINCT petition_id) FILTER (WHERE code <> %(escalated)s),
    min(id) FILTER (WHERE recorded_at >= now() - %(overlap)s)
FROM (
    SELECT id, petition_id, code, recorded_at FROM petitions_petitionevent
    WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
) AS next
"""


@transaction.atomic
def count_new(*, at: datetime) -> int | None:
    """Fold what happened since the last step into the sums; return how many petitions were looked at.

    None if somebody else is counting: his work is ours. Repeating it changes nothing.
    """
    state = _locked_state(at)
    return None if state is None else _count_since(state, state.through_event, at=at)


@transaction.atomic
def count_again(*, at: datetime) -> int | None:
    """As ``count_new``, but from where the night before began: what a very long transaction hid is found."""
    state = _locked_state(at)
    if state is None:
        return None
    since, state.night_event = state.night_event, state.through_event
    return _count_since(state, since, at=at)


@transaction.atomic
def rebuild(*, at: datetime, say: Callable[[int, int], None] = lambda _done, _last: None) -> int:
    """Make every fact and every sum anew from petitions, clocks, events and ratings; return how many petitions.

    All or nothing; readers see the old figures until it is done, and no memory grows with the number of petitions.
    ``say`` is told after each batch how far we are (ids).
    """
    state = _locked_state(at, wait=True)
    assert state is not None  # noqa: S101 - we waited for it
    # what is recorded from here on will be looked at again
    latest = _one("SELECT COALESCE(max(id), 0) FROM petitions_petitionevent")
    last = Petition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with connection.cursor() as cursor:
        for first in range(1, last + 1, PETITIONS_AT_ONCE):
            upto = min(first + PETITIONS_AT_ONCE - 1, last)
            cursor.execute(_DERIVE_RANGE, PARAMS | {"first": first, "last": upto})
            say(upto, last)
        cursor.execute("DELETE FROM petitions_figurerow")
        cursor.execute("DELETE FROM petitions_hourrow")
        cursor.execute(_ROLL_ALL, _ROLL_PARAMS | {"days_from": state.days_from})
        cursor.execute(_ROLL_ALL_HOURS)
        cursor.execute("SELECT count(*) FROM petitions_petitionfact")
        [counted] = cursor.fetchone()
    settled = _one(
        "SELECT COALESCE(min(id) - 1, %(latest)s) FROM petitions_petitionevent"
        " WHERE id <= %(latest)s AND id > %(latest)s - %(most)s AND recorded_at >= now() - %(overlap)s",
        {"latest": latest, "most": EVENTS_AT_ONCE, "overlap": OVERLAP},
    )
    state.through_event, state.night_event, state.counted_at = settled, settled, at
    state.save()
    return int(counted)


def _locked_state(at: datetime, *, wait: bool = False) -> FigureState | None:
    """Return the state, locked, brought into the month of ``at``; None if somebody holds it and we do not wait."""
    first = shanghai_date(at).replace(day=1)
    # written by whoever comes first; the others meet it
    FigureState.objects.bulk_create([FigureState(days_from=first, counted_at=at)], ignore_conflicts=True)
    state = FigureState.objects.select_for_update(skip_locked=not wait).first()
    if state is not None and state.days_from < first:
        state.days_from = first
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM petitions_figurerow WHERE grain = %s AND begins_on < %s", [Grain.DAY, first])
    return state


def _count_since(state: FigureState, since: int, *, at: datetime) -> int:
    looked_at, after, settled = 0, since, since
    unsettled = False
    asked: dict[str, Any] = {"limit": EVENTS_AT_ONCE, "escalated": EventCode.ESCALATED, "overlap": OVERLAP}
    with connection.cursor() as cursor:
        while True:
            asked["after"] = after
            cursor.execute(_NEXT_EVENTS, asked)
            last, ids, young = cursor.fetchone()
            if last is None:
                break
            looked_at += _fold(ids or [], days_from=state.days_from)
            after = last
            if not unsettled:
                unsettled = young is not None
                settled = young - 1 if young is not None else last
        cursor.execute(_SWEEP_EMPTY)
    state.through_event, state.counted_at = max(settled, state.through_event), at
    state.night_event = state.night_event or state.through_event
    state.save()
    return looked_at


def _fold(ids: Sequence[int], *, days_from: date) -> int:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_FOLD, PARAMS | _ROLL_PARAMS | {"ids": list(ids), "days_from": days_from})
    return len(ids)


def _one(sql: str, params: dict[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        [value] = cursor.fetchone()
    return int(value)

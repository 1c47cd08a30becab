"""What one petition counts as, in one SELECT: the single definition of every figure (rules.md a.2).

A promise is judged by the last generation of its clock under the petition's own policy version, frozen when it
stopped: a rule edited later changes nothing. What is not decided yet (late and still owed) is no fact; it is read live.
"""

from collections.abc import Callable
from typing import Any, Final

from deadlines.enums import OPEN_STATES, ClockState, Nature
from grids.enums import Level
from petitions.enums import DONE, OPEN, EventCode, Satisfaction, Status
from petitions.models.figures import BY_ACCEPTANCE, BY_RECEIPT
from petitions.moves import RESOLUTION

# a stage stopped by one of these asks that the petitioner be spoken to, or visited
CONTACT: Final = frozenset({"petitioner_contacted", "contacted_or_arrived", "contacted"})
KEYS: Final = (
    "received_on",
    "accepted_on",
    "area_id",
    "community_id",
    "category",
    "channel",
    "tier",
    "unit_id",
    "hour",
)
# what a fact stores beside its keys; ``received`` and ``accepted`` are that it has a day at all
FLAGS: Final = tuple(name for name in (*BY_RECEIPT, *BY_ACCEPTANCE) if name not in {"received", "accepted"})

# Says of a column of petition ids which petitions are meant.
Which = Callable[[str], str]

PARAMS: Final[dict[str, Any]] = {
    "done": list(DONE),
    "undone": [status for status in OPEN if status not in DONE],
    "submitted": Status.SUBMITTED,
    "declined": Status.DECLINED,
    "withdrawn": Status.WITHDRAWN,
    "merged": Status.MERGED,
    "duty": Nature.DUTY,
    "stopped": ClockState.STOPPED,
    "open_states": list(OPEN_STATES),
    "resolution": sorted(RESOLUTION),
    "contact": sorted(CONTACT),
    "said_dispatched": EventCode.DISPATCHED,
    "said_returned": EventCode.RETURNED,
    "said_resolved": EventCode.RESOLVED,
    "said_rework": EventCode.REWORK,
    "said_extended": EventCode.EXTENDED,
    "said_reopened": EventCode.REOPENED,
    "said_readmitted": EventCode.READMITTED,
    "satisfied": [Satisfaction.SATISFIED, Satisfaction.BASICALLY],
    "grid": Level.GRID,
    "community": Level.COMMUNITY,
    "street": Level.STREET,
    "district": Level.DISTRICT,
}

_DERIVE: Final = """
SELECT petition.id AS petition_id,
    (petition.submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS received_on,
    (petition.accepted_at AT TIME ZONE 'Asia/Shanghai')::date AS accepted_on,
    petition.area_id,
    COALESCE(petition.community_id, petition.street_id, petition.area_id) AS community_id,
    COALESCE(category.code, '') AS category,
    petition.channel,
    petition.tier,
    petition.organisation_id AS unit_id,
    ((extract(isodow FROM petition.submitted_at AT TIME ZONE 'Asia/Shanghai') - 1) * 24
        + extract(hour FROM petition.submitted_at AT TIME ZONE 'Asia/Shanghai'))::smallint AS hour,
    petition.accepted_at IS NOT NULL AS admitted,
    petition.status = %(declined)s AS declined,
    petition.status = %(submitted)s AS waiting,
    stands.done AS completed,
    petition.accepted_at IS NOT NULL AND petition.status = ANY(%(undone)s) AS pending,
    stands.done AND COALESCE(promise.promised, FALSE) AS judged,
    stands.done AND COALESCE(promise.promised AND NOT promise.broken, FALSE) AS on_time,
    COALESCE((promise.reached OR promise.missed) AND NOT promise.awaited, FALSE) AS contact_decided,
    COALESCE(promise.reached AND NOT promise.missed AND NOT promise.awaited, FALSE) AS contacted,
    rating.satisfaction IS NOT NULL AS rated,
    COALESCE(rating.satisfaction = ANY(%(satisfied)s), FALSE) AS satisfied,
    stands.done AND rating.satisfaction IS NULL AS unrated,
    rating.solved IS NOT NULL AS asked,
    COALESCE(rating.solved, FALSE) AS solved,
    COALESCE(happened.dispatched, FALSE) AS dispatched,
    COALESCE(happened.dispatched AND happened.returned, FALSE) AS returned,
    COALESCE(happened.resolved, FALSE) AS handled,
    COALESCE(happened.resolved AND (happened.rework OR happened.reopened), FALSE) AS reworked,
    COALESCE(happened.extended, FALSE) AS extended,
    COALESCE(happened.reopened, FALSE) AS reopened,
    petition.status = %(withdrawn)s AS withdrawn,
    petition.status = %(merged)s AS merged,
    stands.done AND level.of IS NOT NULL AS levelled,
    stands.done AND COALESCE(level.of >= %(grid)s, FALSE) AS at_grid,
    stands.done AND COALESCE(level.of = %(community)s, FALSE) AS at_community,
    stands.done AND COALESCE(level.of = %(street)s, FALSE) AS at_street,
    stands.done AND COALESCE(level.of <= %(district)s, FALSE) AS at_district,
    stands.done AND COALESCE(happened.readmitted, FALSE) AS turned
FROM petitions_petition AS petition
CROSS JOIN LATERAL (SELECT petition.status = ANY(%(done)s) AS done) AS stands
LEFT JOIN petitions_category AS category ON category.id = petition.category_id
LEFT JOIN (
    SELECT clock.petition_id,
        COALESCE(bool_or(clock.resolves AND clock.state = %(stopped)s), FALSE) AS promised,
        COALESCE(bool_or(clock.resolves AND NOT clock.met), FALSE) AS broken,
        COALESCE(bool_or(clock.contacts AND clock.met), FALSE) AS reached,
        COALESCE(bool_or(clock.contacts AND NOT clock.met), FALSE) AS missed,
        COALESCE(bool_or(clock.contacts AND clock.state = ANY(%(open_states)s)), FALSE) AS awaited
    FROM (
        SELECT DISTINCT ON (clock.petition_id, clock.stage_id) clock.petition_id, clock.state, clock.met,
            stage.stopped_by = ANY(%(resolution)s) AS resolves, stage.stopped_by = ANY(%(contact)s) AS contacts
        FROM petitions_petitionclock AS clock
        JOIN deadlines_stage AS stage ON stage.id = clock.stage_id AND stage.nature = %(duty)s
            AND (stage.stopped_by = ANY(%(resolution)s) OR stage.stopped_by = ANY(%(contact)s))
        JOIN petitions_petition AS under ON under.id = clock.petition_id AND under.policy_id = stage.policy_id
        WHERE {clock_is_meant}
        ORDER BY clock.petition_id, clock.stage_id, clock.generation DESC
    ) AS clock
    GROUP BY clock.petition_id
) AS promise ON promise.petition_id = petition.id
LEFT JOIN (
    SELECT event.petition_id,
        bool_or(event.code = %(said_dispatched)s) AS dispatched,
        bool_or(event.code = %(said_returned)s) AS returned,
        bool_or(event.code = %(said_resolved)s) AS resolved,
        bool_or(event.code = %(said_rework)s) AS rework,
        bool_or(event.code = %(said_extended)s) AS extended,
        bool_or(event.code = %(said_reopened)s) AS reopened,
        bool_or(event.code = %(said_readmitted)s) AS readmitted
    FROM petitions_petitionevent AS event
    WHERE {event_is_meant}
    GROUP BY event.petition_id
) AS happened ON happened.petition_id = petition.id
LEFT JOIN (
    SELECT rating.petition_id,
        (array_agg(rating.satisfaction ORDER BY rating.generation DESC, rating.at DESC)
            FILTER (WHERE rating.satisfaction IS NOT NULL))[1] AS satisfaction,
        (array_agg(rating.solved ORDER BY rating.generation DESC, rating.at DESC)
            FILTER (WHERE rating.solved IS NOT NULL))[1] AS solved
    FROM petitions_rating AS rating
    WHERE {rating_is_meant}
    GROUP BY rating.petition_id
) AS rating ON rating.petition_id = petition.id
LEFT JOIN (
    -- who resolved it: the unit's level, else the deepest post the person held over that place on that day
    SELECT solved.id AS petition_id, COALESCE(max(unit_area.level), max(place.level)) AS of
    FROM petitions_petition AS solved
    LEFT JOIN grids_organisation AS unit ON unit.id = solved.organisation_id
    LEFT JOIN grids_area AS unit_area ON unit_area.id = unit.area_id
    LEFT JOIN grids_appointment AS held ON held.user_id = solved.handler_id
        AND held.starts_on <= (solved.resolved_at AT TIME ZONE 'Asia/Shanghai')::date
        AND COALESCE(held.ends_on >= (solved.resolved_at AT TIME ZONE 'Asia/Shanghai')::date, TRUE)
    LEFT JOIN grids_post AS post ON post.id = held.post_id
    LEFT JOIN grids_area AS place ON place.id = post.area_id AND starts_with(solved.area_path, place.path)
    WHERE solved.resolved_at IS NOT NULL AND {solved_is_meant}
    GROUP BY solved.id
) AS level ON level.petition_id = petition.id
WHERE {petition_is_meant}
"""


def derive(which: Which) -> str:
    """Return the SELECT of the facts of those petitions; its parameters are ``PARAMS`` and what ``which`` names."""
    return _DERIVE.format(
        clock_is_meant=which("clock.petition_id"),
        event_is_meant=which("event.petition_id"),
        rating_is_meant=which("rating.petition_id"),
        solved_is_meant=which("solved.id"),
        petition_is_meant=which("petition.id"),
    )


def among(column: str) -> str:
    """Mean the petitions whose ids are given: parameter ``ids``."""
    return f"{column} = ANY(%(ids)s)"


def between(column: str) -> str:
    """Mean the petitions of a range of ids: parameters ``first`` and ``last``, both included."""
    return f"{column} BETWEEN %(first)s AND %(last)s"

"""A district of 400 grids with everybody at his post, and any number of clocks, made by SQL in seconds.

4 subdistricts × 10 communities × 10 grids; two people a grid, one secretary a community, one dispatcher a
subdistrict, one command, one on the duty list: 847 people with e-mail addresses.
"""

from datetime import datetime
from typing import Any, Final, Protocol

STREETS, COMMUNITIES, GRIDS = 4, 10, 10
# Stages whose clocks wait for the office when their rung is told, as (policy, stage); one in ten is a natural clock.
STAGES: Final = (
    ("immediate_tier", "resolve"), ("immediate_tier", "arrive"), ("intake", "triage"), ("committed_tier", "resolve"),
    ("committed_tier", "promise"), ("reply_10wd", "reply"), ("consult_1wd", "reply"), ("immediate_tier", "accept"),
    ("referred_tier", "sign"), ("utility_24h", "receive"),
)  # fmt: skip

DISTRICT: Final = """
CREATE TEMP TABLE tree ON COMMIT DROP AS
    SELECT 1 AS id, NULL::int AS parent, 3 AS level, '1/' AS path
    UNION ALL SELECT 10 + s, 1, 4, format('1/%%s/', 10 + s) FROM generate_series(1, %(streets)s) s
    UNION ALL SELECT 100 * s + c, 10 + s, 5, format('1/%%s/%%s/', 10 + s, 100 * s + c)
        FROM generate_series(1, %(streets)s) s, generate_series(1, %(communities)s) c
    UNION ALL SELECT 10000 * s + 100 * c + g, 100 * s + c, 6,
        format('1/%%s/%%s/%%s/', 10 + s, 100 * s + c, 10000 * s + 100 * c + g)
        FROM generate_series(1, %(streets)s) s, generate_series(1, %(communities)s) c, generate_series(1, %(grids)s) g;
INSERT INTO grids_area
    (id, level, name, short_name, name_key, initials, code, path, served, division_type, source, parent_id)
    SELECT id, level, 'area ' || id, '', '', '', 'A' || id, path, true, '', '', parent FROM tree ORDER BY level;
INSERT INTO grids_post (id, kind, title, seats, office_phone, area_id)
    SELECT row_number() OVER (ORDER BY area_id, kind), kind, '', 1, '', area_id FROM (
        SELECT tree.id AS area_id, kind FROM tree JOIN (VALUES
            (6, 'grid_worker'), (6, 'grid_lead'), (5, 'community_secretary'), (4, 'dispatcher'),
            (3, 'district_command')) AS wanted (level, kind) USING (level)) AS posts;
INSERT INTO people_user (id, password, is_superuser, username, email, is_staff, is_active, date_joined, display_name,
        language, must_change_password, identity, session_epoch)
    SELECT id, '!', false, 'u' || id, 'u' || id || '@example.org', true, true, now(), 'u' || id, 'zh-hans', false, '', 0
    FROM (SELECT id FROM grids_post UNION ALL SELECT max(id) + 1 FROM grids_post) AS people;
INSERT INTO grids_appointment (id, starts_on, user_id, post_id) SELECT id, '2020-01-01', id, id FROM grids_post;
INSERT INTO grids_dutymember (id, position, user_id) SELECT 1, 1, max(id) FROM people_user;
"""

PETITIONS: Final = """
INSERT INTO petitions_petition (id, number, client_key, channel, status, title, tier, urgency, issue_kind,
        needs_deliberation, needs_public_notice, area_path, is_anonymous, is_confidential, language, submitted_at,
        accepted_at, version, round, privacy_version, area_id, grid_id, community_id, street_id)
    SELECT n, 'PX20260609' || lpad(n::text, 8, '0'), gen_random_uuid(), 'web', 'in_progress', 'title', 'immediate',
        'normal', 'small', false, false, grid.path, true, false, 'zh-hans', moment.filed_at, moment.filed_at, 1, 0, '',
        grid.id, grid.id, grid.parent_id, split_part(grid.path, '/', 2)::bigint
    FROM generate_series(%(first)s, %(last)s) n
    CROSS JOIN LATERAL (SELECT %(start)s + n %% %(spread)s * interval '1 second' AS filed_at) AS moment
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM grids_area WHERE level = 6) AS grid
        ON grid.place = n %% (SELECT count(*) FROM grids_area WHERE level = 6);
"""

# Each clock's rung "overdue" comes at its due moment; the rungs after it follow a day apart.
CLOCKS: Final = """
INSERT INTO petitions_petitionclock (id, generation, state, kind, limit_value, limit_unit, started_at, due_at,
        provisional, life, next_action_at, area_id, petition_id, stage_id)
    SELECT petition.id, 1, 'running', stage.clock, stage.limit_value, stage.limit_unit, petition.submitted_at,
        moment.due_at, false, jsonb_build_array(jsonb_build_object('what', 'start', 'at', petition.submitted_at)),
        moment.due_at, petition.area_id, petition.id, stage.id
    FROM petitions_petition AS petition
    JOIN unnest(%(stages)s::bigint[]) WITH ORDINALITY AS mix (stage_id, place)
        ON mix.place = 1 + petition.id %% %(kinds)s
    JOIN deadlines_stage AS stage ON stage.id = mix.stage_id
    CROSS JOIN LATERAL (SELECT %(due)s + petition.id %% %(spread)s * interval '1 second' AS due_at) AS moment
    WHERE petition.id BETWEEN %(first)s AND %(last)s ORDER BY petition.id;
INSERT INTO petitions_petitionclockrung (generation, fire_at, clock_id, rung_id)
    SELECT 1, clock.due_at + (rung.position - late.position) * interval '1 day', clock.id, rung.id
    FROM petitions_petitionclock AS clock
    JOIN deadlines_rung AS late ON late.stage_id = clock.stage_id AND late.at = 'overdue'
    JOIN deadlines_rung AS rung ON rung.stage_id = clock.stage_id AND rung.position >= late.position
    WHERE clock.id BETWEEN %(first)s AND %(last)s ORDER BY clock.id, rung.position;
"""

MADE: Final = (
    "petitions_petitionescalation", "petitions_petitionclockrung", "petitions_petitionevent", "petitions_petitionclock",
    "notifications_delivery", "notifications_digest", "notifications_notice", "deadlines_sweepfault",
)  # fmt: skip


class Cursor(Protocol):
    """Of Django or of psycopg; the caller commits."""

    def execute(self, query: str, params: Any = None, /) -> object:
        """Run one statement."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return its rows."""


def build_district(cursor: Cursor) -> None:
    """Make areas, posts and people. Inside a transaction."""
    _run(cursor, DISTRICT, streets=STREETS, communities=COMMUNITIES, grids=GRIDS)


def build_petitions(cursor: Cursor, first: int, last: int, *, start: datetime, spread: int = 1) -> None:
    """Make the petitions with these numbers, spread over the grids, filed in ``spread`` seconds from ``start`` on."""
    _run(cursor, PETITIONS, first=first, last=last, start=start, spread=spread)


def build_clocks(cursor: Cursor, first: int, last: int, *, due: datetime, spread: int = 3600) -> None:
    """Make one clock for each of these petitions; their rungs come in the ``spread`` seconds from ``due`` on."""
    stages = stage_ids(cursor)
    _run(cursor, CLOCKS, first=first, last=last, due=due, spread=spread, stages=stages, kinds=len(stages))


def stage_ids(cursor: Cursor) -> list[int]:
    """Return the stages of the mix, in its order."""
    found = []
    for key, code in STAGES:
        cursor.execute(
            "SELECT stage.id FROM deadlines_stage AS stage JOIN deadlines_policy AS policy"
            " ON policy.id = stage.policy_id WHERE policy.key = %s AND stage.code = %s",
            [key, code],
        )
        found += [pk for (pk,) in cursor.fetchall()]
    assert len(found) == len(STAGES), found
    return found


def clear(cursor: Cursor) -> None:
    """Remove all clocks and what sweeps have made of them; petitions and district stay."""
    cursor.execute(f"TRUNCATE {', '.join(MADE)} CASCADE")


def settle(cursor: Cursor) -> None:
    """Vacuum, analyse and checkpoint, so that every run starts from the same state. Outside a transaction."""
    cursor.execute(f"VACUUM ANALYZE {', '.join(MADE)}, petitions_petition, grids_area, deadlines_rung")
    cursor.execute("CHECKPOINT")


def _run(cursor: Cursor, statements: str, **values: object) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values)

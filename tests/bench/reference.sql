-- One batch of the sweep as somebody would write it by hand who knows the tables and has the holders of every post
-- ready in a table: select with SKIP LOCKED, join, insert, advance. bench_sweep runs it until it claims nothing.
-- It skips what the product owes besides: absences, deputies, recusal, urgency, digests, setting bad rows aside.

-- :prepare (once, not timed)
CREATE UNLOGGED TABLE holders AS
SELECT area.id AS area_id, rung.id AS rung_id, array_agg(DISTINCT appointment.user_id ORDER BY appointment.user_id) AS told
FROM grids_area AS area
CROSS JOIN deadlines_rung AS rung
JOIN LATERAL (
    SELECT CASE name
            WHEN 'subdistrict_dispatch' THEN 'dispatcher' WHEN 'subdistrict_duty_officer' THEN 'dispatcher'
            WHEN 'unit_leader' THEN 'grid_lead' WHEN 'one_up' THEN 'community_secretary'
            ELSE name
        END AS kind
    FROM jsonb_array_elements_text(CASE WHEN rung.posts = '[]' THEN jsonb_build_array(rung.level) ELSE rung.posts END)
        AS wanted (name)
) AS wanted ON true
JOIN grids_area AS above ON area.path LIKE above.path || '%'
JOIN grids_post AS post ON post.area_id = above.id AND post.kind = wanted.kind
JOIN grids_appointment AS appointment ON appointment.post_id = post.id
WHERE area.level = 6
GROUP BY area.id, rung.id;
ALTER TABLE holders ADD PRIMARY KEY (area_id, rung_id);
ANALYZE holders;

-- :session (once per connection)
CREATE TEMP TABLE claimed (id bigint);
CREATE TEMP TABLE fired (
    clock_id bigint, moment_id bigint, generation smallint, rung_id bigint, fire_at timestamptz, petition_id bigint,
    number text, due_at timestamptz, kind text, told bigint[], level text, at text, action text, stage text,
    stage_zh text, stage_en text
);

-- :batch (one transaction)
TRUNCATE claimed, fired;

INSERT INTO claimed
SELECT id FROM petitions_petitionclock
WHERE next_action_at <= %(at)s
ORDER BY next_action_at, id LIMIT %(batch)s
FOR UPDATE SKIP LOCKED;

INSERT INTO fired
SELECT clock.id, moment.id, moment.generation, moment.rung_id, moment.fire_at, clock.petition_id, petition.number,
    clock.due_at, clock.kind, holders.told, rung.level, rung.at, rung.action, stage.code, stage.name_zh, stage.name_en
FROM claimed
JOIN petitions_petitionclock AS clock ON clock.id = claimed.id
JOIN petitions_petitionclockrung AS moment
    ON moment.clock_id = clock.id AND moment.generation = clock.generation
    AND moment.fired_at IS NULL AND moment.fire_at <= %(at)s
JOIN deadlines_rung AS rung ON rung.id = moment.rung_id
JOIN deadlines_stage AS stage ON stage.id = rung.stage_id
JOIN petitions_petition AS petition ON petition.id = clock.petition_id
JOIN holders ON holders.area_id = clock.area_id AND holders.rung_id = rung.id;

INSERT INTO petitions_petitionescalation
    (clock_id, generation, rung_id, fell_due_at, fired_at, level, told, route, historic, answer_by_at, raised_to)
SELECT clock_id, generation, rung_id, fire_at, %(at)s, level, told, 'holder', false,
    CASE WHEN kind = 'natural' AND action IN ('red', 'supervise') THEN %(at)s::timestamptz + interval '15 minutes' END, '{}'
FROM fired
ON CONFLICT (clock_id, generation, rung_id) DO NOTHING;

INSERT INTO petitions_petitionevent (petition_id, code, at, recorded_at, from_status, to_status, refs)
SELECT petition_id, 'escalated', fire_at, now(), '', '',
    jsonb_build_object('clock', clock_id, 'rung', rung_id, 'stage', stage, 'action', action, 'level', level)
FROM fired;

INSERT INTO notifications_notice
    (id, recipient_id, kind, params, about, url_path, created_at, not_before, urgent, silent, dedupe_key)
SELECT gen_random_uuid(), recipient_id, 'escalation',
    jsonb_build_object(
        'number', number, 'stage', stage, 'stage_zh', stage_zh, 'stage_en', stage_en, 'rung', at, 'action', action,
        'level', level, 'due_at', due_at, 'fell_due_at', fire_at, 'late', true),
    'petition:' || number, '/cases/' || number || '/', %(at)s, %(opens)s, kind = 'natural', false,
    'escalation:petition:' || clock_id || ':' || generation || ':' || rung_id || ':' || recipient_id
FROM fired CROSS JOIN LATERAL unnest(told) AS recipient_id
ON CONFLICT (dedupe_key) DO NOTHING;

UPDATE petitions_petitionclockrung AS moment SET fired_at = %(at)s FROM fired WHERE moment.id = fired.moment_id;

UPDATE petitions_petitionclock AS clock
SET next_action_at = (
    SELECT min(fire_at) FROM petitions_petitionclockrung AS moment
    WHERE moment.clock_id = clock.id AND moment.generation = clock.generation AND moment.fired_at IS NULL)
FROM claimed WHERE clock.id = claimed.id;

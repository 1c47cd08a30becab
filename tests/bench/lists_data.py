"""Petitions in any number over 400 grids, one in twenty open, each with words, one in five with a petitioner.

Made by SQL; the index of the words is built after them.
"""

from datetime import datetime, timedelta
from itertools import product
from typing import Final

from tests.bench import sweep_data

STREET, COMMUNITY = 11, 101
OPEN_ONE_IN = 20
RARE, RARE_TIMES = "白鹭", 12
PLACES: Final = [
    f"{one}{two}小区"
    for one, two in product("金银龙凤松竹梅兰江河湖海东西南北春夏秋冬", "泰安福康宁和顺达隆昌祥瑞华富贵荣盛兴旺发")
]
MATTERS: Final = (
    "垃圾桶满了两天没人清运，味道很大",
    "楼道里停满了电动车，过不去人",
    "路灯坏了，晚上出门看不见",
    "半夜有人装修，吵得睡不着",
    "下水道堵了，污水流到路上",
    "小广告贴得到处都是，请清理",
    "暖气不热，家里有老人和孩子",
    "井盖松动，车一过就响，怕出事",
    "停车位被占，找不到人挪车",
    "树枝压到了电线，刮风时很危险",
    "电梯停了一个星期，老人下不了楼",
    "健身器材坏了，孩子差点受伤",
    "店铺占道经营，行人只能走马路",
    "有人在绿地里种菜，浇粪水",
    "消防通道被堵，救护车进不来",
    "自来水发黄，不敢喝",
)

WORDS: Final = """
CREATE TEMP TABLE phrase (id int PRIMARY KEY, masked text, bigrams text[]) ON COMMIT DROP;
CREATE TEMP TABLE compound (id int PRIMARY KEY, masked text, bigrams text[]) ON COMMIT DROP;
"""
PERSONS: Final = """
INSERT INTO people_person (id, context, phone_index, language, created_at)
    SELECT md5('person' || n)::uuid, 'petitioner', sha256(('phone' || n %% 100000)::bytea), 'zh-hans', now()
    FROM generate_series(5, %(petitions)s, 5) n;
"""
PETITIONS: Final = """
INSERT INTO petitions_petition (id, number, client_key, channel, status, title, tier, urgency, issue_kind,
        needs_deliberation, needs_public_notice, area_path, is_anonymous, is_confidential, language, submitted_at,
        accepted_at, resolved_at, closed_at, version, round, privacy_version, area_id, grid_id, community_id, street_id,
        place_id, category_id, handler_id, petitioner_id, next_due_at)
    SELECT n, 'PX20260609' || lpad(n::text, 8, '0'), gen_random_uuid(), (ARRAY['web','phone','qr','hotline'])[1 + n %% 4],
        status, compound.masked || phrase.masked, 'immediate', CASE WHEN n %% 19 = 0 THEN 'urgent' ELSE 'normal' END,
        'small', false, false, grid.path, true AND n %% 5 > 0, false, 'zh-hans', filed_at,
        CASE WHEN status <> 'submitted' THEN filed_at + interval '1 minute' END,
        CASE WHEN status IN ('resolved', 'verified', 'closed') THEN filed_at + interval '1 hour' END,
        CASE WHEN status = 'closed' THEN filed_at + interval '2 hours' END, 1, 0, '', grid.id, grid.id, grid.parent_id,
        split_part(grid.path, '/', 2)::bigint, grid.id, subject.id,
        CASE WHEN status NOT IN ('submitted', 'accepted') THEN post.id END,
        CASE WHEN n %% 5 = 0 THEN md5('person' || n)::uuid END,
        CASE WHEN status <> 'closed' AND n %% 700 > 0
             THEN %(now)s + (n %% 99991 - 9999) * interval '1 minute' END
    FROM generate_series(1, %(petitions)s) n
    CROSS JOIN LATERAL (SELECT CASE WHEN n %% %(one_in)s > 0 THEN 'closed' ELSE (ARRAY['submitted', 'accepted',
        'dispatched', 'signed', 'in_progress', 'resolved', 'verified'])[1 + (n / %(one_in)s) %% 7] END AS status,
        %(now)s - interval '400 days' + n * (interval '400 days' / %(petitions)s) AS filed_at) AS facts
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
        FROM grids_area WHERE level = 6) AS grid ON grid.place = (n * 7919::bigint) %% 400
    JOIN grids_post AS post ON post.area_id = grid.id AND post.kind = 'grid_worker'
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
        FROM petitions_category WHERE policy_key <> '') AS subject ON subject.place = (n * 31::bigint) %% subject.many
    JOIN phrase ON phrase.id = (n * 13::bigint) %% %(phrases)s
    JOIN compound ON compound.id = (n * 17::bigint / 3) %% %(compounds)s;
INSERT INTO petitions_petitiontext (id, petition_id, kind, original_sealed, masked, bigrams, salt, public, created_at)
    SELECT gen_random_uuid(), n, 'original', '', compound.masked || '，' || phrase.masked || rare.masked,
        compound.bigrams || phrase.bigrams || rare.bigrams, '', true, now()
    FROM generate_series(1, %(petitions)s) n
    JOIN phrase ON phrase.id = (n * 13::bigint) %% %(phrases)s
    JOIN compound ON compound.id = (n * 17::bigint / 3) %% %(compounds)s
    CROSS JOIN LATERAL (SELECT CASE WHEN n %% (%(petitions)s / %(rare_times)s) = 1 THEN '，' || %(rare)s ELSE '' END AS masked,
        CASE WHEN n %% (%(petitions)s / %(rare_times)s) = 1 THEN ARRAY[%(rare)s] ELSE '{}'::text[] END AS bigrams) AS rare;
"""  # noqa: E501 - as PostgreSQL reads it


def build(petitions: int, *, now: datetime) -> None:
    """Fill an empty database that holds the reference data."""
    from django.db import connection, transaction

    from petitions.records import bigrams

    values = {
        "petitions": petitions, "now": now, "one_in": OPEN_ONE_IN, "phrases": len(MATTERS), "compounds": len(PLACES),
        "rare": RARE, "rare_times": RARE_TIMES,
    }  # fmt: skip
    with connection.cursor() as cursor:
        with transaction.atomic():
            sweep_data.build_district(cursor)
            _run(cursor, WORDS, values)
            for table, words in (("phrase", MATTERS), ("compound", PLACES)):
                cursor.executemany(
                    f"INSERT INTO {table} VALUES (%s, %s, %s)",
                    [(place, one, bigrams(one)) for place, one in enumerate(words)],
                )
            cursor.execute("DROP INDEX petition_text_bigrams")
            _run(cursor, PERSONS, values)
            _run(cursor, PETITIONS, values)
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX petition_text_bigrams ON petitions_petitiontext USING gin (bigrams)")
        cursor.execute("VACUUM ANALYZE petitions_petition, petitions_petitiontext, people_person, grids_area")
        # a sweep of just now: the morning shows no alarm
        cursor.execute("INSERT INTO deadlines_heartbeat VALUES ('deadlines.sweep', %s, 1)", [now + timedelta(hours=1)])
        cursor.execute("CHECKPOINT")


def _run(cursor: sweep_data.Cursor, statements: str, values: dict[str, object]) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values)

"""A street of many petitions in which one worker has three hundred open ones, made by SQL and COPY in seconds."""

from datetime import datetime, timedelta
from typing import Final

from tests.bench import sweep_data

STREET, COMMUNITY, GRID = 11, 101, 10101
OPEN, BUILDINGS = 300, 20
# the four times of 1365, an instant matter, a promised one: the mix of a grid
POLICIES: Final = ("rapid_1365", "immediate_tier", "immediate_tier", "committed_tier")
WORDS: Final = "号的垃圾桶满了两天，味道很大，请打138****8000。"

PLACES: Final = """
INSERT INTO grids_area
    (id, level, name, short_name, name_key, initials, code, path, served, division_type, source, parent_id)
    SELECT 900000 + n, 7, n || '号楼', '', '', '', 'B' || n, grid.path || (900000 + n) || '/', true, '', '', grid.id
    FROM generate_series(1, %(buildings)s) n JOIN grids_area AS grid ON grid.id = %(grid)s;
INSERT INTO grids_area
    (id, level, name, short_name, name_key, initials, code, path, served, division_type, source, parent_id)
    SELECT id + 1000, 8, '2单元', '', '', '', code || '-2', path || (id + 1000) || '/', true, '', '', id
    FROM grids_area WHERE level = 7;
"""
# All lie in one street. The worker's three hundred come first; of the others one in twenty is open.
PETITIONS: Final = """
INSERT INTO petitions_petition (id, number, client_key, channel, status, title, tier, urgency, issue_kind,
        needs_deliberation, needs_public_notice, area_path, is_anonymous, is_confidential, language, submitted_at,
        accepted_at, resolved_at, closed_at, version, round, privacy_version, area_id, grid_id, community_id, street_id,
        place_id, category_id, handler_id)
    SELECT n, 'PX20260609' || lpad(n::text, 8, '0'), gen_random_uuid(), 'web',
        CASE WHEN NOT open THEN 'closed' WHEN NOT his OR n %% 3 > 0 THEN 'in_progress'
             WHEN n %% 2 = 0 THEN 'dispatched' ELSE 'accepted' END,
        n || %(title)s, 'immediate', CASE WHEN n %% 9 = 0 THEN 'urgent' ELSE 'normal' END, 'small', false, false,
        grid.path, true, false, 'zh-hans', filed_at, filed_at + interval '1 minute',
        CASE WHEN NOT open THEN filed_at + interval '1 hour' END,
        CASE WHEN NOT open THEN filed_at + interval '2 hours' END, 1, 0, '', grid.id, grid.id, grid.parent_id,
        %(street)s, CASE WHEN his THEN 901000 + 1 + n %% %(buildings)s ELSE grid.id END,
        (SELECT id FROM petitions_category WHERE code = '0102' ORDER BY id LIMIT 1),
        CASE WHEN his AND n %% 3 > 0 THEN %(worker)s END
    FROM generate_series(1, %(petitions)s) n
    CROSS JOIN LATERAL (SELECT n <= %(open)s AS his, n <= %(open)s OR n %% 20 = 0 AS open,
        %(since)s + n %% 500000 * interval '1 minute' AS filed_at) AS facts
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM grids_area WHERE level = 6 AND path LIKE '1/11/%%%%')
        AS grid ON grid.place = CASE WHEN his THEN 1 ELSE 2 + n %% 99 END;
"""


def build(petitions: int, *, now: datetime) -> int:
    """Fill the database; return the id of the worker's account."""
    from django.db import connection, transaction

    from grids.models import Post

    with connection.cursor() as cursor:
        with transaction.atomic():
            sweep_data.build_district(cursor)
            worker = Post.objects.get(area=GRID, kind="grid_worker").pk
            values = {
                "buildings": BUILDINGS, "grid": GRID, "street": STREET, "open": OPEN, "petitions": petitions,
                "worker": worker, "since": now - timedelta(days=400), "title": WORDS,
            }  # fmt: skip
            for statements in (PLACES, PETITIONS):
                for statement in statements.split(";\n"):
                    if statement.strip():
                        cursor.execute(statement, values)
            _petitioners(now)
            _clocks(now)
        sweep_data.settle(cursor)
    return worker


def _petitioners(now: datetime) -> None:
    """Give each of the worker's petitions somebody with a sealed name and number."""
    from people.enums import Context
    from people.models import Person
    from petitions.models import Petition

    mine = list(Petition.objects.filter(pk__lte=OPEN).order_by("pk"))
    people = []
    for petition in mine:
        person = Person(context=Context.PETITIONER, created_at=now)
        person.name, person.phone = "常小红", f"138{petition.pk:08d}"
        people.append(person)
        petition.petitioner, petition.is_anonymous = person, False
    Person.objects.bulk_create(people)
    Petition.objects.bulk_update(mine, ["petitioner", "is_anonymous"])


def _clocks(now: datetime) -> None:
    """Let the clocks of each of them run: a third is late, the others fall due within hours and days."""
    from deadlines.clocks import stages_of
    from deadlines.models import Policy
    from petitions.models import Petition, PetitionClock

    policies = {policy.key: policy for policy in Policy.objects.filter(key__in=POLICIES, valid_to=None)}
    mine, clocks = list(Petition.objects.filter(pk__lte=OPEN).order_by("pk")), []
    for petition in mine:
        petition.policy = policies[POLICIES[petition.pk % len(POLICIES)]]
        first = now + timedelta(minutes=29 * (petition.pk - OPEN // 3))
        duties = [stage for stage in stages_of(petition.policy.pk) if stage.nature == "duty"][:3]
        for place, stage in enumerate(duties):
            clocks.append(
                PetitionClock(
                    petition=petition, stage=stage, generation=1, state="running", kind=stage.clock, area_id=GRID,
                    limit_value=stage.limit_value, limit_unit=stage.limit_unit, started_at=now - timedelta(days=3),
                    due_at=first + timedelta(hours=place), provisional=False, life=[],
                )
            )  # fmt: skip
        petition.next_due_at, petition.next_stage = first, duties[0]
    PetitionClock.objects.bulk_create(clocks)
    Petition.objects.bulk_update(mine, ["policy", "next_due_at", "next_stage"])

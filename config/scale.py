"""A district of full size, invented, for measurements: areas, houses, households, persons and members by COPY.

The numbers are those of 广州荔湾 (003a-32): 22 streets, 201 communities, 1,044 grids, 21,550 buildings, 94,000 houses,
1,150,000 persons behind their doors, 60,000 members in the Party branches of the grids (000-23, 003a-03).
Nothing in it looks like a real person's data: names are numbers, telephones begin with 10, which no mobile does. All of
it is one transaction: a load that breaks off leaves nothing, and may be begun again. Rows stream; memory does not grow.
"""

import resource
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from fieldwork.enums import HouseState, HouseUse
from grids.enums import Level
from grids.models import Area
from grids.services import complete_served
from parties.enums import Ground, PartyKind
from parties.members import seat_of
from parties.models import PartyOrganisation
from people import crypto
from people.enums import Context, Language
from people.errors import BadInput
from people.models import Person

Progress = Callable[[int], object]
Row = tuple[Any, ...]
AREAS: Final = (
    "COPY grids_area (id, level, name, short_name, name_key, initials, code, path, served, division_type, source, "
    "parent_id) FROM STDIN"
)
PERSONS: Final = (
    "COPY people_person (id, context, name_sealed, phone_sealed, phone_index, name_index, language, created_at) "
    "FROM STDIN"
)
HOUSES: Final = "COPY fieldwork_dwelling (id, place_id, grid_id, number, floor, use, state, valid_from) FROM STDIN"
HOUSEHOLDS: Final = "COPY fieldwork_household (id, place_id, grid_id, door, contact_id, people, valid_from) FROM STDIN"
RESIDENTS: Final = "COPY fieldwork_resident (id, household_id, person_id, starts_on) FROM STDIN"
PARTIES: Final = (
    "COPY parties_partyorganisation (id, kind, form, area_id, parent_id, path, name, valid_from, closed_because) "
    "FROM STDIN"
)
MEMBERS: Final = (
    "COPY parties_partymember (id, client_key, person_id, organisation_id, joined_here_on, seat, ground) FROM STDIN"
)
# What a load fills, and what it measures.
TABLES: Final = (
    "grids_area", "people_person", "fieldwork_dwelling", "fieldwork_household", "fieldwork_resident",
    "parties_partyorganisation", "parties_partymember",
)  # fmt: skip
DOORS_ON_A_FLOOR: Final = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a district is; the numbers are totals."""

    code: str
    name: str
    streets: int
    communities: int
    grids: int
    buildings: int
    houses: int
    persons: int
    members: int

    def one_in(self, share: int) -> "Scale":
        """Return the same district in small: every number divided, at least one of each."""
        parts = (self.streets, self.communities, self.grids, self.buildings, self.houses, self.persons, self.members)
        return Scale(self.code, self.name, *(max(1, part // share) for part in parts))


DISTRICTS: Final = {"liwan": Scale("440103", "荔湾区", 22, 201, 1_044, 21_550, 94_000, 1_150_000, 60_000)}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, in how many seconds, how large it is on disk, and the peak of our own memory (bytes)."""

    areas: int
    houses: int
    persons: int
    members: int
    seconds: float
    bytes_on_disk: int
    peak_memory: int


def load_scale(scale: Scale, *, at: datetime, progress: Progress | None = None) -> Loaded:
    """Load the district into an empty database.

    :raises BadInput: if there are areas or persons already
    """
    begun = time.monotonic()
    with transaction.atomic():
        # two loads at once: the second waits here, and then finds the first's rows
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('load_scale', 0))")
        if Area.objects.exists() or Person.objects.exists():
            raise BadInput(_("There are areas or persons already: this loads into an empty database only."))
        areas = _load_areas(scale)
        complete_served()
        homes = _load_houses(scale, at=at)
        _load_persons(scale, homes, at=at, progress=progress)
        _load_members(scale, at=at, progress=progress)
    with connection.cursor() as cursor:
        # what the planner must know; a role that may not is told so and goes on
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name", [list(TABLES)]
        )
        size = int(cursor.fetchone()[0])
    return Loaded(areas, scale.houses, scale.persons, scale.members, time.monotonic() - begun, size, peak_memory())


def phone_of(number: int) -> str:
    """Return the invented telephone of the person with this number: eleven digits beginning with 10."""
    return f"10{number:09d}"


def name_of(number: int) -> str:
    """Return his invented name."""
    return f"试算{number:07d}"


def peak_memory() -> int:
    """Return the most memory this process has had, in bytes."""
    # On Linux ru_maxrss of a new process begins with what its parent had; VmHWM is its own.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _load_areas(scale: Scale) -> int:
    count = 0
    with connection.cursor() as cursor:
        with cursor.cursor.copy(AREAS) as copy:
            for row in _areas(scale):
                copy.write_row(row)
                count += 1
        cursor.execute("SELECT setval(pg_get_serial_sequence('grids_area', 'id'), %s)", [count])
    return count


def _areas(scale: Scale) -> Iterator[Row]:
    """Every area with its id and path, widest first; the parts of a level lie evenly in the level above."""
    chain = (
        (Level.PROVINCE, scale.code[:2], "广东省", False),
        (Level.CITY, scale.code[:4], "广州市", False),
        (Level.DISTRICT, scale.code, scale.name, True),
    )
    path, parent, pk = "", None, 0
    for level, code, name, served in chain:
        pk += 1
        path = f"{path}{pk}/"
        yield _area(pk, level, name, code=code, path=path, parent=parent, served=served)
        parent = pk
    above: Sequence[tuple[int, str, str]] = [(pk, scale.code, path)]
    for level, total, label, form in (
        (Level.STREET, scale.streets, "试算{:02d}街道", "{}{:03d}"),
        (Level.COMMUNITY, scale.communities, "试算{:03d}社区", "{}{:03d}"),
        (Level.GRID, scale.grids, "试算{:04d}网格", "{}{:03d}"),
        (Level.BUILDING, scale.buildings, "{}号楼", "{}-{}"),
    ):
        here = []
        for number in range(total):
            place, turn = divmod(number, len(above))[::-1]
            over, over_code, over_path = above[place]
            pk += 1
            code = form.format(over_code, turn + 1)
            yield _area(pk, level, label.format(number + 1), code=code, path=f"{over_path}{pk}/", parent=over)
            here.append((pk, code, f"{over_path}{pk}/"))
        above = here


def _area(pk: int, level: Level, name: str, *, code: str, path: str, parent: int | None, served: bool = True) -> Row:
    return pk, level.value, name, "", "", "", code, path, served, "", "scale", parent


def _load_houses(scale: Scale, *, at: datetime) -> list[uuid.UUID]:
    """Load a house behind every door, as evenly over the buildings as they go; return a key for each household."""
    on = shanghai_date(at)
    buildings = list(Area.objects.filter(level=Level.BUILDING).order_by("pk").values_list("pk", "parent_id"))
    homes: list[uuid.UUID] = []
    with connection.cursor() as cursor, cursor.cursor.copy(HOUSES) as copy:
        for number in range(scale.houses):
            turn, place = divmod(number, len(buildings))
            key = uuid.uuid4()
            floor = turn // DOORS_ON_A_FLOOR + 1
            copy.write_row(
                (key, *buildings[place], _door(turn), floor, HouseUse.HOME.value, HouseState.LIVED_IN.value, on)
            )
            homes.append(key)
    return homes


def _door(turn: int) -> str:
    """Return 101, 102, 103, 104, 201, … for the first, second, … door of a building."""
    return f"{turn // DOORS_ON_A_FLOOR + 1}{turn % DOORS_ON_A_FLOOR + 1:02d}"


def _load_persons(scale: Scale, homes: Sequence[uuid.UUID], *, at: datetime, progress: Progress | None) -> None:
    """Load the persons, then the households with the first of theirs as who may be asked, then who else lives there.

    A household has the key of its house. Only keys are held in memory (16 bytes a person), never a name.
    """
    keys: list[uuid.UUID] = []
    with connection.cursor() as cursor, cursor.cursor.copy(PERSONS) as copy:
        for number in range(scale.persons):
            row = _person(number, at)
            keys.append(row[0])
            copy.write_row(row)
            if progress and number % 1000 == 999:  # noqa: PLR2004 - a step of the bar
                progress(1000)
    on, count = shanghai_date(at), len(homes)
    buildings = list(Area.objects.filter(level=Level.BUILDING).order_by("pk").values_list("pk", "parent_id"))
    with connection.cursor() as cursor, cursor.cursor.copy(HOUSEHOLDS) as copy:
        for number, home in enumerate(homes):
            turn, place = divmod(number, len(buildings))
            people = len(range(number, scale.persons, count))
            contact = keys[number] if number < scale.persons else None
            copy.write_row((home, *buildings[place], _door(turn), contact, people, on))
    with connection.cursor() as cursor, cursor.cursor.copy(RESIDENTS) as copy:
        for number in range(count, scale.persons):
            copy.write_row((uuid.uuid4(), homes[number % count], keys[number], on))


def _load_members(scale: Scale, *, at: datetime, progress: Progress | None) -> None:
    """Load a working committee of each street, a general branch of each community, a branch of each grid, members.

    The members lie evenly in the branches of the grids, each a sealed person of his own context.
    """
    on = shanghai_date(at)
    branches = _load_parties(on)
    rows = []
    with connection.cursor() as cursor, cursor.cursor.copy(PERSONS) as copy:
        for number in range(scale.members):
            person = _person(number, at, context=Context.MEMBER)
            copy.write_row(person)
            seat = seat_of(name=name_of(number), phone=phone_of(number))
            rows.append((person[0], branches[number % len(branches)], on, seat))
            if progress and number % 1000 == 999:  # noqa: PLR2004 - a step of the bar
                progress(1000)
    with connection.cursor() as cursor, cursor.cursor.copy(MEMBERS) as copy:
        for row in rows:
            copy.write_row((uuid.uuid4(), uuid.uuid4(), *row, Ground.LETTER.value))


def _load_parties(on: date) -> list[int]:
    """Load the organisations of streets, communities and grids; return the ids of the branches of the grids."""
    kinds = {
        Level.STREET: PartyKind.WORKING_COMMITTEE,
        Level.COMMUNITY: PartyKind.GENERAL_BRANCH,
        Level.GRID: PartyKind.GRID_BRANCH,
    }
    # read before the COPY: the connection does nothing else meanwhile
    found = Area.objects.filter(level__in=kinds).order_by("level", "pk")
    areas = list(found.values_list("pk", "level", "parent", "name"))
    of_area: dict[int, tuple[int, str]] = {}
    branches: list[int] = []
    with connection.cursor() as cursor:
        with cursor.cursor.copy(PARTIES) as copy:
            for pk, (area, level, above, name) in enumerate(areas, start=1):
                parent, path = of_area.get(above or 0, (None, ""))
                kind = kinds[Level(level)]
                of_area[area] = pk, f"{path}{pk}/"
                copy.write_row((pk, kind.value, "", area, parent, f"{path}{pk}/", f"{name}党组织", on, ""))
                if kind == PartyKind.GRID_BRANCH:
                    branches.append(pk)
        table = PartyOrganisation._meta.db_table  # noqa: SLF001 - Django's public name for its metadata
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, len(of_area)])
    return branches


def _person(number: int, at: datetime, *, context: Context = Context.HOUSEHOLD) -> Row:
    """One person as ``people.services.create_person`` would keep him, sealed for his own row."""
    key, name, phone = uuid.uuid4(), name_of(number), phone_of(number)
    table = Person._meta.db_table  # noqa: SLF001 - Django's public name for its metadata
    return (
        key,
        context.value,
        crypto.seal(name, table=table, column="name_sealed", row=key),
        crypto.seal(phone, table=table, column="phone_sealed", row=key),
        Person.index_of_phone(phone, context=context),
        Person.index_of_name(name, context=context),
        Language.CHINESE.value,
        at,
    )

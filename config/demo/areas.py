"""The areas of the demo: streets and communities from the register, grids, buildings and units invented.

Proportions of the sources: about 10 grids a community, 2.3 building heads a grid, 14 units to a building head
(264 grids, 613 building heads and 8,583 unit heads in 26 communities).
"""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.demo.scale import Scale
from grids.area_import import import_areas
from grids.enums import Level
from grids.models import Area

REGISTER = Path(__file__).parent / "data" / "divisions.csv"
DISTRICT = "620302"
SOURCE = "demo"
HEADING = ("code", "name", "level", "parent_code", "source")
CHINESE_NUMBERS = "一二三四五六七八九十"

Row = tuple[str, str, str, str, str]


def load_areas(scale: Scale) -> None:
    """Load the chain from the province to the stairwell; the district and all below it are served."""
    with tempfile.TemporaryDirectory() as folder:
        register, invented = Path(folder) / "register.csv", Path(folder) / "invented.csv"
        with REGISTER.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        communities = _communities(rows, scale)
        with register.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in rows if row["community_code"] in communities)
        with invented.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(HEADING)
            for community in communities:
                lines.writerows(_grids(community, scale))
        import_areas([register, invented], served=True)


def district() -> Area:
    """Return the root of the demo's jurisdiction."""
    return Area.objects.get(code=DISTRICT)


def _communities(rows: list[dict[str, str]], scale: Scale) -> list[str]:
    streets: dict[str, list[str]] = {}
    for row in rows:
        streets.setdefault(row["street_code"], []).append(row["community_code"])
    return [code for codes in streets.values() for code in codes[: scale.communities]]


def _grids(community: str, scale: Scale) -> Iterator[Row]:
    """Yield a community's grids, their buildings (numbered through the community) and units."""
    number = 0
    for place in range(1, scale.grids + 1):
        grid = f"{community}{place:03d}"
        yield grid, f"第{_chinese(place)}网格", Level.GRID.name.lower(), community, SOURCE
        for _building in range(scale.buildings):
            number += 1
            building = f"{grid}-{number}"
            yield building, f"{number}号楼", Level.BUILDING.name.lower(), grid, SOURCE
            for unit in range(1, scale.units + 1):
                yield f"{building}-{unit}", f"{unit}单元", Level.UNIT.name.lower(), building, SOURCE


def _chinese(number: int) -> str:
    """Return 1 to 99 as people write it: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{CHINESE_NUMBERS[tens - 1]}十"
    return head + (CHINESE_NUMBERS[ones - 1] if ones else "")

"""A point on a map, where a source of tiles is set up (ADR 24): what is offered, and what of it is kept.

A point is an enhancement: the page asks for nothing it needs, and without a source nothing of it appears. It is kept in
WGS-84 with five decimals (about a metre), as words of the petition: sealed, erased with them, shown to staff and in the
petitioner's own copy, on no public page.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from people.errors import BadInput

# what tiles in use in China are drawn in; the page turns one into the other (static/linli/point.js)
DATUMS: Final = ("WGS-84", "GCJ-02")
LONGEST: Final = 40
_POINT: Final = re.compile(r"(-?\d{1,2}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where the pictures of the map come from, and how far it reaches (degrees of WGS-84)."""

    template: str
    attribution: str
    datum: str
    closest: int
    south: float
    west: float
    north: float
    east: float

    @property
    def origin(self) -> str:
        """The one place outside that pages with a map may fetch pictures from."""
        address = urlsplit(self.template)
        return f"{address.scheme}://{address.netloc}"

    @property
    def host(self) -> str:
        """Its name, to say who learns which part of the map somebody looks at."""
        return urlsplit(self.template).hostname or ""

    @property
    def bounds(self) -> str:
        """The corners, as the page's script reads them."""
        return f"{self.south},{self.west},{self.north},{self.east}"


def tiles() -> Tiles | None:
    """Return the source that is set up; None if there is none.

    :raises ValueError: if the settings say none that can be used (``petitions.checks`` says so at the start)
    """
    if not settings.MAP_TILES:
        return None
    return _tiles(
        settings.MAP_TILES, settings.MAP_ATTRIBUTION, settings.MAP_DATUM, settings.MAP_CLOSEST, settings.MAP_BOUNDS
    )


@lru_cache(maxsize=4)
def _tiles(template: str, attribution: str, datum: str, closest: int, bounds: str) -> Tiles:
    south, west, north, east = (float(degrees) for degrees in bounds.split(","))
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):  # noqa: PLR2004 - degrees
        message = "MAP_BOUNDS wants south,west,north,east in degrees"
        raise ValueError(message)
    address = urlsplit(template)
    if address.scheme not in {"http", "https"} or not address.hostname or "{" in address.netloc:
        message = "MAP_TILES wants one host, with http:// or https://"
        raise ValueError(message)
    if any(part not in template for part in ("{z}", "{x}", "{y}")):
        message = "MAP_TILES wants {z}, {x} and {y}"
        raise ValueError(message)
    if not attribution.strip():
        message = "MAP_ATTRIBUTION must say who drew the map, and its approval number"
        raise ValueError(message)
    if datum not in DATUMS:
        message = f"MAP_DATUM is one of {', '.join(DATUMS)}"
        raise ValueError(message)
    return Tiles(template, attribution, datum, closest, south, west, north, east)


def checked(typed: str) -> str:
    """Return a point as it is kept, "latitude,longitude" in WGS-84 with five decimals; nothing for nothing.

    :raises BadInput: if it is no point, or lies outside the map
    """
    source, typed = tiles(), typed.strip()
    if source is None or not typed:
        return ""
    found = _POINT.fullmatch(typed)
    if found is None:
        raise BadInput(_("We could not read the point on the map. Set it again, or describe the place."), field="point")
    latitude, longitude = float(found[1]), float(found[2])
    if not (source.south <= latitude <= source.north and source.west <= longitude <= source.east):
        raise BadInput(_("This point lies outside our area. Set it again, or describe the place."), field="point")
    return f"{latitude:.5f},{longitude:.5f}"

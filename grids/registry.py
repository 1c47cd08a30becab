"""What higher apps tell this one in ``ready()``: their part of a handover or a re-division, and where to file.

A part is asked twice: what it would pass on (``preview``), and to do it (``carry_out``). Both are given the same
``Transfer``; the preview's ``fingerprint`` travels through the form, so that what was reviewed is what is done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from grids.models import Appointment, Area
from grids.staff import Holding, Staff
from people.models import User


@dataclass(frozen=True, slots=True)
class Transfer:
    """One handover: whose work, to whom, from which civil day, decided by whom.

    ``holdings`` are the leaver's posts that pass; work outside them stays where it is.
    """

    leaver: User
    receiver: User
    appointments: tuple[Appointment, ...]
    holdings: tuple[Holding, ...]
    first_day: date
    by: Staff
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a section, as far as the reviewer may see it: its number, a link, a remark."""

    label: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing that passes on (or does not): how many, and the first of them.

    ``items`` may be fewer than ``count``: the rest lies out of the reviewer's sight, or beyond a list's length.
    """

    title: str
    count: int
    items: Sequence[Item] = field(default_factory=tuple)
    note: str = ""

    @property
    def hidden(self) -> int:
        """How many are not listed."""
        return self.count - len(self.items)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a part would pass on, and the fingerprint of it: ids and versions."""

    sections: Sequence[Section]
    fingerprint: str


class HandoverPart(Protocol):
    """One app's part of a handover."""

    def preview(self, transfer: Transfer) -> Preview:
        """Return what would pass; changes nothing."""

    def carry_out(self, transfer: Transfer, *, fingerprint: str | None) -> int:
        """Pass it on, inside the caller's transaction; return how many things passed.

        :raises Refusal: if ``fingerprint`` is given and is no longer that of what there is
        """


@dataclass(frozen=True, slots=True)
class Division:
    """A community's grids drawn anew from the civil day ``on``, as the parts of other apps need it.

    A line is a grid of the plan, by the id of its row. ``grids``: which line takes what lies in no building of a grid
    of today; ``buildings``: which line takes each building; ``areas``: the grid of each line, new ones only when the
    plan is carried out. ``path`` is the community's.
    """

    number: int
    path: str
    on: date
    by: User
    at: datetime
    grids: Mapping[int, int]
    buildings: Mapping[int, int]
    areas: Mapping[int, Area]

    def line_of(self, grid_id: int, building_id: int | None) -> int | None:
        """The line that takes what lies in this building of a grid; None for a grid outside the plan."""
        if grid_id not in self.grids:
            return None
        return self.buildings.get(building_id or 0, self.grids[grid_id])


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of one kind each line of a plan will have."""

    title: str
    by_line: Mapping[int, int]


class RedivisionPart(Protocol):
    """What one app's rows do when grids are drawn anew."""

    def preview(self, division: Division) -> Sequence[Tally]:
        """Return what each new grid would have; changes nothing."""

    def carry_out(self, division: Division) -> int:
        """Bring the rows to the new grids, inside the caller's transaction; return how many changed grids."""


@dataclass(frozen=True, slots=True)
class AreaPart:
    """A part of the public page of a community or grid: its name, what it shows of an area on a day, its template.

    ``build`` gives None to show nothing.
    """

    name: str
    build: Callable[[Area, date], dict[str, Any] | None]
    template: str


_area_parts: dict[str, AreaPart] = {}


def add_area_part(part: AreaPart) -> None:
    """Put a part on that page; a second one of the same name replaces the first."""
    _area_parts[part.name] = part


def area_parts(area: Area, *, on: date) -> list[tuple[str, dict[str, Any]]]:
    """Return the templates of the parts that have something to show of an area, each with what it shows."""
    built = ((part.template, part.build(area, on)) for part in _area_parts.values())
    return [(template, context) for template, context in built if context is not None]


FilingPage = Callable[[Area], str]

_parts: dict[str, HandoverPart] = {}
_redivision_parts: dict[str, RedivisionPart] = {}
_filing_page: list[FilingPage] = []


def add_handover_part(name: str, part: HandoverPart) -> None:
    """Make a part known; a second one of the same name replaces the first."""
    _parts[name] = part


def handover_parts() -> dict[str, HandoverPart]:
    """Return all parts by name, in order of registration."""
    return dict(_parts)


def add_redivision_part(name: str, part: RedivisionPart) -> None:
    """Make a part of re-divisions known; a second one of the same name replaces the first."""
    _redivision_parts[name] = part


def redivision_parts() -> dict[str, RedivisionPart]:
    """Return all of them by name, in order of registration."""
    return dict(_redivision_parts)


def set_filing_page(page: FilingPage) -> None:
    """Say where a resident files a matter of an area; the last word counts."""
    _filing_page[:] = [page]


def filing_path(area: Area) -> str:
    """Return the path of that page; empty while nobody has said."""
    return _filing_page[0](area) if _filing_page else ""

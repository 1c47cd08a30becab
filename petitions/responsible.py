"""Which areas answer for a place; a matter about staff goes one level above them from the first second."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from grids.enums import Level
from grids.models import Area
from people.errors import BadInput
from petitions.enums import About
from petitions.suggestion import Suggestion

# Complaints about how staff behave, before anybody has said whom it is about.
ABOUT_STAFF: Final = frozenset({"1308"})


@dataclass(frozen=True, slots=True)
class Answers:
    """The areas that answer for a place now."""

    area: Area
    street: Area | None
    community: Area | None
    grid: Area | None


def answers_for(place: Area | None, *, barred: int | None = None, above: Sequence[Area] | None = None) -> Answers:
    """Return the areas that answer for a place; without one, the root of the jurisdiction.

    ``barred``: the level to which, and below which, a matter about staff is closed; what lies above it answers.
    ``above``: the areas the place lies in, where they are known; else they are asked for.

    :raises BadInput: if there is no place and no area is served
    """
    if place is None:
        place = jurisdiction_root()
    if above is None:
        above = list(Area.objects.filter(pk__in=place.ancestor_ids()))
    line = {Level(area.level): area for area in above}
    line[Level(place.level)] = place
    if barred is not None:
        line = {level: area for level, area in line.items() if level < barred} or line
    grid, community, street = line.get(Level.GRID), line.get(Level.COMMUNITY), line.get(Level.STREET)
    nearest = grid or community or street or line[max(line)]
    return Answers(area=nearest, street=street, community=community, grid=grid)


def jurisdiction_root() -> Area:
    """Return what a matter without a known place belongs to: JURISDICTION_CODE, else the highest served area.

    :raises BadInput: if the setting names no area, or no area is served
    """
    areas = Area.objects.all()
    if settings.JURISDICTION_CODE:
        root = areas.filter(code=settings.JURISDICTION_CODE).first()
    else:
        root = areas.served().order_by("level", "code").first()
    if root is None:
        raise BadInput(_("No area is served yet: load the areas first."))
    return root


def barred_from(place: Area | None, *, about: About, suggestions: Sequence[Suggestion]) -> Level | None:
    """Return the level that a matter is closed to, with everything below it; None if it is not about staff.

    It is about staff if whoever files it says so, or if the words speak for a complaint about staff before anything
    else but an emergency (architecture.md 5). Staff of grid and community are the community's; whoever names a
    street only means the street.
    """
    if about == About.NOBODY and not speaks_of_staff(suggestions):
        return None
    if about == About.STREET or (place is not None and place.level <= Level.STREET):
        return Level.STREET
    return Level.COMMUNITY


def speaks_of_staff(suggestions: Sequence[Suggestion]) -> bool:
    """Tell whether the words speak for a complaint about staff before anything else but an emergency."""
    first = next((one for one in suggestions if not one.category.emergency_numbers), None)
    return first is not None and first.category.code in ABOUT_STAFF

"""Who acts in the demo's past: the holder of a post on that day, his deputy, or who stands above an empty post."""

from dataclasses import dataclass, field
from datetime import date, datetime

from config.demo.people import Town
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import Area, Organisation
from grids.posts import Request, Staff, recipients_for, staff_for
from people.models import User


@dataclass(slots=True)
class Cast:
    """Finds the person for a post, and remembers: until ``today`` nobody in the demo is away."""

    town: Town
    today: date
    found: dict[tuple[object, ...], Staff] = field(default_factory=dict)

    def at(self, area: Area, kind: PostKind, moment: datetime, unit: Organisation | None = None) -> Staff:
        """Return who answers for the post at this area (or in this department) at that moment."""
        key = (area.pk, kind, unit.pk if unit else None, shanghai_date(moment) >= self.today)
        if key not in self.found:
            on = shanghai_date(moment)
            request = Request(
                key=0,
                path=area.path,
                targets=((Level(area.level), kind),),
                organisation_id=unit.pk if unit else None,
            )
            user_id = recipients_for([request], on)[0].user_ids[0]
            self.found[key] = staff_for(User.objects.get(pk=user_id), on)
        return self.found[key]

    def above(self, place: Area, level: Level) -> Area:
        """Return the area of that level that the place lies in (or is)."""
        return next(self.town.areas[area_id] for area_id in place.line_ids() if self._level(area_id) == level)

    def grid(self, place: Area, moment: datetime) -> Staff:
        """Return the worker of the place's grid."""
        return self.at(self.above(place, Level.GRID), PostKind.GRID_WORKER, moment)

    def community(self, place: Area, kind: PostKind, moment: datetime) -> Staff:
        """Return somebody of the place's community."""
        return self.at(self.above(place, Level.COMMUNITY), kind, moment)

    def street(self, place: Area, kind: PostKind, moment: datetime) -> Staff:
        """Return somebody of the place's street."""
        return self.at(self.above(place, Level.STREET), kind, moment)

    def _level(self, area_id: int) -> int:
        area = self.town.areas.get(area_id)
        return area.level if area else 0

"""Who serves an area, as residents read it: the public staff page and the notice board (公示牌).

Names, posts, offices and pledges; never a private number, never why somebody is away. A constant number of queries
for any number of boards: a community's stairwells are printed together.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import pgettext

from grids.enums import Level, PostKind, Weekday, WeekdayPlace
from grids.models import (
    Absence,
    Appointment,
    Area,
    GridMember,
    GridRole,
    PublicContact,
    ServiceHours,
    StaffCard,
    WeekdayDuty,
)
from grids.staffing import StaffedBy, staffed_by

# Whose names are posted, by the level they stand at, nearest to the resident last.
PUBLIC_POSTS = (
    PostKind.COMMUNITY_SECRETARY,
    PostKind.COMMUNITY_WORKER,
    PostKind.GRID_LEAD,
    PostKind.GRID_WORKER,
    PostKind.BUILDING_HEAD,
    PostKind.UNIT_HEAD,
)
# The histories that say when a board was touched, and the way from each to its area.
WRITTEN = (
    ("PostEvent", "pgh_obj__area"),
    ("AppointmentEvent", "pgh_obj__post__area"),
    ("GridMemberEvent", "pgh_obj__area"),
    ("PublicContactEvent", "pgh_obj__area"),
)
BOARD_LEVELS = (Level.COMMUNITY, Level.GRID, Level.BUILDING, Level.UNIT)


@dataclass(frozen=True, slots=True)
class Name:
    """One line of a board: what the person (or body) is here, and what is public of him."""

    title: str
    name: str
    where: str = ""
    phone: str = ""
    pledge: str = ""
    sent_by: str = ""
    stands_in: str = ""
    is_away: bool = False
    duties: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of some weekdays: "Monday to Friday", "09:00–12:00, 13:30–17:30"."""

    days: str
    times: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is at the window, or comes to the grid, on a weekday."""

    weekday: str
    name: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that is posted for one area."""

    area: Area
    line: tuple[Area, ...]
    names: tuple[Name, ...]
    office_phone: str
    supervision_phone: str
    address: str
    hours: tuple[Hours, ...]
    windows: tuple[Visit, ...]
    visits: tuple[Visit, ...]
    updated_on: date | None

    @property
    def place(self) -> str:
        """The area with the areas it lies in, from the street down."""
        return " ".join(area.label for area in self.line)


def postable(on: date) -> Any:
    """Return the areas that have a public page and a board: ours, of that day, from the community down."""
    return Area.objects.served().at(on).filter(level__in=BOARD_LEVELS)


def board(area: Area, *, on: date) -> Board:
    """Return the board of one area on a civil date."""
    return boards([area], on=on)[0]


def boards(areas: Sequence[Area], *, on: date) -> list[Board]:
    """Return the boards of these areas, in their order."""
    source = _Source.read(areas, on)
    return [source.board(area) for area in areas]


@dataclass(slots=True)
class _Source:
    """All rows that the boards of a batch need, indexed by area."""

    on: date
    lines: dict[int, Area]
    below: dict[int, set[int]]
    seats: dict[int, list[Appointment]]
    away: dict[int, Absence]
    members: dict[int, list[GridMember]]
    pledges: dict[int, str]
    contacts: dict[int, PublicContact]
    hours: dict[int | None, list[ServiceHours]]
    duties: list[WeekdayDuty]
    staffed: dict[int, StaffedBy]
    changes: dict[int, date]

    @classmethod
    def read(cls, areas: Sequence[Area], on: date) -> "_Source":
        """Ask for everything at once."""
        line_ids = {pk for area in areas for pk in area.line_ids()}
        below = _heads_below(areas)
        posted = line_ids | {pk for ids in below.values() for pk in ids}
        lines = Area.objects.in_bulk(posted)
        seats = _by_area(
            Appointment.objects.at(on)
            .filter(post__area__in=posted, post__kind__in=PUBLIC_POSTS, user__is_active=True)
            .select_related("post__area", "user")
            .order_by("post__area__level", "post__area__code", "starts_on", "pk"),
            lambda row: row.post.area_id,
        )
        ids = [row.pk for rows in seats.values() for row in rows]
        users = {row.user_id for rows in seats.values() for row in rows}
        return cls(
            on=on,
            lines=lines,
            below=below,
            seats=seats,
            away={
                row.appointment_id: row
                for row in Absence.objects.at(on).filter(appointment__in=ids).select_related("deputy")
            },
            members=_by_area(
                GridMember.objects.at(on)
                .filter(area__in=line_ids, role__is_public=True)
                .select_related("role", "user", "organisation", "area")
                .order_by("role__position", "starts_on", "pk"),
                lambda row: row.area_id,
            ),
            pledges=dict(StaffCard.objects.filter(user__in=users).values_list("user_id", "pledge")),
            contacts={row.area_id: row for row in PublicContact.objects.filter(area__in=line_ids)},
            hours=_by_area(
                ServiceHours.objects.filter(Q(area__in=line_ids) | Q(area__isnull=True)).order_by("weekday", "opens"),
                lambda row: row.area_id,
            ),
            duties=list(
                WeekdayDuty.objects.at(on)
                .filter(Q(area__in=line_ids), user__is_active=True)
                .select_related("user")
                .order_by("weekday", "user__display_name", "pk")
            ),
            staffed=staffed_by([area for area in lines.values() if area.level == Level.GRID], on=on),
            changes=_changes(posted, users, on),
        )

    def board(self, area: Area) -> Board:
        """Put one board together."""
        line = [self.lines[pk] for pk in area.line_ids() if self.lines[pk].level >= Level.STREET]
        own = [pk for pk in area.line_ids() if self.lines[pk].level >= Level.COMMUNITY]
        posted = [*own, *sorted(self.below[area.pk], key=lambda pk: self.lines[pk].code)]
        days = [self.changes[pk] for pk in posted if pk in self.changes]
        community = next((pk for pk in own if self.lines[pk].level == Level.COMMUNITY), None)
        grid = next((pk for pk in own if self.lines[pk].level == Level.GRID), None)
        return Board(
            area=area,
            line=tuple(line),
            names=tuple(self._names(area, posted)),
            office_phone=self._contact(area, "office_phone"),
            supervision_phone=self._contact(area, "supervision_phone"),
            address=self._contact(area, "address"),
            hours=tuple(_in_words(self._hours(area))),
            windows=tuple(self._visits(community, WeekdayPlace.WINDOW, None)),
            visits=tuple(self._visits(community, WeekdayPlace.GRID, grid)) if grid else (),
            updated_on=max(days, default=None),
        )

    def _names(self, area: Area, posted: Sequence[int]) -> Iterable[Name]:
        for kind in PUBLIC_POSTS:
            if kind == PostKind.COMMUNITY_WORKER and area.level != Level.COMMUNITY:
                continue
            for pk in posted:
                for seat in self.seats.get(pk, ()):
                    if seat.post.kind == kind:
                        yield self._holder(seat, area)
        for pk in posted:
            yield from (self._member(row) for row in self.members.get(pk, ()))

    def _holder(self, seat: Appointment, area: Area) -> Name:
        away = self.away.get(seat.pk)
        deputy = away.deputy.get_full_name() if away and away.deputy and away.deputy.is_active else ""
        role, title = self._role(seat)
        return Name(
            title=seat.post.title or title or str(PostKind(seat.post.kind).label),
            name=seat.user.get_full_name(),
            where=seat.post.area.label if seat.post.area_id not in {area.pk, *area.ancestor_ids()} else "",
            phone=seat.post.office_phone,
            pledge=self.pledges.get(seat.user_id, ""),
            stands_in=deputy,
            is_away=away is not None,
            duties=role.duties if role else "",
        )

    def _role(self, seat: Appointment) -> tuple[GridRole | None, str]:
        for pk in seat.post.area.line_ids():
            if pk in self.staffed:
                return self.staffed[pk].role_of(seat.post.kind)
        return None, ""

    def _member(self, row: GridMember) -> Name:
        staffed = self.staffed.get(row.area_id)
        person = row.user.get_full_name() if row.user else row.name
        body = row.organisation.name if row.organisation else ""
        return Name(
            title=staffed.title_of(row.role) if staffed else row.role.name,
            name=person or body,
            phone=row.office_phone,
            pledge=row.pledge,
            sent_by=body if person else "",
            duties=row.role.duties,
        )

    def _contact(self, area: Area, field: str) -> str:
        nearest = (getattr(self.contacts[pk], field) for pk in reversed(area.line_ids()) if pk in self.contacts)
        return next((value for value in nearest if value), "")

    def _hours(self, area: Area) -> list[ServiceHours]:
        for pk in (*reversed(area.line_ids()), None):
            if pk in self.hours:
                return [row for row in self.hours[pk] if _in_season(row, self.on.month)]
        return []

    def _visits(self, community: int | None, place: WeekdayPlace, grid: int | None) -> Iterable[Visit]:
        rows = [row for row in self.duties if row.area_id == community and row.place == place and row.grid_id == grid]
        for weekday, found in groupby(rows, key=lambda row: row.weekday):
            yield Visit(str(Weekday(weekday).label), _comma(row.user.get_full_name() for row in found))


def _by_area(rows: Iterable[Any], key: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)


def _heads_below(areas: Sequence[Area]) -> dict[int, set[int]]:
    """Return for each grid its buildings, whose heads stand on its board too; one query."""
    below: dict[int, set[int]] = {area.pk: set() for area in areas}
    grids = [area.pk for area in areas if area.level == Level.GRID]
    rows = Area.objects.filter(parent__in=grids, level=Level.BUILDING, valid_to__isnull=True) if grids else ()
    for building in rows:
        below[building.parent_id or 0].add(building.pk)
    return below


def _in_season(row: ServiceHours, month: int) -> bool:
    if row.month_from <= row.month_to:
        return row.month_from <= month <= row.month_to
    return month >= row.month_from or month <= row.month_to


def _in_words(rows: Sequence[ServiceHours]) -> Iterable[Hours]:
    """Put weekdays that follow each other with the same hours together."""
    by_day: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for row in rows:
        by_day[row.weekday].append((row.opens, row.closes))
    days = sorted(by_day)
    while days:
        first = last = days.pop(0)
        while days and days[0] == last + 1 and by_day[days[0]] == by_day[first]:
            last = days.pop(0)
        named = str(Weekday(first).label)
        if last != first:
            named = pgettext("weekdays", "%(first)s to %(last)s") % {"first": named, "last": Weekday(last).label}
        yield Hours(named, ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in by_day[first]))


def _comma(names: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(names)


# -- when a board last changed --------------------------------------------------------------------------------------


def _changes(area_ids: set[int], users: set[int], on: date) -> dict[int, date]:
    """Return for each area the last day by ``on`` on which who serves there, or how he is reached, changed.

    Days on which appointments begin and end, and days on which a row was written: a late entry changes the board
    when it is made. Absences are of the day and change nothing here.
    """
    found: dict[int, date] = {}

    def note(rows: Iterable[tuple[int, date | datetime | None]], *, later: int = 0) -> None:
        for area_id, moment in rows:
            if moment is None:
                continue
            day = timezone.localdate(moment) if isinstance(moment, datetime) else moment + timedelta(days=later)
            if day <= on:
                found[area_id] = max(found.get(area_id, day), day)

    public = Q(post__kind__in=PUBLIC_POSTS, post__area__in=area_ids)
    seats = Appointment.objects.filter(public).order_by()
    members = GridMember.objects.filter(area__in=area_ids).order_by()
    for rows, where in ((seats, "post__area"), (members, "area")):
        note(rows.filter(starts_on__lte=on).values_list(where).annotate(Max("starts_on")))
        note(rows.filter(ends_on__lt=on).values_list(where).annotate(Max("ends_on")), later=1)
    for model, where in WRITTEN:
        events = apps.get_model("grids", model)._default_manager.filter(**{f"{where}__in": area_ids})  # noqa: SLF001
        note(events.order_by().values_list(where).annotate(Max("pgh_created_at")))
    cards = Appointment.objects.at(on).filter(public, user__in=users).order_by()
    note(cards.values_list("post__area").annotate(Max("user__card__changed_on")))
    return found

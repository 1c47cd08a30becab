"""What higher apps tell this one in ``ready()``: their parts of the pages that stand here (slots)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grids.models import Area
from grids.staff import Staff

Build = Callable[[Staff, datetime], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Slot:
    """One part of a page: what it is called, where it stands, what it shows a person, and its template.

    ``build`` is given who looks and the page's instant; None shows nothing.
    """

    name: str
    order: int
    build: Build
    template: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with what it shows."""

    template: str
    context: dict[str, Any]


_day: dict[str, Slot] = {}
_morning: dict[str, Slot] = {}


def add_morning_part(slot: Slot) -> None:
    """Put a number on the desk's morning page; a second part of the same name replaces the first."""
    _morning[slot.name] = slot


def morning_parts(staff: Staff, *, at: datetime) -> list[Filled]:
    """Return the parts of that page that have something to show this person, in their order."""
    return _filled(_morning, staff, at=at)


def add_day_part(slot: Slot) -> None:
    """Put a part on the page of the worker's day; a second one of the same name replaces the first."""
    _day[slot.name] = slot


def day_parts(staff: Staff, *, at: datetime) -> list[Filled]:
    """Return the parts of that page that have something to show this person, in their order."""
    return _filled(_day, staff, at=at)


def _filled(slots: Mapping[str, Slot], staff: Staff, *, at: datetime) -> list[Filled]:
    found = []
    for slot in sorted(slots.values(), key=lambda one: (one.order, one.name)):
        context = slot.build(staff, at)
        if context is not None:
            found.append(Filled(slot.template, context))
    return found


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of the residents' first page: its name, what it shows of the place somebody chose (or of none), template.

    ``build`` gives None to show nothing, and asks the database nothing where no place is chosen.
    """

    name: str
    build: Callable[[Area | None, datetime], dict[str, Any] | None]
    template: str


_home: dict[str, HomePart] = {}


def add_home_part(part: HomePart) -> None:
    """Put a part on that page; a second one of the same name replaces the first."""
    _home[part.name] = part


def home_parts(area: Area | None, *, at: datetime) -> list[tuple[str, dict[str, Any]]]:
    """Return the templates of the parts that have something to show, each with what it shows."""
    built = ((part.template, part.build(area, at)) for part in _home.values())
    return [(template, context) for template, context in built if context is not None]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What a higher app holds of a resident under his telephone, found by a blind index of its own.

    ``index`` makes that index while the number is at hand; ``is_known`` tells whether there is anything, so that a code
    is sent to him too; ``template`` leads from the page of his matters to his data there.
    """

    name: str
    index: Callable[[str], bytes]
    is_known: Callable[[bytes], bool]
    template: str


_own: dict[str, OwnPart] = {}


def add_own_part(part: OwnPart) -> None:
    """Let a resident who proves his telephone find his data there; a second one of the same name replaces it."""
    _own[part.name] = part


def own_parts() -> tuple[OwnPart, ...]:
    """Return them, in order of registration."""
    return tuple(_own.values())


OnDuty = Callable[[Area, datetime], Collection[int]]
_on_duty: list[OnDuty] = []


def set_on_duty(rule: OnDuty) -> None:
    """Say who is on shift in a grid at an instant, as user ids, first of all: shifts are a matter of higher apps."""
    _on_duty[:] = [rule]


def on_duty(grid: Area, *, at: datetime) -> tuple[int, ...]:
    """Return whom the duty shifts name for a grid now; nobody where no app keeps any."""
    return tuple(user_id for rule in _on_duty for user_id in rule(grid, at))

"""What higher apps tell this one in ``ready()``: their parts of the pages that stand here (slots)."""

from collections.abc import Callable, Collection
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


def add_day_part(slot: Slot) -> None:
    """Put a part on the page of the worker's day; a second one of the same name replaces the first."""
    _day[slot.name] = slot


def day_parts(staff: Staff, *, at: datetime) -> list[Filled]:
    """Return the parts of that page that have something to show this person, in their order."""
    found = []
    for slot in sorted(_day.values(), key=lambda one: (one.order, one.name)):
        context = slot.build(staff, at)
        if context is not None:
            found.append(Filled(slot.template, context))
    return found


OnDuty = Callable[[Area, datetime], Collection[int]]
_on_duty: list[OnDuty] = []


def set_on_duty(rule: OnDuty) -> None:
    """Say who is on shift in a grid at an instant, as user ids, first of all: shifts are a matter of higher apps."""
    _on_duty[:] = [rule]


def on_duty(grid: Area, *, at: datetime) -> tuple[int, ...]:
    """Return whom the duty shifts name for a grid now; nobody where no app keeps any."""
    return tuple(user_id for rule in _on_duty for user_id in rule(grid, at))

"""What each higher app tells the engine about its clocks. Filled in ``apps.ready()``, read by the sweep."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from deadlines.models import Clock, ClockRung, Escalation


@dataclass(frozen=True, slots=True)
class Subject:
    """What the ladder must know of the thing a clock measures; no personal data.

    ``path`` is the path of the area that answers now, ``excluded`` the users who may not be told
    (complained of, recused), ``urgent`` lifts the office-hours rule, ``silent`` keeps it out of group chats (read over
    a shoulder, about staff).
    """

    number: str
    path: str
    url_path: str
    organisation_id: int | None = None
    holder_id: int | None = None
    excluded: frozenset[int] = frozenset()
    urgent: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Fired:
    """One escalation, as the higher app records it in its own history; ``at`` as ISO 8601 text.

    What the rung says (stage, action, level) stands under ``rung_id``. ``unseen``: nobody answered it, so that one
    level up was told as well.
    """

    clock_id: int
    subject_id: int
    rung_id: int
    at: str
    historic: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class ClockFamily:
    """One kind of clock: its concrete models and how to speak with their owner.

    ``describe`` takes clock ids and answers in a constant number of queries; ``append_events`` writes one
    history row per escalation in one statement.
    """

    name: str
    clock: type[Clock]
    rung: type[ClockRung]
    escalation: type[Escalation]
    subject_field: str
    describe: Callable[[Iterable[int]], Mapping[int, Subject]]
    append_events: Callable[[Sequence[Fired]], None]

    @property
    def matter(self) -> type[Model]:
        """The model of what the clocks measure."""
        found = self.clock._meta.get_field(self.subject_field).related_model  # noqa: SLF001 - Django's public name
        assert isinstance(found, type)  # noqa: S101 - a foreign key leads to a model
        return found


PauseOver = Callable[[int, datetime], object]
Refreshed = Callable[[Collection[int]], object]

_families: dict[str, ClockFamily] = {}
_pause_over: dict[str, PauseOver] = {}
_refreshed: dict[str, Refreshed] = {}


def register(family: ClockFamily, *, pause_over: PauseOver, refreshed: Refreshed | None = None) -> None:
    """Make a kind of clock known; a second registration of the same name replaces the first.

    ``pause_over(subject_id, at)`` lets a subject run on whose pause has reached its cap; ``refreshed(subject_ids)``
    stores again, set-based, what a subject keeps of its clocks' dates, whose rows the caller has locked.
    """
    _families[family.name] = family
    _pause_over[family.name] = pause_over
    _refreshed[family.name] = refreshed or (lambda _subject_ids: None)


def pause_over(name: str) -> PauseOver:
    """Return what a kind does when a pause has reached its cap.

    :raises KeyError: if no app registered it
    """
    return _pause_over[name]


def refreshed(name: str) -> Refreshed:
    """Return what a kind does when the dates of its clocks were computed anew.

    :raises KeyError: if no app registered it
    """
    return _refreshed[name]


def families() -> tuple[ClockFamily, ...]:
    """Return all registered kinds, in order of registration."""
    return tuple(_families.values())


def family(name: str) -> ClockFamily:
    """Return one kind by name.

    :raises KeyError: if no app registered it
    """
    return _families[name]

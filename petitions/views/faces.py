"""What a card of my day shows, in words of the page's language: worked out once, so that thirty of them cost little."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from deadlines.models import Stage
from grids.enums import Level
from petitions.cards import Card
from petitions.casefile import ClockLine, QuickClock
from petitions.enums import Status, Tier, Urgency
from petitions.models import Petition
from petitions.views.access import StaffRequest


@dataclass(frozen=True, slots=True)
class Small:
    """One of the four small clocks of 1365; ``how`` and ``word`` say how it stands where nothing counts down."""

    name: str
    limit: str
    how: str
    word: str
    line: ClockLine | None


@dataclass(frozen=True, slots=True)
class Face:
    """One card as the template shows it; ``act`` is where its likeliest verb leads, empty if there is none."""

    petition: Petition
    number: str
    url: str
    state: str
    line: ClockLine | None
    runs: bool  # a duty that runs down
    stands: str  # how it stands, where nothing runs down
    stage: str
    marks: tuple[str, ...]
    tier: str
    place: str
    holder: str
    quick: tuple[Small, ...]
    act: str
    label: str
    is_one_tap: bool
    reporter: str
    title: str
    version: int


def faces(cards: Iterable[Card], request: StaffRequest) -> list[Face]:
    """Return the faces of cards; no query."""
    words = _Words()
    me, before = request.user.pk, reverse("case", args=("0",)).partition("0")[0]
    return [_face(card, words, me=me, url=f"{before}{card.petition.number}/") for card in cards]


def words_of_cards() -> Mapping[str, str]:
    """Return the words that stand on every card."""
    return {
        "more": _("Words and photos"),
        "four": _("The four times of 1365"),
        "open_case": _("Open the case"),
        "open": _("Open"),
        "call": _("Call"),
    }


class _Words:
    """Labels in the page's language, each looked up once."""

    def __init__(self) -> None:
        self.silent = _("Do not call")
        self.unplaced = _("Place still to be found")
        self.stands_in = _("You stand in for %(name)s")
        self.not_for_this, self.kept, self.late = _("not for this"), _("Kept"), _("Overdue")
        self.of = cache(self._of)
        self._stages: dict[int, tuple[str, str]] = {}

    def of_stage(self, stage: Stage, clock: QuickClock) -> tuple[str, str]:
        """Return what a stage is called and how long it gives."""
        if stage.pk not in self._stages:
            self._stages[stage.pk] = (stage.name, clock.limit)
        return self._stages[stage.pk]

    @staticmethod
    def _of(choice: Any) -> str:
        label: str | Promise = choice.label
        return str(label)


def _face(card: Card, words: _Words, *, me: int, url: str) -> Face:
    petition, line, verb = card.petition, card.line, card.verb
    runs = line is not None and line.is_duty and line.standing != "paused"
    stands = stage = ""
    if line is None:
        stands = words.of(Status(petition.status))
    else:
        stage = line.clock.stage.name
        if line.standing == "paused":
            stands = line.clock.get_state_display()
    marks = []
    if petition.urgency != Urgency.NORMAL:
        marks.append(words.of(Urgency(petition.urgency)))
    if petition.category is not None and petition.category.silent:
        marks.append(words.silent)
    act = ""
    if verb is not None:
        act = f"{url}{verb.value}/" if card.is_one_tap else f"{url}?do={verb.value}#do"
    holder = ""
    if petition.handler is not None and petition.handler_id != me:
        holder = words.stands_in % {"name": petition.handler.get_full_name()}
    return Face(
        petition=petition,
        number=petition.number,
        url=url,
        state=card.state,
        line=line,
        runs=runs,
        stands=stands,
        stage=stage,
        marks=tuple(marks),
        tier=words.of(Tier(petition.tier)) if petition.tier else "",
        place=_place(petition, words),
        holder=holder,
        quick=tuple(_small(clock, words) for clock in card.quick),
        act=act,
        label=words.of(verb) if verb is not None else "",
        is_one_tap=card.is_one_tap,
        reporter=card.reporter,
        title=petition.title,
        version=petition.version,
    )


def _small(clock: QuickClock, words: _Words) -> Small:
    line, stage = clock.line, clock.stage
    name, limit = words.of_stage(stage, clock)
    if line is None:
        return Small(name, limit, "none", words.not_for_this, None)
    if line.standing == "kept":
        return Small(name, limit, "done", words.kept, line)
    if line.is_open:
        return Small(name, limit, "", "", line)
    if line.standing == "late":
        return Small(name, limit, "late", words.late, line)
    return Small(name, limit, "said", line.clock.get_state_display(), line)


def _place(petition: Petition, words: _Words) -> str:
    place = petition.place
    if place is None:
        return words.unplaced
    # an entrance says nothing without its building
    return f"{place.parent.label} {place.label}" if place.level == Level.UNIT and place.parent else place.label

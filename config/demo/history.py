"""The demo's petitions live their past: every step by the real verbs at its own moment, in order of time.

A heap of coming steps is worked off; before each step the real sweep runs for that moment if a rung has come, so what
is late is escalated when it became late. No row is written by hand. Each petition has dice of its own, so what happens
to it does not depend on what happens beside it.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection

from config.demo import shown
from config.demo.acts import Acts
from config.demo.cast import Cast
from config.demo.counter import at_the_window
from config.demo.people import Town
from config.demo.scale import Scale
from config.demo.stories import Act, Count, Story, stories
from deadlines.models import Policy
from deadlines.sweep import sweep
from deadlines.timetable import Timetable, shanghai_date, timetable
from grids.enums import Level, PostKind
from grids.models import Area
from petitions import pledges, services
from petitions.enums import Status
from petitions.models import Category, Petition

FINDS_THE_PLACE = (30.0, 400.0)  # service minutes until the command has found out where it is
EVER_FOUND = 0.5
SHARES = (0.06, 0.1, 0.84)  # what lies in the grid and the community of the demo accounts, and anywhere
NOTHING_TO_DO = (Status.WITHDRAWN, Status.MERGED)
BETWEEN_SWEEPS = timedelta(hours=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# asked thousands of times: when the next rung comes, of all clocks and of one petition's
COMING = """
SELECT min(next_action_at), min(next_action_at) FILTER (WHERE petition_id = %s)
FROM petitions_petitionclock WHERE next_action_at IS NOT NULL
"""


@dataclass(slots=True)
class Case:
    """One petition under way; ``lies_at`` is where it is even if nobody has said so yet."""

    story: Story
    lies_at: Area
    petition: Petition | None = None
    code: str = ""
    hung: bool = False

    @property
    def can_be_followed(self) -> bool:
        """Whether a resident filed it himself, and closing and showing it is the last that happened to it."""
        row = self.petition
        return self.hung and row is not None and not row.filed_by_id and bool(row.petitioner_id)


@dataclass(frozen=True, slots=True)
class Follow:
    """A petition that a resident filed himself and that was closed of late, for a visitor to follow."""

    number: str = ""
    code: str = ""


def cases(town: Town, scale: Scale, *, now: datetime, rng: Random) -> list[Case]:
    """Return what will be filed and where, oldest first; more of it where the demo accounts look."""
    places = [area for area in town.areas.values() if area.level in (Level.BUILDING, Level.UNIT)]
    community, grid = town.shown
    shown = [place for place in places if place.path.startswith(grid.path)]
    nearby = [place for place in places if place.path.startswith(community.path)]
    found: list[Case] = []
    for story in stories(count=scale.petitions, days=scale.days, now=now, rng=rng):
        among = rng.choices((shown, nearby, places), SHARES)[0]
        lies_at = rng.choice(shown if story.shown else among)
        found.append(Case(story, lies_at if story.twin_of is None else found[story.twin_of].lies_at))
    return found


def requests(town: Town, scale: Scale, *, now: datetime, rng: Random) -> list[Case]:
    """Return what is asked for at the windows of communities, half of it at that of the shown one; oldest first."""
    communities = [area for area in town.areas.values() if area.level == Level.COMMUNITY]
    asked = at_the_window(count=scale.requests, days=scale.days, now=now, rng=rng)
    windows = [_home(town, town.shown[0]), *(_home(town, community) for community in communities)]
    shares = [len(communities), *([1] * len(communities))]
    return [Case(story, rng.choices(windows, shares)[0]) for story in asked]


def _home(town: Town, community: Area) -> Area:
    """Return a building of a community: where whoever stands at its window lives."""
    buildings = (area for area in town.areas.values() if area.level == Level.BUILDING)
    return next(area for area in buildings if area.path.startswith(community.path))


def _to_follow(known: list[Case]) -> Follow:
    """Return the one that was closed last: it may still be rated and taken up again."""
    closed = [
        (case.petition.closed_at or LONG_AGO, case.petition.number, case.code)
        for case in known
        if case.petition is not None and case.can_be_followed
    ]
    return Follow(*max(closed)[1:]) if closed else Follow()


@dataclass(slots=True)
class History:
    """The clockwork of the past."""

    town: Town
    now: datetime
    table: Timetable = field(default_factory=timetable)
    heap: list[tuple[datetime, int, Case]] = field(default_factory=list)
    serial: "itertools.count[int]" = field(default_factory=itertools.count)
    swept_at: datetime = LONG_AGO

    def run(self, known: list[Case], progress: Callable[[int], object]) -> Follow:
        """Live through these cases up to now; ``progress`` hears of every petition that is filed."""
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        today = shanghai_date(self.now)
        acts = Acts(
            cast=Cast(self.town, today),
            categories={category.code: category for category in Category.objects.all()},
            policies={policy.key: policy for policy in Policy.objects.in_force(today)},
        )
        for case in known:
            self._schedule(case.story.filed_at, case)
        first = min((case.story.filed_at for case in known), default=self.now)
        published = deque(shown.publications(since=first, until=self.now))
        while self.heap:
            at, _number, case = heapq.heappop(self.heap)
            while published and published[0] <= at:
                shown.publish(published.popleft())
            self._sweep_if_due(at, case)
            self._step(case, acts, at, progress)
            self._schedule_next(case, at)
        for moment in published:
            shown.publish(moment)
        shown.take_down(until=self.now)
        sweep(at=self.now)
        pledges.count(at=self.now)
        return _to_follow(known)

    def _step(self, case: Case, acts: Acts, at: datetime, progress: Callable[[int], object]) -> None:
        if case.petition is None:
            filed = acts.file(case.story, case.lies_at if case.story.placed else None, at)
            case.petition, case.code = filed.petition, filed.code
            progress(1)
        elif case.petition.place_id is None:
            root = min(self.town.areas.values(), key=lambda area: area.level)
            by = acts.cast.at(root, PostKind.DISTRICT_COMMAND, at)
            case.petition = services.place_petition(case.petition, place=case.lies_at, by=by, at=at)
        else:
            verb = case.story.steps.pop(0).verb
            case.petition = acts.do(verb, case.story, case.petition, case.lies_at, at)
            if case.petition.status in NOTHING_TO_DO:
                case.story.steps.clear()
            case.hung = verb == Act.HANG and case.petition.status == Status.CLOSED

    def _schedule(self, at: datetime, case: Case) -> None:
        if at <= self.now:
            heapq.heappush(self.heap, (at, next(self.serial), case))

    def _schedule_next(self, case: Case, at: datetime) -> None:
        if not case.story.steps or case.petition is None:
            return
        rng = case.story.rng
        if case.petition.place_id is None:
            if rng.random() < EVER_FOUND:
                self._schedule(self._later(at, rng.uniform(*FINDS_THE_PLACE), Count.SERVICE), case)
            return
        step = case.story.steps[0]
        minutes = rng.uniform(step.least, step.most) * case.story.pace
        self._schedule(self._later(at, minutes, step.count), case)

    def _later(self, at: datetime, minutes: float, count: Count) -> datetime:
        if count == Count.ALWAYS:
            return at + timedelta(minutes=minutes)
        hours = self.table.hours_for(count, "")
        return hours.earliest(hours.position(at) + int(minutes * 60_000_000))

    def _sweep_if_due(self, at: datetime, case: Case) -> None:
        """Sweep as the beat would have: before a step that could stop a late clock, else hourly if there is need."""
        with connection.cursor() as cursor:
            cursor.execute(COMING, [case.petition.pk if case.petition else None])
            first, own = cursor.fetchone()
        waited = at - self.swept_at >= BETWEEN_SWEEPS
        if (own is not None and own <= at) or (waited and first is not None and first <= at):
            sweep(at=at)
            self.swept_at = at

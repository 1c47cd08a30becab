"""What happens to a petition, step by step and how fast: pure data and dice, no database."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from random import Random
from types import MappingProxyType

from deadlines.timetable import SHANGHAI
from petitions.enums import Channel, Status, Verb
from petitions.reference import CATEGORIES_FILE

SAMPLE_FILE = CATEGORIES_FILE.with_name("petitions_sample.csv")

CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {
        "mini_program": Channel.WEB,
        "wechat_group": Channel.WEB,
        "questionnaire": Channel.WEB,
        "import": Channel.WEB,
        "hotline_12345": Channel.HOTLINE,
        "phone": Channel.PHONE,
        "sms": Channel.PHONE,
        "letter": Channel.WINDOW,
        "window": Channel.WINDOW,
        "paper_box": Channel.BOX,
        "grid_worker": Channel.PATROL,
    },
)
# how many petitions each hour of the day brings, relatively
BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 6, 14, 16, 15, 11, 6, 7, 12, 13, 12, 10, 9, 10, 9, 7, 4, 2)


class Count(StrEnum):
    """In which hours a step's minutes pass."""

    ALWAYS = "natural"
    SERVICE = "service_hours"
    OFFICE = "working"


class Act(StrEnum):
    """What happens beside the verbs."""

    RATE = "rate"
    CALL = "call"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Step:
    """One verb or act, and how many minutes of those hours it takes at an ordinary pace."""

    verb: Verb | Act
    count: Count
    least: int
    most: int


def _steps(count: Count, **minutes: tuple[int, int]) -> tuple[Step, ...]:
    return tuple(Step(Verb(verb), count, *span) for verb, span in minutes.items())


_TAKEN_IN = _steps(Count.SERVICE, accept=(3, 26))
_CHECKED = _steps(Count.SERVICE, verify=(30, 500), close=(10, 300))
STORIES: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        "rapid_1365": _steps(Count.ALWAYS, accept=(1, 3), sign=(1, 3), arrive=(2, 5), plan=(4, 14), resolve=(8, 34))
        + _CHECKED,
        "immediate_tier": _steps(Count.SERVICE, accept=(3, 26), sign=(5, 30), arrive=(20, 85), resolve=(30, 420))
        + _CHECKED,
        "committed_tier": _TAKEN_IN
        + _steps(
            Count.OFFICE, dispatch=(10, 90), sign=(20, 180), contact=(10, 150), plan=(60, 360),
            resolve=(400, 1500),
        )
        + _CHECKED,
        "referred_tier": _TAKEN_IN
        + _steps(
            Count.OFFICE, dispatch=(20, 240), sign=(30, 360), contact=(20, 300), resolve=(900, 3600)
        )
        + _CHECKED,
        "utility_24h": _steps(
            Count.ALWAYS, accept=(3, 15), dispatch=(2, 12), sign=(4, 24), contact=(15, 100), resolve=(150, 1300)
        )
        + _CHECKED,
        "urgent_2h": _steps(
            Count.ALWAYS, accept=(1, 2), dispatch=(1, 2), sign=(1, 3), arrive=(1, 4), contact=(5, 80),
            resolve=(60, 1200),
        )
        + _CHECKED,
        "consult_1wd": _steps(Count.SERVICE, accept=(5, 28), sign=(5, 60), resolve=(20, 300)) + _CHECKED,
        "emergency_handoff": _steps(
            Count.ALWAYS, accept=(1, 2), sign=(1, 2), arrive=(2, 10), contact=(2, 10), resolve=(40, 700)
        )
        + _CHECKED,
    },
)  # fmt: skip
CLOSING = (Step(Verb.RESOLVE, Count.OFFICE, 60, 800), *_CHECKED)
REOPENING = (Step(Verb.REOPEN, Count.ALWAYS, 600, 9000), *CLOSING)
HANGING = Step(Act.HANG, Count.SERVICE, 60, 1500)
RATING = Step(Act.RATE, Count.ALWAYS, 30, 3000)
JOINING = Step(Verb.MERGE, Count.SERVICE, 10, 60)
WITHDRAWING = Step(Verb.WITHDRAW, Count.ALWAYS, 60, 600)
AT_LEAST_WITHDRAWN = 3  # tried; one may lie nowhere yet, another be urgent
EVER_RATED, EVER_REOPENED, EVER_WITHDRAWN, EVER_JOINED = 0.45, 0.04, 0.02, 0.05
# Where a petition stands after a step; a story that halts at a status ends with the step before.
STANDS: Mapping[Verb | Act, Status] = MappingProxyType(
    {
        Verb.ACCEPT: Status.ACCEPTED,
        Verb.DISPATCH: Status.DISPATCHED,
        Verb.SIGN: Status.SIGNED,
        Verb.CONTACT: Status.IN_PROGRESS,
        Verb.ARRIVE: Status.IN_PROGRESS,
        Verb.PLAN: Status.IN_PROGRESS,
        Verb.RESOLVE: Status.RESOLVED,
        Verb.REWORK: Status.IN_PROGRESS,
        Verb.VERIFY: Status.VERIFIED,
        Verb.CLOSE: Status.CLOSED,
    },
)
HALTS = (
    Status.SUBMITTED, Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.RESOLVED,
    Status.VERIFIED,
)  # fmt: skip


QUICK = frozenset({"rapid_1365", "immediate_tier", "consult_1wd"})
LEAST_AGE, MOST_AGE = timedelta(days=3), timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Sample:
    """One invented petition of the sample file and what should happen to it."""

    title: str
    text: str
    channel: Channel
    category: str
    tier: str
    urgency: str
    policy: str
    confidential: bool
    deliberation: bool
    refused: bool
    item: str = ""  # of the community's list of services

    def about(self, building: str) -> tuple[str, str]:
        """Return title and words, with the building it happens at in place of the sample's."""
        title, text = (re.sub(r"\d+号楼", building, words) for words in (self.title, self.text))
        return title, text


@dataclass(slots=True)
class Story:
    """One petition of the demo: what, when, and the steps it will take."""

    sample: Sample
    filed_at: datetime
    pace: float
    steps: list[Step]
    placed: bool
    anonymous: bool
    shown: bool  # halts where a visitor looks first
    twin_of: int | None  # the same matter as that one, by somebody else
    rng: Random  # for what happens on the way


def samples() -> list[Sample]:
    """Return the sample petitions."""
    with SAMPLE_FILE.open(encoding="utf-8-sig", newline="") as file:
        return [
            Sample(
                title=row["title"],
                text=row["text"],
                channel=CHANNELS[row["channel"]],
                category=row["expected_category"],
                tier="" if row["expected_tier"] == "none" else row["expected_tier"],
                urgency=row["expected_urgency"],
                policy=row["expected_sla_policy"],
                confidential=row["anonymous_or_confidential"] == "1",
                deliberation="deliberation" in row["expected_handling"],
                refused="not accepted" in row["expected_handling"],
            )
            for row in csv.DictReader(file)
        ]


def stories(*, count: int, days: int, now: datetime, rng: Random) -> Iterator[Story]:
    """Yield ``count`` petitions of the last ``days`` days, oldest first; some halt so that every status is there."""
    known = samples()
    deck: list[Sample] = []
    moments = sorted(moment_in(days, now, rng) for _ in range(count))
    halting = _halting(moments, now)
    told: list[Sample] = []
    alone = 0  # how many have been withdrawn
    master: int | None = None
    for number, filed_at in enumerate(moments):
        if not deck:
            deck = rng.sample(known, len(known))
        wanted = halting.get(number)
        twin_of = master if wanted is None else None
        sample = _that_reaches(wanted, deck) if wanted else deck.pop() if twin_of is None else told[twin_of]
        told.append(sample)
        steps = _path(sample, wanted, recent=now - filed_at < timedelta(days=12), rng=rng)
        if twin_of is not None and steps:
            steps, master = [steps[0], JOINING], None
        elif wanted == Status.IN_PROGRESS and not sample.confidential:
            master = number
        elif (
            steps
            and _may_withdraw(sample, wanted)
            and (rng.random() < EVER_WITHDRAWN or (alone < AT_LEAST_WITHDRAWN and 3 * number > count))
        ):
            steps, alone = [steps[0], WITHDRAWING], alone + 1
        yield Story(
            sample=sample,
            filed_at=filed_at,
            pace=rng.uniform(0.4, 1) if wanted else _pace(rng),
            steps=steps,
            twin_of=twin_of,
            placed=wanted is not None or rng.random() > 0.02,  # noqa: PLR2004 - one in fifty
            anonymous=rng.random() < 0.04,  # noqa: PLR2004 - one in twenty-five
            shown=wanted is not None,
            rng=Random(rng.getrandbits(64)),  # noqa: S311 - dice
        )


def _may_withdraw(sample: Sample, wanted: Status | None) -> bool:
    return wanted is None and sample.urgency == "normal" and not sample.refused


def _halting(moments: list[datetime], now: datetime) -> dict[int, Status]:
    """Choose two petitions for every open status: the newest to be triaged, some days old for what takes time."""
    aged = [number for number, at in enumerate(moments) if LEAST_AGE <= now - at <= MOST_AGE]
    later = dict(zip(reversed(aged), (*HALTS[1:], *HALTS[1:]), strict=False))
    newest = range(len(moments) - 1, len(moments) - 3, -1)
    return dict.fromkeys(newest, HALTS[0]) | later


def moment_in(days: int, now: datetime, rng: Random) -> datetime:
    """Return a moment of the last days, most by day."""
    latest = now - timedelta(minutes=5)
    while True:
        day = now.astimezone(SHANGHAI).date() - timedelta(days=rng.randrange(days))
        hour = rng.choices(range(24), BY_HOUR)[0]
        found = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), SHANGHAI)
        if found < latest:
            return found


def _that_reaches(wanted: Status, deck: list[Sample]) -> Sample:
    """Take from the deck a sample whose story passes through the status, and soon where that is its end."""
    for place in range(len(deck) - 1, -1, -1):
        policy = deck[place].policy
        passes = {STANDS[step.verb] for step in STORIES[policy]} | {Status.SUBMITTED}
        soon = wanted not in (Status.RESOLVED, Status.VERIFIED) or policy in QUICK
        if wanted in passes and soon and not deck[place].refused:
            return deck.pop(place)
    return deck.pop()


def _pace(rng: Random) -> float:
    """Return how much longer than ordinary everything takes: mostly not, now and then much."""
    return rng.choices((rng.uniform(0.4, 1), rng.uniform(1, 2), rng.uniform(3, 9)), (84, 11, 5))[0]


def _path(sample: Sample, wanted: Status | None, *, recent: bool, rng: Random) -> list[Step]:
    steps = list(STORIES[sample.policy])
    if sample.refused or (wanted is None and rng.random() < 0.02):  # noqa: PLR2004 - one in fifty
        return [Step(Verb.DECLINE, Count.SERVICE, 5, 28)]
    if wanted is None and rng.random() < 0.04:  # noqa: PLR2004 - one in twenty-five is sent back once
        place = next(place for place, step in enumerate(steps) if step.verb == Verb.VERIFY)
        steps[place:place] = [Step(Verb.REWORK, Count.SERVICE, 60, 500), Step(Verb.RESOLVE, Count.OFFICE, 60, 800)]
    if wanted is None and recent and rng.random() < 0.1:  # noqa: PLR2004 - one in ten of the recent is left lying
        wanted = rng.choice(HALTS)
    if wanted is None:
        if rng.random() < EVER_JOINED:
            steps.insert(1, JOINING)
        if rng.random() < EVER_REOPENED:
            steps += REOPENING
        return [*steps, RATING] if rng.random() < EVER_RATED else steps
    kept: list[Step] = []
    for step in steps:
        if (STANDS[kept[-1].verb] if kept else Status.SUBMITTED) == wanted:
            break
        kept.append(step)
    return kept

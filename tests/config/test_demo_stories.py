"""What happens in the demo is drawn by dice that fall the same way every time."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from config.demo.stories import HALTS, STORIES, Story, samples, stories
from petitions.enums import Verb

NOW = datetime(2026, 6, 12, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def drawn(seed: int) -> list[Story]:
    return list(stories(count=600, days=60, now=NOW, rng=Random(seed)))


def told(seed: int) -> list[tuple[object, ...]]:
    return [(story.sample, story.filed_at, story.pace, story.steps, story.rng.random()) for story in drawn(seed)]


def test_the_same_seed_tells_the_same_stories_and_another_seed_others():
    assert told(1) == told(1)
    assert told(1) != told(2)


def test_petitions_come_in_order_over_sixty_days_and_mostly_by_day():
    found = drawn(1)
    moments = [story.filed_at for story in found]

    assert len(found) == 600
    assert moments == sorted(moments)
    assert NOW - timedelta(days=60) < moments[0] < NOW - timedelta(days=57)
    assert moments[-1] < NOW
    assert sum(8 <= moment.hour < 18 for moment in moments) / 600 > 0.6
    assert {moment.weekday() for moment in moments} == set(range(7))


def test_every_sample_is_used_and_every_policy_of_them_has_a_story():
    assert len(samples()) == 75
    assert {sample.policy for sample in samples()} == set(STORIES)
    used = Counter(story.sample.text for story in drawn(1))
    assert len(used) == 75
    assert max(used.values()) <= 10


def test_the_building_of_the_sample_becomes_the_one_it_happens_at():
    sample = next(sample for sample in samples() if "3号楼" in sample.title)

    title, text = sample.about("12号楼")

    assert "12号楼" in title
    assert "3号楼" not in title + text


def test_a_matter_for_the_court_is_declined_and_what_is_left_lying_stays_open():
    found = drawn(1)

    for story in found:
        if story.sample.refused:
            assert [step.verb for step in story.steps] == [Verb.DECLINE]
    shown = [story for story in found if story.shown]
    assert len(shown) == 2 * len(HALTS)
    assert all(Verb.CLOSE not in {step.verb for step in story.steps} for story in shown)

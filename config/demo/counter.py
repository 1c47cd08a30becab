"""What residents ask for at the window of their community by the list of its services: stories like all others."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Final

from config.demo.stories import RATING, STORIES, Sample, Story, moment_in
from petitions.enums import Channel

REPLIES: Final = (
    "材料齐全，已经办好，凭证当面交给您。",
    "已经录入，可以凭身份证查询结果。",
    "已经联系好，按约定的时间来就行。",
)
# item of the list, category, and what is said at the window; the first is asked for most
ASKED: Final = (
    ("Z-01", "1008", "办理养老保险参保登记", "我四十五岁，没有单位，想参加城乡居民基本养老保险，材料带来了。"),
    ("Z-02", "1009", "办理医疗保险参保登记", "刚搬到这里住，一家三口想办城乡居民医疗保险参保登记。"),
    ("J-06", "1003", "咨询老年助餐", "父母都八十多了，中午做不了饭，想问问社区助餐怎么报名。"),
)
HOW_OFTEN: Final = (5, 2, 2)
LATE: Final = 0.4  # of the first, the share that takes longer than pledged


def at_the_window(*, count: int, days: int, now: datetime, rng: Random) -> Iterator[Story]:
    """Yield ``count`` requests for services of the last ``days`` days, oldest first."""
    for moment in sorted(moment_in(days, now, rng) for _request in range(count)):
        item, category, title, text = rng.choices(ASKED, HOW_OFTEN)[0]
        is_slow = item == ASKED[0][0] and rng.random() < LATE
        yield Story(
            sample=Sample(
                title=title, text=text, channel=Channel.WINDOW, category=category, tier="immediate", urgency="normal",
                policy="consult_1wd", confidential=False, deliberation=False, refused=False, item=item,
            ),
            filed_at=moment,
            pace=rng.uniform(9, 14) if is_slow else rng.uniform(0.4, 1),
            steps=[*STORIES["consult_1wd"], RATING],
            twin_of=None,
            placed=True,
            anonymous=False,
            shown=False,
            rng=Random(rng.getrandbits(64)),  # noqa: S311 - dice
        )  # fmt: skip

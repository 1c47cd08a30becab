"""What everybody sees of the demo: closed matters on the public board, the months that are over, a survey."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from django.conf import settings

from config.demo.cast import Cast
from config.demo.people import Town
from deadlines.timetable import SHANGHAI, shanghai_date
from grids.enums import PostKind
from grids.models import Area
from people.errors import BadInput
from petitions import board, publishing, surveys
from petitions.enums import AnswerSource, NoticeState, QuestionKind
from petitions.models import Petition, PublicNotice
from petitions.periods import month_before, next_month
from petitions.surveys import Draft, Given

PUBLISHED_AT: Final = time(1, 40)
POINTS_TO_SOMEBODY: Final = "从文字里能认出是谁，不公示。"
TITLE: Final = "小区里先办什么？"
INTRO: Final = "社区想知道明年先办哪些事。结果写进社区的工作计划，在公示栏公布。"
QUESTIONS: Final = (
    Draft(
        "您最希望先办哪几件事？",
        QuestionKind.MANY,
        ("楼道照明", "停车和充电", "垃圾清运", "加装电梯", "暖气和水管", "文化活动"),
    ),
    Draft("您知道自己所在网格的网格员是谁吗？", QuestionKind.ONE, ("知道，找过", "知道，没找过", "不知道")),
    Draft("还有什么想告诉我们的？", QuestionKind.WORDS),
)
WORDS: Final = (
    "晚上路灯太暗，老人下楼看不清台阶。",
    "网格员来得快，希望周末也有人值班。",
    "能不能多装几个电动车充电桩。",
    "楼下的健身器材坏了半年。",
)
ON_THE_PAGE, ON_PAPER, IN_WORDS = 46, 17, 0.15


def hang(petition: Petition, place: Area, at: datetime, cast: Cast) -> Petition:
    """Let the secretary decide on a closed matter: on the board in the machine's words, or kept off with a reason."""
    by = cast.community(place, PostKind.COMMUNITY_SECRETARY, at)
    if not board.waiting(by).filter(pk=petition.pk).exists():
        return petition
    words = board.draft(petition)
    try:
        board.publish(petition, by=by, at=at, matter=words.matter, done=words.done)
    except BadInput:
        board.withhold(petition, by=by, at=at, reason=POINTS_TO_SOMEBODY)
    return Petition.objects.get(pk=petition.pk)


def take_down(*, until: datetime) -> None:
    """End every notice whose fifteen days were over before ``until``, each at its own moment."""
    hanging = PublicNotice.objects.filter(state=NoticeState.PUBLISHED, ends_at__lte=until)
    for notice in list(hanging.order_by("ends_at", "pk")):
        if notice.ends_at is not None:
            board.end(notice, at=notice.ends_at)


def publications(*, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the moments at which the calendar publishes a month between two instants."""
    first = next_month(shanghai_date(since))
    while True:
        day = first + timedelta(days=settings.FIGURES_PUBLISHED_ON_DAY - 1)
        at = datetime.combine(day, PUBLISHED_AT, SHANGHAI)
        if at > until:
            return
        yield at
        first = next_month(first)


def publish(at: datetime) -> None:
    """Publish the figures of the month before, as the calendar did at that moment."""
    publishing.publish(month_before(shanghai_date(at)), by=None, at=at)


def ask_around(town: Town, *, cast: Cast, at: datetime, rng: Random) -> None:
    """Have the shown community ask what should be done first; answered on the page and on paper."""
    community, _grid = town.shown
    today = shanghai_date(at)
    survey = surveys.make(
        title=TITLE,
        intro=INTRO,
        area=community,
        questions=QUESTIONS,
        opens_on=today - timedelta(days=9),
        closes_on=today + timedelta(days=12),
        by=cast.at(community, PostKind.COMMUNITY_SECRETARY, at),
        at=at,
    )
    typed_in_by = cast.at(community, PostKind.COMMUNITY_WORKER, at).user
    for count, source, by in ((ON_THE_PAGE, AnswerSource.PAGE, None), (ON_PAPER, AnswerSource.PAPER, typed_in_by)):
        forms = [(uuid.UUID(int=rng.getrandbits(128), version=4), _answers(rng)) for _form in range(count)]
        surveys.store(survey, forms, source=source, at=at, by=by)


def _answers(rng: Random) -> Given:
    wishes = len(QUESTIONS[0].options)
    given: dict[int, list[int] | str] = {
        1: sorted({min(rng.randrange(wishes), rng.randrange(wishes)) for _wish in range(3)}),
        2: [rng.choices((0, 1, 2), (2, 4, 3))[0]],
    }
    return given | ({3: rng.choice(WORDS)} if rng.random() < IN_WORDS else {})

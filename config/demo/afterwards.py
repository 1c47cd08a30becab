"""What residents and callers do in the demo's past: rate, be called back, reopen, withdraw, find it filed already."""

from datetime import datetime

from config.demo.cast import Cast
from config.demo.stories import CLOSING, Act, Count, Step, Story
from grids.enums import PostKind
from grids.models import Area
from petitions import joining, petitioner, ratings
from petitions.enums import Satisfaction
from petitions.models import Petition

PRAISE = ("来得很快，谢谢。", "处理得不错。", "")
GRUMBLES = ("等了好几天才有人来。", "只是应付了一下，没有真正解决。", "来的人态度不好。")
STILL_WRONG = ("过了两天又坏了，和原来一样。", "只处理了一半，还有一处没有弄。")
HEARD = ("电话中解释了原因，诉求人表示理解。", "诉求人说后来已经处理好了。")
NOT_SOLVED = "诉求人说问题还在，没有解决。"
CHANGED_MIND = ("邻居已经帮我处理好了，不用再来。", "我弄错了，不是小区的问题。")
SAME_MATTER = "同一处、同一件事，并案办理。"
CONTENT, FAIRLY = 0.74, 0.9  # shares of ratings: satisfied, basically satisfied, the rest dissatisfied
REACHED = 0.8
REALLY_NOT_SOLVED = 0.4  # of those who are called back after a bad rating


def rate(story: Story, petition: Petition, at: datetime) -> Petition:
    """Let the petitioner rate it; who is not content is called back some office hours later."""
    if not ratings.may_rate(petition):
        return petition
    dice = story.rng.random()
    content = Satisfaction.SATISFIED if dice < CONTENT else Satisfaction.BASICALLY
    satisfaction = content if dice < FAIRLY else Satisfaction.DISSATISFIED
    bad = satisfaction == Satisfaction.DISSATISFIED
    ratings.rate(
        petition,
        at=at,
        solved=not bad or story.rng.choice((True, False)),
        satisfaction=satisfaction,
        words=story.rng.choice(GRUMBLES if bad else PRAISE),
    )
    if bad:
        story.steps.insert(0, Step(Act.CALL, Count.OFFICE, 60, 420))
    return Petition.objects.get(pk=petition.pk)


def call_back(story: Story, petition: Petition, place: Area, at: datetime, cast: Cast) -> Petition:
    """Let somebody of the community, who never handles, call back; what is not solved goes on and is done again."""
    by = cast.community(place, PostKind.COMMUNITY_WORKER, at)
    if not ratings.may_be_called(petition):
        ratings.answer(petition, by=by, at=at, words="您反映的情况我们又去看了，已经请承办人继续处理。")
    elif story.rng.random() > REACHED:
        ratings.missed_call(petition, by=by, at=at)
        story.steps.insert(0, Step(Act.CALL, Count.OFFICE, 30, 200))
    elif story.rng.random() < REALLY_NOT_SOLVED:
        ratings.call_back(
            petition, by=by, at=at, solved=False, satisfaction=Satisfaction.DISSATISFIED, words=NOT_SOLVED
        )
        story.steps[:0] = CLOSING
    else:
        ratings.call_back(
            petition, by=by, at=at, solved=True, satisfaction=Satisfaction.BASICALLY, words=story.rng.choice(HEARD)
        )
    return Petition.objects.get(pk=petition.pk)


def reopen(story: Story, petition: Petition, at: datetime) -> Petition:
    """Let the petitioner ask for it to be taken up again; who took too long over it may not any more."""
    if petitioner.may_reopen_until(petition, at=at) is None:
        story.steps.clear()
        return petition
    return petitioner.reopen(petition, at=at, words=story.rng.choice(STILL_WRONG))


def withdraw(story: Story, petition: Petition, at: datetime) -> Petition:
    """Let the petitioner take it back, where that is lawful."""
    if not petitioner.may_withdraw(petition):
        return petition
    return petitioner.withdraw(petition, at=at, words=story.rng.choice(CHANGED_MIND))


def join(petition: Petition, place: Area, at: datetime, cast: Cast) -> Petition:
    """Let the secretary join it to the first of what may be the same matter, if there is any."""
    by = cast.community(place, PostKind.COMMUNITY_SECRETARY, at)
    for other in joining.suggestions(petition, Petition.objects.visible_to(by), at=at):
        if not joining.preview(petition, other, by=by).refusal:
            return joining.merge(petition, into=other, by=by, at=at, reason=SAME_MATTER)
    return petition

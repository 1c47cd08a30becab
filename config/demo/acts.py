"""Each step of a story done by the real verb, by the right person, in plausible words."""

import io
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from PIL import Image, ImageDraw

from config.demo import afterwards, counter, names, shown
from config.demo.cast import Cast
from config.demo.stories import HANGING, Act, Story
from deadlines.models import Policy
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Staff
from petitions import guide, services, transitions
from petitions.enums import Channel, IssueKind, Tier, Urgency, Verb
from petitions.models import Category, Petition

REASONS = (
    "您反映的事项不属于社区受理范围，请向有管辖权的部门提出；办理途径已经告诉您。",
    "该事项已经有部门在办理，请以原答复为准，有新情况再告诉我们。",
)
PLANS = (
    "今天联系责任单位到场，三天内处理完，处理好以后拍照给您看。",
    "先做临时处置，再约相关住户一起商量办法，本周内给您答复。",
    "已报给施工人员，材料到了就修，预计两天。",
)
REPLIES = (
    "已经到现场处理完毕，现场照片留存，谢谢您告诉我们。",
    "问题已解决，负责的单位今后每天检查一次。",
    "已经和您当面说明情况，按商定的办法办好了。",
    "已修好并试用正常，如果再出现请随时告诉我们。",
)
RETURNED = "现场还没有处理彻底，请再去一次。"
NOTES = ("已电话联系，情况属实。", "已和本人通话，约好上门时间。")
WITHOUT_PLACE = "说不清具体地址，在大超市后面那条路上。"
# Calls, letters and findings are written down by whoever takes them.
TAKEN_BY: Mapping[Channel, PostKind] = {
    Channel.PHONE: PostKind.COMMUNITY_WORKER,
    Channel.WINDOW: PostKind.COMMUNITY_WORKER,
    Channel.BOX: PostKind.COMMUNITY_WORKER,
    Channel.PATROL: PostKind.GRID_WORKER,
}
FROM_THE_WALL = 0.4  # of what comes by phone or computer, the share that came through the building's QR code
WITH_PHOTO = 0.06
BY_SUPERVISOR = 0.3
TAKEN_UNASKED = 0.7  # of what stays in the grid, the share its worker takes without being sent


@dataclass(slots=True)
class Acts:
    """Does steps; keeps nothing but what it looks up."""

    cast: Cast
    categories: Mapping[str, Category]
    policies: Mapping[str, Policy]

    def file(self, story: Story, place: Area | None, at: datetime) -> services.Filed:
        """File the petition; on behalf of the resident where the channel is the telephone, the window or the box."""
        sample, taker = story.sample, None
        if place is not None and sample.channel in TAKEN_BY:
            kind = TAKEN_BY[sample.channel]
            taker = self.cast.grid(place, at) if kind == PostKind.GRID_WORKER else self.cast.community(place, kind, at)
        building = self.cast.above(place, Level.BUILDING).name if place else "那栋楼"
        title, text = sample.about(building)
        by_phone = sample.channel == Channel.WEB and story.rng.random() < FROM_THE_WALL
        return services.file(
            text=text,
            title=title,
            at=at,
            client_key=uuid.UUID(int=story.rng.getrandbits(128), version=4),
            channel=Channel.QR if by_phone else sample.channel,
            place=place,
            place_words="" if place else WITHOUT_PLACE,
            contact=services.Contact(name=names.person(story.rng), phone=names.phone(story.rng)),
            anonymous=story.anonymous,
            confidential=sample.confidential,
            filed_by=taker.user if taker else None,
            service_item=guide.find(sample.item, place, on=shanghai_date(at)) if sample.item else None,
        )

    def do(self, verb: Verb | Act, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        """Do one verb at a moment; return the petition as it stands then."""
        deeds: Mapping[Verb | Act, Callable[[Story, Petition, Area, datetime], Petition]] = {
            Verb.ACCEPT: self._accept,
            Verb.DECLINE: self._decline,
            Verb.DISPATCH: self._dispatch,
            Verb.SIGN: self._sign,
            Verb.CONTACT: self._contact,
            Verb.ARRIVE: self._arrive,
            Verb.PLAN: self._plan,
            Verb.RESOLVE: self._resolve,
            Verb.VERIFY: self._verify,
            Verb.REWORK: self._rework,
            Verb.CLOSE: self._close,
            Verb.REOPEN: lambda story, petition, _place, at: afterwards.reopen(story, petition, at),
            Verb.WITHDRAW: lambda story, petition, _place, at: afterwards.withdraw(story, petition, at),
            Verb.MERGE: lambda _story, petition, place, at: afterwards.join(petition, place, at, self.cast),
            Act.RATE: lambda story, petition, _place, at: afterwards.rate(story, petition, at),
            Act.CALL: lambda story, petition, place, at: afterwards.call_back(story, petition, place, at, self.cast),
            Act.HANG: lambda _story, petition, place, at: shown.hang(petition, place, at, self.cast),
        }
        return deeds[verb](story, petition, place, at)

    def _accept(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        sample = story.sample
        category = self.categories[sample.category]
        dispute = category.department_type == "judicial" and sample.policy == "rapid_1365"
        return transitions.accept(
            petition,
            by=self.cast.community(place, PostKind.COMMUNITY_WORKER, at),
            at=at,
            category=category,
            policy=self.policies[sample.policy],
            tier=Tier(sample.tier or Tier.IMMEDIATE),
            urgency=Urgency(sample.urgency),
            issue_kind=IssueKind.MEDIATION if dispute else IssueKind.SMALL,
            needs_deliberation=sample.deliberation,
        )

    def _decline(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        by = self.cast.community(place, PostKind.COMMUNITY_SECRETARY, at)
        return transitions.decline(petition, by=by, at=at, reason=story.rng.choice(REASONS))

    def _dispatch(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        street = self.cast.above(place, Level.STREET)
        unit = self.cast.town.department(self.categories[story.sample.category].department_type, street)
        if unit is None:
            if not story.shown and story.rng.random() < TAKEN_UNASKED:
                return petition
            by = self.cast.community(place, PostKind.COMMUNITY_SECRETARY, at)
            return transitions.dispatch(petition, by=by, at=at, handler=self.cast.grid(place, at).user)
        by = self.cast.street(place, PostKind.DISPATCHER, at)
        return transitions.dispatch(petition, by=by, at=at, organisation=unit)

    def _sign(self, _story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        return transitions.sign(petition, by=self._worker(petition, place, at), at=at)

    def _contact(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        by = self._worker(petition, place, at)
        return transitions.contact(petition, by=by, at=at, note=story.rng.choice(NOTES))

    def _arrive(self, _story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        return transitions.arrive(petition, by=self._worker(petition, place, at), at=at)

    def _plan(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        by = self._worker(petition, place, at)
        return transitions.plan(petition, by=by, at=at, words=story.rng.choice(PLANS))

    def _resolve(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        by = self._worker(petition, place, at)
        reply = story.rng.choice(counter.REPLIES if story.sample.item else REPLIES)
        if story.rng.random() < WITH_PHOTO:
            return services.resolve_with_photos(petition, by=by, at=at, reply=reply, after=[_picture(story.rng)])
        return transitions.resolve(petition, by=by, at=at, reply=reply)

    def _verify(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        return transitions.verify(petition, by=self._checker(story, petition, place, at), at=at)

    def _rework(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        return transitions.rework(petition, by=self._checker(story, petition, place, at), at=at, reason=RETURNED)

    def _close(self, story: Story, petition: Petition, place: Area, at: datetime) -> Petition:
        story.steps.insert(0, HANGING)
        return transitions.close(petition, by=self._checker(story, petition, place, at), at=at)

    def _worker(self, petition: Petition, place: Area, at: datetime) -> Staff:
        """Return who works on it: whoever has it, else somebody of its unit or grid; the lead for who is away today."""
        if petition.organisation is not None:
            unit = petition.organisation
            return self.cast.at(unit.area, PostKind.DEPARTMENT_HANDLER, at, unit)
        worker = self.cast.grid(place, at)
        if petition.handler_id in (None, worker.user.pk):
            return worker
        return self.cast.at(self.cast.above(place, Level.GRID), PostKind.GRID_LEAD, at)

    def _checker(self, story: Story, petition: Petition, place: Area, at: datetime) -> Staff:
        """Return who checks it: the secretary or the street's supervisor, never who handled it."""
        secretary = self.cast.community(place, PostKind.COMMUNITY_SECRETARY, at)
        if secretary.user.pk == petition.handler_id or story.rng.random() < BY_SUPERVISOR:
            return self.cast.street(place, PostKind.SUPERVISOR, at)
        return secretary


def _picture(rng: Random) -> io.BytesIO:
    """Return a drawn picture of a tidy yard; no photograph of anything real."""
    image = Image.new("RGB", (800, 600), (168, 206, 232))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 380, 800, 600), fill=(122, 150, 98))
    for place in range(4):
        left, height = 40 + place * 190, rng.randrange(140, 300)
        draw.rectangle((left, 380 - height, left + 150, 380), fill=(205, 190, 170))
        for floor in range(380 - height + 20, 360, 40):
            for window in range(left + 15, left + 130, 35):
                draw.rectangle((window, floor, window + 20, floor + 22), fill=(92, 110, 128))
    found = io.BytesIO()
    image.save(found, "JPEG", quality=70)
    found.seek(0)
    return found

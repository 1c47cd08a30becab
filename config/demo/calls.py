"""Whistles and a call for help of the demo's shown community, and the apps its matters may come from."""

import uuid
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from django.contrib.auth.hashers import make_password

from config.demo import names
from config.demo.areas import district
from config.demo.cast import Cast
from config.demo.people import YEARS_IN_OFFICE, Town
from deadlines.timetable import shanghai_date
from grids.enums import OrganisationKind, PostKind
from grids.models import Appointment, Organisation, Post
from grids.posts import Staff
from people.models import User
from petitions import broadcasts, whistles
from petitions.call_enums import WhistleKind
from petitions.enums import Channel
from petitions.models import ChannelApp, Whistle, WhistleCall

# 政法、公安、卫健、城管、市场监管 (002-44). No category leads to the first: it comes when it is called.
POLITICAL_LEGAL: Final = "political_legal"
CALLED: Final = (POLITICAL_LEGAL, "police", "health", "urban_mgmt", "market")
APPS: Final = (
    (Channel.MICRO_URBAN, "金川微城管", "Jinchuan micro urban management", "https://wcg.example.org/case/{number}"),
    (Channel.APP, "甘心办", "Ganxinban", "https://gxb.example.org/matter?id={number}"),
)


def call_out(town: Town, *, cast: Cast, at: datetime, rng: Random) -> None:
    """Blow a whistle of each kind and call for help once, in the last days, by the real verbs."""
    today = shanghai_date(at)
    ChannelApp.objects.bulk_create(
        ChannelApp(channel=channel, name_zh=zh, name_en=en, link=link, valid_from=today)
        for channel, zh, en, link in APPS
    )
    community, grid = town.shown
    street = town.areas[community.parent_id or 0]
    body = _political_legal(rng=rng, since=today - YEARS_IN_OFFICE)
    units = {kind: unit for kind in CALLED[1:] if (unit := town.department(kind, street)) is not None}
    units[POLITICAL_LEGAL] = body

    def blow(by: Staff, kind: WhistleKind, where: str, words: str, moment: datetime, *called: str) -> Whistle:
        return whistles.blow(
            by=by,
            at=moment,
            kind=kind,
            words=words,
            place_words=where,
            client_key=uuid.UUID(int=rng.getrandbits(128)),
            units=[units[name] for name in called],
        )

    secretary = cast.at(community, PostKind.COMMUNITY_SECRETARY, at)
    leader = cast.at(street, PostKind.STREET_LEADER, at)
    command = cast.at(town.areas[street.parent_id or 0], PostKind.DISTRICT_COMMAND, at)
    worker, lead = (cast.at(grid, kind, at) for kind in (PostKind.GRID_WORKER, PostKind.GRID_LEAD))

    def handler(call: WhistleCall) -> Staff:
        assert call.organisation is not None  # noqa: S101 - units alone are called here
        return cast.at(street, PostKind.DEPARTMENT_HANDLER, at, call.organisation)

    then = at - timedelta(days=3)
    where = f"{community.label}3号楼地下室"
    urgent = blow(
        secretary,
        WhistleKind.EMERGENCY,
        where,
        "地下室积水并有异味，住户已撤离，请到场处置。",
        then,
        "police",
        "health",
        "urban_mgmt",
    )
    for minutes, call in zip((8, 17, 41), _calls(urgent), strict=False):
        whistles.report(call, by=handler(call), at=then + timedelta(minutes=minutes), words="已到现场。")
        whistles.finish(call, by=handler(call), at=then + timedelta(hours=3), words="排水消杀完毕。")
    whistles.note(urgent, by=secretary, at=then + timedelta(hours=2), words="社区安排两名网格员劝返、登记。")
    whistles.close(urgent, by=secretary, at=then + timedelta(hours=4), words="险情解除，住户已返回。")
    for call in _calls(urgent):
        in_time = call.reported_at is not None and call.reported_at < then + timedelta(minutes=30)
        whistles.score(call, by=secretary, at=then + timedelta(hours=5), came=in_time, solved=True)
        whistles.judge(call, by=handler(call), at=then + timedelta(hours=6), justified=True)

    joint = blow(
        leader, WhistleKind.JOINT, f"{street.label}夜市东口", "占道经营反复，需要联合执法。", at - timedelta(hours=7),
        "urban_mgmt", "market", POLITICAL_LEGAL,
    )  # fmt: skip
    whistles.check(joint, by=command, at=at - timedelta(hours=6), agree=True)
    first = _calls(joint)[0]
    whistles.respond(first, by=handler(first), at=at - timedelta(hours=5))
    words = "小区自建房外立面松动，社区协调两次未果，请有关部门到场会商。"
    blow(secretary, WhistleKind.ROUTINE, f"{community.label}东门", words, at - timedelta(hours=2), "urban_mgmt")
    own = blow(
        worker, WhistleKind.ROUTINE, f"{grid.label}5号楼", "两户因漏水争执，请社区到场。", at - timedelta(hours=3)
    )
    whistles.check(own, by=secretary, at=at - timedelta(hours=2), agree=True)
    helped = broadcasts.call(
        by=worker,
        at=at - timedelta(days=1),
        place_words=f"{grid.label}2号楼1单元电梯",
        words="老人被困电梯，请来人安抚。",
        client_key=uuid.UUID(int=rng.getrandbits(128)),
    )
    broadcasts.take(helped, by=lead, at=at - timedelta(days=1) + timedelta(minutes=2))
    broadcasts.end(
        helped, by=lead, at=at - timedelta(days=1) + timedelta(minutes=25), words="电梯已打开，老人平安到家。"
    )


def _political_legal(*, rng: Random, since: date) -> Organisation:
    """Make the department that only the whistle calls, with its head and its handler."""
    root = district()
    unit = Organisation.objects.create(
        area=root,
        kind=OrganisationKind.DEPARTMENT,
        name=f"{root.name}政法（平安建设）部门",
        code=f"{root.code}-{POLITICAL_LEGAL}",
    )
    for kind in (PostKind.DEPARTMENT_HANDLER, PostKind.DEPARTMENT_HEAD):
        user = User.objects.create(
            username=f"{unit.code}-{kind}", password=make_password(None), display_name=names.person(rng), is_staff=True
        )
        post = Post.objects.create(area=root, kind=kind, organisation=unit, title="")
        Appointment.objects.create(post=post, user=user, starts_on=since)
    return unit


def _calls(whistle: Whistle) -> list[WhistleCall]:
    return list(whistle.calls.select_related("organisation", "whistle").order_by("pk"))

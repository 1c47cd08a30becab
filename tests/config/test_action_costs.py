"""What every action of a worker asks of the database: the POST as a browser sends it, through the whole middleware.

Counted as pytest counts them: session and account, every statement, the beginning and end of the transaction. The page
that the browser opens afterwards is counted where that page is tested.
"""

import itertools
import uuid
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fieldwork import handing as shift_handing
from fieldwork import rounds
from fieldwork.models import DutyShift, PatrolDuty
from people.models import User
from petitions import broadcasts, requests
from petitions.enums import Status
from petitions.models import Petition
from tests.factories import District
from tests.fieldwork.homes import homes
from tests.fieldwork.walks import points, route
from tests.petitions.photo_files import phone_photo

pytestmark = pytest.mark.django_db
MOST = 15
Sending = tuple[User, str, dict[str, Any]]
Making = Callable[[District], Sending]
_numbers = itertools.count(101)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def matter(district: District, status: Status, **facts: Any) -> Petition:
    given = {"policy": "rapid_1365", "category": "0102", **facts}
    return district.petition(timezone.now() - timedelta(minutes=40), status=status, **given)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", phone_photo(), "image/jpeg")


def verb(name: str, status: Status, **data: Any) -> Making:
    """Send what the case page, or the card of my day, sends."""

    def making(district: District) -> Sending:
        one = matter(district, status)
        given = {key: value() if callable(value) else value for key, value in data.items()}
        return district.worker, f"/cases/{one.number}/{name}/", {"version": one.version, **given}

    return making


def page(path: str, status: Status, who: str = "worker", policy: str = "committed_tier", **data: Any) -> Making:
    def making(district: District) -> Sending:
        one = matter(district, status, policy=policy, category="0103")
        return getattr(district, who), f"/cases/{one.number}/{path}/", {"version": one.version, **data}

    return making


def hand_over(district: District) -> Sending:
    one = matter(district, Status.SIGNED)
    to = f"worker:{district.worker.pk}:{district.grid.pk}"
    return district.lead, f"/cases/{one.number}/dispatch/", {"version": one.version, "to": to, "note": "请接手"}


def give_back(district: District) -> Sending:
    one = matter(district, Status.SIGNED, policy="committed_tier", category="0103")
    return district.worker, f"/cases/{one.number}/handing/return/", {
        "version": one.version, "reason_code": "other_unit", "words": "不属于本网格",
    }  # fmt: skip


def answer_urge(district: District) -> Sending:
    one = matter(district, Status.SIGNED, policy="committed_tier", category="0103")
    requests.urge(one, at=timezone.now())
    return district.worker, f"/cases/{one.number}/after/feedback/", {
        "version": one.version, "kind": "prompt", "words": "明天上午到",
    }  # fmt: skip


def on_the_spot(district: District) -> Sending:
    return district.worker, "/cases/new/", {
        "client_key": str(uuid.uuid4()), "text": "楼道灯不亮。", "place": district.unit.code, "channel": "visit",
        "about": "", "category": "0102", "reply": "已换灯泡。", "after": photo(),
    }  # fmt: skip


def on_behalf(district: District) -> Sending:
    return district.worker, "/cases/new/", {
        "client_key": str(uuid.uuid4()), "text": "楼道灯不亮。", "place": district.unit.code, "channel": "visit",
        "about": "", "name": "常小红", "phone": "13800138000",
    }  # fmt: skip


def patrol(district: District) -> PatrolDuty:
    name = f"路线{next(_numbers)}"
    one = route(district, name=name, since=timezone.now() - timedelta(days=1), times=(time(23, 59),))
    rounds.make_day(at=timezone.now())
    return PatrolDuty.objects.select_related("route__area").get(route=one)


def confirm(district: District) -> Sending:
    duty = patrol(district)
    return district.worker, f"/patrols/rounds/{duty.pk}/confirm/", {"point": points(duty)[0].pk, "back": "day"}


def visit(district: District) -> Sending:
    (home,) = homes(district, str(next(_numbers)))
    return district.worker, f"/visits/{home.pk}/visit/", {
        "client_key": str(uuid.uuid4()), "mode": "door", "outcome": "well", "words": "一切都好", "on": "",
    }  # fmt: skip


def whistle(district: District) -> Sending:
    one = matter(district, Status.SIGNED)
    return district.worker, "/whistles/new/", {
        "client_key": str(uuid.uuid4()), "petition": one.number, "kind": "routine", "place_words": "3号楼前",
        "words": "需要一同处置",
    }  # fmt: skip


def sos(district: District) -> Sending:
    who, url, data = whistle(district)
    return who, url, {**data, "kind": "emergency"}


def call(district: District) -> Sending:
    one = matter(district, Status.SIGNED)
    return district.worker, "/help/new/", {
        "client_key": str(uuid.uuid4()), "petition": one.number, "place_words": "3号楼前", "words": "来一个人",
    }  # fmt: skip


def come(district: District) -> Sending:
    one = matter(district, Status.SIGNED)
    called = broadcasts.call(
        by=district.as_staff(district.worker, timezone.localdate()), at=timezone.now(), petition=one,
        place_words="3号楼前", client_key=uuid.uuid4(),
    )  # fmt: skip
    return district.lead, f"/help/{called.pk}/take/", {}


def shifts(district: District) -> tuple[DutyShift, DutyShift]:
    ends = timezone.now() - timedelta(hours=next(_numbers))
    rows = [
        DutyShift(user=user, area=district.community, starts_at=start, ends_at=start + timedelta(minutes=20))
        for user, start in ((district.worker, ends - timedelta(minutes=20)), (district.window, ends))
    ]
    return tuple(DutyShift.objects.bulk_create(rows))


def hand_on(district: District) -> Sending:
    return district.worker, f"/duty/{shifts(district)[0].pk}/hand-over/", {
        "words": "平安无事", "points": ["钥匙在抽屉里", "3号楼水管待修"],
    }  # fmt: skip


def take_on(district: District) -> Sending:
    first, _second = shifts(district)
    by = district.as_staff(district.worker, timezone.localdate())
    shift_handing.hand_over(first, words="平安无事", points=["钥匙在抽屉里"], by=by, at=timezone.now())
    return district.window, f"/duty/{first.pk}/take-over/", {}


ACTIONS: dict[str, tuple[int, Making]] = {
    "take, accepted": (12, verb("sign", Status.ACCEPTED)),
    "take, dispatched": (11, verb("sign", Status.DISPATCHED)),
    "arrive": (12, verb("arrive", Status.SIGNED)),
    "plan": (13, verb("plan", Status.IN_PROGRESS, words="明天上午清运")),
    "contact": (11, verb("contact", Status.IN_PROGRESS, note="已联系")),
    "resolve": (15, verb("resolve", Status.IN_PROGRESS, reply="已清运")),
    "resolve with photos": (15, verb("resolve", Status.IN_PROGRESS, reply="已清运", before=photo, after=photo)),
    "hand over": (15, hand_over),
    "return": (15, give_back),
    "ask extension": (13, page("request/extension", Status.SIGNED, value="3", words="等配件")),
    "ask supplement": (15, page("request/supplement", Status.SIGNED, words="请补照片")),
    "reveal": (15, page("reveal", Status.SIGNED, field="phone", reason="约定上门时间")),
    "answer an urge": (12, answer_urge),
    "confirm a place": (12, confirm),
    "visit": (11, visit),
    "come": (15, come),
    "hand a shift over": (10, hand_on),
    "take a shift over": (10, take_on),
    "whistle": (14, whistle),
    "emergency whistle": (14, sos),
    "call for help": (15, call),
    "file on behalf": (14, on_behalf),
    "close on the spot": (15, on_the_spot),
}
ANSWERS = {"reveal": 200, "file on behalf": 200, "close on the spot": 200}


def test_no_action_of_the_table_may_ask_more_than_fifteen_times():
    assert max(cost for cost, _making in ACTIONS.values()) <= MOST


@pytest.mark.parametrize("name", [*ACTIONS])
def test_an_action_asks_the_database_as_often_as_the_table_says(client, district, name):
    cost, making = ACTIONS[name]

    for _first in ("what the process keeps is there from the second on", "counted"):
        who, url, data = making(district)
        client.force_login(who)
        with CaptureQueriesContext(connection) as asked:
            response = client.post(url, data)

    assert response.status_code == ANSWERS.get(name, 302), response.content.decode()[:2000]
    assert len(asked) == cost, [one["sql"][:200] for one in asked]

"""The hotline (000-43), the county's app (000-44) and a system above (000-42) as processes that misbehave.

One petition for each order, the right status at last, nothing lost.
"""

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from gateway import callbacks, feed
from gateway.enums import Scope
from gateway.models import Callback, Change
from notifications.enums import State
from petitions import transitions
from petitions.enums import Channel, Status
from petitions.models import Petition
from tests.processes import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a-secret-of-the-neighbour-0123456789"
ORDERS = [
    {"external_id": f"GD-{number}", "text": f"第{number}单：垃圾桶满了两天。", "place": "620302001001001"}
    for number in (1, 2)
]


class System:
    """The process, as the test asks it."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def do(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}{path}", data), timeout=110) as answer:
            return json.load(answer)


@contextmanager
def running(live_server, one):
    command = [sys.executable, "-m", "tests.gateway.simulator", f"{live_server.url}/api/v1/", one.secret, SECRET]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield System(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def walk(district, petition):
    """Take it the whole way by the real verbs."""
    for there, step in district._walk("immediate_tier", "0102", organisation=False):
        petition = step(petition, timezone.now())
        assert petition.status == there
    return petition


def report(*, hours=60):
    """Report as the worker does, the clock wound on far enough for every retry."""
    at = timezone.now()
    for hour in range(0, hours, 4):
        feed.number(at=at)
        for _run in range(3):
            callbacks.deliver_due(at=at + timedelta(hours=hour, seconds=_run))


def test_the_hotline_files_each_order_once_and_hears_how_it_ended(live_server, district, neighbour, settings):
    """petitions.md 47: the same client key twice is one case."""
    settings.NOTIFY_ALLOW_PRIVATE = True
    hotline = neighbour(per_minute=10_000)
    with running(live_server, hotline) as system:
        hotline.client.callback, hotline.client.secret = f"{system.url}/callback", SECRET
        hotline.client.save()

        answers = system.do("/send", ORDERS)

        assert {status for status, _number in answers} <= {200, 201}, answers
        filed = dict(Petition.objects.values_list("external_id", "number"))
        assert filed.keys() == {"hotline:GD-1", "hotline:GD-2"}
        assert {number for _status, number in answers} == set(filed.values())
        first = walk(district, Petition.objects.get(external_id="hotline:GD-1"))
        second = Petition.objects.get(external_id="hotline:GD-2")
        transitions.decline(
            second, by=district.as_staff(district.secretary), at=timezone.now(), reason="请向供水公司反映。"
        )
        report()
        state = system.do("/state")

    assert state["forged"] == 0
    assert {number: case["status"] for number, case in state["cases"].items()} == {"GD-1": "closed", "GD-2": "declined"}
    assert first.status == Status.CLOSED
    # every change came, some more than once
    assert [len(state["cases"][number]["seen"]) for number in ("GD-1", "GD-2")] == [8, 2]
    assert len(state["deliveries"]) > len(set(state["deliveries"])) == Callback.objects.count() == 10
    assert set(Callback.objects.values_list("state", flat=True)) == {State.SENT}


def test_the_countys_app_polls_twice_and_backwards_and_knows_it_all_the_same(live_server, district, neighbour):
    """榴乡诉递: it has no address that could be called; it asks from the last number on."""
    app = neighbour("榴乡诉递", channel=Channel.APP, scopes=[Scope.FILE], per_minute=10_000)
    district.petition()  # of somebody else: it hears nothing of that
    with running(live_server, app) as system:
        system.do("/send", ORDERS[:1])
        feed.number(at=timezone.now())
        system.do("/poll", {})
        walk(district, Petition.objects.get(external_id="app:GD-1"))
        feed.number(at=timezone.now())
        system.do("/poll", {})
        state = system.do("/state")

    assert list(state["cases"]) == ["GD-1"]
    assert state["cases"]["GD-1"]["status"] == "closed"
    assert len(state["cases"]["GD-1"]["seen"]) == 8
    assert not Callback.objects.exists()


def test_a_system_above_takes_what_there_is_and_what_changes(live_server, district, neighbour):
    """000-42: out by the list and by the changes after it, in by filing."""
    above = neighbour("省平台", scopes=[Scope.READ], area=district.district, per_minute=10_000)
    petition = district.petition()
    with running(live_server, above) as system:
        feed.number(at=timezone.now())
        walk(district, petition)
        feed.number(at=timezone.now())
        system.do("/poll", {})
        state = system.do("/state")

    assert above.get("petitions/").json()["results"][0]["number"] == petition.number
    assert state["cases"]["null"]["number"] == petition.number
    assert state["cases"]["null"]["status"] == "closed"
    assert Change.objects.filter(sequence=None).count() == 0

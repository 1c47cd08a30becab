"""What the people who watch the house are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from config import health
from deadlines.models import Heartbeat
from grids.models import DutyMember
from people.models import User

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def _alive(at=NOON):
    Heartbeat.objects.update_or_create(name="deadlines.sweep", defaults={"last_run_at": at})
    user = User.objects.create_user("on-duty")
    DutyMember.objects.create(user=user, position=1)


def test_the_process_answers_without_asking_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_house_in_order_is_ready(client):
    _alive(timezone.now())

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "broker": "ok", "migrations": "ok", "sweep": "ok", "duty_list": "ok"},
        "information": {"undelivered": 0, "set_aside": 0, "audit_unsealed_minutes": 0},
    }


def test_one_failing_check_makes_503_and_the_others_still_answer(client, monkeypatch):
    _alive(timezone.now())

    def refuse(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr("kombu.Connection.ensure_connection", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "failed"
    assert response.json()["checks"]["database"] == "ok"


@pytest.mark.parametrize(("seconds", "state"), [(30, "ok"), (31, "stale")])
def test_three_missed_sweeps_are_stale(seconds, state, settings):
    settings.SWEEP_SECONDS = 10
    _alive(NOON)

    assert health.check_all(at=NOON + timedelta(seconds=seconds))["sweep"] == state


def test_a_sweep_that_never_ran_and_an_empty_duty_list_are_said():
    states = health.check_all(at=NOON)

    assert (states["sweep"], states["duty_list"]) == ("never", "empty")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_pages_are_only_read(client, path):
    assert client.post(path).status_code == 405

"""Answers for whoever watches the house: does the process answer, and can it do its work.

Both pages name states only: no personal data, no addresses, no traces (those go to the log).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app
from deadlines import faults, heartbeat
from grids.models import DutyMember
from notifications.models import Delivery
from people import audit

log = logging.getLogger(__name__)

BROKER_SECONDS = 2
OK = "ok"
MOST_COUNTED = 10_000


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers; touches nothing else."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether database, broker, schema, sweep and duty list are as they must be: 200, else 503."""
    at = timezone.now()
    states = check_all(at=at)
    ready = all(state == OK for state in states.values())
    return JsonResponse(
        {"status": OK if ready else "failing", "checks": states, "information": inform(at=at)},
        status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def check_all(*, at: datetime) -> dict[str, str]:
    """Return the state of every check: "ok", or one word for what is wrong. Never raises."""
    checks: Mapping[str, Callable[[datetime], str]] = {
        "database": _database,
        "broker": _broker,
        "migrations": _migrations,
        "sweep": _sweep,
        "duty_list": _duty_list,
    }
    return {name: _state(name, check, at) for name, check in checks.items()}


def inform(*, at: datetime) -> dict[str, int | None]:
    """Return what is worth knowing and stops nothing (10,000 at most), None if unknown.

    Messages given up; clocks that the sweep has set aside, of which somebody must still be told; for how many minutes
    the oldest entry of the audit log has waited for its seal (sealed every few minutes: a number that grows is a
    sealer that does not run).
    """
    try:
        return {
            "undelivered": Delivery.objects.given_up()[:MOST_COUNTED].count(),
            "set_aside": faults.unsettled_count(most=MOST_COUNTED),
            "audit_unsealed_minutes": audit.minutes_unsealed(at=at),
        }
    except DatabaseError:
        log.exception("What is worth knowing cannot be counted")
        return {"undelivered": None, "set_aside": None, "audit_unsealed_minutes": None}


def _state(name: str, check: Callable[[datetime], str], at: datetime) -> str:
    try:
        return check(at)
    except Exception:
        # Whatever it is, the page must still tell about the other checks.
        log.exception("Health check %s failed", name)
        return "failed"


def _database(_at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _broker(_at: datetime) -> str:
    with app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    return OK


def _migrations(_at: datetime) -> str:
    executor = MigrationExecutor(connection)
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else OK


def _sweep(at: datetime) -> str:
    last = heartbeat.last(heartbeat.SWEEP)
    if last is None:
        return "never"
    return "stale" if heartbeat.is_silent(last, at=at, every=timedelta(seconds=settings.SWEEP_SECONDS)) else OK


def _duty_list(at: datetime) -> str:
    return OK if DutyMember.objects.at(timezone.localdate(at)).exists() else "empty"

"""Open clocks computed anew after the calendar, the opening hours or a policy changed.

A run is cut into batches, one transaction each, which any number of workers share: a batch is marked done in the
transaction of its work, so a killed worker loses nothing and nothing is done twice. Rows that somebody else holds are
not waited for; they are tried again last, and with the next tick. What cannot be computed is noted and stops nobody.
"""

import logging
from datetime import date, datetime
from itertools import chain, islice
from time import monotonic

from django.db import connection, transaction
from django.db.models import Sum

from deadlines import redating
from deadlines.enums import OPEN_STATES, RecomputeReason
from deadlines.models import Policy, RecomputeBatch, RecomputeRun, Stage
from deadlines.redating import Redated, Walk, redate, stretch
from deadlines.registry import ClockFamily, families
from notifications import queue

logger = logging.getLogger(__name__)

# measured: 2,000 a batch is no faster and holds its locks twice as long
BATCH = 1000
# A run ends well before Celery's time limit; the next tick goes on where it stopped.
RUN_SECONDS = 120
# Of what cannot be computed so many are named, so that a run's row stays small.
MOST_NAMED = 1000


def ask(
    *, reason: RecomputeReason, at: datetime, since: date | None = None, policy: Policy | None = None
) -> RecomputeRun | None:
    """Owe a recomputation of the open clocks whose span crosses ``since`` (Shanghai) or stand under ``policy``'s key.

    It begins after commit; if the broker is lost, with the next tick. None if no clock is open: nothing to do.
    A run that has not begun and reaches as far back serves as well.
    """
    if not any(_has_open(family) for family in families()):
        return None
    run = None
    if since is not None:
        waiting = RecomputeRun.objects.filter(finished_at=None, planned_at=None, since__lte=since)
        run = waiting.select_for_update(skip_locked=True).first() if connection.in_atomic_block else None
    run = run or RecomputeRun.objects.create(reason=reason, since=since, policy=policy, asked_at=at)
    queue.on_commit("deadlines.recompute")
    return run


def run_all(*, at: datetime, seconds: float = RUN_SECONDS, batch: int = BATCH) -> int:
    """Go on with every unfinished run, oldest first, for at most ``seconds``; return how many clocks changed here.

    A run that fails is left for the next tick and does not stop those after it.
    """
    end, changed = monotonic() + seconds, 0
    for run_id in RecomputeRun.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True):
        try:
            if not plan(run_id, at=at, batch=batch):
                continue
            walk = walk_of(run_id)
            while monotonic() < end and (done := step(run_id, walk, at=at)) is not None:
                changed += done
            finish(run_id, at=at)
        except Exception:
            logger.exception("recomputation %s stopped; the next tick goes on with it", run_id)
    return changed


@transaction.atomic
def plan(run_id: int, *, at: datetime, batch: int = BATCH) -> bool:
    """Cut a run into batches, once; return whether it is cut. No, while another worker is at it."""
    run = _locked(run_id)
    if run is None or run.planned_at is not None:
        return RecomputeRun.objects.filter(pk=run_id, planned_at__isnull=False).exists()
    for family in families():
        redating.plan(family, run, most=batch)
    run.planned_at = at
    run.save(update_fields=["planned_at"])
    if run.batches.count() > 1:
        queue.on_commit("deadlines.recompute")  # whoever is free helps
    return True


def walk_of(run_id: int) -> Walk:
    """Return what a run is computed by, as the database has it now."""
    limits = Stage.objects.filter(policy__recomputations=run_id).values_list("code", "limit_value", "limit_unit")
    return Walk(limits={code: (value, unit) for code, value, unit in limits})


@transaction.atomic
def step(run_id: int, walk: Walk, *, at: datetime) -> int | None:
    """Do one batch of a run that nobody else is at; return how many clocks changed, None if nothing can be done now."""
    batch = (
        RecomputeBatch.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(run=run_id, done_at=None)
        .order_by("tries", "pk")
        .select_related("run__policy")
        .first()
    )
    if batch is None:
        return None
    family = next((one for one in families() if one.name == batch.family), None)
    done = Redated() if family is None else redate(family, stretch(family, batch), walk, at=at)
    # held for a second time: whoever holds it needs longer than we wait
    stuck = batch.tries > 0 and len(done.held) == len(batch.held)
    batch.held, batch.tries = done.held, batch.tries + 1
    batch.seen += done.seen
    batch.changed += done.changed
    batch.broken = [*batch.broken, *done.broken]
    batch.done_at = None if done.held else at
    batch.save(update_fields=["held", "tries", "seen", "changed", "broken", "done_at"])
    return None if stuck else done.changed


@transaction.atomic
def finish(run_id: int, *, at: datetime) -> bool:
    """Close a run whose batches are all done, and sum them up; return whether it is closed now."""
    run = _locked(run_id)
    if run is None or run.planned_at is None or run.batches.filter(done_at=None).exists():
        return False
    figures = run.batches.aggregate(seen=Sum("seen", default=0), changed=Sum("changed", default=0))
    broken = run.batches.exclude(broken=[]).order_by("pk").values_list("broken", flat=True)
    run.seen, run.changed, run.finished_at = figures["seen"], figures["changed"], at
    run.broken = list(islice(chain.from_iterable(broken.iterator(1)), MOST_NAMED))
    run.save(update_fields=["seen", "changed", "broken", "finished_at"])
    run.batches.all().delete()
    return True


def _locked(run_id: int) -> RecomputeRun | None:
    """Return the run, locked, unless it is finished or somebody else has it."""
    unfinished = RecomputeRun.objects.filter(pk=run_id, finished_at=None).select_related("policy")
    return unfinished.select_for_update(skip_locked=True, of=("self",)).first()


def _has_open(family: ClockFamily) -> bool:
    return family.clock._default_manager.filter(state__in=OPEN_STATES).exists()  # noqa: SLF001

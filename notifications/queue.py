"""The one way to enqueue a task: by name, after commit. The broker is a convenience, the database the truth."""

import logging
import os
import threading
import time
from functools import lru_cache, partial
from typing import Any, Final

from celery import current_app
from django.db import transaction
from kombu import pools
from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)

# A request must not wait for a dead broker: one second to connect, one to answer, one more try.
TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 1}
RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
POOL_SECONDS = 1
# How long after a call the next ones of the same process wait, to be made as one.
MOMENT: Final = 0.2


def on_commit(task_name: str, **kwargs: object) -> None:
    """Enqueue a task once the present transaction commits; nothing if it rolls back.

    ``kwargs`` are primitives (ids, ISO instants). A broker that cannot be reached is logged and forgotten:
    what was owed stands in the database, and the sweep finds it. A task without any is a call to look what is there:
    those of one moment are made as one, the first at once (ADR 23).
    """
    after = partial(_send, task_name, kwargs) if kwargs else partial(_calls.make, task_name)
    transaction.on_commit(after, robust=True)


class _Calls:
    """When this process last made a call of each kind, and which of them wait for the end of their moment."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made_at: dict[str, float] = {}
        self.waiting: set[str] = set()

    def make(self, task_name: str) -> None:
        """Make the call now, or with the others at the end of the moment. Processes that end wait for it."""
        with self.lock:
            wait = self.made_at.get(task_name, 0) + MOMENT - time.monotonic()
            if wait > 0:
                if task_name not in self.waiting:
                    self.waiting.add(task_name)
                    threading.Timer(wait, self.make_waiting, [task_name]).start()
                return
            self.made_at[task_name] = time.monotonic()
        _send(task_name, {})

    def make_waiting(self, task_name: str) -> None:
        """Make one call for all that waited: whatever they committed is there to be found."""
        with self.lock:
            self.waiting.discard(task_name)
            self.made_at[task_name] = time.monotonic()
        _send(task_name, {})


_calls = _Calls()
# a child process has none of its parent's threads
os.register_at_fork(after_in_child=_calls.__init__)  # type: ignore[misc]


@lru_cache(maxsize=4)
def _producers(_broker: str) -> Any:
    return pools.producers[current_app.connection_for_write(transport_options=TIMEOUTS)]


def _send(task_name: str, kwargs: dict[str, object]) -> None:
    try:
        with _producers(str(current_app.conf.broker_write_url)).acquire(block=True, timeout=POOL_SECONDS) as producer:
            current_app.send_task(
                task_name, kwargs=kwargs, producer=producer, retry=True, retry_policy=RETRY_POLICY, ignore_result=True
            )
    except (KombuError, OSError) as lost:
        # The payload stays out of the log, and so does the broker's address with its password.
        logger.warning("Task %s was not enqueued (%s); the sweep will do its work.", task_name, type(lost).__name__)

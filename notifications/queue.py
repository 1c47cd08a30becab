"""The one way to enqueue a task: by name, after commit. The broker is a convenience, the database the truth."""

import logging
from functools import lru_cache, partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu import pools
from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)

# A request must not wait for a dead broker: one second to connect, one to answer, one more try.
TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 1}
RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
POOL_SECONDS = 1


def on_commit(task_name: str, **kwargs: object) -> None:
    """Enqueue a task once the present transaction commits; nothing if it rolls back.

    ``kwargs`` are primitives (ids, ISO instants). A broker that cannot be reached is logged and forgotten:
    what was owed stands in the database, and the sweep finds it.
    """
    transaction.on_commit(partial(_send, task_name, kwargs), robust=True)


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

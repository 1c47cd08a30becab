"""How many tasks may send at once. Without a limit, a mail server that hangs would take all workers from the sweep."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SLOTS = 2
_LOCK_CLASS = 0x6E6F7469  # "noti": the first half of the advisory lock's key


@contextmanager
def free_slot() -> Iterator[bool]:
    """Hold one of the slots while the block runs; yield False if all are taken.

    Session-level advisory locks: a killed worker loses its connection and with it the lock.
    """
    slot = next((number for number in range(SLOTS) if _ask("SELECT pg_try_advisory_lock(%s, %s)", number)), None)
    try:
        yield slot is not None
    finally:
        if slot is not None and connection.is_usable():
            _ask("SELECT pg_advisory_unlock(%s, %s)", slot)


def _ask(question: str, slot: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [_LOCK_CLASS, slot])
        return bool(cursor.fetchone()[0])

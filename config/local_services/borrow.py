"""The embedded servers for one command: start them if they are down, stop them if nobody else needs them.

Everyone who uses the servers holds a shared lock; whoever leaves last turns off the light, unless
``python -m config.local_services start`` said that it stays on.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from config.local_services.embedded import Postgres, Valkey
from config.local_services.places import Places


def keep_file(places: Places) -> Path:
    """Exists while the servers are meant to stay up by themselves."""
    return places.local / "keep"


@contextlib.contextmanager
def exclusive(places: Places, name: str) -> Iterator[None]:
    """Hold the lock ``name`` alone, waiting for it."""
    places.local.mkdir(parents=True, exist_ok=True)
    with (places.local / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def using(places: Places) -> Iterator[IO[str]]:
    """Count among those who use the servers."""
    places.local.mkdir(parents=True, exist_ok=True)
    with (places.local / "using.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield lock


@contextlib.contextmanager
def servers(places: Places) -> Iterator[None]:
    """Have PostgreSQL and Valkey up inside the block."""
    postgres, valkey = Postgres(places), Valkey(places)
    with using(places) as lock:
        with exclusive(places, "start"):
            postgres.start()
            valkey.start()
        try:
            yield
        finally:
            if not keep_file(places).exists() and _alone(lock):
                valkey.stop()
                postgres.stop()


def _alone(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

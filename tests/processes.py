"""Real processes for the tests that need them: a Celery worker with its beat, and an SMTP server on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import redis
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[1]
# each xdist worker has its own numbered database in the one Valkey, after the cache's 0
LANE = 2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def wait_for(what: Callable[[], object], *, seconds: float = 60, message: str = "") -> None:
    """Wait until ``what`` is true.

    :raises AssertionError: after ``seconds``
    """
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, message or f"not within {seconds} s: {what}"
        time.sleep(0.1)


def broker() -> redis.Redis:
    """Return a client of this test's own broker lane."""
    return redis.Redis.from_url(_lane(settings.CACHES["default"]["LOCATION"], "db"))


def test_database_url() -> str:
    """Return the URL of the database this test runs in."""
    at = connection.settings_dict
    found = {"host": at["HOST"] or at["OPTIONS"].get("host"), "port": at["PORT"] or at["OPTIONS"].get("port")}
    query = urlencode({name: value for name, value in found.items() if value}, safe="/")
    password = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
    return f"postgres://{quote(at['USER'], safe='')}{password}@/{at['NAME']}?{query}"


test_database_url.__test__ = False  # type: ignore[attr-defined]  # not a test


def _lane(url: str, name: str) -> str:
    if url.startswith(("redis+socket://", "unix://")):
        return f"{url.partition('?')[0]}?{name}={LANE}"
    return f"{url.rstrip('/').rpartition('/')[0] if url.count('/') > 2 else url}/{LANE}"


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a process that works on this test's database and broker lane."""
    return {
        **os.environ,
        "DATABASE_URL": test_database_url(),
        "DATABASE_OWNER_URL": test_database_url(),
        "BROKER_URL": _lane(settings.BROKER_URL, "virtual_host"),
        "CACHE_URL": _lane(settings.CACHES["default"]["LOCATION"], "db"),
        "CONN_MAX_AGE": "0",
        "PYTHONWARNINGS": "ignore",
        **extra,
    }


@dataclass(slots=True)
class Worker:
    """A Celery worker with its beat, sweeping every second."""

    env: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it in a process group of its own."""
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-P", "threads", "-c", "2"]
        command += ["--without-gossip", "--without-mingle", "-l", "INFO", "-s", str(self.log) + ".beat"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, start_new_session=True, stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def worker(log: Path, **extra: str) -> Iterator[Worker]:
    """Yield a worker, not started; whatever it started is gone afterwards."""
    broker().flushdb()
    made = Worker(environment(SWEEP_SECONDS="1", **extra), log)
    try:
        yield made
    finally:
        made.kill()
        broker().flushdb()


@dataclass(slots=True)
class Mailbox:
    """What an SMTP server on loopback received: Message-ID and recipient of every message."""

    received: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server, _session, envelope) -> str:
        """Keep one message."""
        text = envelope.content.decode("utf-8", "replace")
        number = next(line for line in text.splitlines() if line.lower().startswith("message-id:"))
        self.received.append((number.partition(":")[2].strip(), envelope.rcpt_tos[0]))
        self.bodies.append(text)
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def smtp_server(box: Mailbox | None = None) -> Iterator[tuple[Mailbox, str]]:
    """Yield a mailbox, this one if given, and the EMAIL_URL that reaches it."""
    box = box or Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()

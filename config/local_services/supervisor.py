"""Everything Linli needs, started in order, kept alive and stopped together.

Beat is a process of its own, although ``worker -B`` would save some memory: a worker killed by -9 leaves its embedded
beat behind, and nobody would stop it (ADR 0001).
"""

import contextlib
import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from types import FrameType

from config.local_services import borrow, chores, environment, processes
from config.local_services.children import Child, commands
from config.local_services.embedded import Postgres, Valkey
from config.local_services.errors import Trouble
from config.local_services.places import Places

LOOK_EVERY = 0.5
SERVERS_EVERY = 5.0
PAGE_WITHIN = 120.0
CHILDREN_END_WITHIN = 12.0
HIGHEST_PORT = 65535
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AskedToStop(BaseException):
    """Raised where we stand when Ctrl-C or SIGTERM comes. No Exception: nothing may swallow it."""


def port_number(text: str) -> int:
    """Return ``text`` as a port.

    :raises Trouble: if it is none
    """
    if text.isdigit() and 0 < int(text) <= HIGHEST_PORT:
        return int(text)
    raise Trouble(f"PORT={text} is not a port; choose a number from 1 to {HIGHEST_PORT}.")


class Supervisor:
    """One run of ``up``: from nothing to a page that answers, until it is told to stop."""

    def __init__(self, here: Places, *, port: int, demo: bool = True) -> None:
        self.here = here
        self.demo = demo
        self.port = port
        self.began = time.monotonic()
        self.looked_at_servers = 0.0
        self.servers: list[Postgres | Valkey] = []
        self.children = [Child(name, command, here) for name, command in commands(here, port).items()]
        # gunicorn ends its workers itself.
        self.children[0].dies_by = signal.SIGTERM

    def run(self) -> int:
        """Start, watch, stop. Returns 0 after Ctrl-C or SIGTERM.

        :raises Trouble: when something cannot start; what was started by then is stopped
        """
        self.here.prepare()
        with self._only_one():
            for number in SIGNALS:
                signal.signal(number, _ask_to_stop)
            try:
                self._start()
                while True:
                    self._watch()
                    time.sleep(LOOK_EVERY)
            except AskedToStop:
                self._say("stopping")
            finally:
                self._stop()
        self._say("stopped; the data stays")
        return 0

    def _start(self) -> None:
        leftovers = [child.name for child in self.children if child.end_leftover()]
        if leftovers:
            self._say(f"ended what an earlier start had left running: {', '.join(leftovers)}")
        _check_port(self.port)
        # Before the addresses are filled in: what is named already is somebody else's server.
        if not os.environ.get("BROKER_URL"):
            self.servers.append(Valkey(self.here))
        if not os.environ.get("DATABASE_URL"):
            self.servers.append(Postgres(self.here))
        environment.load(self.here)
        with borrow.exclusive(self.here, "start"):
            for server in self.servers:
                server.start(dies_with_us=True)
        if self.servers:
            self._say(" and ".join(type(server).__name__ for server in self.servers) + " up")
        chores.compile_messages()
        if chores.migrate():
            self._say("database migrated")
        if chores.collect_static(self.here):
            self._say("static files collected")
        fresh = self.demo and chores.load_demo(self.here)
        if fresh:
            self._say("demo district loaded")
        for child in self.children:
            child.start()
        self._wait_for_page()
        self._greet(fresh=fresh)

    def _watch(self) -> None:
        for child in self.children:
            said = child.keep_alive()
            if said:
                self._say(said)
        if time.monotonic() - self.looked_at_servers < SERVERS_EVERY:
            return
        self.looked_at_servers = time.monotonic()
        for server in self.servers:
            if not server.is_up():
                self._say(f"{type(server).__name__} is gone; starting it again (see {server.log})")
                try:
                    server.start(dies_with_us=True)
                except Trouble as trouble:
                    self._say(str(trouble))

    def _stop(self) -> None:
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + CHILDREN_END_WITHIN
        for child in self.children:
            child.end(deadline - time.monotonic())
        if not borrow.keep_file(self.here).exists():
            for server in self.servers:
                server.stop()

    def _wait_for_page(self) -> None:
        web = self.children[0]

        def answers() -> bool:
            return web.has_ended() or _page_answers(self.port)

        if not processes.wait_until(answers, seconds=PAGE_WITHIN, every=0.1) or web.has_ended():
            raise Trouble(f"The web server does not answer: {processes.last_line(web.log)} (more in {web.log})")

    def _greet(self, *, fresh: bool) -> None:
        if not fresh and self.here.accounts_file.exists():
            print(self.here.accounts_file.read_text())
        self._say(f"Linli answers at http://localhost:{self.port}/ - stop it with Ctrl-C")

    def _say(self, what: str) -> None:
        print(f"[{time.monotonic() - self.began:5.1f} s] {what}", file=sys.stderr, flush=True)

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        pid_file = self.here.pids / "supervisor.pid"
        with (self.here.local / "up.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(
                    f"Linli already runs here (process {processes.read_pid(pid_file)}); "
                    "stop it with Ctrl-C there, or with 'python -m config.local_services stop'."
                ) from None
            pid_file.write_text(f"{os.getpid()}\n")
            try:
                with borrow.using(self.here):
                    yield
            finally:
                pid_file.unlink(missing_ok=True)


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not break the stopping.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise AskedToStop


def _check_port(port: int) -> None:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError as error:
            why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
            raise Trouble(f"Port {port} {why}; choose another one: make demo PORT={port + 1}") from None


def _page_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except OSError:
        return False
    finally:
        connection.close()

"""`make demo`: everything starts, stays alive and stops together."""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.local_services import processes
from config.local_services.children import Child
from config.local_services.embedded import Postgres, Valkey
from config.local_services.places import BASE_DIR


def _free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _up(*more, port):
    return subprocess.Popen(
        [sys.executable, "-m", "config.local_services", "up", "--no-demo", "--port", str(port), *more],
        cwd=BASE_DIR,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextlib.contextmanager
def _running(port):
    with _up(port=port) as process:
        try:
            said = ""
            for line in process.stdout:
                said += line
                if "answers at" in line:
                    break
            assert f"http://localhost:{port}/" in said, said
            yield process
        finally:
            process.kill()


def _descendants(pid):
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _alive(pids):
    return [processes.command_line(pid) for pid in pids if processes.command_line(pid)]


def _status_of(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "localhost"})
    try:
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.timeout(300)  # two starts of everything, on a machine that may be busy
def test_it_stops_every_process_it_started_and_comes_back_with_the_data(own_local):
    port = _free_port()
    with _running(port) as up:
        started = _descendants(up.pid)
        assert _status_of(port, "/healthz") == 200
        assert len([line for line in _alive(started) if "celery" in line or "gunicorn" in line]) >= 4
        with Postgres(own_local).connect() as connection:
            connection.execute("CREATE TABLE kept (word text)")

        up.send_signal(signal.SIGINT)  # Ctrl-C
        said, _ = up.communicate(timeout=60)

        assert up.returncode == 0
        assert said.endswith("stopped; the data stays\n")
        assert _alive(started) == []

    with _running(port) as up:
        started = _descendants(up.pid)
        with Postgres(own_local).connect() as connection:
            assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == ("kept",)

        up.kill()
        up.wait()

        # The kernel has told the children; they need their moment.
        processes.wait_until(lambda: not _alive(started), seconds=20)
        assert _alive(started) == []


@pytest.mark.timeout(300)
def test_with_servers_named_it_starts_none_of_its_own(own_local, here, bare_environ):
    Postgres(here, throwaway=True).start()
    Valkey(here, throwaway=True).start()
    bare_environ["DATABASE_URL"] = f"postgres://linli_app@/linli?host={here.run}"
    bare_environ["DATABASE_OWNER_URL"] = f"postgres://linli_owner@/linli?host={here.run}"
    bare_environ["BROKER_URL"] = f"redis+socket://{here.valkey_socket}"
    port = _free_port()

    with _running(port) as up:
        status = _status_of(port, "/healthz")
        up.send_signal(signal.SIGTERM)
        up.wait(timeout=60)

    assert status == 200
    assert not own_local.pgdata.exists()
    assert Postgres(here).is_up()
    assert Valkey(here).is_up()


def test_a_taken_port_gets_one_sentence(own_local):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]

        said, _ = _up(port=port).communicate(timeout=60)

    assert said == f"Port {port} is taken by another program; choose another one: make demo PORT={port + 1}\n"
    assert not own_local.pgdata.exists()


@pytest.mark.usefixtures("own_local")
def test_a_port_that_is_none_gets_one_sentence():
    said, _ = _up(port="eighty").communicate(timeout=60)

    assert said == "PORT=eighty is not a port; choose a number from 1 to 65535.\n"


def test_a_second_one_in_the_same_place_is_refused(own_local):
    own_local.prepare()
    (own_local.pids / "supervisor.pid").write_text("4711\n")
    with (own_local.local / "up.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        said, _ = _up(port=_free_port()).communicate(timeout=60)

    assert said.startswith("Linli already runs here (process 4711)")


def test_what_a_killed_supervisor_left_is_ended(here):
    here.prepare()
    child = Child("sleeper", ["/bin/sh", "-c", "sleep 60; true", "linli"], here)
    child.start()
    number = processes.read_pid(child.pid_file)

    ended = Child("sleeper", child.command, here).end_leftover()

    assert ended is True
    assert processes.command_line(number) == ""
    child.end(0)


def test_a_stale_pid_file_harms_nobody(here):
    here.prepare()
    child = Child("worker", ["/no/such/program", "-m", "celery", "-A"], here)
    child.pid_file.write_text(f"{os.getpid()}\n")

    assert child.end_leftover() is False
    assert not child.pid_file.exists()


def test_a_child_that_dies_is_started_again_after_a_pause(here):
    here.prepare()
    child = Child("short", ["/bin/sh", "-c", "exit 3", "linli"], here)
    child.start()
    processes.wait_until(child.has_ended, seconds=5)

    said = child.keep_alive()
    time.sleep(1.1)
    child.keep_alive()

    assert said.startswith("short ended with code 3; starting it again")
    assert processes.wait_until(child.has_ended, seconds=5)
    child.end(0)

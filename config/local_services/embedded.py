"""The life of an embedded PostgreSQL and an embedded Valkey: make, start, adopt, stop.

Both may be running already (left by an earlier start): then they are taken over as they are.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.local_services import binaries, processes
from config.local_services.errors import Trouble
from config.local_services.places import Places

DATABASE = "linli"
OWNER = "linli_owner"
APP = "linli_app"
SUPERUSER = "postgres"
ROLES_SQL = Path(__file__).with_name("roles.sql")
FIRST_WITH_BUILTIN_LOCALES = 17
FIRST_WITH_IO_METHOD = 18
# macOS knows no C.UTF-8 as lc_ctype (read, not run there).
LOCALE = "C.UTF-8" if sys.platform != "darwin" else "en_US.UTF-8"
# Only where losing everything at a power cut is fine.
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def plain_environment() -> dict[str, str]:
    """Return our environment without what would bend a server: locale (it decides the trigrams), PG*, time zone."""
    bending = ("LC_", "LANG", "PG", "TZ")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(bending)}
    return kept | {"LC_ALL": LOCALE, "TZ": "UTC"}


@dataclass
class Postgres:
    """One cluster in ``places.pgdata``, reachable only through a socket in ``places.run``."""

    places: Places
    throwaway: bool = False

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.places.state / "postgres.log"

    def is_up(self) -> bool:
        """Tell whether the server answers a query."""
        try:
            with self.connect("postgres") as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = DATABASE, user: str = SUPERUSER) -> "psycopg.Connection[tuple[object, ...]]":
        """Open a connection that commits every statement by itself."""
        return psycopg.connect(
            host=str(self.places.run), dbname=database, user=user, autocommit=True, connect_timeout=5
        )

    def start(self, *, dies_with_us: bool = False) -> bool:
        """Make the cluster if there is none, start it, see to database and roles; return whether we started it.

        :raises Trouble: if the data folder is half made, of another version, or the server refuses to start
        """
        self.places.prepare()
        if self.is_up():
            self._see_to_roles()
            return False
        folder = binaries.postgres_bin(self.places.account)
        self._see_to_cluster(folder)
        if not self._clear_stale():
            self._launch(folder, dies_with_us=dies_with_us)
        self._see_to_roles()
        return True

    def stop(self) -> None:
        """End the server the fast way: open transactions are rolled back, data stays."""
        pid = processes.read_pid(self.places.pgdata / "postmaster.pid")
        if pid:
            processes.end(pid, str(self.places.pgdata), ask=signal.SIGINT, seconds=30)

    def _see_to_cluster(self, folder: Path) -> None:
        data = self.places.pgdata
        version = data / "PG_VERSION"
        major = binaries.postgres_major(folder)
        if version.exists() and (data / "global" / "pg_control").exists():
            made_by = version.read_text().strip()
            if made_by != str(major):
                raise Trouble(
                    f"{data} was made by PostgreSQL {made_by} and the binaries are {major}: "
                    "point PG_BIN at the older ones and take a backup, or start over with RESET=1."
                )
            return
        if data.exists() and any(data.iterdir()):
            raise Trouble(f"{data} is half made or damaged; start over with RESET=1 (its data is lost).")
        self._initialise(folder, major)

    def _initialise(self, folder: Path, major: int) -> None:
        # Under another name until it is whole: a broken initdb leaves nothing that looks like a cluster.
        half = self.places.state / "pgdata.half"
        shutil.rmtree(half, ignore_errors=True)
        command = [str(folder / "initdb"), "-D", str(half), "-U", SUPERUSER, "--encoding=UTF8", f"--locale={LOCALE}"]
        command += ["--auth-local=trust", "--auth-host=reject", "--no-sync"]
        if major >= FIRST_WITH_BUILTIN_LOCALES:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        account = self.places.account
        done = subprocess.run(
            command,
            env=plain_environment(),
            cwd=self.places.state,
            capture_output=True,
            text=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            shutil.rmtree(half, ignore_errors=True)
            raise Trouble(f"initdb failed: {(done.stderr or done.stdout).strip()}")
        if self.places.pgdata.exists():
            self.places.pgdata.rmdir()
        half.rename(self.places.pgdata)

    def _clear_stale(self) -> bool:
        """Wait for a server that is just starting or ending; else clear what a dead one left. True: it is up now."""
        pid_file = self.places.pgdata / "postmaster.pid"
        sign = str(self.places.pgdata)

        def settled() -> bool:
            return not processes.is_ours(processes.read_pid(pid_file), sign) or self.is_up()

        if not processes.wait_until(settled, seconds=30):
            raise Trouble(f"PostgreSQL in {self.places.pgdata} neither answers nor ends; see {self.log}.")
        if self.is_up():
            return True
        # The number in a stale pid file may belong to another process by now; PostgreSQL itself would give up.
        pid_file.unlink(missing_ok=True)
        for left in self.places.run.glob(".s.PGSQL.5432*"):
            left.unlink()
        return False

    def _launch(self, folder: Path, *, dies_with_us: bool) -> None:
        options = ["listen_addresses=", f"unix_socket_directories={self.places.run}", "unix_socket_permissions=0700"]
        options += ["jit=off", "log_checkpoints=off"]
        if binaries.postgres_major(folder) >= FIRST_WITH_IO_METHOD:
            options.append("io_method=sync")
        if self.throwaway:
            options += FAST_AND_FORGETFUL
        command = [str(folder / "postgres"), "-D", str(self.places.pgdata)]
        for option in options:
            command += ["-c", option]
        child = processes.spawn(
            command,
            log=self.log,
            env=plain_environment(),
            cwd=self.places.state,
            account=self.places.account,
            dies_by=signal.SIGINT if dies_with_us else None,
        )
        processes.wait_until(lambda: child.poll() is not None or self.is_up(), seconds=60)
        if not self.is_up():
            self.stop()
            raise Trouble(f"PostgreSQL did not start: {processes.last_line(self.log)} (more in {self.log})")

    def _see_to_roles(self) -> None:
        """Make roles, default rights and extensions in template1, so that every later database has them too."""
        with self.connect("postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known:
            return
        with self.connect("template1") as connection:
            connection.execute(ROLES_SQL.read_bytes())
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}".encode())


@dataclass
class Valkey:
    """One server behind ``places.valkey_socket``; no port."""

    places: Places
    throwaway: bool = False

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.places.state / "valkey.log"

    @property
    def pid_file(self) -> Path:
        """Where the server writes its number."""
        return self.places.run / "valkey.pid"

    def is_up(self) -> bool:
        """Tell whether the server answers PING."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as door:
            door.settimeout(2)
            door.connect(str(self.places.valkey_socket))
            door.sendall(b"PING\r\n")
            return door.recv(16).startswith(b"+PONG")
        return False

    def start(self, *, dies_with_us: bool = False) -> bool:
        """Start the server; return whether we did, or it was up.

        :raises Trouble: if it does not come up
        """
        self.places.prepare()
        if processes.is_ours(processes.read_pid(self.pid_file), "valkey-server"):
            processes.wait_until(self.is_up, seconds=5)
        if self.is_up():
            return False
        if self._launch(dies_with_us=dies_with_us):
            return True
        # A broker is not a store: whatever it cannot read back, the next sweep finds again in the database.
        self.places.valkey_dir.rename(self.places.state / f"valkey.broken.{os.getpid()}")
        self.places.prepare()
        if not self._launch(dies_with_us=dies_with_us):
            raise Trouble(f"Valkey did not start: {processes.last_line(self.log)} (more in {self.log})")
        return True

    def stop(self) -> None:
        """End the server; what it holds is on disk, except in a throw-away one."""
        pid = processes.read_pid(self.pid_file)
        if pid:
            processes.end(pid, str(self.places.run), ask=signal.SIGTERM, seconds=10)

    def _launch(self, *, dies_with_us: bool) -> bool:
        command = [str(binaries.valkey_server(self.places.account)), "--port", "0"]
        command += ["--unixsocket", str(self.places.valkey_socket), "--unixsocketperm", "700"]
        command += ["--pidfile", str(self.pid_file), "--dir", str(self.places.valkey_dir)]
        command += ["--save", "", "--appendonly", "no" if self.throwaway else "yes"]
        command += ["--maxmemory", "128mb", "--maxmemory-policy", "noeviction", "--daemonize", "no"]
        child = processes.spawn(
            command,
            log=self.log,
            env=plain_environment(),
            cwd=self.places.state,
            account=self.places.account,
            dies_by=signal.SIGTERM if dies_with_us else None,
        )
        processes.wait_until(lambda: child.poll() is not None or self.is_up(), seconds=20)
        if child.poll() is None and self.is_up():
            return True
        self.stop()
        return False

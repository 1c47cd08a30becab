"""Celery workers and beats as processes of their own, for crash tests and benches with servers of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Daemon:
    """A process that can be killed, and is started again when it has died, as the supervisor does."""

    kind: str
    command: list[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a process group of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", *self.command],
                cwd=ROOT,
                env=self.env,
                start_new_session=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def see_to(self) -> None:
        """Start it again if it has died."""
        if self.process is not None and self.process.poll() is not None:
            self.start()


def celery_worker(env: Mapping[str, str], log: Path, *, threads: int = 4) -> Daemon:
    """Return a started worker, named after its log."""
    command = ["worker", "-P", "threads", "-c", str(threads), "--without-gossip", "--without-mingle", "-l", "INFO"]
    return _started(Daemon("worker", [*command, "-n", f"{log.stem}@%h"], env, log))


def celery_beat(env: Mapping[str, str], log: Path) -> Daemon:
    """Return a started beat."""
    return _started(Daemon("beat", ["beat", "-l", "INFO", "--pidfile="], env, log))


def _started(daemon: Daemon) -> Daemon:
    daemon.start()
    return daemon

"""One process under supervision: web server, worker or beat."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.local_services import processes
from config.local_services.places import BASE_DIR, Places

# A child that fails at once is tried again after 1, 2, 4 … seconds; one that lived this long starts from 1 again.
LIVED_LONG = 60.0
LONGEST_PAUSE = 30.0


def commands(here: Places, port: int) -> Mapping[str, Sequence[str]]:
    """Return the command of every child, in the order of their start."""
    python = sys.executable
    web = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    web += ["--threads", "4", "--graceful-timeout", "5", "--control-socket", str(here.run / "gunicorn.ctl")]
    celery = [python, "-m", "celery", "-A", "config"]
    worker = [*celery, "worker", "-P", "threads", "-c", "4", "--without-gossip", "--without-mingle", "-l", "WARNING"]
    beat = [*celery, "beat", "-l", "WARNING", "--pidfile="]
    return {"web": web, "worker": worker, "beat": beat}


@dataclass
class Child:
    """A process that is started again when it dies."""

    name: str
    command: Sequence[str]
    here: Places
    # What the kernel sends when we are gone: a worker that is asked politely would wait for a broker that is gone too.
    dies_by: signal.Signals = signal.SIGKILL
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    _started: float = 0.0
    _pause: float = 1.0
    _not_before: float = 0.0

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self.here.logs / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        """Where its number stands, for a later start to find what an earlier one left."""
        return self.here.pids / f"{self.name}.pid"

    @property
    def sign(self) -> str:
        """What its command line begins with."""
        return " ".join(self.command[:4])

    def start(self) -> None:
        """Start it; the kernel ends it when we are gone."""
        if self.log.exists() and self._process is None:
            self.log.rename(self.log.with_suffix(".log.1"))
        self._process = processes.spawn(self.command, log=self.log, env=os.environ, cwd=BASE_DIR, dies_by=self.dies_by)
        self.pid_file.write_text(f"{self._process.pid}\n")
        self._started = time.monotonic()

    def has_ended(self) -> bool:
        """Tell whether it was started and is no more."""
        return self._process is not None and self._process.poll() is not None

    def keep_alive(self) -> str:
        """Start it again if it has died and its pause is over; return what is to be said about it."""
        if not self.has_ended() or self._process is None:
            return ""
        now = time.monotonic()
        if not self._not_before:
            self._kill_group(self._process.pid)  # whatever it forked
            if now - self._started > LIVED_LONG:
                self._pause = 1.0
            self._not_before = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            return f"{self.name} ended with code {self._process.returncode}; starting it again (see {self.log})"
        if now >= self._not_before:
            self._not_before = 0.0
            self.start()
        return ""

    def ask_to_end(self) -> None:
        """Send SIGTERM: finish what is in hand."""
        if self._process and not self.has_ended():
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def end(self, seconds: float) -> None:
        """Wait ``seconds`` for it to end, then kill it with everything it forked."""
        if self._process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=max(seconds, 0))
            self._kill_group(self._process.pid)
            self._process.wait()
            self._process = None
        self.pid_file.unlink(missing_ok=True)

    def end_leftover(self) -> bool:
        """End what a supervisor that was killed has left running; return whether there was anything."""
        pid = processes.read_pid(self.pid_file)
        left = pid is not None and processes.is_ours(pid, self.sign)
        if left and pid:
            processes.end(pid, self.sign, ask=signal.SIGTERM, seconds=10)
        self.pid_file.unlink(missing_ok=True)
        return left

    @staticmethod
    def _kill_group(pid: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)

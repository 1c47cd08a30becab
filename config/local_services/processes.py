"""Starting, recognising and ending processes, on Linux and macOS."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.local_services.places import Account

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1
# A server may outlive whoever started it: the handles stay here, and nobody complains of a process left running.
_spawned: "dict[int, subprocess.Popen[bytes]]" = {}
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path | None = None,
    account: Account | None = None,
    dies_by: signal.Signals | None = None,
) -> "subprocess.Popen[bytes]":
    """Start ``command`` in a session of its own, so that Ctrl-C reaches only us.

    With ``dies_by`` the kernel sends that signal when we are gone, however we went (Linux; elsewhere the pid files
    are the only trace).
    """
    with log.open("ab") as out:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(dies_by) if dies_by and _libc else None,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    _spawned[child.pid] = child
    return child


def _die_with_parent(sent: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def ask() -> None:
        # Runs in the child between fork and exec.
        _libc.prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)  # type: ignore[union-attr]
        if os.getppid() != parent:
            os._exit(1)

    return ask


def command_line(pid: int) -> str:
    """Return the command line of ``pid``, or "" when there is no such living process."""
    if pid in _spawned:
        _spawned[pid].poll()  # a dead child of ours keeps its number until somebody asks
    if (PROC / "self").exists():
        try:
            return (PROC / f"{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    shown = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def is_ours(pid: int | None, sign: str) -> bool:
    """Tell whether ``pid`` lives and its command line carries ``sign``: a pid file alone proves nothing."""
    return bool(pid) and sign in command_line(int(pid or 0))


def read_pid(file: Path) -> int | None:
    """Return the number on the first line of ``file``, or None when there is none."""
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.03) -> bool:
    """Ask ``condition`` until it holds or ``seconds`` are over; return whether it held."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def end(pid: int, sign: str, *, ask: signal.Signals, seconds: float) -> None:
    """Ask the process to end, wait ``seconds``, then kill its whole group."""

    def gone() -> bool:
        return not is_ours(pid, sign)

    if not gone():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, ask)
        if not wait_until(gone, seconds=seconds):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            wait_until(gone, seconds=5)
    child = _spawned.get(pid)
    if child is not None:  # one that is ending has no command line any more, and is still to be waited for
        wait_until(lambda: child.poll() is not None, seconds=5)


def last_line(file: Path) -> str:
    """Return the last line of a log that says something."""
    try:
        lines = [line.strip() for line in file.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        return ""
    return lines[-1] if lines else ""

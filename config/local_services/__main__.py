"""``python -m config.local_services up|start|stop|status|reset|env|backup|restore``."""

import argparse
import contextlib
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.local_services import backup, borrow, environment, processes, supervisor
from config.local_services.embedded import Postgres, Valkey
from config.local_services.errors import Trouble
from config.local_services.places import Places, orphans, places


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; trouble is one sentence on the standard error."""
    given = _parser().parse_args(arguments)
    os.environ["PORT"] = given.port
    try:
        here = places()
        if given.command == "restore":
            with backup.open_backup(given.file or Path()):
                pass  # before anything is thrown away for it
        if given.reset:
            reset(here)
            here = places()
        if given.command == "up":
            port = supervisor.port_number(given.port)
            return supervisor.Supervisor(here, port=port, demo=not given.no_demo).run()
        if given.command == "backup":
            print(f"Written: {backup.backup(here, given.file)} - it holds the keys too, keep it as you keep them.")
        elif given.command == "restore":
            backup.restore(here, given.file or Path())
            print("Restored: database, uploads and keys.")
        else:
            COMMANDS[given.command](here)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.local_services", description=__doc__)
    parser.add_argument("command", choices=["up", "backup", "restore", *COMMANDS])
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="of up")
    parser.add_argument("--no-demo", action="store_true", help="with up: leave an empty database empty")
    parser.add_argument("--reset", action="store_true", help="with up and restore: throw the data away first")
    parser.add_argument("--file", type=Path, help="of backup and restore")
    return parser


def start(here: Places) -> None:
    """Start the servers, to stay up until ``stop``."""
    _refuse_if_external("started")
    environment.load(here)
    with borrow.using(here), borrow.exclusive(here, "start"):
        borrow.keep_file(here).touch()
        Postgres(here).start()
        Valkey(here).start()
    print(f"PostgreSQL and Valkey are up in {here.run}.")


def stop(here: Places) -> None:
    """Stop a running supervisor with everything it started, and the servers."""
    _halt(here)
    print("PostgreSQL and Valkey are down; the data stays.")


def _halt(here: Places) -> None:
    pid = processes.read_pid(here.pids / "supervisor.pid")
    if pid:
        processes.end(pid, "config.local_services", ask=signal.SIGTERM, seconds=30)
    borrow.keep_file(here).unlink(missing_ok=True)
    Valkey(here).stop()
    Postgres(here).stop()


def status(here: Places) -> None:
    """Say what runs and where the data lies."""
    pid = processes.read_pid(here.pids / "supervisor.pid")
    running = f"process {pid}" if processes.is_ours(pid, "config.local_services") else "down"
    print(f"supervisor  {running}")
    print(f"PostgreSQL  {'up' if Postgres(here).is_up() else 'down'}   data {here.pgdata}")
    print(f"Valkey      {'up' if Valkey(here).is_up() else 'down'}   data {here.valkey_dir}")
    print(f"secrets     {here.env_file}")
    for folder in orphans():
        print(f"left by a checkout that is gone, may be removed: {folder}")


def reset(here: Places) -> None:
    """Stop everything and delete all data, secrets and uploads of this installation; backups stay."""
    _refuse_if_external("cleared")
    _halt(here)
    kept = here.local / "backups"
    for folder in (here.state, here.run, *(path for path in here.local.glob("*") if path != kept)):
        if folder.is_dir():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        here.local.rmdir()


def show_environment(here: Places) -> None:
    """Print the variables for a shell: ``eval "$(python -m config.local_services env)"``."""
    for key, value in (environment.read_secrets(here) | environment.addresses(here)).items():
        print(f"export {key}={shlex.quote(value)}")


def _refuse_if_external(what: str) -> None:
    if environment.is_external():
        raise Trouble(f"DATABASE_URL names a server of yours; only the embedded ones are {what} from here.")


COMMANDS: Mapping[str, Callable[[Places], None]] = {
    "start": start,
    "stop": stop,
    "status": status,
    "reset": reset,
    "env": show_environment,
}

if __name__ == "__main__":
    sys.exit(main())

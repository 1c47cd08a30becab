"""Where the embedded servers live: folders, sockets and the account they run under."""

import hashlib
import os
import pwd
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.local_services.errors import Trouble, unwritable

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ROOT_HOME = Path("/var/lib/linli")
# sun_path holds 104 bytes on macOS and 108 on Linux, with the closing zero.
SOCKET_PATH_LIMIT = 103
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")
# What every reader of a URL (psycopg, kombu, redis-py) takes without quoting.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Account:
    """The unprivileged account that the servers run under when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one installation.

    ``local`` is ours (keys, logs, mail, uploads), ``state`` belongs to the servers' account, ``run`` holds sockets.
    """

    local: Path
    state: Path
    run: Path
    account: Account | None

    @property
    def env_file(self) -> Path:
        """The generated secrets."""
        return self.local / "env"

    @property
    def accounts_file(self) -> Path:
        """The demo accounts, written by ``load_demo``."""
        return self.local / "accounts.txt"

    @property
    def logs(self) -> Path:
        """The logs of web server, worker and beat."""
        return self.local / "logs"

    @property
    def pids(self) -> Path:
        """The pid files of what the supervisor started."""
        return self.local / "pids"

    @property
    def pgdata(self) -> Path:
        """The PostgreSQL cluster."""
        return self.state / "pgdata"

    @property
    def valkey_dir(self) -> Path:
        """The append-only file of Valkey."""
        return self.state / "valkey"

    @property
    def valkey_socket(self) -> Path:
        """The one door of Valkey."""
        return self.run / "valkey.sock"

    def prepare(self) -> None:
        """Make every folder, each with the owner it needs."""
        try:
            for folder in (self.local, self.logs, self.pids, self.local / "mail", self.local / "media"):
                folder.mkdir(parents=True, exist_ok=True)
            if self.account:
                self.state.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.state, self.valkey_dir, self.run):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if self.account:
                    os.chown(folder, self.account.uid, self.account.gid)
                elif folder.stat().st_uid != os.getuid():
                    raise Trouble(f"{folder} belongs to another account; remove it or set TMPDIR to a folder of yours.")
            if self.account:
                (self.state / "home").write_text(f"{self.local}\n")
        except PermissionError as error:
            raise unwritable(Path(error.filename)) from error


def service_account() -> Account | None:
    """Return the account for the servers when we are root (PostgreSQL refuses uid 0), else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Trouble("PostgreSQL does not run as root, and this machine has neither a 'postgres' nor a 'nobody' account.")


def places(local: Path | None = None) -> Places:
    """Return the folders of this checkout; ``LINLI_LOCAL`` moves them. Reads one file, makes nothing but the name.

    As root the servers' data stands under ``/var/lib/linli/<hash>``, because a checkout in a closed home cannot be
    entered by their account. The hash holds a random instance, so that a new clone in an old place starts afresh.
    """
    local = Path(local or os.environ.get("LINLI_LOCAL") or BASE_DIR / ".local").resolve()
    account = service_account()
    if account is None:
        return Places(local, local / "state", _run_dir(local / "run"), None)
    state = ROOT_HOME / _hash(f"{local}\0{_instance(local)}")
    return Places(local, state, _run_dir(state / "run"), account)


def orphans() -> list[Path]:
    """Return the data folders under ``/var/lib/linli`` whose checkout is gone."""
    homes = [(file.parent, Path(file.read_text().strip())) for file in sorted(ROOT_HOME.glob("*/home"))]
    return [state for state, local in homes if not (local / "instance").exists()]


def throwaway_places(folder: Path) -> Places:
    """Return places inside ``folder``, a temporary folder made by the caller, and open it to the servers' account."""
    account = service_account()
    if account:
        os.chown(folder, account.uid, account.gid)
    return Places(folder / "local", folder / "state", _run_dir(folder / "run"), account)


def _instance(local: Path) -> str:
    file = local / "instance"
    try:
        if not file.exists():
            local.mkdir(parents=True, exist_ok=True)
            file.write_text(secrets.token_hex(8) + "\n")
        return file.read_text().strip()
    except PermissionError as error:
        raise unwritable(local) from error


def _run_dir(wish: Path) -> Path:
    if len(str(wish).encode()) + LONGEST_SOCKET_NAME <= SOCKET_PATH_LIMIT and PLAIN_PATH.fullmatch(str(wish)):
        return wish
    return Path(tempfile.gettempdir()) / f"linli-{os.getuid()}-{_hash(str(wish))}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]

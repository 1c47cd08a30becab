"""What the database was made by, kept in the database's own comment.

While the house is being built every app has one initial migration that is rewritten in place. A database made by
an older one cannot be migrated; without this it would fail at some odd page instead of here.
"""

import ast
import hashlib
import json
import os
from pathlib import Path

import psycopg
from psycopg import sql

from config.local_services.errors import Trouble
from config.local_services.places import BASE_DIR

MARK = "linli "
Made = dict[str, dict[str, str]]


def initial_migrations(base: Path = BASE_DIR) -> dict[str, str]:
    """Return app → digest of what its first migration says (comments and the date in its head do not count)."""
    return {
        file.parent.parent.name: _digest(ast.dump(ast.parse(file.read_bytes())).encode())
        for file in sorted(base.glob("*/migrations/0001_*.py"))
    }


def all_migrations(base: Path = BASE_DIR) -> str:
    """Return one digest of every migration of ours and every locked package: same digest, nothing to migrate."""
    files = [*sorted(base.glob("*/migrations/*.py")), base / "requirements.lock"]
    return _digest(b"\0".join(str(file.relative_to(base)).encode() + file.read_bytes() for file in files))


def check(url: str) -> bool:
    """Compare the database behind ``url`` with our migrations; return whether there is nothing left to migrate.

    :raises Trouble: if it was made by an older initial migration
    """
    with psycopg.connect(url) as connection:
        made = _read(connection)
    ours = initial_migrations()
    changed = sorted(app for app, digest in made.get("initial", {}).items() if ours.get(app, digest) != digest)
    if changed:
        raise Trouble(
            f"The database was made by an older initial migration of {', '.join(changed)}; "
            "start over with 'make demo RESET=1' (its data is lost), or, where DATABASE_URL names a server of yours, "
            "with an empty database."
        )
    return made.get("migrated", {}).get("all") == all_migrations()


def record(url: str) -> None:
    """Write into the database what it has just been migrated by. ``url`` must log in as its owner."""
    made: Made = {"initial": initial_migrations(), "migrated": {"all": all_migrations()}}
    set_comment(url, MARK + json.dumps(made))


def comment(url: str) -> str:
    """Return what the database says about itself, for a backup."""
    with psycopg.connect(url) as connection:
        return MARK + json.dumps(_read(connection))


def set_comment(url: str, text: str) -> None:
    """Let the database say ``text`` about itself. ``url`` must log in as its owner."""
    with psycopg.connect(url) as connection:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(statement.format(sql.Identifier(connection.info.dbname), sql.Literal(text)))


def owner_url() -> str:
    """Return the address of the owner role, or of the only role there is."""
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def _read(connection: "psycopg.Connection[tuple[object, ...]]") -> Made:
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    text = str(row[0] or "") if row else ""
    return json.loads(text.removeprefix(MARK)) if text.startswith(MARK) else {}


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]

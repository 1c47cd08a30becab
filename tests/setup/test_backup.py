"""Everything that cannot be made again goes out in one file and comes back."""

import shutil
import stat

import psycopg
import pytest

from config.local_services import backup, borrow, environment
from config.local_services.embedded import Postgres
from config.local_services.errors import Trouble

pytestmark = pytest.mark.usefixtures("bare_environ")


def _fill(here):
    with borrow.servers(here), Postgres(here).connect(user="linli_owner") as owner:
        owner.execute("CREATE TABLE petition (number text)")
        owner.execute("INSERT INTO petition VALUES ('PX-1'), ('PX-2')")
        owner.execute("REVOKE UPDATE, DELETE ON petition FROM linli_app")
        owner.execute("COMMENT ON DATABASE linli IS 'linli {}'")
    (here.local / "media" / "photos").mkdir(parents=True)
    (here.local / "media" / "photos" / "a.jpg").write_bytes(b"picture")


def test_database_uploads_and_keys_come_back_as_they_were(here, folder, monkeypatch, bare_environ):
    environment.load(here)
    keys = {name: bare_environ[name] for name in environment.SECRETS}
    monkeypatch.delenv("DATABASE_URL")
    _fill(here)
    file = backup.backup(here, folder / "kept.tar")
    for lost in (here.state, here.local):
        shutil.rmtree(lost)
    for name in ("DATABASE_URL", *environment.SECRETS):
        monkeypatch.delenv(name)

    backup.restore(here, file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (here.local / "media" / "photos" / "a.jpg").read_bytes() == b"picture"
    assert {name: environment.read_secrets(here)[name] for name in keys} == keys
    with borrow.servers(here), Postgres(here).connect(user="linli_app") as app:
        assert app.execute("SELECT number FROM petition ORDER BY 1").fetchall() == [("PX-1",), ("PX-2",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM petition")


def test_a_database_with_something_in_it_is_left_as_it_is(here, folder, monkeypatch):
    environment.load(here)
    monkeypatch.delenv("DATABASE_URL")
    _fill(here)
    file = backup.backup(here, folder / "kept.tar")
    monkeypatch.delenv("DATABASE_URL")
    before = here.env_file.read_text()

    with pytest.raises(Trouble, match="The database is not empty"):
        backup.restore(here, file)

    assert here.env_file.read_text() == before


def test_a_server_of_somebody_elses_is_not_filled_under_other_keys(here, folder, bare_environ, monkeypatch):
    environment.load(here)
    monkeypatch.delenv("DATABASE_URL")
    file = backup.backup(here, folder / "kept.tar")
    bare_environ["DATABASE_URL"] = "postgres://db.example.org/linli"
    bare_environ["PERSON_KEYS"] = "k9:other"

    with pytest.raises(Trouble, match="sealed with other keys"):
        backup.restore(here, file)


def test_any_other_file_is_refused(here, folder):
    (folder / "holiday.jpg").write_bytes(b"picture")

    with pytest.raises(Trouble, match="cannot be read as a backup"):
        backup.restore(here, folder / "holiday.jpg")

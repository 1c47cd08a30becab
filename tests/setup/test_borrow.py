"""Servers for one command."""

from config.local_services import borrow
from config.local_services.embedded import Postgres, Valkey


def test_the_servers_are_up_inside_and_down_afterwards(here):
    with borrow.servers(here):
        assert Postgres(here).is_up()
        assert Valkey(here).is_up()

    assert not Postgres(here).is_up()
    assert not Valkey(here).is_up()


def test_whoever_leaves_last_turns_off_the_light(here):
    with borrow.servers(here):
        with borrow.servers(here):
            pass
        assert Postgres(here).is_up()

    assert not Postgres(here).is_up()


def test_servers_that_were_told_to_stay_stay(here):
    here.prepare()
    borrow.keep_file(here).touch()

    with borrow.servers(here):
        pass

    assert Postgres(here).is_up()
    assert Valkey(here).is_up()

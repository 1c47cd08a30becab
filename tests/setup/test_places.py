"""Where the embedded servers live."""

import os

from config.local_services import places
from config.local_services.places import SOCKET_PATH_LIMIT, throwaway_places


def test_a_path_too_long_for_a_socket_gets_a_short_folder(folder):
    long = folder / ("x" * 100)
    long.mkdir()

    here = throwaway_places(long)

    assert len(f"{here.run}/.s.PGSQL.5432") <= SOCKET_PATH_LIMIT
    assert str(os.getuid()) in here.run.name


def test_a_path_that_no_url_takes_unquoted_gets_a_plain_folder(folder):
    (folder / "邻 里").mkdir()

    here = throwaway_places(folder / "邻 里")

    assert places.PLAIN_PATH.fullmatch(str(here.run))
    assert here.pgdata.is_relative_to(folder / "邻 里")


def test_a_new_clone_in_an_old_place_gets_data_of_its_own(folder, monkeypatch):
    monkeypatch.setattr(places, "service_account", lambda: places.Account("nobody", 65534, 65534))
    monkeypatch.setattr(places, "ROOT_HOME", folder / "home")
    first = places.places(folder / "local")
    again = places.places(folder / "local")
    (folder / "local" / "instance").unlink()
    second = places.places(folder / "local")

    assert first == again
    assert first.state != second.state

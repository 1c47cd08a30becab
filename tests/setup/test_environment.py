"""Where the settings come from: embedded servers, or servers that are named."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import environ
import pytest

import manage
from config.local_services import environment
from config.local_services.errors import Trouble
from config.local_services.places import BASE_DIR

REQUIRED = ("SECRET_KEY", "PERSON_KEYS", "BLIND_INDEX_KEY", "DATABASE_URL", "BROKER_URL", "EMAIL_URL")


def test_the_first_start_makes_secrets_that_only_we_may_read(here):
    first = environment.read_secrets(here)

    assert stat.S_IMODE(here.env_file.stat().st_mode) == 0o600
    assert re.fullmatch(r"k1:[A-Za-z0-9+/]{43}=", first["PERSON_KEYS"])
    assert len(set(first.values())) == 3
    assert environment.read_secrets(here) == first


def test_without_database_url_a_command_gets_the_embedded_addresses(own_local, bare_environ):
    with manage.environment("check"):
        assert bare_environ["DATABASE_URL"] == f"postgres://linli_app@/linli?host={own_local.run}"
        assert bare_environ["BROKER_URL"] == f"redis+socket://{own_local.run}/valkey.sock"
        assert bare_environ["CACHE_URL"].endswith("?db=1")
        assert bare_environ["SECRET_KEY"]


def test_with_database_url_a_command_takes_nothing_from_us(own_local, bare_environ):
    bare_environ["DATABASE_URL"] = "postgres://app@db.example.org/linli"

    with manage.environment("migrate"):
        assert bare_environ["LINLI_DB_ROLE"] == "owner"
        assert "SECRET_KEY" not in bare_environ
        assert "BROKER_URL" not in bare_environ

    assert not own_local.env_file.exists()


def test_a_line_of_the_persons_own_is_taken_and_what_is_set_already_stays(here, bare_environ):
    environment.read_secrets(here)
    with here.env_file.open("a") as file:
        file.write("LOG_LEVEL='INFO'\nEMAIL_URL=consolemail://\n")
    bare_environ["EMAIL_URL"] = "smtp://mail.example.org"

    environment.load(here)

    assert bare_environ["LOG_LEVEL"] == "INFO"
    assert bare_environ["EMAIL_URL"] == "smtp://mail.example.org"


def test_no_address_of_ours_points_past_a_server_that_is_named(here):
    named = {"DATABASE_URL": "postgres://db.example.org/linli", "BROKER_URL": "redis://valkey.example.org"}

    fitting = environment.fitting(environment.addresses(here), named)

    assert {"DATABASE_OWNER_URL", "PGHOST", "CACHE_URL"} & set(fitting) == set()


def test_the_settings_understand_the_addresses(here):
    urls = environment.addresses(here)

    database = environ.Env.db_url_config(urls["DATABASE_URL"])
    mail = environ.Env.email_url_config(urls["EMAIL_URL"])

    assert (database["NAME"], database["USER"], database["OPTIONS"]) == ("linli", "linli_app", {"host": str(here.run)})
    assert mail["EMAIL_FILE_PATH"] == str(here.local / "mail")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("SECRET_KEY=x\nBLIND_INDEX_KEY=y\n", "lacks PERSON_KEYS"),
        ("SECRET_KEY\n", "line 1 is not of the form KEY=VALUE"),
    ],
)
def test_a_damaged_file_of_secrets_gets_one_sentence(here, text, sentence):
    here.local.mkdir()
    here.env_file.write_text(text)

    with pytest.raises(Trouble, match=sentence):
        environment.read_secrets(here)


def test_lost_secrets_are_not_replaced_while_data_needs_them(here):
    here.pgdata.mkdir(parents=True)
    (here.pgdata / "PG_VERSION").write_text("18\n")

    with pytest.raises(Trouble, match="is gone, and with it the keys of the personal data"):
        environment.read_secrets(here)


def test_every_missing_secret_is_a_loud_error():
    script = """
import os, runpy, sys
from django.core.exceptions import ImproperlyConfigured
for name in sys.argv[1:]:
    value = os.environ.pop(name)
    try:
        runpy.run_path("config/settings.py")
    except ImproperlyConfigured as error:
        print(name, name in str(error))
    os.environ[name] = value
"""
    done = subprocess.run(
        [sys.executable, "-c", script, *REQUIRED],
        cwd=BASE_DIR,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == [f"{name} True" for name in REQUIRED]


def test_the_example_names_every_variable_that_the_settings_read():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', Path(BASE_DIR / "config" / "settings.py").read_text()))
    shown = set(re.findall(r"^([A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE))

    assert shown == read

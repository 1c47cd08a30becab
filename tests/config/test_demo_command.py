"""``manage.py load_demo``: into an empty database only, and the accounts where only their owner reads them."""

import stat
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from config.demo.loading import load_demo
from config.demo.scale import SMALL
from people.errors import NotAllowedNow
from people.models import User
from petitions.models import Petition

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 12, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
POSTS = {
    "unit_head", "building_head", "grid_worker", "grid_lead", "community_secretary", "community_worker", "dispatcher",
    "street_leader", "department_handler", "department_head", "supervisor", "district_command", "system_administrator",
}  # fmt: skip


def test_a_filled_database_is_refused_and_stays_as_it_is(district):
    people = User.objects.count()

    with pytest.raises(NotAllowedNow):
        load_demo(scale=SMALL, at=NOW, progress=lambda _count: None)
    with pytest.raises(CommandError):
        call_command("load_demo", verbosity=0)

    assert (User.objects.count(), Petition.objects.count()) == (people, 0)


def test_the_command_keeps_the_accounts_where_only_their_owner_reads_them(tmp_path, monkeypatch, capsys):
    file = tmp_path / "local" / "accounts.txt"
    monkeypatch.setenv("ACCOUNTS_FILE", str(file))
    monkeypatch.setattr("config.management.commands.load_demo.FULL", SMALL)

    call_command("load_demo", petitions=15, verbosity=1)

    said = file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert said in capsys.readouterr().out
    assert len([line for line in said.splitlines() if line.split(" ")[0] in POSTS]) == 13

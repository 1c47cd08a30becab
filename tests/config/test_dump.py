"""A dump of the demo's database, grepped for every resident: no name, no telephone number, in no table and no text."""

import base64
import subprocess
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from config.demo.loading import load_demo
from config.demo.scale import SMALL
from config.local_services.backup import _pg
from people.models import Person, User
from petitions.models import PetitionText

NOW = datetime(2026, 6, 12, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def dump(tmp_path):
    """Return what pg_dump says of the whole database, as a backup holds it."""
    there = connection.get_connection_params()
    file = tmp_path / "dump.sql"
    url = " ".join(f"{name}={there[name]}" for name in ("dbname", "user", "host", "port") if there.get(name))
    command = [_pg("pg_dump"), "--no-owner", "--no-password", "--file", str(file), "--dbname", url]
    done = subprocess.run(command, capture_output=True, check=False, env={"PGPASSWORD": there.get("password") or ""})
    assert done.returncode == 0, done.stderr.decode()
    return file.read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(400)
def test_no_resident_of_the_demo_is_found_in_a_dump(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    load_demo(scale=SMALL, at=NOW, progress=lambda _count: None)
    names = {person.name for person in Person.objects.all()} - {""}
    phones = {person.phone for person in Person.objects.all()} - {""}
    staff = set(User.objects.values_list("display_name", flat=True))  # public by design
    assert len(names) > 10
    assert len(phones) > 10

    text = dump(tmp_path)

    assert "COPY public.petitions_petition " in text
    assert f"\\\\x{PetitionText.objects.first().salt.hex()}" in text  # the rows are in it, bytes as hexadecimal
    found = {phone for phone in phones if phone in text or phone.encode().hex() in text}
    # 苏秀 would be found in the name of a colleague called 苏秀英
    others = text
    for name in sorted(staff - {""}, key=len, reverse=True):
        others = others.replace(name, "")
    found |= {name for name in names - staff if name in others or name.encode().hex() in text}
    assert found == set()
    assert not [phone for phone in phones if f"{phone[:3]} {phone[3:7]} {phone[7:]}" in text]
    # nor what opens it: no key of the persons, and not the one of the indexes
    keys = [key.partition(":")[2] for key in settings.PERSON_KEYS] + [settings.BLIND_INDEX_KEY]
    assert len(keys) >= 2
    assert not [key for key in keys if key in text or key.encode().hex() in text]
    assert not [key for key in keys[:-1] if base64.b64decode(key).hex() in text]

"""Rotation of the person keys: every sealed column, while the site serves, resumable; no key in use is given up."""

import base64
import stat
import threading
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, connections

from notifications.models import Webhook
from people import crypto, rotation
from people.errors import NotAllowedNow
from people.models import KeyRotation, Person
from people.services import create_person
from petitions.models import PetitionText

AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)
K1 = f"k1:{base64.b64encode(b'1' * 32).decode()}"
K2 = f"k2:{base64.b64encode(b'2' * 32).decode()}"


@pytest.fixture
def old_key(settings):
    settings.PERSON_KEYS, settings.PERSON_KEYS_FILE = [K1], ""


@pytest.fixture
def both_keys(settings):
    """The moment of rotation: call it when the old data is there."""

    def turn():
        settings.PERSON_KEYS = [K2, K1]

    return turn


@pytest.fixture
def key_file(settings, tmp_path):
    file = tmp_path / "person.keys"
    file.write_text(f"# keys of the demo\n\n{K1}\n", encoding="utf-8")
    file.chmod(0o600)
    settings.PERSON_KEYS, settings.PERSON_KEYS_FILE = [], str(file)
    return file


def persons(count, **facts):
    made = [Person(context="petitioner", created_at=AT) for _turn in range(count)]
    for serial, person in enumerate(made):
        person.name, person.phone = f"常小{serial}", f"138{serial:08d}"
    return Person.objects.bulk_create(made, batch_size=5000)


def run(**options):
    out = StringIO()
    call_command("rotate_person_keys", stdout=out, **options)
    return out.getvalue()


# -- what is rotated -------------------------------------------------------------------------------------------


def test_every_sealed_column_of_every_model_is_found_by_walking_the_models():
    found = {table.name: table.columns for table in rotation.sealed_tables()}

    assert found["people_person"] == ("name_sealed", "phone_sealed", "email_sealed")
    assert found["petitions_petitiontext"] == ("original_sealed",)
    assert found["notifications_webhook"] == ("url_locked", "secret_locked")


def test_no_sealed_table_is_append_only_for_then_it_could_never_be_rotated():
    refused = [
        (table.name, trigger.name)
        for table in rotation.sealed_tables()
        for trigger in getattr(table.model._meta, "triggers", ())
        if type(trigger).__name__ == "Protect"
    ]

    assert refused == []


@pytest.mark.django_db
def test_a_rotation_brings_persons_texts_and_group_chats_to_the_newest_key(old_key, both_keys, district):
    person = create_person(context="petitioner", name="常小红", phone="13800138000", email="a@b.cn", at=AT)
    petition = district.petition(text="请打 13911112222")
    chat = Webhook(name="群", created_at=AT)
    chat.url, chat.secret = "https://chat.example.org/robot?key=1", "x" * 32
    chat.save()
    both_keys()

    report = rotation.rotate(now=lambda: AT)

    person.refresh_from_db()
    chat.refresh_from_db()
    assert (person.name, person.phone, person.email) == ("常小红", "13800138000", "a@b.cn")
    assert PetitionText.objects.get(petition=petition).original == "请打 13911112222"
    assert (chat.url, chat.secret) == ("https://chat.example.org/robot?key=1", "x" * 32)
    assert rotation.keys_in_use() == {"k2": 3 + 2 + 1 + 2}  # that person, the petitioner, his words, the chat
    assert (report.rows, report.resealed, report.unreadable) == (4, 4, [])


@pytest.mark.django_db
def test_a_second_run_seals_nothing(old_key, both_keys):
    persons(3)
    both_keys()
    rotation.rotate(now=lambda: AT)
    before = list(Person.objects.order_by("pk").values_list("name_sealed", flat=True))

    report = rotation.rotate(now=lambda: AT)

    assert report.resealed == 0
    assert [bytes(b) for b in before] == [
        bytes(b) for b in Person.objects.order_by("pk").values_list("name_sealed", flat=True)
    ]


@pytest.mark.django_db
def test_a_killed_run_goes_on_behind_its_last_batch(old_key, both_keys):
    persons(10)
    both_keys()

    def die(row):
        if row.rows == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(now=lambda: AT, batch=2, progress=die)
    assert rotation.keys_in_use() == {"k1": 12, "k2": 8}

    report = rotation.rotate(now=lambda: AT, batch=2)

    assert (report.rows, report.resealed) == (6, 6)
    assert rotation.keys_in_use() == {"k2": 20}
    progress = KeyRotation.objects.get(table="people_person")
    assert (progress.key_id, progress.rows, progress.resealed, progress.finished_at) == ("k2", 10, 10, AT)


@pytest.mark.django_db
def test_what_the_site_writes_meanwhile_is_not_overwritten(old_key, both_keys, monkeypatch):
    (person,) = persons(1)
    both_keys()
    update = rotation._update

    def corrected_in_between(table):
        other = Person.objects.get(pk=person.pk)
        other.phone = "13700137000"
        other.save(update_fields=["phone_sealed"])
        return update(table)

    monkeypatch.setattr(rotation, "_update", corrected_in_between)
    rotation.rotate(now=lambda: AT)

    person.refresh_from_db()
    assert (person.name, person.phone) == ("常小0", "13700137000")
    assert rotation.keys_in_use() == {"k2": 2}


@pytest.mark.django_db
def test_what_does_not_open_is_named_and_left_and_the_rest_is_rotated(old_key, both_keys):
    good, bad = persons(2)
    Person.objects.filter(pk=bad.pk).update(phone_sealed=bytes(good.phone_sealed))  # copied from another row
    both_keys()

    with pytest.raises(CommandError, match=f"1 fields do not open.*\n.*people_person.phone_sealed {bad.pk}") as error:
        run(verbosity=0)

    assert "138" not in str(error.value)
    assert rotation.keys_in_use() == {"k1": 1, "k2": 3}


@pytest.mark.django_db(transaction=True)
def test_two_rotations_do_not_run_at_once(old_key, both_keys):
    persons(1)
    both_keys()
    refused = []

    def second(_row):
        def other():
            try:
                rotation.rotate(now=lambda: AT)
            except NotAllowedNow as no:
                refused.append(str(no))
            finally:
                connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    rotation.rotate(now=lambda: AT, progress=second)

    assert set(refused) == {"Another rotation of the keys is running."}


# -- keys from a file, and giving up a key ---------------------------------------------------------------------


def test_a_key_put_into_the_file_holds_at_once(key_file):
    assert crypto.keyring()[0] == "k1"

    key_file.write_text(f"{K2}\n{K1}\n", encoding="utf-8")

    assert crypto.keyring()[0] == "k2"
    assert list(crypto.keyring()[1]) == ["k2", "k1"]


@pytest.mark.parametrize("content", ["", "# nothing\n", "k1\n", "k1:AAAA\n", f"{K1}\n{K1}\n"])
def test_a_file_without_proper_keys_is_an_error_that_shows_no_key(key_file, content):
    key_file.write_text(content, encoding="utf-8")

    with pytest.raises(ImproperlyConfigured) as error:
        crypto.keyring()

    assert "MTEx" not in str(error.value)


def test_a_missing_file_is_an_error_that_does_not_show_its_path(settings):
    settings.PERSON_KEYS_FILE = "/nowhere/person.keys"

    with pytest.raises(ImproperlyConfigured, match="cannot be read: FileNotFoundError") as error:
        crypto.keyring()

    assert "nowhere" not in str(error.value)


@pytest.mark.django_db
def test_a_whole_rotation_by_the_file_new_key_reseal_drop(key_file):
    person = create_person(context="petitioner", phone="13800138000", at=AT)

    assert "k2 seals from now on" in run(new_key="k2")
    with pytest.raises(CommandError, match="k1 is still needed by 1 stored fields"):
        run(drop="k1")
    assert "1 sealed again" in run()
    assert "k1 is taken out" in run(drop="k1")

    lines = key_file.read_text(encoding="utf-8").splitlines()
    assert [line.partition(":")[0] for line in lines if line and not line.startswith("#")] == ["k2"]
    assert stat.S_IMODE(Path(key_file).stat().st_mode) == 0o600
    person.refresh_from_db()
    assert person.phone == "13800138000"


@pytest.mark.django_db
def test_the_newest_key_is_never_given_up(key_file):
    with pytest.raises(CommandError, match="k1 is the newest key"):
        run(drop="k1")


@pytest.mark.django_db
def test_with_keys_in_the_environment_the_command_says_when_one_may_go(old_key, both_keys):
    persons(1)
    both_keys()
    run(verbosity=0)

    assert "take it out of PERSON_KEYS" in run(drop="k1")
    with pytest.raises(CommandError, match="needs PERSON_KEYS_FILE"):
        run(new_key="k3")


@pytest.mark.django_db
def test_the_status_counts_fields_by_key_and_warns_of_a_key_that_is_gone(old_key, settings):
    persons(2)
    settings.PERSON_KEYS = [K2]

    said = run(status=True)

    assert said.splitlines() == ["k2 (newest): 0 fields", "k1 (NOT LISTED): 4 fields"]


# -- while the site serves -------------------------------------------------------------------------------------


def rotate_under_reads(key_file, count):
    """Rotate ``count`` persons while one thread reads them and another corrects them; return what went wrong."""
    made = persons(count)
    keys = [person.pk for person in made]
    stop, wrong, reads, writes = threading.Event(), [], [0], [0]

    def reader():
        place = 0
        while not stop.is_set():
            chunk = [keys[(place + step) % count] for step in range(50)]
            place += 7919
            for person in Person.objects.filter(pk__in=chunk):
                try:
                    assert person.name.startswith("常小")
                    assert person.phone.startswith("138")
                except (crypto.SealError, AssertionError) as error:
                    wrong.append(repr(error))
                reads[0] += 1
        connections.close_all()

    def writer():
        place = 0
        while not stop.is_set():
            person = Person.objects.get(pk=keys[place % count])
            place += 104729
            person.phone = f"138{place % 100_000_000:08d}"
            person.save(update_fields=["phone_sealed"])
            writes[0] += 1
        connections.close_all()

    threads = [threading.Thread(target=reader), threading.Thread(target=writer)]
    for thread in threads:
        thread.start()
    call_command("rotate_person_keys", new_key="k2", stdout=StringIO())
    call_command("rotate_person_keys", verbosity=0, stdout=StringIO())
    stop.set()
    for thread in threads:
        thread.join()
    return wrong, reads[0], writes[0]


def check_all_open(count):
    opened = sum(
        person.name.startswith("常小") and person.phone.startswith("138") for person in Person.objects.iterator()
    )
    assert opened == count
    assert rotation.keys_in_use() == {"k2": 2 * count}


@pytest.mark.django_db(transaction=True)
def test_persons_are_rotated_while_others_read_and_write_and_none_is_unreadable(key_file):
    wrong, reads, writes = rotate_under_reads(key_file, 400)

    assert wrong == []
    assert reads > 0
    assert writes > 0
    check_all_open(400)
    assert "k1 is taken out" in run(drop="k1")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_persons_are_rotated_while_the_site_serves(key_file):
    wrong, reads, writes = rotate_under_reads(key_file, 100_000)

    assert wrong == []
    assert reads > 1000
    assert writes > 100
    check_all_open(100_000)


# -- damaged and moved -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 1, 2, 5, 20, -1])
def test_a_tampered_blob_is_refused_wherever_the_byte_lies(old_key, place):
    (person,) = persons(1)
    blob = bytearray(person.phone_sealed)
    blob[place] ^= 1
    Person.objects.filter(pk=person.pk).update(phone_sealed=bytes(blob))
    person.refresh_from_db()

    with pytest.raises(crypto.SealError):
        person.phone  # noqa: B018 - reading is the test


@pytest.mark.django_db
def test_a_blob_moved_to_another_row_column_or_table_is_refused(old_key, district):
    one, other = persons(2)
    text = PetitionText.objects.get(petition=district.petition())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET phone_sealed = %s WHERE id = %s", [one.phone_sealed, other.pk])
        cursor.execute("UPDATE people_person SET name_sealed = phone_sealed WHERE id = %s", [one.pk])
        cursor.execute("UPDATE petitions_petitiontext SET original_sealed = %s", [one.phone_sealed])
    for row in (one, other, text):
        row.refresh_from_db()

    for read in (lambda: other.phone, lambda: one.name, lambda: text.original):
        with pytest.raises(crypto.BrokenSeal):
            read()

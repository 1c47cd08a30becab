import uuid
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import connection

from people.errors import BadInput
from people.models import Person, RevealLog
from people.services import create_person, reveal

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)


def petitioner(**parts):
    return create_person(context="petitioner", at=AT, **parts)


def test_a_person_is_kept_sealed_and_comes_back_whole():
    made = petitioner(name=" 常小红 ", phone="+86 138-0013-8000", email="Hong@Example.ORG", language="en")

    person = Person.objects.get(pk=made.pk)

    assert (person.name, person.phone, person.email) == ("常小红", "13800138000", "Hong@example.org")
    assert (person.context, person.language, person.created_at) == ("petitioner", "en", AT)
    assert isinstance(person.pk, uuid.UUID)


def test_screens_get_masks():
    person = petitioner(name="常小红", phone="13800138000", email="hong@example.org")

    assert (person.name_masked, person.phone_masked, person.email_masked) == ("常**", "138****8000", "h***@example.org")


def test_masks_cost_no_query(django_assert_num_queries):
    person = Person.objects.get(pk=petitioner(name="常小红", phone="13800138000").pk)

    with django_assert_num_queries(0):
        shown = f"{person} {person.name_masked} {person.phone_masked} {person.email_masked}"

    assert shown == f"常** {person.pk} 常** 138****8000 "


def test_what_python_prints_of_a_person_is_masked():
    person = petitioner(name="常小红", phone="13800138000", email="hong@example.org")

    printed = f"{person!s} {person!r} {person.__dict__!r}"

    assert str(person) == f"常** {person.pk}"
    for secret in ("小红", "13800138000", "hong@"):
        assert secret not in printed


def test_a_person_that_does_not_open_still_has_a_name_for_lists(settings):
    person = petitioner(name="常小红")
    settings.PERSON_KEYS = ["other:" + "A" * 43 + "="]

    assert str(person) == str(person.pk)


@pytest.mark.parametrize("parts", [{"name": "常小红"}, {"phone": "0935-8210345"}, {"email": "a@b.cn"}])
def test_one_part_is_enough(parts):
    person = petitioner(**parts)

    assert [person.name_sealed is None, person.phone_sealed is None, person.email_sealed is None].count(True) == 2
    assert (person.phone_index is not None) == ("phone" in parts)
    assert (person.name_index is not None) == ("name" in parts)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({}, ""),
        ({"name": " \u200b"}, ""),
        ({"name": "常" * 61}, "name"),
        ({"phone": "1380013800"}, "phone"),
        ({"phone": "110"}, "phone"),
        ({"phone": "+1 202 555 0100"}, "phone"),
        ({"email": "hong@"}, "email"),
        ({"email": "a@" + "b" * 250 + ".cn"}, "email"),
        ({"name": "常小红", "email": "a@b.cn\nBcc: c@d.cn"}, "email"),
    ],
)
def test_what_cannot_be_a_contact_is_refused_and_nothing_is_kept(parts, field):
    with pytest.raises(BadInput) as refused:
        petitioner(**parts)

    assert refused.value.status == 422
    assert refused.value.field == field
    assert not any(part and part in str(refused.value) for part in parts.values())
    assert not Person.objects.exists()


@pytest.mark.parametrize("written", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"])
def test_a_phone_number_finds_its_person_however_it_is_typed(written):
    person = petitioner(phone="138-0013-8000")
    petitioner(phone="13800138001")

    assert list(Person.objects.with_phone(written, context="petitioner")) == [person]


def test_a_full_name_finds_its_person_and_a_part_of_it_nobody():
    person = petitioner(name="常 小红")

    assert list(Person.objects.named("常小红", context="petitioner")) == [person]
    assert not Person.objects.named("常小", context="petitioner").exists()


def test_one_human_in_two_contexts_cannot_be_joined_by_the_indexes():
    one = petitioner(name="常小红", phone="13800138000")
    other = create_person(context="volunteer", name="常小红", phone="13800138000", at=AT)

    assert one.phone_index != other.phone_index
    assert one.name_index != other.name_index
    assert list(Person.objects.with_phone("13800138000", context="volunteer")) == [other]


def test_making_a_person_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        petitioner(name="常小红", phone="13800138000", email="hong@example.org")


def test_no_table_of_ours_holds_a_word_in_clear(admin_user):
    person = petitioner(name="常小红", phone="138-0013-8000", email="hong@example.org")
    create_person(context="member", name="常小红", phone="13800138000", email="hong@example.org", at=AT)
    for field in ("name", "phone", "email"):
        reveal(person=person, field=field, reason="回访核实", by=admin_user, about="petition:1", at=AT)

    columns = 0
    found = []
    for model in [*apps.get_app_config("people").get_models(), *apps.get_app_config("notifications").get_models()]:
        table = model._meta.db_table
        with connection.cursor() as cursor:
            for column in connection.introspection.get_table_description(cursor, table):
                columns += 1
                name = connection.ops.quote_name(column.name)
                # bytea as its raw bytes, everything else as text
                cursor.execute(f"SELECT convert_to({name}::text, 'UTF8'), {name} FROM {table}")
                for as_text, raw in cursor.fetchall():
                    stored = bytes(as_text or b"") + (bytes(raw) if isinstance(raw, bytes | memoryview) else b"")
                    secrets = ("常小红", "小红", "13800138000", "138-0013-8000", "0013", "hong@example.org", "hong")
                    found += [(table, name, word) for word in secrets if word.encode() in stored]

    assert found == []
    assert columns > 40
    assert RevealLog.objects.count() == 3

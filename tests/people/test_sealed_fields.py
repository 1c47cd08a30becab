import uuid
from datetime import UTC, datetime

import pytest
from django.db import models

from people.crypto import BrokenSeal
from people.fields import Sealed
from people.models import Person

AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)


def unsaved(**fields):
    return Person(context="petitioner", created_at=AT, **fields)


def test_a_sealed_field_reads_like_a_string_and_stores_none():
    person = unsaved()

    person.name = "常小红"

    assert person.name == "常小红"
    assert "常小红".encode() not in person.name_sealed


def test_an_empty_text_is_stored_as_nothing():
    person = unsaved()
    person.name = "常小红"

    person.name = ""

    assert person.name_sealed is None
    assert person.name == ""


@pytest.mark.django_db
def test_what_is_read_is_what_the_column_holds_now():
    person = unsaved()
    person.name = "常小红"
    person.save()
    other_hand = Person.objects.get(pk=person.pk)
    other_hand.name = "常大红"
    other_hand.save()

    before, _ = person.name, person.refresh_from_db()

    assert (before, person.name) == ("常小红", "常大红")


@pytest.mark.django_db
def test_a_swapped_ciphertext_is_refused():
    one, two = unsaved(), unsaved()
    one.name, two.name = "常小红", "马志远"
    one.save()
    two.save()

    Person.objects.filter(pk=one.pk).update(name_sealed=two.name_sealed)

    with pytest.raises(BrokenSeal):
        _ = Person.objects.get(pk=one.pk).name


@pytest.mark.django_db
def test_a_column_swapped_within_the_row_is_refused():
    person = unsaved()
    person.name = "常小红"
    person.save()

    Person.objects.filter(pk=person.pk).update(phone_sealed=person.name_sealed)

    with pytest.raises(BrokenSeal):
        _ = Person.objects.get(pk=person.pk).phone


def test_a_key_given_as_text_binds_like_the_uuid():
    person = unsaved(id="11111111-2222-3333-4444-555555555555")
    person.name = "常小红"

    person.id = uuid.UUID("11111111-2222-3333-4444-555555555555")

    assert person.name == "常小红"


def test_sealing_needs_the_primary_key():
    person = unsaved(id=None)

    with pytest.raises(ValueError, match="needs its primary key"):
        person.name = "常小红"

    assert person.name_sealed is None


def test_a_sealed_field_cannot_be_given_to_the_constructor():
    with pytest.raises(TypeError, match="name"):
        Person(context="petitioner", created_at=AT, name="常小红")


def test_the_descriptor_itself_is_seen_on_the_class_and_wants_a_binary_field():
    class Wrong:
        _meta = Person._meta
        pk = 1
        context = "petitioner"
        sealed = Sealed("context")

    assert isinstance(Person.name, Sealed)
    with pytest.raises(TypeError, match="needs a BinaryField"):
        _ = Wrong().sealed
    assert isinstance(Person._meta.get_field("name_sealed"), models.BinaryField)

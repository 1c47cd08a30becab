"""architecture 19: what this platform does not do to residents, each absence looked for in models, forms and pages."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.urls import get_resolver

from people.models import Consent, Person
from petitions.models import Petition

OURS = [
    model
    for config in apps.get_app_configs()
    if str(config.path).startswith(str(settings.BASE_DIR)) and "site-packages" not in str(config.path)
    for model in config.get_models()
]
FIELDS = [(model, field) for model in OURS for field in model._meta.get_fields() if isinstance(field, models.Field)]
JUDGES = re.compile(
    r"(^|_)(scores?|credits?|points?|rank|grade|labels?|tags?|risk|blacklist(ed)?|watch(ed|list)?|trust|loyalty|behaviou?r)(_|$)"
    r"|key_person"
)


def addresses(resolver=None, before=""):
    """Yield every address of the house as its pattern reads."""
    for one in (resolver or get_resolver()).url_patterns:
        here = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one, here)
        else:
            yield here, one


def test_the_walk_sees_models_and_addresses():
    assert {Person, Petition, Consent} <= set(OURS)
    assert len(list(addresses())) > 50


def test_a_person_holds_his_contact_and_nothing_about_him():
    assert {field.name for field in Person._meta.get_fields() if isinstance(field, models.Field)} == {
        "id", "context", "name_sealed", "phone_sealed", "email_sealed", "phone_index", "name_index", "language",
        "created_at",
    }  # fmt: skip


def points_at_a_resident(model):
    return any(
        isinstance(field, models.ForeignKey) and field.remote_field.model is Person
        for field in model._meta.get_fields()
    )


def test_no_row_about_a_resident_has_a_score_a_label_or_a_count():
    about = [model for model in OURS if model is Person or points_at_a_resident(model)]
    assert len(about) >= 4  # persons, petitions, consents, looks, notices

    found = {f"{m._meta.label}.{f.name}" for m, f in FIELDS if m in about and JUDGES.search(f.name)}
    counted = {
        f"{m._meta.label}.{f.name}"
        for m, f in FIELDS
        if m in about and re.search(r"(^|_)(count|number_of|total|times)(_|$)", f.name)
    }

    assert found == set()
    assert counted == set()


def test_no_other_table_carries_a_persons_index_to_join_him_by():
    carried = {
        f"{m._meta.label}.{f.name}"
        for m, f in FIELDS
        if re.search(r"(phone|name|person)_index|id_?card|pinyin", f.name)
    }

    assert carried - ALLOWED == {"people.Person.phone_index", "people.Person.name_index"}


ALLOWED = {"petitions.PhoneCode.phone_index"}  # lives ten minutes, for a code on its way


def test_two_contexts_of_one_human_share_no_key():
    assert Person.index_of_phone("13800138000", context="petitioner") != Person.index_of_phone(
        "13800138000", context="household"
    )


def test_a_person_has_no_register_no_address_and_no_search():
    assert not admin.site.is_registered(Person)
    assert not admin.site.is_registered(Consent)
    reached = [pattern for pattern, _one in addresses() if re.search(r"person|resident|petitioner|profile", pattern)]

    assert reached == []


def test_no_register_searches_or_filters_by_a_person():
    for model, register in admin.site._registry.items():
        asked = [*register.search_fields, *[one for one in register.list_filter if isinstance(one, str)]]
        assert not [one for one in asked if re.search(r"petitioner|person__|_sealed|_index", one)], model


def test_no_page_lists_petitions_by_petitioner():
    """A petition leads to its petitioner; from a petitioner no way leads back that has a name."""
    assert Petition._meta.get_field("petitioner").remote_field.related_name == "+"


def test_there_is_no_kind_of_key_person_and_no_faces_plates_or_film():
    values = {
        str(value)
        for _m, field in FIELDS
        for value, _label in (field.flatchoices or [])
    }  # fmt: skip

    assert not {
        value for value in values if re.search(r"key_?person|troublemaker|petitioner_type|sensitive_person", value)
    }
    names = {field.name for _m, field in FIELDS}
    assert not {name for name in names if re.search(r"face|biometric|video|licen[cs]e_plate|plate", name)}


def test_no_row_tracks_where_somebody_is():
    names = {
        f"{m._meta.label}.{f.name}"
        for m, f in FIELDS
        if re.search(r"^(lat|lon|lng|latitude|longitude|coordinates?|position_at|tracks?)$", f.name)
    }

    assert names == set()


@pytest.mark.django_db
def test_nobody_reads_party_membership_off_a_petition_or_a_person():
    names = {f.name for m, f in FIELDS if m in {Person, Petition}}

    assert not {name for name in names if re.search(r"party|member", name)}

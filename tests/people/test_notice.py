"""The privacy notice: made from what models declare; whoever changes what it says gives it a new version."""

from hashlib import sha256

import pytest
from django.utils import translation

from people import notice
from people.models import Processor
from people.retention import AFTER


def said(subjects):
    with translation.override("en"):
        return [
            (
                g.model,
                g.fields,
                str(g.declared.purpose),
                str(g.declared.legal_ground),
                g.declared.keep,
                g.declared.after,
            )
            for g in notice.groups(subjects=subjects)
        ]


def test_residents_read_of_each_group_its_purpose_ground_and_time():
    found = {model: (fields, keep, after) for model, fields, _purpose, _ground, keep, after in said("resident")}

    assert found["people.Person"] == (
        ("name (sealed)", "phone number (sealed)", "e-mail address (sealed)", "language"),
        "3 years",
        "closed",
    )
    assert found["petitions.PetitionText"][1:] == ("5 years", "closed")
    assert found["petitions.PetitionPhoto"][1:] == ("5 years", "closed")
    assert all(purpose and ground for _m, _f, purpose, ground, _k, _a in said("resident"))


def test_staff_are_told_what_is_kept_of_them():
    assert {"people.User", "people.RevealLog"} <= {model for model, *_rest in said("staff")}


def test_a_change_of_what_residents_are_told_asks_for_a_new_version():
    digest = sha256(repr(said("resident")).encode()).hexdigest()[:16]

    assert (notice.VERSION, digest) == ("2026-11-23c", DIGEST), "give notice.VERSION a new value, then write both here"


DIGEST = "55149de44465e173"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_version_groups_rights_and_processors(client, language, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    Processor.objects.create(
        name="信使公司",
        service="短信",
        purpose="发送通知",
        kinds="手机号",
        contract="2026-1",
        starts_on="2026-01-01",
        stored_in="兰州",
    )

    body = client.get("/privacy/").content.decode()

    assert "2026-11-23c" in body
    assert "PIPL" in body or "个人信息保护法" in body
    assert "信使公司" in body
    with translation.override(language):
        assert str(AFTER["closed"]) in body


@pytest.mark.django_db
def test_the_page_costs_one_query(client, django_assert_num_queries):
    client.get("/privacy/")

    with django_assert_num_queries(1):  # processors
        client.get("/privacy/")

"""No model of ours without a word on the personal data it holds (architecture.md 3, row 13)."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from people import expiry, purging
from people.models import User
from people.retention import Personal, before

ROOT = Path(settings.BASE_DIR)
OURS = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
MODELS = [model for config in OURS for model in config.get_models()]


def tracked(model):
    """The model whose changes pghistory copies into this one, if it is such a copy."""
    return getattr(model, "pgh_tracked_model", None)


COPIES = [model for model in MODELS if tracked(model) is not None]


def test_the_walk_sees_our_apps():
    assert {"people", "notifications"} <= {config.name for config in OURS}
    assert {"Person", "User", "RevealLog", "Notice", "Delivery"} <= {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_declares_its_personal_fields_and_they_exist(model):
    declared = getattr(model, "personal", None)

    assert isinstance(declared, Personal), f"{model._meta.label} needs personal: ClassVar[Personal]"
    unknown = set(declared.fields) - {field.name for field in model._meta.get_fields()}
    assert unknown == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_whatever_is_sealed_or_blindly_indexed_is_declared_personal(model):
    sealed = {field.name for field in model._meta.get_fields() if field.name.endswith("_sealed")}
    if sealed:
        sealed |= {field.name for field in model._meta.get_fields() if field.name.endswith("_index")}

    assert sealed <= set(model.personal.fields)


@pytest.mark.parametrize("copy", COPIES, ids=lambda model: model._meta.label)
def test_no_history_copies_a_personal_field(copy):
    copied = {field.name for field in copy._meta.get_fields()}

    assert copied & set(tracked(copy).personal.fields) == set()


def test_a_declaration_gives_fields_time_event_purpose_and_ground():
    declared = Personal(
        fields=("name",), keep="3 years", after="closed", purpose="answering", legal_ground="art. 13(3)"
    )

    assert declared.fields == ("name",)
    assert Personal.none() == Personal()


@pytest.mark.parametrize(
    "changes",
    [
        {"keep": ""},
        {"keep": "for ever"},
        {"keep": "0 years"},
        {"after": " "},
        {"purpose": ""},
        {"legal_ground": ""},
        {"fields": ()},
    ],
)
def test_half_a_declaration_is_none(changes):
    whole = {"fields": ("name",), "keep": "3 years", "after": "closed", "purpose": "answering", "legal_ground": "law"}

    with pytest.raises(ValueError):
        Personal(**{**whole, **changes})


# -- somebody ends what is declared ----------------------------------------------------------------------------

# Ended by whoever keeps them, not by the nightly job: each has a purge of its own in its app.
PURGED_ELSEWHERE = {
    "people.Session",
    "people.AuditEntry",
    "petitions.PhoneCode",
}


def personal_models():
    return [model for model in MODELS if model.personal.fields and tracked(model) is None and not model._meta.proxy]


def test_whatever_is_declared_is_ended_by_a_rule():
    covered = {label for rule in expiry.rules() for label in rule.models}
    declared = {model._meta.label for model in personal_models() if model.personal.ends != "kept"}

    assert {"people.Person", "petitions.PetitionText", "grids.Training", "grids.Absence"} <= declared
    assert declared - covered - PURGED_ELSEWHERE == set()


def test_whatever_is_kept_as_a_ledger_is_purged_by_the_owner():
    kept = {model._meta.label for model in personal_models() if model.personal.ends == "kept"}

    assert kept == {
        "people.AuditEntry",  # purge_audit
        "people.ExportLog",
        "people.FactorReset",
        "people.RevealLog",
        "petitions.RevealRequest",
    }
    assert [one.label for one in purging.ledgers()] == [
        "petitions.PetitionReveal",
        "petitions.RevealRequest",
        "people.ExportLog",
        "people.RevealLog",
        "people.FactorReset",
    ]


def test_rules_name_models_that_declare_something():
    declared = {model._meta.label for model in personal_models()}

    assert {label for rule in expiry.rules() for label in rule.models} <= declared
    assert [rule.name for rule in expiry.rules()] == [
        "fieldwork.advisers",
        "fieldwork.care",
        "fieldwork.duty",
        "fieldwork.files",
        "fieldwork.households",
        "fieldwork.legal_people",
        "fieldwork.liaisons",
        "fieldwork.links",
        "fieldwork.loans",
        "fieldwork.noted",
        "fieldwork.patrol_checks",
        "fieldwork.patrol_findings",
        "fieldwork.patrols",
        "fieldwork.residents",
        "fieldwork.team_members",
        "fieldwork.visits",
        "grids.absences",
        "grids.incoming",
        "grids.members",
        "grids.micro_grids",
        "grids.pledges",
        "grids.trainings",
        "grids.workers",
        "notifications.downloads",
        "parties.members",
        "people.accounts",
        "petitions.answers",
        "petitions.arrivals",
        "petitions.broadcasts",
        "petitions.circulars",
        "petitions.contact",
        "petitions.diaries",
        "petitions.filings",
        "petitions.hearings",
        "petitions.receptions",
        "petitions.review_votes",
        "petitions.survey_answers",
        "petitions.unsent",
        "petitions.whistles",
        "petitions.words",
        "volunteers.guardians",
        "volunteers.mandates",
        "volunteers.memberships",
        "volunteers.of_age",
        "volunteers.partners",
        "volunteers.qualifications",
        "volunteers.refused",
    ]


# A field so named holds something of a human; whoever adds one declares it, or says here why it does not.
TELLING = re.compile(
    r"(^|_)(phone|mobile|email|e_mail|address|id_number|id_card|birth\w*|gender|health|photo|wechat)($|_)"
)
NOT_OF_A_HUMAN = {
    ("grids.Post", "office_phone"): "an office's own telephone, posted on the board",
    ("grids.GridMember", "office_phone"): "likewise",
    ("grids.PublicContact", "office_phone"): "likewise",
    ("grids.PublicContact", "supervision_phone"): "likewise",
    ("grids.PublicContact", "address"): "where the office is",
    ("petitions.LegalStation", "office_phone"): "an office's own telephone",
    ("petitions.LegalStation", "address"): "where the office is",
    ("fieldwork.ServiceStation", "office_phone"): "an office's own telephone; a home has none",
    ("fieldwork.ServiceStation", "address"): "where the station is; a home has none",
    ("fieldwork.Bulletin", "office_phone"): "the telephone of the office, shown with the notice",
}


@pytest.mark.parametrize("model", [m for m in MODELS if tracked(m) is None], ids=lambda m: m._meta.label)
def test_a_field_that_sounds_like_a_human_is_declared(model):
    telling = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, (models.CharField, models.TextField, models.BinaryField, models.DateField))
        and TELLING.search(field.name)
        and not field.name.endswith("_at")
    }

    assert {
        name for name in telling - set(model.personal.fields) if (model._meta.label, name) not in NOT_OF_A_HUMAN
    } == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_sensitive_field_is_declared_personal_and_those_of_three_models_are_kept(model):
    """The place of a worker's device, where he chose at the button to add it, and care sheets (PIPL art. 29)."""
    kept = {
        "fieldwork.PatrolCheck": ("where_sealed",),
        "petitions.ArrivalPlace": ("where_sealed",),
        "fieldwork.CareRecipient": ("kind_sealed", "plan_sealed"),
    }
    assert model.personal.sensitive == kept.get(model._meta.label, ())


def test_half_words_are_refused_for_sensitive_fields_too():
    with pytest.raises(ValueError, match="Sensitive fields are personal fields"):
        Personal(fields=("name",), keep="3 years", after="closed", purpose="p", legal_ground="g", sensitive=("health",))


@pytest.mark.parametrize(
    ("at", "keep", "expected"),
    [
        ("2026-06-09T10:00:00+08:00", "180 days", "2025-12-11T10:00:00+08:00"),
        ("2026-03-31T10:00:00+08:00", "1 months", "2026-02-28T10:00:00+08:00"),
        ("2026-01-31T10:00:00+08:00", "13 months", "2024-12-31T10:00:00+08:00"),
        ("2028-02-29T10:00:00+08:00", "5 years", "2023-02-28T10:00:00+08:00"),
        ("2026-06-08T20:00:00+00:00", "3 years", "2023-06-09T04:00:00+08:00"),  # another civil date in Shanghai
    ],
)
def test_time_is_counted_by_the_calendar(at, keep, expected):
    assert before(datetime.fromisoformat(at), keep) == datetime.fromisoformat(expected)


@pytest.mark.django_db
def test_a_closed_account_loses_address_and_last_sign_in_after_three_years_and_keeps_its_name():
    at = datetime(2030, 1, 1, tzinfo=UTC)
    old = datetime(2026, 12, 31, tzinfo=UTC)
    facts = {"email": "a@b.cn", "last_login": old, "display_name": "马志远", "date_joined": old}
    closed = User.objects.create(username="closed", is_active=False, **facts)
    User.objects.create(username="open", is_active=True, **(facts | {"email": "c@d.cn"}))

    (early,) = expiry.run(at=old.replace(year=2029), only=["people.accounts"])
    (late,) = expiry.run(at=at, only=["people.accounts"])

    assert (early.due, late.due, late.ended) == (0, 1, 1)
    closed.refresh_from_db()
    assert (closed.email, closed.last_login, closed.display_name) == ("", None, "马志远")
    assert User.objects.get(username="open").email == "c@d.cn"

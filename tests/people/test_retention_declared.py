"""No model of ours without a word on the personal data it holds (architecture.md 3, row 13)."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from people.retention import Personal

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

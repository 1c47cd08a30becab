"""Picking a reply template in the form of an act: its words go into the field, to be changed before they are sent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django import forms
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from petitions import replies
from petitions.enums import Verb
from petitions.models import Petition, ReplyTemplate
from petitions.models.guide import said
from petitions.reply_enums import ReplyUse

LONGEST_KEY: Final = 9
SEVERAL: Final = (forms.MultipleChoiceField, forms.TypedMultipleChoiceField)
# Which templates the form of an act offers, and the field they begin.
VERBS: Final[Mapping[str, tuple[ReplyUse, str]]] = {
    Verb.DECLINE: (ReplyUse.DECLINE, "reason"),
    Verb.PLAN: (ReplyUse.PLAN, "words"),
    Verb.RESOLVE: (ReplyUse.RESOLVE, "reply"),
    Verb.REWORK: (ReplyUse.REWORK, "reason"),
}
REQUESTS: Final[Mapping[str, tuple[ReplyUse, str]]] = {
    "supplement": (ReplyUse.SUPPLEMENT, "words"),
    "extension": (ReplyUse.EXTENSION, "words"),
    "decision": (ReplyUse.DECISION, "words"),
}
AFTER: Final[Mapping[str, tuple[ReplyUse, str]]] = {"feedback": (ReplyUse.FEEDBACK, "words")}


def offered(wanted: tuple[ReplyUse, str] | None, petition: Petition, *, on: date) -> Sequence[ReplyTemplate]:
    """Return what the form may begin with; one query, none for an act that has no templates."""
    return replies.offered(petition, wanted[0], on=on) if wanted else ()


def said_in(template: ReplyTemplate) -> str:
    """Return the words of a template in the reader's language, with their placeholders."""
    return said(template.text_zh, template.text_en)


def is_picking(data: QueryDict) -> bool:
    """Tell whether a form was sent only to be filled in from a template."""
    return "insert" in data


def key_of(data: QueryDict) -> str:
    """Return which template was picked, as the form or the address names it; empty for none."""
    return data.get("template", "")


def begin(
    form: forms.Form,
    wanted: tuple[ReplyUse, str] | None,
    petition: Petition,
    *,
    key: str,
    on: date,
    typed: QueryDict | None = None,
) -> forms.Form:
    """Fill an unsent form with what was typed and, at the end of the words, the template that was picked.

    A template that is not offered for this act on this matter does not exist.
    """
    if typed is not None:
        _keep(form, typed)
    if wanted is None or not key:
        return form
    use, field_name = wanted
    pk = int(key) if key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY else 0
    found = ReplyTemplate.objects.in_force(on).for_use(use).fitting(petition)
    words = replies.filled(get_object_or_404(found, pk=pk), petition)
    before = str(form.initial.get(field_name, "")).rstrip()
    form.initial[field_name] = f"{before}\n{words}" if before else words
    return form


def _keep(form: forms.Form, typed: QueryDict) -> None:
    """Let an unsent form show what was typed; chosen files cannot be kept."""
    for name, field in form.fields.items():
        if name in typed and not isinstance(field, forms.FileField):
            form.initial[name] = typed.getlist(name) if isinstance(field, SEVERAL) else typed[name]

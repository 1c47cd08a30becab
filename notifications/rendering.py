"""The words of a notice, in the language of whoever reads it."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.template import Context, Engine, TemplateDoesNotExist
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime

from notifications.models import Notice

logger = logging.getLogger(__name__)

GENERIC = "generic"
SUBJECT_CHARS = 120
# More than anybody reads in a mail; the inbox has them all.
DIGEST_LINES = 50


@dataclass(frozen=True)
class Rendered:
    """One line of subject, and the body under it."""

    subject: str
    body: str


def render(notice: Notice, language: str, *, together: Sequence[Notice] = ()) -> Rendered:
    """Return the words of a notice, or of a digest: of all that go ``together`` with it. Never raises.

    ``templates/notices/<kind>.txt``: the first line is the subject, the rest the body. The template sees
    the params, ``link`` (the full address of the page), ``about`` and ``at``. Params named ``…_at`` and
    ``…_on`` are read back into instants and dates, also inside ``lines`` (a digest of several matters: the params
    of the first ones; ``total`` says of how many, ``more`` how many are left out, ``link`` leads to the inbox).
    A kind without a template, or one that fails, is told in general words: a dull message beats none.
    """
    try:
        return render_words(notice, language, kind=notice.kind, together=together)
    except TemplateDoesNotExist:
        logger.warning("Notices of kind %s have no words of their own.", notice.kind)
    except Exception:
        logger.exception("The words of notice %s (%s) do not render.", notice.pk, notice.kind)
    return render_words(notice, language, kind=GENERIC, together=together)


def render_words(notice: Notice, language: str, *, kind: str, together: Sequence[Notice] = ()) -> Rendered:
    """Return the words of one kind for this notice, or raise what the template raises."""
    template = Engine.get_default().get_template(f"notices/{kind}.txt")
    path = notice.url_path
    digest: dict[str, object] = {}
    if len(together) > 1:
        path = reverse("notifications:inbox")
        lines = [_read_back(one.params) for one in together[:DIGEST_LINES]]
        digest = {"lines": lines, "total": len(together), "more": len(together) - len(lines)}
    facts = {
        **_read_back(notice.params),
        **digest,
        "link": f"{settings.PUBLIC_URL}{path}" if path else "",
        "about": notice.about,
        "at": notice.created_at,
    }
    with translation.override(language):
        text = template.render(Context(facts, autoescape=False))
    subject, _newline, body = text.strip().partition("\n")
    return Rendered(
        subject=" ".join(subject.split())[:SUBJECT_CHARS], body=re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
    )


def _read_back(params: Mapping[str, object]) -> dict[str, object]:
    return {key: _value(key, value) for key, value in params.items()}


def _value(key: str, value: object) -> object:
    if isinstance(value, str):
        return _instant_or_date(key, value) or value
    if isinstance(value, dict):
        return _read_back(value)
    if isinstance(value, list):
        return [_value(key, item) for item in value]
    return value


def _instant_or_date(key: str, value: str) -> datetime | date | None:
    try:
        if key.endswith("_at"):
            return parse_datetime(value)
        if key.endswith("_on"):
            return parse_date(value)
    except ValueError:
        logger.warning("A notice holds %s, which is no moment.", key)
    return None

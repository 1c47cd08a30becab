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

from notifications.enums import Channel
from notifications.models import Notice

logger = logging.getLogger(__name__)

GENERIC = "generic"
SUBJECT_CHARS = 120
# More than anybody reads in a mail; the inbox has them all.
DIGEST_LINES = 50
# What may leave the house by SMS or into a group chat: these shapes and no others. Whatever else a notice holds, by
# design or by mistake (a name, a phone number, somebody's words), the short templates never see it.
PUBLIC_NUMBER = re.compile(r"[A-Z]{2}\d{9,22}")
CODE = re.compile(r"[a-z][a-z_]{1,39}")
MOST_COUNTED = 1_000_000  # a phone number is a number too


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
    subject, _newline, body = _words(kind, facts, language).partition("\n")
    return Rendered(
        subject=" ".join(subject.split())[:SUBJECT_CHARS], body=re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
    )


def render_short(notice: Notice, language: str, channel: Channel) -> str:
    """Return one line and the link, as an SMS or a group chat gets them; never raises.

    ``templates/notices/<kind>.<channel>.txt``; without one, an SMS takes the general words, a group chat the subject
    of ``<kind>.txt``. Whichever it is sees ``link``, the length of ``lines`` and those params only whose shape says
    that they are a public number, a code, a count or a moment.
    """
    facts = {**_outward(notice.params), "link": f"{settings.PUBLIC_URL}{notice.url_path}" if notice.url_path else ""}
    named = [f"{notice.kind}.{channel}", f"{GENERIC}.{channel}"]
    if channel == Channel.WEBHOOK:
        named[1:] = [notice.kind, GENERIC]
    for name in named:
        try:
            lines = _words(name, facts, language).splitlines()
        except TemplateDoesNotExist:
            continue
        except Exception:
            logger.exception("The short words of notice %s (%s) do not render.", notice.pk, name)
            continue
        said = " ".join(lines[0].split())[:SUBJECT_CHARS] if lines else ""
        if said:
            return f"{said} {facts['link']}".strip()
    return str(facts["link"])


def _words(name: str, facts: Mapping[str, object], language: str) -> str:
    template = Engine.get_default().get_template(f"notices/{name}.txt")
    with translation.override(language):
        return str(template.render(Context(dict(facts), autoescape=False))).strip()


def _outward(params: Mapping[str, object]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name, value in params.items():
        match value:
            case bool():
                facts[name] = value
            case int() if abs(value) < MOST_COUNTED:
                facts[name] = value
            case list():
                # "lines" is what the templates count in a digest; what stands in them stays here.
                facts[name] = [{} for _line in value]
            case str() if (PUBLIC_NUMBER if name == "number" else CODE).fullmatch(value):
                facts[name] = value
            case str() if (moment := _instant_or_date(name, value)) is not None:
                facts[name] = moment
            case _:
                pass
    return facts


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

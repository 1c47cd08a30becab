"""Which reply templates are offered for an act on a matter, and their words with the matter's facts filled in."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from grids.models import PublicContact
from people.errors import BadInput
from petitions.models import Petition, ReplyTemplate
from petitions.models.replies import PLACEHOLDER, PLACEHOLDERS, SHOWN, UNKNOWN, unknown_in
from petitions.reply_enums import ReplyUse

CHINESE: Final = "zh-hans"
ENGLISH: Final = "en"
AMONG_STAFF: Final = frozenset({ReplyUse.REWORK, ReplyUse.EXTENSION, ReplyUse.DECISION})
_ENGLISH_NAME: Final = {zh: en for en, zh in PLACEHOLDERS.items()}


def offered(petition: Petition, use: ReplyUse, *, on: date) -> Sequence[ReplyTemplate]:
    """Return the templates for an act on a matter on a civil date; the nearest area's of a code. One query.

    :param petition: with ``area`` and ``category`` loaded
    """
    rows = ReplyTemplate.objects.in_force(on).for_use(use).fitting(petition)
    ordered = rows.select_related("area").order_by("position", "code", "valid_from", "pk")
    nearest: dict[str, ReplyTemplate] = {}
    for row in ordered:
        known = nearest.get(row.code)
        if known is None or _depth(row) >= _depth(known):
            nearest[row.code] = row
    return sorted(nearest.values(), key=lambda row: (row.position, row.code))


def filled(template: ReplyTemplate, petition: Petition) -> str:
    """Return the words with what the matter knows; a gap is marked where it knows nothing.

    What the petitioner reads is in his language, what staff write to each other in that of the page.

    One query where the telephone is asked for.

    :param petition: with ``area``, ``category``, ``community``, ``grid`` and ``organisation`` loaded
    """
    language = (get_language() or "") if template.use in AMONG_STAFF else petition.language
    in_english = language.startswith("en") and bool(template.text_en)
    with override(ENGLISH if in_english else CHINESE):
        return fill(template.text_en if in_english else template.text_zh, petition)


def fill(words: str, petition: Petition) -> str:
    """Return words with what the matter knows in place of the placeholders, in the active language; as ``filled``."""
    facts: dict[str, str] = {}
    return PLACEHOLDER.sub(lambda found: _fact(found, petition, facts), words)


def check_words(words: str) -> None:
    """Refuse words with a placeholder that is not on the list.

    :raises BadInput: naming it
    """
    strange = unknown_in(words)
    if strange:
        raise BadInput(UNKNOWN % {"word": strange[0], "known": SHOWN}, field="words")


def _fact(found: "re.Match[str]", petition: Petition, facts: dict[str, str]) -> str:
    word = found[1].strip()
    name = _ENGLISH_NAME.get(word, word)
    if name not in PLACEHOLDERS:
        return found[0]
    if name not in facts:
        facts[name] = _FACTS[name](petition) or _("[to be filled in: %(what)s]") % {
            "what": word if word in _ENGLISH_NAME else name
        }
    return facts[name]


def _depth(row: ReplyTemplate) -> int:
    return row.area.level if row.area is not None else -1


def _due(petition: Petition) -> str:
    """Return the date in words; what falls due at midnight is due the day before."""
    if petition.next_due_at is None:
        return ""
    local = timezone.localtime(petition.next_due_at)
    clock = f"{local:%H:%M}"
    if clock == "00:00":
        return formats.date_format((local - timedelta(minutes=1)).date(), _("j F Y"))
    return f"{formats.date_format(local.date(), _('j F Y'))} {clock}"


def _unit(petition: Petition) -> str:
    if petition.organisation is not None:
        return petition.organisation.name
    return petition.grid.label if petition.grid is not None else petition.area.label


def _office_phone(petition: Petition) -> str:
    contacts = PublicContact.objects.filter(area__in=petition.area.line_ids()).exclude(office_phone="")
    return contacts.order_by("-area__level").values_list("office_phone", flat=True).first() or ""


_FACTS: Final[Mapping[str, Callable[[Petition], str]]] = {
    "number": lambda petition: petition.number,
    "category": lambda petition: petition.category.name if petition.category else "",
    "due date": _due,
    "unit": _unit,
    "area": lambda petition: (petition.community or petition.area).label,
    "office phone": _office_phone,
}

"""The one search box of staff: a number, words, a place, a telephone; each found in the searcher's own scope alone.

Words that few matters carry are found wherever they are; of words that many carry, the newest matters. Either way the
database reads a bounded number of rows, however many there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from people import audit
from people.contacts import is_phone, normalise_phone
from people.enums import AuditKind, Context, PersonField
from people.masking import mask_text
from people.models import Person
from people.services import check_reason
from petitions import desk, places, reveals
from petitions.enums import RecusalKind
from petitions.models import Petition, PetitionQuerySet, PetitionText
from petitions.permissions import may_see_reporter
from petitions.places import Found
from petitions.records import bigrams
from petitions.responsible import ABOUT_STAFF
from petitions.viewers import ProvedPhone

SHOWN: Final = 20
# Words in more texts than this are searched among the newest matters, the nearest of them first.
FEW: Final = 500
NEWEST: Final = (500, 4_500)
FEWEST: Final = 2
NEWEST_FIRST: Final = ("-submitted_at", "-pk")


@dataclass(frozen=True, slots=True)
class Hits:
    """Keys of matters, newest first; ``more``: there are others; ``newest_only``: only the newest were searched."""

    keys: tuple[int, ...] = ()
    more: bool = False
    newest_only: bool = False


def is_number(typed: str) -> bool:
    """Tell whether what was typed begins like one of our numbers."""
    return typed.upper().startswith("PX")


def says_a_person(typed: str) -> bool:
    """Tell whether what was typed holds a number by which somebody is known: it never stands in an address."""
    return not is_number(typed) and (is_phone(normalise_phone(typed)) or bool(mask_text(typed)[1]))


def by_number(staff: Staff, typed: str) -> Hits:
    """Find by our number or its beginning, or by the whole number another system gave; one query."""
    found = Q(external_id=typed)
    if is_number(typed):
        found |= Q(number__startswith=typed.upper())
    return _hits(Petition.objects.visible_to(staff).filter(found))


def by_words(staff: Staff, typed: str) -> Hits:
    """Find by words in what was said, masked as staff read it; two queries, four for words that many matters carry."""
    if len(typed) < FEWEST:
        return Hits()
    said = PetitionText.objects.filter(bigrams__contains=bigrams(typed), masked__icontains=typed)
    keys = set(said.values_list("petition_id", flat=True)[: FEW + 1])
    mine = Petition.objects.visible_to(staff)
    if len(keys) <= FEW:
        return _hits(mine.filter(pk__in=keys)) if keys else Hits()
    newest = mine.order_by(*NEWEST_FIRST).values_list("pk", flat=True)
    found: list[int] = []
    begun = 0
    for many in NEWEST:
        looked_at = list(newest[begun : begun + many])
        carry = set(said.filter(petition__in=looked_at).values_list("petition_id", flat=True))
        found += [key for key in looked_at if key in carry]
        begun += many
        if len(found) > SHOWN or len(looked_at) < many:
            break
    return Hits(tuple(found[:SHOWN]), more=len(found) > SHOWN, newest_only=True)


def by_place(staff: Staff, typed: str, *, at: datetime) -> list[Found]:
    """Find places of one's own areas by name or initials; at most four queries for each area in which a post stands."""
    on = shanghai_date(at)
    found: dict[str, Found] = {}
    for path in desk.paths(staff):
        found |= {place.code: place for place in places.find(typed, on=on, within=path).places}
    return list(found.values())[: places.MOST]


@sensitive_variables("phone")
@transaction.atomic
def by_phone(phone: str, *, reason: str, by: Staff, at: datetime) -> Hits:
    """Find the matters filed under a telephone, each look written down like a look at the number itself.

    What hides who raised it from this person is not found, nor what is about staff, or is kept silent.

    :raises BadInput: if the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much sealed data today as one person may; nothing is shown then
    """
    reason = check_reason(reason)
    index = Person.index_of_phone(phone, context=Context.PETITIONER)
    found = (
        Petition.objects.visible_to(by)
        .visible_to(ProvedPhone(index))
        .filter(barred_from=None)
        .exclude(category__code__in=ABOUT_STAFF)
        .exclude(recusals__kind=RecusalKind.COMPLAINED_OF)
        .select_related("category", "place", "petitioner")
        .order_by(*NEWEST_FIRST)
    )
    seen = [petition for petition in found[: SHOWN + 1] if may_see_reporter(by, petition)]
    for petition in seen[:SHOWN]:
        reveals.look(petition, field=PersonField.PHONE, reason=reason, by=by, at=at)
    audit.record(AuditKind.REVEALED, by=by.user, at=at, about="petitions.search", details={"found": len(seen)})
    return Hits(tuple(petition.pk for petition in seen[:SHOWN]), more=len(seen) > SHOWN)


def _hits(found: PetitionQuerySet) -> Hits:
    keys = list(found.order_by(*NEWEST_FIRST).values_list("pk", flat=True)[: SHOWN + 1])
    return Hits(tuple(keys[:SHOWN]), more=len(keys) > SHOWN)

"""A delay that many share: everybody whose matter waits for the same thing is told at once, in plain words (004).

It is word on the way to each of them (``feedback``), special because it is shared. No date moves by it: what is late
climbs all the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Area, Compound, Organisation
from grids.staff import Staff
from people.errors import BadInput
from petitions import feedback, records, replies
from petitions.enums import FeedbackKind
from petitions.models import Category, Petition, PetitionEvent, PetitionQuerySet

MOST: Final = 100
WITH: Final = ("area", "category", "community", "grid", "organisation", "place__parent", "petitioner")


class Way(TextChoices):
    """How a petitioner hears of it; on the page of his matter it stands in any case."""

    MESSAGE = "message", gettext_lazy("a message, and the page of the matter")
    PAGE = "page", gettext_lazy("only on the page of the matter: nothing may be sent here")
    NOBODY = "nobody", gettext_lazy("only on the page of the matter: no telephone number or address was left")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the matters have in common; None: anything."""

    category: Category | None = None
    area: Area | None = None
    compound: Compound | None = None
    unit: Organisation | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return not any((self.category, self.area, self.compound, self.unit))


@dataclass(frozen=True, slots=True)
class Line:
    """One matter of the preview: who is told how, and why it cannot be, if it cannot."""

    petition: Petition
    way: Way
    joined: int
    refusal: str


@dataclass(frozen=True, slots=True)
class Told:
    """How many matters and how many people were told; nothing new where the same form came twice."""

    matters: int
    reached: int


def matters(staff: Staff, wanted: Wanted) -> PetitionQuerySet:
    """Return the matters under way in this person's scope that have it in common, most pressing first."""
    found = Petition.objects.visible_to(staff).filter(status__in=feedback.GIVEN_WHILE)
    if wanted.category is not None:
        found = found.filter(Q(category=wanted.category) | Q(category__parent=wanted.category))
    if wanted.area is not None:
        found = found.filter(area_path__startswith=wanted.area.path)
    if wanted.unit is not None:
        found = found.filter(organisation=wanted.unit)
    if wanted.compound is not None:
        there = Q(pk__in=())
        for path in wanted.compound.buildings.values_list("path", flat=True):
            there |= Q(place__path__startswith=path)
        found = found.filter(there)
    return with_people(found)


def with_people(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Load what a line of the preview says, and count the people whose matters were joined (``people``)."""
    joined = Petition.objects.filter(master=OuterRef("pk"), petitioner__isnull=False).order_by()
    count = Subquery(joined.values("master").annotate(n=Count("pk")).values("n"))
    found = petitions.select_related(*WITH).defer("category__keywords")
    return found.annotate(people=Coalesce(count, 0)).order_by("next_due_at", "pk")


def preview(petitions: Sequence[Petition], *, by: Staff) -> list[Line]:
    """Say of each of these (loaded by ``with_people``) who would be told how; no query."""
    return [Line(one, _way(one), getattr(one, "people", 0), _refusal(one, by)) for one in petitions]


@transaction.atomic
def tell(numbers: Collection[str], *, by: Staff, at: datetime, words: str, client_key: UUID) -> Told:
    """Tell everybody concerned, or nobody. The same key twice tells once.

    Placeholders of reply templates are filled in for each matter.

    :raises BadInput: if one of the matters is not in sight, or there are none or too many
    :raises NotYours: if one of them is neither held nor kept at the desk by ``by``
    :raises NotNow: if one of them is not under way any more
    :raises WordsMissing: without words
    """
    plain = records.required(words)
    replies.check_words(plain)
    if not 0 < len(numbers) <= MOST:
        raise BadInput(_("Choose between 1 and %(most)d matters.") % {"most": MOST})
    seen = Petition.objects.visible_to(by).filter(number__in=numbers)
    keys = sorted(seen.values_list("pk", flat=True))
    if len(keys) != len(numbers):
        raise BadInput(_("One of these matters is not in your area any more. Nobody was told."))
    # all of them are locked before anything is written, always in the order of their keys
    list(Petition.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True))
    sent = set(
        PetitionEvent.objects.filter(petition__in=keys, client_key=client_key).values_list("petition", flat=True)
    )
    reached = 0
    for petition in Petition.objects.filter(pk__in=keys).exclude(pk__in=sent).select_related(*WITH).order_by("pk"):
        given = feedback.give(
            petition,
            by=by,
            at=at,
            kind=FeedbackKind.SPECIAL,
            words=replies.fill(plain, petition),
            shared=len(keys),
            client_key=client_key,
        )
        reached += given.reached
    return Told(len(keys) - len(sent), reached)


def _way(petition: Petition) -> Way:
    if petition.category is not None and petition.category.silent:
        return Way.PAGE
    person = petition.petitioner
    return Way.MESSAGE if person is not None and (person.phone_sealed or person.email_sealed) else Way.NOBODY


def _refusal(petition: Petition, by: Staff) -> str:
    if petition.status not in feedback.GIVEN_WHILE:
        return _("There is no word to give on %(number)s now.") % {"number": petition.number}
    if not feedback.may_give(by, petition):
        return _("Your post does not allow this on %(number)s.") % {"number": petition.number}
    return ""

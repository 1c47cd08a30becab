"""Open matters of the same kind nearby, shown before sending: category, place and day, never a word of anybody.

"This one" files the resident's own words and joins them to it, so that nothing is handled twice and he has a code.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core import signing
from django.db import transaction
from django.db.models import Case, Q, Value, When

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from petitions import joining, notices, records, transitions
from petitions.enums import EventCode, TextKind, Verb
from petitions.errors import NotNow
from petitions.joining import JOINABLE, LOOK_BACK
from petitions.models import Category, Petition
from petitions.services import Filed
from petitions.suggestion import Suggestion

MOST: Final = 4
LASTS_SECONDS: Final = 3600
_SALT: Final = "petitions.nearby"


@dataclass(frozen=True, slots=True)
class Nearby:
    """What is shown of somebody else's matter, and the signed word that joins this one form to it."""

    category: str
    place: str
    day: date
    token: str


def kind_of(suggestions: Sequence[Suggestion]) -> Category | None:
    """Return the kind to look for: the best suggestion, if such matters may be shown; none beside an emergency."""
    if not suggestions or any(one.category.silent for one in suggestions):
        return None
    best = suggestions[0].category
    shown = best.public_ok and not (best.emergency_numbers or best.sensitive or best.reporter_hidden)
    return best if shown else None


def find(place: Area | None, kind: Category | None, *, client_key: uuid.UUID, at: datetime) -> list[Nearby]:
    """Return open matters of this kind in the community of a place, the nearest first; at most one query.

    Those of the same building, then of the grid, then the oldest. What hides anybody is never among them.
    """
    if place is None or kind is None or place.level < Level.COMMUNITY:
        return []
    line = place.line_ids()
    found = (
        Petition.objects.filter(
            category__code=kind.code,
            category__public_ok=True,
            category__silent=False,
            category__reporter_hidden=False,
            category__sensitive=False,
            community__in=line,
            status__in=JOINABLE,
            submitted_at__gte=at - LOOK_BACK,
            is_confidential=False,
            barred_from=None,
            master=None,
        )
        .select_related("category", "grid", "community")
        .annotate(
            far=Case(
                When(Q(place__in=line) | Q(place__path__startswith=place.path), then=Value(0)),
                When(grid__in=line, then=Value(1)),
                default=Value(2),
            )
        )
        .order_by("far", "submitted_at", "pk")
    )
    return [_shown(petition, client_key=client_key) for petition in found[:MOST]]


def meant(token: str, *, client_key: uuid.UUID) -> int | None:
    """Return the key of the matter a form wants to join; None if the word is not ours, of another form, or stale."""
    try:
        return int(signing.loads(token, salt=f"{_SALT}:{client_key}", max_age=LASTS_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def file_and_join(file: Callable[[], Filed], *, master_id: int, at: datetime) -> Filed:
    """File a matter and join it to the one its petitioner pointed at; if that cannot be, it stands on its own.

    Never refused for the other one's sake: what was closed meanwhile, or is less urgent, is simply not joined.
    """
    with transaction.atomic():
        filed = file()
        if filed.created:
            try:
                with transaction.atomic():
                    _join(filed.petition, master_id, at=at)
            except (NotNow, Petition.DoesNotExist):
                pass
    return filed


def _join(petition: Petition, master_id: int, *, at: datetime) -> None:
    joining.stand_still()
    both = {pk: Petition.objects.locked(pk) for pk in sorted((petition.pk, master_id))}
    locked, master = both[petition.pk], both[master_id]
    joining.check_together(locked, master)
    moved = transitions.move(
        locked,
        Verb.MERGE,
        by=None,
        at=at,
        text_kind=TextKind.REASON,
        refs={"master": master.number, "own": True},
        master=master,
    )
    joining.touch(master)
    records.append(master, EventCode.JOINED, at=at, by=None, refs={"petition": moved.number})
    notices.tell_holders(master, EventCode.JOINED, at=at)


def _shown(petition: Petition, *, client_key: uuid.UUID) -> Nearby:
    """Say as little as helps: the kind, the community and grid (no building, no stairwell), the day it came."""
    named = dict.fromkeys(area.label for area in (petition.community, petition.grid) if area is not None)
    category = petition.category
    assert category is not None  # noqa: S101 - it was found by its category
    token = signing.dumps(petition.pk, salt=f"{_SALT}:{client_key}")
    return Nearby(category.name, " ".join(named), shanghai_date(petition.submitted_at), token)

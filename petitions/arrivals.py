"""The place of a worker's device at an arrival: by his own tick, for his own eyes, 90 days (architecture.md 3, 19)."""

import re
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables

from people.expiry import Rule
from people.models import User
from petitions.models import ArrivalPlace, Petition

# two numbers with at most six decimals, as a device gives them
_WHERE: Final = re.compile(r"-?\d{1,2}(\.\d{1,6})?,-?\d{1,3}(\.\d{1,6})?")


def is_place(where: str) -> bool:
    """Whether the words are latitude and longitude as a device gives them."""
    return _WHERE.fullmatch(where) is not None


@sensitive_variables("where")
def made(petition: Petition, *, by: User, at: datetime, where: str) -> list[ArrivalPlace]:
    """Return the unsaved row of where the device was; what is no place makes none, for the arrival counts without."""
    if not is_place(where):
        return []
    row = ArrivalPlace(petition=petition, by=by, at=at)
    row.where = where
    return [row]


def kept(user: User) -> QuerySet[ArrivalPlace]:
    """Return every place kept of a person's arrivals, newest first."""
    return ArrivalPlace.objects.filter(by=user).select_related("petition").order_by("-at", "pk")


def forget(user: User) -> int:
    """Take back the consent to one's own places: all of them go; return how many."""
    return ArrivalPlace.objects.filter(by=user).delete()[0]


def _over(at: datetime) -> QuerySet[ArrivalPlace]:
    return ArrivalPlace.objects.filter(at__lt=ArrivalPlace.personal.cutoff(at))


RULE: Final = Rule(
    "petitions.arrivals",
    ("petitions.ArrivalPlace",),
    _over,
    lambda key, _at: ArrivalPlace.objects.filter(pk=key).delete()[0] > 0,
)

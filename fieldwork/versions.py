"""The versions of files: one line for each change, in the transaction of the change."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from fieldwork.enums import FileChange
from fieldwork.models import Dwelling, FileVersion, Household
from grids.models import Area
from people.models import User

SHOWN: Final = 20
MOST: Final = 200


def record(
    what: FileChange,
    *of: Household | Dwelling | Area,
    by: User | None,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down that something of one kind changed in these files; ``by`` None: the resident himself.

    :param details: codes of houses only, never a word about anybody
    """
    FileVersion.objects.bulk_create(
        FileVersion(**{_name(one): one}, what=what, details=dict(details or {}), by=by, at=at) for one in of
    )


def of(thing: Household | Dwelling | Area) -> QuerySet[FileVersion]:
    """Return the versions of a file, the newest first, with who made them."""
    return FileVersion.objects.filter(**{_name(thing): thing}).select_related("by").order_by("-at", "-pk")


def of_houses(houses: Collection[Dwelling], building: Area) -> Sequence[FileVersion]:
    """Return the newest versions of a building and of its houses; one query."""
    rows = FileVersion.objects.filter(building=building) | FileVersion.objects.filter(dwelling__in=houses)
    return list(rows.select_related("by", "dwelling").order_by("-at", "-pk")[:SHOWN])


def _name(thing: Household | Dwelling | Area) -> str:
    match thing:
        case Household():
            return "household"
        case Dwelling():
            return "dwelling"
        case _building:
            return "building"

"""An area as it stands now, held until the transaction ends: who files there and a re-division wait for each other.

Whoever writes down which grid answers for a place asks here, in the transaction that writes it, before he locks the
matter itself; a re-division locks the areas first and the matters after them, so nobody waits in a circle.
"""

from datetime import date
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from grids.models import Area
from people.errors import BadInput
from people.prepared import fetch

# FOR SHARE waits for a change of the row (its path, its last day) and makes one wait; other readers go on.
HOLD = "SELECT * FROM grids_area WHERE id = %s FOR SHARE"
_FIELDS: Final = [field.attname for field in Area._meta.concrete_fields]  # noqa: SLF001 - public, as its name says
_COLUMNS: Final = ", ".join(f"area.{name}" for name in _FIELDS)
# The row as it is once the lock is there, then what it lies in.
HOLD_LINE: Final = f"""
WITH held AS MATERIALIZED (SELECT * FROM grids_area WHERE id = %s FOR SHARE)
SELECT {_COLUMNS} FROM held AS area
UNION ALL
SELECT {_COLUMNS} FROM held JOIN grids_area AS area
    ON area.id = ANY(string_to_array(trim(both '/' from held.path), '/')::bigint[]) AND area.id <> held.id
"""  # noqa: S608 - the columns of our own table


def hold(area_id: int) -> Area:
    """Return the area as it is now, closed or not; nobody moves or closes it before the transaction ends. One query."""
    [now] = Area.objects.raw(HOLD, [area_id])
    return now


def standing(area: Area, *, on: date) -> Area:
    """Return the area as it is now; nobody moves or closes it before the caller's transaction ends. One query.

    :raises BadInput: if it was closed before the civil date ``on``
    """
    now = hold(area.pk)
    _still_there(now, on=on)
    return now


def standing_line(area: Area, *, on: date) -> tuple[Area, list[Area]]:
    """As ``standing``, and with it the areas it lies in, in no order. One query.

    :raises BadInput: as ``standing``
    """
    now, *above = (Area.from_db(connection.alias, _FIELDS, row) for row in fetch(HOLD_LINE, [area.pk]))
    _still_there(now, on=on)
    return now, above


def _still_there(now: Area, *, on: date) -> None:
    if now.valid_to is not None and now.valid_to < on:
        said = _("%(area)s was drawn anew and is closed. Please choose the place again.")
        raise BadInput(said % {"area": now.label}, field="place")

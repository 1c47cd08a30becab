"""An area as it stands now, held until the transaction ends: who files there and a re-division wait for each other.

Whoever writes down which grid answers for a place asks here, in the transaction that writes it, before he locks the
matter itself; a re-division locks the areas first and the matters after them, so nobody waits in a circle.
"""

from datetime import date

from django.utils.translation import gettext as _

from grids.models import Area
from people.errors import BadInput

# FOR SHARE waits for a change of the row (its path, its last day) and makes one wait; other readers go on.
HOLD = "SELECT * FROM grids_area WHERE id = %s FOR SHARE"
# The row as it is once the lock is there, then what it lies in.
HOLD_LINE = """
WITH held AS MATERIALIZED (SELECT * FROM grids_area WHERE id = %s FOR SHARE)
SELECT * FROM held
UNION ALL
SELECT above.* FROM held JOIN grids_area AS above
    ON above.id = ANY(string_to_array(trim(both '/' from held.path), '/')::bigint[]) AND above.id <> held.id
"""


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
    now, *above = Area.objects.raw(HOLD_LINE, [area.pk])
    _still_there(now, on=on)
    return now, above


def _still_there(now: Area, *, on: date) -> None:
    if now.valid_to is not None and now.valid_to < on:
        said = _("%(area)s was drawn anew and is closed. Please choose the place again.")
        raise BadInput(said % {"area": now.label}, field="place")

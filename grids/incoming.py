"""What was sent for a register and checked: kept sealed until its sender says yes, a day at most."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.views.decorators.debug import sensitive_variables

from grids.errors import NotKept
from grids.models import IncomingFile
from grids.sheets import Cells
from people.models import User

KEPT: Final = timedelta(days=1)


@sensitive_variables("rows")
def keep(rows: list[Cells], *, what: str, by: User, at: datetime) -> IncomingFile:
    """Keep checked rows; what he sent before for this register and did not write is deleted."""
    IncomingFile.objects.filter(by=by, what=what).delete()
    file = IncomingFile(what=what, by=by, at=at)
    file.rows = json.dumps(rows, ensure_ascii=False)
    file.save(force_insert=True)
    return file


def rows_of(key: uuid.UUID, *, what: str, by: User, at: datetime) -> list[Cells]:
    """Return the rows kept under a key by this person within a day, and lock them; in a transaction.

    :raises NotKept: if there are none any more
    """
    file = IncomingFile.objects.select_for_update().filter(pk=key, what=what, by=by, at__gt=at - KEPT).first()
    if file is None:
        raise NotKept
    rows: list[Cells] = json.loads(file.rows)
    return rows


def drop(key: uuid.UUID, *, by: User) -> None:
    """Delete what was kept."""
    IncomingFile.objects.filter(pk=key, by=by).delete()

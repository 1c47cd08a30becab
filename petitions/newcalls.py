"""What a whistle or a call for help must know before it goes out: asked in one trip (ADR 23)."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from grids.staff import Staff
from people.models import User
from people.prepared import Prepared
from petitions.models import Broadcast, Petition, Recusal, Whistle
from petitions.permissions import check_stays_in

Call = Whistle | Broadcast
NO_MATTER: Final = 0


@dataclass(frozen=True, slots=True)
class Before:
    """The key of the call that this very sending made before, and who stays out of the matter."""

    known: int | None
    out: frozenset[int]


def look(model: type[Call], *, by: Staff, client_key: uuid.UUID, petition: Petition | None) -> Before:
    """Look whether the call was made already, and who stays out of its matter. One query.

    :raises NotYours: if ``by`` stays out of it himself
    """
    asked = (by.user.pk, client_key, NO_MATTER if petition is None else petition.pk)
    [(known, out)] = _ASK[model](*asked)
    if petition is not None:
        check_stays_in(by, petition, recused=out)
    return Before(known, frozenset(out))


def _asked(model: type[Call], by: int, client_key: uuid.UUID, petition: int) -> Any:
    made = model._default_manager.filter(by=OuterRef("pk"), client_key=client_key).order_by()  # noqa: SLF001
    out = Recusal.objects.filter(petition=petition).order_by()
    columns = {"made": Subquery(made.values("pk")[:1]), "out": ArraySubquery(out.values("user_id"))}
    return User.objects.filter(pk=by).order_by().annotate(**columns).values_list(*columns)


_ASK: Final[dict[type[Call], Prepared[tuple[Any, ...]]]] = {
    model: Prepared(lambda *values, model=model: _asked(model, *values), -1, uuid.UUID(int=1), -2)
    for model in (Whistle, Broadcast)
}
